"""Judges of a history of `fit`, and of how a network learns in the long run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import as_floats
from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import short

# Below this share of the largest learning rate, steps no longer matter.
_FADED = 1e-3


@dataclass(frozen=True, kw_only=True)
class FitLook:
    """The losses of a training."""

    # Of shape (n_epochs,); the second is empty without validation data
    loss: NDArray
    val_loss: NDArray
    # Of shape (n_epochs,) or (0,)
    accuracy: NDArray
    val_accuracy: NDArray
    learning_rate: NDArray
    steps_per_epoch: int | None


def look_at_fit(history: Any) -> FitLook:
    """Read the history that `model.fit` returned, or its dictionary."""
    curves = getattr(history, "history", history)
    if not isinstance(curves, Mapping):
        raise TypeError(f"history must be what fit returned, or its dictionary, got {history!r}")
    if not len(curves.get("loss", ())):
        raise ValueError(f"history must hold a loss, got {', '.join(map(repr, curves)) or 'none'}")
    steps = (getattr(history, "params", None) or {}).get("steps")
    return FitLook(
        **{name: _curve(curves, name) for name in ("loss", "val_loss", "learning_rate")},
        accuracy=_accuracy(curves, held=False),
        val_accuracy=_accuracy(curves, held=True),
        steps_per_epoch=int(steps) if steps else None,
    )


def _curve(curves: Mapping, name: str) -> NDArray:
    return np.ravel(as_floats(f"history[{name!r}]", curves.get(name, ())))


def _accuracy(curves: Mapping, *, held: bool) -> NDArray:
    names = [each for each in curves if each.endswith(("accuracy", "acc"))]
    names = [each for each in names if each.startswith("val_") == held]
    return _curve(curves, names[0]) if names else np.empty(0)


def dropout_too_high(looks: Looks) -> Finding | None:
    """Dropout that leaves too few units."""
    drops = [each for each in looks.anatomy.layers if each.kind == "dropout"]
    bad = [each for each in drops if each.settings.get("rate", 0) > 0.75]
    if not bad:
        return None
    worst = max(each.settings["rate"] for each in bad)
    return Finding(
        sentence=f"Dropout of {worst:g} leaves one unit in {1 / (1 - worst):.0f}.",
        layers=names_of(bad),
        threshold="0.75: the noise, p/(1 − p), is then 3 times the signal's square (lesson 5)",
    )


def learning_rate_faded(looks: Looks) -> Finding | None:
    """A learning rate that fell to almost 0 while the loss stood still."""
    fit = looks.fit
    if not stands_still(fit) or not len(fit.learning_rate):
        return None
    rates = fit.learning_rate
    faded = rates <= _FADED * rates.max()
    # A schedule that merely ends at 0 does not count.
    if faded.mean() < 0.5:
        return None
    epoch = int(faded.argmax())
    return Finding(
        name="learning_rate_too_low",
        sentence=f"In the history the learning rate fell from {short(rates.max())} to "
        f"{short(rates[epoch])} in epoch {epoch + 1} of {len(rates)}; the loss went from "
        f"{fit.loss[0]:.3g} to {fit.loss[-1]:.3g}.",
        remedy="optimizer=Adam(1e-3) without the schedule, or one that ends higher",
        threshold="a thousandth of the largest rate in half of the epochs, and a loss that fell by "
        "less than 5% in ten epochs or more",
    )


def diverged(looks: Looks) -> Finding | None:
    """A loss that is not finite, or twice as large as after the first epoch."""
    fit, steps = looks.fit, looks.steps
    broken = fit is not None and (
        not np.isfinite(fit.loss).all() or (len(fit.loss) > 1 and fit.loss[-1] > 2 * fit.loss[0])
    )
    if not broken and not (steps is not None and steps.own.failed):
        return None
    told = f"from {fit.loss[0]:.3g} to {fit.loss[-1]:.3g}" if broken else "to NaN in a trial"
    if not np.isfinite(looks.first_loss) and looks.gradients:
        told += "; it was not finite before the first step: a log or a root of 0"
    return Finding(
        sentence=f"The loss went {told}.",
        threshold="not finite, or twice the first epoch's",
    )


def overfitting(looks: Looks) -> Finding | None:
    """A validation loss that rises while the training loss falls."""
    fit = looks.fit
    if len(fit.val_loss) < 5 or not np.isfinite(fit.val_loss).all():
        return None
    best = int(fit.val_loss.argmin())
    risen = fit.val_loss[-1] > 1.5 * fit.val_loss[best]
    fallen = fit.loss[-1] < 0.5 * fit.loss[best]
    if not (risen and fallen and _matters(fit)):
        return None
    return Finding(
        sentence=f"The validation loss was best in epoch {best + 1} with {fit.val_loss[best]:.3g} "
        f"and rose to {fit.val_loss[-1]:.3g}; the training loss fell to {fit.loss[-1]:.3g}.",
        threshold="half the training loss and 1.5 times the validation loss of the best epoch; and "
        "15 points of accuracy between them, or validation worse than in the first epoch",
    )


def _matters(fit: FitLook) -> bool:
    """Whether overfitting affects more than the confidence of a few wrong answers."""
    if len(fit.accuracy) and len(fit.val_accuracy):
        return bool(fit.accuracy[-1] - fit.val_accuracy[-1] > 0.15)
    return bool(fit.val_loss[-1] > fit.val_loss[0])


def plateau(looks: Looks) -> Finding | None:
    """A loss that hardly falls."""
    fit = looks.fit
    if not stands_still(fit) or learning_rate_faded(looks):
        return None
    return Finding(
        sentence=f"In {len(fit.loss)} epochs the loss went from {fit.loss[0]:.3g} to "
        f"{fit.loss[-1]:.3g}.",
        threshold="less than 5% in ten epochs or more",
    )


def stands_still(fit: FitLook | None) -> bool:
    if fit is None or len(fit.loss) < 10 or not np.isfinite(fit.loss).all():
        return False
    return bool(fit.loss.min() >= 0.95 * fit.loss[0])
