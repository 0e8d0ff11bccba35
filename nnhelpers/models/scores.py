"""The names of what a Keras model is compiled with: losses and metrics."""

from collections.abc import Mapping
from typing import Any

from nnhelpers.models.backend import keras


def loss_of(loss: Any) -> tuple[str, bool]:
    """Name what was given to `compile`, and say whether it expects logits.

    Examples
    --------
    >>> loss_of("mse"), loss_of(lambda y, p: p), loss_of(None)
    (('mean_squared_error', False), ('<lambda>', False), ('', False))
    """
    if loss is None:
        return "", False
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    given = getattr(loss, "_fn_kwargs", None) or {}
    logits = bool(getattr(loss, "from_logits", given.get("from_logits", False)))
    return _called(getattr(loss, "fn", loss)), logits


def metrics_of(model: keras.Model) -> Any:
    """Return the metrics that were given to `compile`, in their structure.

    Examples
    --------
    >>> model = keras.Sequential([keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse", metrics=["mae"])
    >>> metrics_of(model)
    ['mae']
    """
    compiled = getattr(model, "_compile_metrics", None)
    return getattr(compiled, "_user_metrics", None) or []


def metric_names(metrics: Any) -> tuple[str, ...]:
    """Return the names of metrics in any structure.

    Examples
    --------
    >>> metric_names(["mae", {"a": keras.metrics.AUC(name="auc"), "b": [metric_names, None]}])
    ('mae', 'auc', 'metric_names')
    """
    if metrics is None:
        return ()
    if isinstance(metrics, Mapping):
        return metric_names(list(metrics.values()))
    if isinstance(metrics, list | tuple):
        return tuple(name for each in metrics for name in metric_names(each))
    if isinstance(metrics, keras.metrics.Metric):
        return (metrics.name,)
    return (metrics if isinstance(metrics, str) else _called(metrics),)


def _called(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)
