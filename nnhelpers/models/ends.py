"""Where a Keras model begins and ends: its inputs, and its outputs with their losses."""

from dataclasses import dataclass, replace
from typing import Any

from nnhelpers.models.backend import keras
from nnhelpers.models.parts import activation_of, kernel_of, kind_of, leaves
from nnhelpers.models.scores import loss_of, metric_names, metrics_of


@dataclass(frozen=True, kw_only=True)
class OutputParts:
    """One output of a Keras model.

    Attributes
    ----------
    name : str
        The key by which `fit` knows it.
    layer : str
        The last layer with weights in front of it, "" where it cannot be told.
    activation : str
        "linear" for none, "" where it cannot be told.
    units : int
    places : tuple of int or None
        Sizes of the axes between examples and units, as those of pixels or moments; None for any.
    dropout : str
        The dropout layer that it comes from, "" for none.
    loss : str
        Keras's name of its function; of another function its own name; "" for none.
    from_logits : bool
    loss_weight : float
        Its share of the whole loss.
    metrics : tuple of str
    """

    name: str
    layer: str = ""
    activation: str = ""
    units: int = 0
    places: tuple[int | None, ...] = ()
    dropout: str = ""
    loss: str = ""
    from_logits: bool = False
    loss_weight: float = 1.0
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A layer with weights, or an embedding, that reads inputs and nothing else.

    Attributes
    ----------
    layer : str
    inputs : tuple of str
        Names of the inputs that enter it; several where they are joined before.
    tokens : bool
        Whether it is an embedding.
    """

    layer: str
    inputs: tuple[str, ...]
    tokens: bool


def inputs_of(model: keras.Model) -> dict[str, tuple]:
    """Return the shape of each input by name, in order; empty where it cannot be told.

    Examples
    --------
    >>> from nnhelpers import models
    >>> list(inputs_of(models.build_articles_network()).values())
    [(None, 2)]
    """
    return {each.name: tuple(each.shape) for each in getattr(model, "inputs", None) or []}


def outputs_of(model: keras.Model) -> tuple[OutputParts, ...]:
    """Read the outputs of a compiled model in order, each with its loss.

    Examples
    --------
    >>> from nnhelpers import models
    >>> outputs_of(models.build_articles_network())[0].loss
    'binary_crossentropy'
    """
    tensors = getattr(model, "outputs", None) or []
    if not tensors:
        return (_unknown_output(model),)
    own = [each._keras_history.operation.name for each in tensors]
    names = _keys(getattr(model, "_outputs_struct", None)) or own
    losses = _by_output(model.loss, names, own)
    weights = _by_output(getattr(model._compile_loss, "_user_loss_weights", None), names, own)
    metrics = _by_output(metrics_of(model), names, own) if len(own) > 1 else [metrics_of(model)]
    return tuple(
        replace(_output(name, tensor), **_scored(loss, weight), metrics=metric_names(metric))
        for name, tensor, loss, weight, metric in zip(
            names, tensors, losses, weights, metrics, strict=True
        )
    )


def _unknown_output(model: keras.Model) -> OutputParts:
    """Read the output of a model whose graph is not known, if it has a single one."""
    losses = keras.tree.flatten(model.loss)
    if len(losses) > 1:
        return OutputParts(name="")
    activation = activation_of(leaves(model)[-1]) if model.layers else ""
    metrics = metric_names(metrics_of(model))
    output = OutputParts(name="", activation=activation, units=1, metrics=metrics)
    return replace(output, **_scored(losses[0], None))


def _keys(structure: Any) -> list[str]:
    """Return the keys of a dictionary of outputs in Keras's order; none for other structures."""
    if not isinstance(structure, dict):
        return []
    return [str(path[-1]) for path, _ in keras.tree.flatten_with_path(structure)]


def _by_output(loss: Any, names: list[str], own: list[str]) -> list[Any]:
    if isinstance(loss, dict):
        return [loss.get(name, loss.get(other)) for name, other in zip(names, own, strict=True)]
    if isinstance(loss, list | tuple):
        return [*loss, *[None] * len(names)][: len(names)]
    return [loss] * len(names)


def _output(name: str, tensor: Any) -> OutputParts:
    shape, (last, _) = tensor.shape, _made_by(tensor)
    dropped = isinstance(last, keras.Layer) and kind_of(last) == "dropout"
    return OutputParts(
        name=name,
        layer=_layer_before(tensor),
        activation=_activation_before(tensor),
        units=int(shape[-1] or 0) if len(shape) > 1 else 1,
        places=tuple(shape[1:-1]),
        dropout=last.name if dropped else "",
    )


def _scored(loss: Any, weight: float | None) -> dict[str, Any]:
    name, from_logits = loss_of(loss)
    size = 1.0 if weight is None else float(weight)
    return {"loss": name, "from_logits": from_logits, "loss_weight": size}


def _made_by(tensor: Any) -> Any:
    """Return what computes a tensor, inside nested models too, and what it computes it from."""
    node = tensor._keras_history
    operation, index = node.operation, node.tensor_index
    if isinstance(operation, keras.Model):
        return _made_by(operation.outputs[index])
    return operation, operation._inbound_nodes[node.node_index].input_tensors


def _activation_before(tensor: Any) -> str:
    last, _ = _made_by(tensor)
    if not isinstance(last, keras.Layer):
        return ""
    known = isinstance(last, keras.layers.Activation) or kind_of(last) in ("weights", "activation")
    return activation_of(last) if known else ""


def _layer_before(tensor: Any) -> str:
    operation, sources = _made_by(tensor)
    while kernel_of(operation) is None and sources:
        operation, sources = _made_by(sources[0])
    return operation.name if kernel_of(operation) is not None else ""


def entries(model: keras.Model) -> tuple[Entry, ...]:
    """Return the layers with weights, and embeddings, that read inputs alone, in order.

    Examples
    --------
    >>> from nnhelpers import models
    >>> len(entries(models.build_articles_network()))
    1
    """
    names = {each.name: frozenset([each.name]) for each in model.inputs}
    found: dict[keras.Layer, frozenset] = {}
    _walk(model, [names[each.name] for each in model.inputs], found)
    known = list(names)
    return tuple(
        Entry(
            layer=layer.name,
            inputs=tuple(sorted(read, key=known.index)),
            tokens=isinstance(layer, keras.layers.Embedding),
        )
        for layer, read in found.items()
        if read and _COMPUTED not in read
    )


# What a layer with weights has made of the inputs is none any more.
_COMPUTED = ""


def _walk(model: Any, reads: list[frozenset], found: dict) -> frozenset:
    """Follow inputs to the first layers with weights; return what reaches the end."""
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
