"""What a compiled Keras model consists of, as plain data."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.models.backend import keras

# A layer that is an activation function, by its class.
_ACTIVATION_CLASSES = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "prelu",
    "Softmax": "softmax",
}
_NORMS = {
    "BatchNormalization": "batch_norm",
    "LayerNormalization": "layer_norm",
    "GroupNormalization": "group_norm",
}
_DROPOUTS = {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout", "GaussianDropout"}


@dataclass(frozen=True, kw_only=True)
class LayerParts:
    """One layer of a Keras model.

    Attributes
    ----------
    name : str
    kind : str
        "weights" (a kernel), "batch_norm", "layer_norm", "group_norm", "dropout", "activation",
        "normalization" (`keras.layers.Normalization`) or "other".
    trainable : bool
    activation : str
        Its function; "linear" for none.
    kernel, bias : array or None
    initializer : dict
        Keras's configuration of the kernel's; empty for none.
    settings : dict of str to float
        Of batch norm "momentum", of dropout "rate".
    moving : tuple of array
        Mean and variance that batch norm or a normalization keeps; empty for none.
    """

    name: str
    kind: str
    trainable: bool
    activation: str = "linear"
    kernel: NDArray | None = None
    bias: NDArray | None = None
    initializer: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    moving: tuple = ()

    @property
    def fans(self) -> tuple[int, int]:
        """Numbers of inputs and of outputs of a unit's kernel, a filter's positions counted."""
        *window, inputs, units = self.kernel.shape
        positions = int(np.prod(window))
        return positions * inputs, positions * units


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """A compiled Keras model.

    Attributes
    ----------
    layers : tuple of LayerParts
        Nested models are unfolded.
    output_activation : str
        "linear" for none, "" where it cannot be told.
    n_outputs : int
    loss : str
        Keras's name of its function; of another function its own name.
    from_logits : bool
    metrics : tuple of str
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
    output_activation: str
    n_outputs: int
    loss: str
    from_logits: bool
    metrics: tuple[str, ...]
    optimizer: str
    learning_rate: float
    weight_decay: float
    iterations: int
    built: bool
    reads_tokens: bool


def anatomy(model: keras.Model) -> Anatomy:
    """Read a compiled model; nothing of it is changed.

    Raises
    ------
    TypeError
        If it is not a Keras model.
    ValueError
        If it is not compiled with a loss, or has more than one input or output.

    Examples
    --------
    >>> from nnhelpers import models
    >>> found = models.anatomy(models.build_articles_network())
    >>> found.loss, found.output_activation, found.optimizer
    ('binary_crossentropy', 'sigmoid', 'RMSprop')
    """
    check_compiled(model)
    loss, from_logits = _loss(model.loss)
    shape = getattr(model, "output_shape", ()) if model.built else ()
    optimizer = model.optimizer
    return Anatomy(
        layers=tuple(_parts(layer) for layer in leaves(model)),
        output_activation=_output_activation(model),
        n_outputs=int(shape[-1] or 0) if len(shape) > 1 else 1,
        loss=loss,
        from_logits=from_logits,
        metrics=_metrics(model),
        optimizer=type(optimizer).__name__,
        learning_rate=current_rate(optimizer),
        weight_decay=float(getattr(optimizer, "weight_decay", None) or 0.0),
        iterations=int(optimizer.iterations),
        built=bool(model.built),
        reads_tokens=any(isinstance(each, keras.layers.Embedding) for each in leaves(model)),
    )


