"""Judges of steps, penalties, dropout and the history."""

import numpy as np

from nnhelpers.diagnosis._looks.fit import FitLook
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding
from nnhelpers.words import short


def dropout_too_high(looks: Looks) -> Finding | None:
    """Hardly a unit left."""
    drops = [each for each in looks.anatomy.layers if each.kind == "dropout"]
    bad = [each for each in drops if each.settings.get("rate", 0) > 0.75]
    if not bad:
        return None
    worst = max(each.settings["rate"] for each in bad)
    return Finding(
        name="dropout_too_high",
        sentence=f"Dropout of {worst:g} leaves one unit in {1 / (1 - worst):.0f}.",
        layers=tuple(each.name for each in bad),
        weight=0.68,
        threshold="0.75: the noise, p/(1 − p), is then 3 times the signal's square (lesson 5)",
    )


def l2_too_strong(looks: Looks) -> Finding | None:
    """Penalties whose gradient is larger than that of the loss."""
    names = [name for name, each in looks.gradients.items() if each.penalty_rms > 0]
    if not names:
        return None
    pull, push = (
        float(np.sqrt(np.mean([getattr(looks.gradients[n], kind) ** 2 for n in names])))
        for kind in ("penalty_rms", "rms")
    )
    if pull < push:
        return None
    return Finding(
        name="l2_too_strong",
        sentence=f"The penalties pull {short(pull / max(push, 1e-30))} times as hard as the loss.",
        layers=tuple(names),
        weight=0.66,
        threshold="a penalty's gradient as large as that of the loss at the start",
    )


# Of an update to the weights that it moves.
_USUAL_RATIO = 1e-3
_MOST_TIMES = 1e6


def learning_rate_too_high(looks: Looks) -> Finding | None:
    """The same steps, shorter, get further."""
    steps = looks.steps
    if steps is None:
        return None
    shorter = min(("rate x 0.1", "rate x 0.01"), key=steps.level)
    own, best = steps.level(), steps.level(shorter)
    if not (best < 0.95 and (own > 1.0 or own > 3 * best) and best < 0.8 * own):
        return None
    return Finding(
        name="learning_rate_too_high",
        sentence=f"After {steps.own.steps} steps the loss is {_level(own)} of guessing; with "
        f"{shorter.removeprefix('rate x ')} of the rate it is {_level(best)}.",
        weight=0.6,
        remedy=_rate(looks, float(shorter.removeprefix("rate x "))),
        threshold="a loss worse than guessing, or 3 times that of a tenth or hundredth of the rate",
    )


def learning_rate_too_low(looks: Looks) -> Finding | None:
    """The weights hardly move, and longer steps get further; or they do not move at all."""
    steps = looks.steps
    if steps is None or not steps.update_ratios or learning_rate_faded(looks):
        return None
    if _rounds_to_nothing(looks):
        return _unmoved(looks)
    moving = [each for each in steps.update_ratios.values() if each > 0]
    ratio = max(moving, default=0.0)
    own, best, before = steps.level(), steps.level("rate x 10"), steps.own.before / steps.guessing
    if not (0 < ratio < 1e-4 and own > 0.98 * before and best < own):
        return None
    return Finding(
        name="learning_rate_too_low",
        sentence=f"A step moves the weights by {short(ratio)} of their size at most; the loss goes "
        f"from {_level(before)} to {_level(own)} of guessing in {steps.own.steps} steps.",
        weight=0.58,
        remedy=_rate(looks, min(_USUAL_RATIO / float(np.median(moving)), _MOST_TIMES)),
        threshold="an update below 1/10,000 of the weights (1/1,000 is usual)",
    )


# Of the largest rate of the training: no further steps of that size make up for it.
_FADED = 1e-3


def learning_rate_faded(looks: Looks) -> Finding | None:
    """A learning rate that fell to nothing while the loss stood still."""
    fit = looks.fit
    if not _stands_still(fit) or not len(fit.learning_rate):
        return None
    rates = fit.learning_rate
    faded = rates <= _FADED * rates.max()
    # A schedule that ends at 0 is none.
    if faded.mean() < 0.5:
        return None
    epoch = int(faded.argmax())
    return Finding(
        name="learning_rate_too_low",
        sentence=f"In the history the learning rate fell from {short(rates.max())} to "
        f"{short(rates[epoch])} in epoch {epoch + 1} of {len(rates)}; the loss went from "
        f"{fit.loss[0]:.3g} to {fit.loss[-1]:.3g}.",
        weight=0.58,
        remedy="optimizer=Adam(1e-3) without the schedule, or one that ends higher",
        threshold="a thousandth of the largest rate in half of the epochs, and a loss that fell by "
        "less than 5% in ten epochs or more",
    )


# Half the distance from 1 to the next number of 32 bits: what is added below it is lost.
_ROUNDING = 2**-24


