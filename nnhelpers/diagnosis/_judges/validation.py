"""Judges of the validation data: whether they are like the training data."""

import numpy as np

from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis._looks.validation import LabelShift
from nnhelpers.diagnosis.findings import Finding
from nnhelpers.words import short, whole_percent

# Below it a split by time, or one that somebody balanced, may well do.
_LEAST_SHIFT = 0.2


def validation_of_other_classes(looks: Looks) -> Finding | None:
    """Validation data whose classes no random split would give."""
    shift = looks.label_shift
    if shift is None or shift.distance <= max(shift.most_by_chance, _LEAST_SHIFT):
        return None
    return Finding(
        name="validation_of_other_classes",
        sentence=f"{_most_different(shift)}; the total variation between the classes of both is "
        f"{shift.distance:.2f}.",
        weight=0.66,
        threshold=f"a total variation of {shift.most_by_chance:.2f}, which one random split in a "
        f"million passes at most (McDiarmid's inequality), and of {_LEAST_SHIFT:g}",
    )


def _most_different(shift: LabelShift) -> str:
    worst = np.abs(shift.shares - shift.held_shares).argmax()
    ours, theirs = (whole_percent(each[worst]) for each in (shift.shares, shift.held_shares))
    return (
        f"Class {shift.values[worst]:g} is {ours} of the training data and {theirs} of the "
        "validation data"
    )


def validation_standardized_apart(looks: Looks) -> Finding | None:
    """Validation data with other moments, or with moments too good to be true."""
    held = looks.validation
    if held is None or held.same or held.n_examples < 10:
        return None
    own = held.standardized
    other = held.mean_gap > 1 and held.errors > 6
    stretched = not 1 / 3 < held.spread_ratio < 3
    if not (own or other or stretched):
        return None
    if own:
        told = "have mean 0 and standard deviation 1 of their own, to the last digits"
    else:
        told = (
            f"lie {short(held.mean_gap)} standard deviations off the training data, with "
            f"{short(held.spread_ratio)} times their spread"
        )
    return Finding(
        name="validation_standardized_apart",
        sentence=f"The validation data {told}.",
        weight=0.67,
        threshold="means of all features 0 to 10⁻⁴; or median feature 1 standard deviation (and 6 "
        "standard errors) off, or of 3 times the spread, among examples of the same classes",
    )


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (
        validation_of_other_classes,
        "label_shift",
        "validation data have the training data's classes",
    ),
    (
        validation_standardized_apart,
        "validation",
        "validation data have the training data's moments",
    ),
)