def check_compiled(model: Any) -> None:
    """Raise unless this is a compiled Keras model of one input and one output.

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
    for what in ("inputs", "outputs"):
        if len(getattr(model, what, None) or [0]) != 1:
            raise ValueError(f"model must have one input and one output, got several {what}")


def leaves(model: keras.Model) -> list[keras.Layer]:
    """Return the layers in order, those of nested models in their place.

    Examples
    --------
    >>> from nnhelpers import models
    >>> [layer.units for layer in leaves(models.build_articles_network())]
    [2, 1]
    """
    found = []
    for layer in model.layers:
        found += leaves(layer) if isinstance(layer, keras.Model) else [layer]
    return [layer for layer in found if not isinstance(layer, keras.layers.InputLayer)]


def activation_of(layer: keras.Layer) -> str:
    """Return the name of a layer's activation function, "linear" for none.

    Examples
    --------
    >>> activation_of(keras.layers.ReLU()), activation_of(keras.layers.Dense(2, activation="tanh"))
    ('relu', 'tanh')
    """
    name = _ACTIVATION_CLASSES.get(type(layer).__name__)
    if name:
        return name
    function = getattr(layer, "activation", None)
    return getattr(function, "__name__", type(function).__name__) if function else "linear"


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


def _parts(layer: keras.Layer) -> LayerParts:
    kernel = _array(kernel_of(layer))
    kind = _kind(layer, kernel)
    moving = (getattr(layer, name, None) for name in ("moving_mean", "moving_variance"))
    if kind == "normalization":
        moving = (layer.mean, layer.variance) if layer.built else ()
    arrays = tuple(_array(each) for each in moving)
    settings = {"momentum": getattr(layer, "momentum", None), "rate": getattr(layer, "rate", None)}
    return LayerParts(
        name=layer.name,
        kind=kind,
        trainable=bool(layer.trainable),
        activation=activation_of(layer),
        kernel=kernel,
        bias=_array(bias_of(layer)),
        initializer=_initializer(layer),
        settings={name: float(value) for name, value in settings.items() if value is not None},
        moving=arrays if all(each is not None for each in arrays) else (),
    )


def _kind(layer: keras.Layer, kernel: NDArray | None) -> str:
    name = type(layer).__name__
    if name in _NORMS:
        return _NORMS[name]
    if name in _DROPOUTS:
        return "dropout"
    if isinstance(layer, keras.layers.Normalization):
        return "normalization"
    if kernel is not None and kernel.ndim >= 2:
        return "weights"
    return "activation" if activation_of(layer) != "linear" else "other"


def _initializer(layer: keras.Layer) -> dict:
    initializer = getattr(layer, "kernel_initializer", None)
    if not isinstance(initializer, keras.initializers.Initializer):
        return {}
    return {"class_name": type(initializer).__name__, **initializer.get_config()}


def _array(variable: Any) -> NDArray | None:
    return None if variable is None else variable.numpy().copy()


def _loss(loss: Any) -> tuple[str, bool]:
    """Name what was given to `compile`, and say whether it expects logits."""
    if isinstance(loss, list | tuple) and len(loss) == 1:
        loss = loss[0]
    if isinstance(loss, dict) and len(loss) == 1:
        (loss,) = loss.values()
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    function = getattr(loss, "fn", loss)
    name = getattr(function, "__name__", type(function).__name__)
    given = getattr(loss, "_fn_kwargs", {})
    return name, bool(getattr(loss, "from_logits", given.get("from_logits", False)))


def _metrics(model: keras.Model) -> tuple[str, ...]:
    try:
        metrics = model.get_compile_config()["metrics"] or []
    except (AttributeError, KeyError, TypeError, ValueError, NotImplementedError):
        return ()
    return tuple(metric for metric in _flat(metrics) if metric)


def _flat(metrics: Any) -> list[str]:
    if isinstance(metrics, str):
        return [metrics]
    if isinstance(metrics, dict):
        name = metrics.get("config", {}).get("name") if "config" in metrics else None
        return [name] if name else [each for part in metrics.values() for each in _flat(part)]
    return [each for part in metrics for each in _flat(part)] if metrics else []


def _output_activation(model: keras.Model) -> str:
    if not getattr(model, "outputs", None):
        return activation_of(leaves(model)[-1]) if model.layers else ""
    last = model
    while isinstance(last, keras.Model):
        last = last.outputs[0]._keras_history.operation
    if not isinstance(last, keras.Layer):
        return ""
    known = isinstance(last, keras.layers.Activation) or _kind(last, _array(kernel_of(last))) in (
        "weights",
        "activation",
    )
    return activation_of(last) if known else ""


def bias_of(layer: keras.Layer) -> keras.Variable | None:
    """Return a layer's bias; None where there is none, or it is a cell's, with gates of its own.

    Examples
    --------
    >>> bias_of(keras.layers.Dropout(0.5)) is None
    True
    """
    return None if hasattr(layer, "cell") else getattr(layer, "bias", None)


def kernel_of(layer: keras.Layer) -> keras.Variable | None:
    """Return a layer's kernel, of a recurrent one that of its cell, or None.

    Examples
    --------
    >>> kernel_of(keras.layers.Dropout(0.5)) is None
    True
    """
    return getattr(getattr(layer, "cell", layer), "kernel", None)
