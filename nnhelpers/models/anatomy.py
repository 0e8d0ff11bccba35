"""What a compiled Keras model consists of, as plain data."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnhelpers.models.backend import keras
from nnhelpers.models.ends import Entry, OutputParts, entries, inputs_of, outputs_of
from nnhelpers.models.parts import LayerParts, layer_parts, leaves


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """A compiled Keras model.

    Attributes
    ----------
    layers : tuple of LayerParts
        Nested models are unfolded.
    inputs : dict of str to tuple
        Shape of each input, by name; empty where it cannot be told.
    outputs : tuple of OutputParts
        At least one.
    entries : tuple of Entry
        The layers with weights that read inputs; of models with several inputs.
    optimizer : str
    learning_rate, weight_decay : float
    iterations : int
        Steps that the optimizer has made.
    built : bool
        Whether the weights have been drawn.
    reads_tokens : bool
        Whether an embedding reads whole numbers that are no sizes.
    """

    layers: tuple[LayerParts, ...]
    inputs: dict[str, tuple] = field(default_factory=dict)
    outputs: tuple[OutputParts, ...]
    entries: tuple[Entry, ...] = ()
    optimizer: str
    learning_rate: float
    weight_decay: float
    iterations: int
    built: bool
    reads_tokens: bool

    @property
    def output_activation(self) -> str:
        """Of the first output: "linear" for none, "" where it cannot be told."""
        return self.outputs[0].activation

    @property
    def n_outputs(self) -> int:
        """Units of the first output."""
        return self.outputs[0].units

    @property
    def output_dropout(self) -> str:
        """The dropout layer that the first output comes from, "" for none."""
        return self.outputs[0].dropout

    @property
    def loss(self) -> str:
        """Keras's name of the first output's loss; of a function of one's own its own name."""
        return self.outputs[0].loss

    @property
    def from_logits(self) -> bool:
        """Whether the first output's loss expects logits."""
        return self.outputs[0].from_logits

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the first output's metrics."""
        return self.outputs[0].metrics


def anatomy(model: keras.Model) -> Anatomy:
    """Read a compiled model; nothing of it is changed.

    Raises
    ------
    TypeError
        If it is not a Keras model.
    ValueError
        If it is not compiled with a loss.

    Examples
    --------
    >>> from nnhelpers import models
    >>> found = models.anatomy(models.build_articles_network())
    >>> found.loss, found.output_activation, found.optimizer
    ('binary_crossentropy', 'sigmoid', 'RMSprop')
    """
    check_compiled(model)
    inputs, outputs, optimizer = inputs_of(model), outputs_of(model), model.optimizer
    return Anatomy(
        layers=tuple(layer_parts(layer) for layer in leaves(model)),
        inputs=inputs,
        outputs=outputs,
        entries=entries(model) if len(inputs) > 1 else (),
        optimizer=type(optimizer).__name__,
        learning_rate=current_rate(optimizer),
        weight_decay=float(getattr(optimizer, "weight_decay", None) or 0.0),
        iterations=int(optimizer.iterations),
        built=bool(model.built),
        reads_tokens=any(isinstance(each, keras.layers.Embedding) for each in leaves(model)),
    )


def check_compiled(model: Any) -> None:
    """Raise unless this is a compiled Keras model.

    Examples
    --------
    >>> check_compiled(3)
    Traceback (most recent call last):
    TypeError: model must be a keras.Model, got 3
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a keras.Model, got {model!r}")
    if not getattr(model, "compiled", False) or model.loss is None:
        raise ValueError("model must be compiled with a loss: model.compile(optimizer, loss)")


def current_rate(optimizer: keras.optimizers.Optimizer) -> float:
    """Return the learning rate, of a schedule the largest of its first thousand steps from now.

    Examples
    --------
    >>> current_rate(keras.optimizers.SGD(0.5))
    0.5
    """
    schedule = getattr(optimizer, "_learning_rate", None)
    if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        steps = int(optimizer.iterations) + np.array([0, 10, 100, 999])
        return max(float(schedule(int(step))) for step in steps)
    return float(optimizer.learning_rate)