def _rounds_to_nothing(looks: Looks) -> bool:
    """Whether there are gradients, and steps too short for the weights to change by."""
    pushed = any(each.rms > 0 for each in looks.gradients.values())
    fresh = not looks.trained or _stands_still(looks.fit)
    still = max(looks.steps.update_ratios.values()) < _ROUNDING
    return pushed and fresh and still and looks.anatomy.learning_rate < _ROUNDING


def _unmoved(looks: Looks) -> Finding:
    return Finding(
        name="learning_rate_too_low",
        sentence=f"The learning rate is {looks.anatomy.learning_rate:g}: no step changes the "
        "weights, though there are gradients.",
        weight=0.58,
        remedy="optimizer=Adam(1e-3)",
        threshold="a rate and a step below 2⁻²⁴ of the weights, which 32 bits round to nothing",
    )


def _rate(looks: Looks, times: float) -> str:
    """Say what to do about the rate: its factor to one digit, and the rate that comes of it."""
    times = float(f"{times:.0e}")
    told = f"{times:,.0f} times the rate" if times > 1 else f"the rate divided by {1 / times:,.0f}"
    return (
        f"optimizer=Adam(1e-3), or {told}: learning_rate={looks.anatomy.learning_rate * times:.1g}"
    )


def _level(level: float) -> str:
    return f"{level:.0%}" if level < 100 else f"{short(level)} times" if np.isfinite(level) else "∞"


def diverged(looks: Looks) -> Finding | None:
    """A loss that is no number, or larger than it was."""
    fit, steps = looks.fit, looks.steps
    broken = fit is not None and (
        not np.isfinite(fit.loss).all() or (fit.epochs > 1 and fit.loss[-1] > 2 * fit.loss[0])
    )
    if not broken and not (steps is not None and steps.own.failed):
        return None
    told = f"from {fit.loss[0]:.3g} to {fit.loss[-1]:.3g}" if broken else "to NaN in a trial"
    if not np.isfinite(looks.first_loss) and looks.gradients:
        told += "; it was not finite before the first step: a log or a root of 0"
    return Finding(
        name="diverged",
        sentence=f"The loss went {told}.",
        weight=0.25,
        threshold="not finite, or twice the first epoch's",
    )


def overfitting(looks: Looks) -> Finding | None:
    """A validation loss that rises while the training loss falls."""
    fit = looks.fit
    if fit is None or len(fit.val_loss) < 5 or not np.isfinite(fit.val_loss).all():
        return None
    best = int(fit.val_loss.argmin())
    risen = fit.val_loss[-1] > 1.5 * fit.val_loss[best]
    fallen = fit.loss[-1] < 0.5 * fit.loss[best]
    if not (risen and fallen and _matters(fit)):
        return None
    return Finding(
        name="overfitting",
        sentence=f"The validation loss was best in epoch {best + 1} with {fit.val_loss[best]:.3g} "
        f"and rose to {fit.val_loss[-1]:.3g}; the training loss fell to {fit.loss[-1]:.3g}.",
        weight=0.3,
        threshold="half the training loss and 1.5 times the validation loss of the best epoch; and "
        "15 points of accuracy between them, or validation worse than in the first epoch",
    )


def _matters(fit: FitLook) -> bool:
    """Whether more than the confidence of a few wrong answers has grown."""
    if len(fit.accuracy) and len(fit.val_accuracy):
        return bool(fit.accuracy[-1] - fit.val_accuracy[-1] > 0.15)
    return bool(fit.val_loss[-1] > fit.val_loss[0])


def plateau(looks: Looks) -> Finding | None:
    """A loss that stays where it was."""
    fit = looks.fit
    if not _stands_still(fit) or learning_rate_faded(looks):
        return None
    return Finding(
        name="plateau",
        sentence=f"In {fit.epochs} epochs the loss went from {fit.loss[0]:.3g} to "
        f"{fit.loss[-1]:.3g}.",
        weight=0.2,
        threshold="less than 5% in ten epochs or more",
    )


def _stands_still(fit: FitLook | None) -> bool:
    if fit is None or fit.epochs < 10 or not np.isfinite(fit.loss).all():
        return False
    return bool(fit.loss.min() >= 0.95 * fit.loss[0])


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (dropout_too_high, "anatomy", "strength of dropout"),
    (l2_too_strong, "gradients", "strength of the penalties"),
    (learning_rate_too_high, "steps", "the learning rate is not too high"),
    (learning_rate_too_low, "steps", "the learning rate is not too low"),
    (learning_rate_faded, "fit", "the learning rate did not fall to nothing"),
    (diverged, "anatomy", "the loss stays finite"),
    (overfitting, "fit", "no overfitting in the history"),
    (plateau, "fit", "no plateau in the history"),
)
