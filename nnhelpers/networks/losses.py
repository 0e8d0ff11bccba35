"""Losses under Keras's names: which one fits the outputs, its value and its gradient."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_numbers
from nnhelpers.networks.forward import probabilities

BINARY, CATEGORICAL = "binary_crossentropy", "sparse_categorical_crossentropy"
SQUARED = "mean_squared_error"
LOSSES = (BINARY, CATEGORICAL, SQUARED)


class _Fitting(str):
    """The name of a loss that was not given, but follows from the number of outputs."""

    __slots__ = ()


def checked_loss(loss: Any, *, n_outputs: int) -> str:
    """Return the loss, by default the cross-entropy that fits; raise if it does not fit.

    Examples
    --------
    >>> checked_loss(None, n_outputs=10)
    'sparse_categorical_crossentropy'
    """
    fitting = _Fitting(BINARY if n_outputs == 1 else CATEGORICAL)
    if loss is None or isinstance(loss, _Fitting):
        return fitting
    if not isinstance(loss, str):
        raise TypeError(f"loss must be a Keras name or None, got {loss!r}")
    if loss not in LOSSES:
        raise ValueError(f"loss must be one of {list(LOSSES)}, got {loss!r}")
    if loss not in (fitting, SQUARED):
        outputs = f"{n_outputs} output{'s' * (n_outputs > 1)}"
        raise ValueError(f"loss must be {fitting} or {SQUARED} for {outputs}, got {loss!r}")
    return loss


def errors_and_losses(
    logits: NDArray, y: ArrayLike, *, loss: str | None
) -> tuple[NDArray, NDArray]:
    """Return the gradient of each example's loss for its logits, and the loss.

    The shapes are (..., n_examples, n_outputs) and (..., n_examples). Raises ``ValueError`` or
    ``TypeError`` if the loss is unknown or does not fit the outputs, or y does not fit the loss.

    Examples
    --------
    >>> errors_and_losses(np.zeros((1, 1)), [1], loss=None)
    (array([[-0.5]]), array([0.69314718]))
    """
    n_examples, n_outputs = logits.shape[-2:]
    if checked_loss(loss, n_outputs=n_outputs) == SQUARED:
        apart = logits - _checked_targets(y, n_examples, n_outputs)
        return 2 / n_outputs * apart, np.mean(apart**2, axis=-1)
    classes = checked_classes(y, n_examples=n_examples, n_outputs=n_outputs)
    return _errors(logits, classes), _cross_entropies(logits, classes)


def _errors(logits: NDArray, classes: NDArray[np.int64]) -> NDArray:
    """Gradient of each example's cross-entropy for its logits."""
    # The probability of the wrong classes keeps digits that 1 - p of the right one would lose.
    n_outputs = logits.shape[-1]
    if n_outputs == 1:
        sign = np.where(classes == 1, -1.0, 1.0)[:, np.newaxis]
        return sign * np.exp(-np.logaddexp(0, -sign * logits))
    right = np.eye(n_outputs)[classes]
    wrong = probabilities(logits) * (1 - right)
    return wrong - right * wrong.sum(axis=-1, keepdims=True)


def _cross_entropies(logits: NDArray, classes: NDArray[np.int64]) -> NDArray:
    """Cross-entropy of each example, of shape (..., n_examples)."""
    if logits.shape[-1] == 1:
        return np.logaddexp(0, logits[..., 0] * (1 - 2 * classes))
    right = np.take_along_axis(logits, np.broadcast_to(classes, logits.shape[:-1])[..., None], -1)
    return np.logaddexp.reduce(logits, axis=-1) - right[..., 0]


def checked_classes(y: ArrayLike, *, n_examples: int, n_outputs: int) -> NDArray[np.int64]:
    """Return y as one class per example; raise if the network has no output for a class.

    Examples
    --------
    >>> checked_classes([0, 1], n_examples=2, n_outputs=1)
    array([0, 1])
    """
    classes, n_classes = as_numbers("y", y), max(2, n_outputs)
    if classes.shape != (n_examples,) or not n_examples:
        raise ValueError(
            f"y must hold one class for each of at least one example, "
            f"got shape {classes.shape} for {n_examples} examples"
        )
    if not np.isin(classes, np.arange(n_classes)).all():
        raise ValueError(
            f"y must hold classes 0 to {n_classes - 1}, as the network has {n_outputs} "
            f"output{'s' * (n_outputs > 1)}, got {np.unique(classes)}"
        )
    return classes.astype(np.int64)


def _checked_targets(y: ArrayLike, n_examples: int, n_outputs: int) -> NDArray[np.float64]:
    targets = as_numbers("y", y)
    shapes = [(n_examples, n_outputs), *([(n_examples,)] * (n_outputs == 1))]
    if targets.shape not in shapes or not n_examples:
        raise ValueError(
            f"y must hold {n_outputs} number{'s' * (n_outputs > 1)} for each of at least one "
            f"example, got shape {targets.shape} for {n_examples} examples"
        )
    if not np.isfinite(targets).all():
        raise ValueError("y must hold finite numbers for mean_squared_error, got others among them")
    return targets.reshape(n_examples, n_outputs)
