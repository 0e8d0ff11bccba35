"""Judges of batch norm: what it normalizes with, and in which mode."""

from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding
from nnhelpers.words import short


def batch_norm_frozen(looks: Looks) -> Finding | None:
    """Batch norm that keeps moments of other data."""
    bad = [each for each in looks.batch_norms if not each.trainable and each.off]
    if not bad:
        return None
    worst = max(bad, key=lambda each: each.mean_gap)
    return Finding(
        name="batch_norm_frozen",
        sentence=f"{worst.name} is not trainable; its moving mean is {short(worst.mean_gap)} "
        f"standard deviations off the data's, its spread {short(worst.spread_ratio)} times theirs.",
        layers=tuple(each.name for each in bad),
        weight=0.7,
        threshold="1 standard deviation, or 3 times the spread",
    )


def batch_norm_unfrozen(looks: Looks) -> Finding | None:
    """Batch norm with moments of an earlier training, free to move, behind frozen weights."""
    if looks.anatomy.iterations:
        return None
    bad = [
        each
        for each in looks.batch_norms
        if each.trainable and not each.initial and (each.behind_frozen or each.off)
    ]
    if not bad:
        return None
    return Finding(
        name="batch_norm_unfrozen",
        sentence=f"{len(bad)} batch norm layers have moments of an earlier training and are "
        "trainable, behind weights that are not.",
        layers=tuple(each.name for each in bad),
        weight=0.7,
        threshold="moments other than 0 and 1 before the first step",
    )


def batch_norm_tiny_batches(looks: Looks) -> Finding | None:
    """Batch norm with batches of four or fewer."""
    names = tuple(each.name for each in looks.batch_norms if each.trainable)
    if not names or looks.batch_size is None or looks.batch_size > 4:
        return None
    return Finding(
        name="batch_norm_tiny_batches",
        sentence=f"Batches hold {looks.batch_size} examples: the noise of a batch's mean is "
        f"1/√{looks.batch_size} of the spread.",
        layers=names,
        weight=0.7,
        threshold="4 examples (lesson 4)",
    )


def batch_norm_lagging(looks: Looks) -> Finding | None:
    """A trained network that knows more in training mode than in inference mode."""
    moving = [each for each in looks.batch_norms if each.trainable]
    if not moving or batch_norm_unfrozen(looks):
        return None
    made = looks.anatomy.iterations
    worse = looks.inference_loss > 1.3 * looks.training_loss + 0.05
    lags = [each for each in moving if made and each.momentum**made > 0.1]
    slow = [each for each in moving if not made and each.momentum >= 0.999]
    if not ((lags and worse) or slow or (made and worse and any(each.off for each in moving))):
        return None
    worst = max(moving, key=lambda each: each.momentum)
    left = f"; of the start {worst.momentum**made:.0%} is left" if made else ""
    return Finding(
        name="batch_norm_lagging",
        sentence=f"With momentum {worst.momentum:g} a moment takes {1 / (1 - worst.momentum):,.0f} "
        f"steps{left}. Loss in training mode {looks.training_loss:.3g}, "
        f"in inference mode {looks.inference_loss:.3g}.",
        layers=tuple(each.name for each in lags or slow or moving),
        weight=0.7,
        threshold="inference a third worse than training mode; or a momentum of 0.999 (lesson 4)",
    )


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (batch_norm_frozen, "batch_norms", "no frozen batch norm of other data"),
    (batch_norm_unfrozen, "batch_norms", "no batch norm set loose in a trained network"),
    (batch_norm_tiny_batches, "batch_size", "batch norm's batches"),
    (batch_norm_lagging, "batch_norms", "batch norm's moving moments"),
)
