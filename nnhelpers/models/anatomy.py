"""The parts of a compiled Keras model, as plain data."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhelpers.models.backend import keras
from nnhelpers.models.outputs import OutputParts, outputs_of
from nnhelpers.models.parts import LayerParts, kind_of, layer_parts, leaves


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A layer with weights, or an embedding, that reads only inputs.

    Attributes
    ----------
    inputs : tuple of str
        Names of its inputs; several if they are joined before it.
    tokens : bool
        Whether it is an embedding.
    """

    layer: str
    inputs: tuple[str, ...]
    tokens: bool


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """A compiled Keras model.

    Attributes
    ----------
    layers : tuple of LayerParts
        All layers, with nested models unfolded.
    inputs : dict of str to tuple
        Shape of each input, by name; empty if unknown.
    outputs : tuple of OutputParts
        At least one.
    entries : tuple of Entry
        The layers with weights that read only inputs; empty unless the model has several inputs.
    iterations : int
        Steps that the optimizer has made.
    reads_tokens : bool
        Whether the model has an embedding, so that inputs may be indices.
    """

    layers: tuple[LayerParts, ...]
    inputs: dict[str, tuple]
    outputs: tuple[OutputParts, ...]
    entries: tuple[Entry, ...]
    learning_rate: float
    iterations: int
    reads_tokens: bool


def anatomy(model: keras.Model) -> Anatomy:
    """Read a compiled model without changing it.

    Raises TypeError if it is not a Keras model, ValueError if it is not compiled with a loss.

    Examples
    --------
    >>> from nnhelpers import models
    >>> models.anatomy(models.build_articles_network()).outputs[0].loss
    'binary_crossentropy'
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a keras.Model, got {model!r}")
    if not getattr(model, "compiled", False) or model.loss is None:
        raise ValueError("model must be compiled with a loss: model.compile(optimizer, loss)")
    inputs = {each.name: tuple(each.shape) for each in getattr(model, "inputs", None) or []}
    layers = leaves(model)
    return Anatomy(
        layers=tuple(layer_parts(layer) for layer in layers),
        inputs=inputs,
        outputs=outputs_of(model),
        entries=_entries(model) if len(inputs) > 1 else (),
        learning_rate=current_rate(model.optimizer),
        iterations=int(model.optimizer.iterations),
        reads_tokens=any(isinstance(layer, keras.layers.Embedding) for layer in layers),
    )


def current_rate(optimizer: keras.optimizers.Optimizer) -> float:
    """Return the learning rate; for a schedule the largest at 0, 10, 100 and 999 steps from now.

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


# Marks values computed by a layer with weights, which are no longer inputs.
_COMPUTED = ""


def _entries(model: keras.Model) -> tuple[Entry, ...]:
    """Return the layers with weights, and embeddings, that read only inputs, in order."""
    names = [each.name for each in model.inputs]
    found: dict[keras.Layer, frozenset] = {}
    _walk(model, [frozenset([name]) for name in names], found)
    return tuple(
        Entry(
            layer=layer.name,
            inputs=tuple(sorted(read, key=names.index)),
            tokens=isinstance(layer, keras.layers.Embedding),
        )
        for layer, read in found.items()
        if read and _COMPUTED not in read
    )


def _walk(model: Any, reads: list[frozenset], found: dict) -> frozenset:
    """Follow inputs to the first layers with weights; return those that reach the outputs."""
    graph = getattr(model, "_functional", None) or model
    reach = {id(each): read for each, read in zip(graph.inputs, reads, strict=True)}
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        for node in graph._nodes_by_depth[depth]:
            if node.is_input:
                continue
            read = [reach.get(id(each), frozenset()) for each in node.input_tensors]
            after = _through(node.operation, read, found)
            reach |= {id(each): after for each in node.outputs}
    return frozenset().union(*(reach.get(id(each), frozenset()) for each in graph.outputs))


def _through(operation: Any, reads: list[frozenset], found: dict) -> frozenset:
    if isinstance(operation, keras.Model) and getattr(operation, "inputs", None):
        return _walk(operation, reads, found)
    read = frozenset().union(*reads)
    tokens = isinstance(operation, keras.layers.Embedding)
    if tokens or (isinstance(operation, keras.Layer) and kind_of(operation) == "weights"):
        found[operation] = found.get(operation, frozenset()) | read
        return frozenset([_COMPUTED])
    return read
