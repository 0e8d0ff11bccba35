"""The outputs of a compiled Keras model, each with its loss and metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnhelpers.models.backend import keras
from nnhelpers.models.parts import activation_of, kernel_of, kind_of, leaves


@dataclass(frozen=True, kw_only=True)
class OutputParts:
    """One output of a Keras model.

    Attributes
    ----------
    name : str
        Its key in `fit`.
    layer : str
        The last layer with weights before it, "" if unknown.
    activation : str
        "linear" for none, "" if unknown.
    places : tuple of int or None
        Sizes of the axes between examples and units, such as pixels or time steps; None for any.
    dropout : str
        The dropout layer that it comes from, "" for none.
    loss : str
        Name of its function, "" for none.
    loss_weight : float
        Factor on its loss in the total.
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


def outputs_of(model: keras.Model) -> tuple[OutputParts, ...]:
    """Read the outputs of a compiled model in order, each with its loss.

    Examples
    --------
    >>> from nnhelpers import models
    >>> outputs_of(models.build_articles_network())[0].loss
    'binary_crossentropy'
    """
    metrics = getattr(getattr(model, "_compile_metrics", None), "_user_metrics", None)
    tensors = getattr(model, "outputs", None) or []
    if not tensors:
        return (_unknown_output(model, metrics),)
    own = [each._keras_history.operation.name for each in tensors]
    names = _keys(getattr(model, "_outputs_struct", None)) or own
    given = [model.loss, getattr(model._compile_loss, "_user_loss_weights", None)]
    columns = [_by_output(each, names, own) for each in given]
    columns.append(_by_output(metrics, names, own) if len(own) > 1 else [metrics])
    rows = zip(names, tensors, *columns, strict=True)
    return tuple(_output(name, tensor, **_scored(*scored)) for name, tensor, *scored in rows)


def _unknown_output(model: keras.Model, metrics: Any) -> OutputParts:
    """Read the single output of a model without a known graph."""
    losses = keras.tree.flatten(model.loss)
    if len(losses) > 1:
        return OutputParts(name="")
    activation = activation_of(leaves(model)[-1]) if model.layers else ""
    scored = _scored(losses[0], None, metrics)
    return OutputParts(name="", activation=activation, units=1, **scored)


def _keys(structure: Any) -> list[str]:
    """Return the keys of a dictionary of outputs in Keras's order; none for other structures."""
    if not isinstance(structure, dict):
        return []
    return [str(path[-1]) for path, _ in keras.tree.flatten_with_path(structure)]


def _by_output(given: Any, names: list[str], own: list[str]) -> list[Any]:
    if isinstance(given, dict):
        return [given.get(name, given.get(other)) for name, other in zip(names, own, strict=True)]
    if isinstance(given, list | tuple):
        return [*given, *[None] * len(names)][: len(names)]
    return [given] * len(names)


def _output(name: str, tensor: Any, **scored: Any) -> OutputParts:
    shape, (last, _) = tensor.shape, _made_by(tensor)
    kind = kind_of(last) if isinstance(last, keras.Layer) else ""
    plain = isinstance(last, keras.layers.Activation) or kind in ("weights", "activation")
    return OutputParts(
        name=name,
        layer=_layer_before(tensor),
        activation=activation_of(last) if plain else "",
        units=int(shape[-1] or 0) if len(shape) > 1 else 1,
        places=tuple(shape[1:-1]),
        dropout=last.name if kind == "dropout" else "",
        **scored,
    )


def _made_by(tensor: Any) -> Any:
    """Return the operation that computes a tensor, inside nested models too, and its inputs."""
    node = tensor._keras_history
    operation, index = node.operation, node.tensor_index
    if isinstance(operation, keras.Model):
        return _made_by(operation.outputs[index])
    return operation, operation._inbound_nodes[node.node_index].input_tensors


def _layer_before(tensor: Any) -> str:
    operation, sources = _made_by(tensor)
    while kernel_of(operation) is None and sources:
        operation, sources = _made_by(sources[0])
    return operation.name if kernel_of(operation) is not None else ""


def _scored(loss: Any, weight: float | None, metrics: Any) -> dict[str, Any]:
    """Return the loss and the metrics given to `compile` as fields of `OutputParts`."""
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    settings = getattr(loss, "_fn_kwargs", None) or {}
    return {
        "loss": "" if loss is None else _called(getattr(loss, "fn", loss)),
        "from_logits": bool(getattr(loss, "from_logits", settings.get("from_logits", False))),
        "loss_weight": 1.0 if weight is None else float(weight),
        "metrics": _metric_names(metrics),
    }


def _metric_names(metrics: Any) -> tuple[str, ...]:
    if metrics is None:
        return ()
    if isinstance(metrics, Mapping):
        return _metric_names(list(metrics.values()))
    if isinstance(metrics, list | tuple):
        return tuple(name for each in metrics for name in _metric_names(each))
    if isinstance(metrics, keras.metrics.Metric):
        return (metrics.name,)
    return (metrics if isinstance(metrics, str) else _called(metrics),)


def _called(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)
