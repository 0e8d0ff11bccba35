"""What a history of `fit` says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import as_floats


@dataclass(frozen=True, kw_only=True)
class FitLook:
    """The losses of a training.

    Attributes
    ----------
    loss, val_loss : array of shape (n_epochs,)
        The second is empty where there were no validation data.
    accuracy, val_accuracy, learning_rate : array of shape (n_epochs,) or (0,)
    steps_per_epoch : int or None
    """

    loss: NDArray
    val_loss: NDArray
    accuracy: NDArray
    val_accuracy: NDArray
    learning_rate: NDArray
    steps_per_epoch: int | None

    @property
    def epochs(self) -> int:
        """Number of epochs."""
        return len(self.loss)


def look_at_fit(history: Any) -> FitLook:
    """Read what `model.fit` returned, or its dictionary.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If it holds no loss.
    """
    curves = getattr(history, "history", history)
    if not isinstance(curves, Mapping):
        raise TypeError(f"history must be what fit returned, or its dictionary, got {history!r}")
    if not len(curves.get("loss", ())):
        raise ValueError(f"history must hold a loss, got {', '.join(map(repr, curves)) or 'none'}")
    steps = (getattr(history, "params", None) or {}).get("steps")
    return FitLook(
        **{name: _curve(curves, name) for name in ("loss", "val_loss", "learning_rate")},
        accuracy=_accuracy(curves, ""),
        val_accuracy=_accuracy(curves, "val_"),
        steps_per_epoch=int(steps) if steps else None,
    )


def _curve(curves: Mapping, name: str) -> NDArray:
    return np.ravel(as_floats(f"history[{name!r}]", curves.get(name, ())))


def _accuracy(curves: Mapping, start: str) -> NDArray:
    names = [
        each for each in curves if each.startswith(start) and each.endswith(("accuracy", "acc"))
    ]
    names = [each for each in names if start or not each.startswith("val_")]
    return _curve(curves, names[0]) if names else np.empty(0)
