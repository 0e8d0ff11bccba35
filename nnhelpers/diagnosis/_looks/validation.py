"""Validation data compared with the training data, feature by feature and class by class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.labels import LabelLook
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import short, whole_percent

# Smaller shifts are acceptable: a split by time, or a balanced one.
_LEAST_SHIFT = 0.2


@dataclass(frozen=True, kw_only=True)
class ValidationLook:
    """How the moments of the validation data differ from those of the training data."""

    n_examples: int
    # Difference of the means in standard deviations of the training data, median over features
    mean_gap: float
    errors: float  # The same in standard errors
    spread_ratio: float  # Standard deviation over that of the training data, median over features
    # Whether the features have mean 0 and standard deviation 1 of their own, almost exactly
    standardized: bool
    same: bool  # Whether they are the training data


def look_at_validation(
    X: NDArray, held: NDArray, shift: "LabelShift | None" = None
) -> ValidationLook:
    """Compare the moments of validation data with those of the training data.

    Different shares of the classes alone make moments differ. So training examples are weighted by
    their classes' shares of the validation data, and validation examples of classes that the
    training data lack are left out.
    """
    ours, theirs = (each.reshape(len(each), -1).astype(np.float64) for each in (X, held))
    standardized = _is_standardized(theirs)
    weights = np.full(len(ours), 1 / len(ours))
    if shift is not None:
        weights, known = shift.weights()
        theirs = theirs[known]
    unit = ours.std(axis=0)
    unit = np.where(unit > 1e-6, unit, np.nan if (unit > 1e-6).any() else 1e-6)
    mean, spread = weights @ ours, theirs.std(axis=0) if len(theirs) else np.zeros_like(unit)
    std = np.sqrt(np.maximum(weights @ (ours - mean) ** 2, 0))
    varying = (spread > 1e-6 * unit) & (std > 1e-6 * unit)
    if varying.any():  # Features that are constant in a few rows have no spread.
        gap = np.nanmedian(np.abs(theirs.mean(axis=0) - mean) / unit)
        ratio = np.median(spread[varying] / std[varying])
    else:
        gap, ratio = 0.0, 1.0
    return ValidationLook(
        n_examples=len(theirs),
        mean_gap=float(gap),
        errors=float(gap / np.sqrt((weights**2).sum() + 1 / max(1, len(theirs)))),
        spread_ratio=float(ratio),
        standardized=standardized,
        same=ours.shape == theirs.shape and bool((ours == theirs).all()),
    )


def _is_standardized(flat: NDArray) -> bool:
    std = flat.std(axis=0)
    varying = std > 0
    near = np.abs(std[varying] - 1) < 1e-3
    return bool(varying.any() and near.mean() > 0.9 and np.median(np.abs(flat.mean(axis=0))) < 1e-4)


@dataclass(frozen=True, kw_only=True)
class LabelShift:
    """Shares of the classes in training and in validation data."""

    values: NDArray  # Classes of both, in order, of shape (n_classes,)
    # Of shape (n_classes,)
    shares: NDArray
    held_shares: NDArray
    # Index in `values` of each example's class, of shape (n_examples,) and (n_held,)
    numbers: NDArray
    held_numbers: NDArray

    def weights(self) -> tuple[NDArray, NDArray]:
        """Return weights of training examples, and which validation examples have known classes."""
        known = self.shares > 0
        ratios = np.divide(self.held_shares, self.shares, out=np.zeros(len(known)), where=known)
        each = ratios[self.numbers]
        if not each.any():
            return np.full(len(each), 1 / len(each)), known[self.held_numbers]
        return each / each.sum(), known[self.held_numbers]

    @property
    def distance(self) -> float:
        """Total variation: the share of the validation labels that would have to change."""
        return float(np.abs(self.shares - self.held_shares).sum() / 2)

    @property
    def most_by_chance(self) -> float:
        """The total variation that at most one random split in a million exceeds.

        Its mean is at most half the sum of the shares' standard deviations (Jensen); McDiarmid's
        inequality, where an example counts 1/n, bounds the excess over the mean.
        """
        counts = np.array([len(self.numbers), len(self.held_numbers)])
        error, weights = (1 / counts).sum(), counts / counts.sum()
        both = weights @ [self.shares, self.held_shares]
        mean = np.sqrt(both * (1 - both) * error).sum() / 2
        return float(mean + np.sqrt(np.log(1e6) * error / 2))


def look_at_label_shift(y: NDArray, held: NDArray | None, labels: LabelLook) -> LabelShift | None:
    """Compare classes; None if there are none, or an example has several."""
    if held is None or labels.classes is None or labels.places > 1:
        return None
    sides = [each.reshape(len(each), -1) for each in (y, held)]
    if sides[0].shape[1] != sides[1].shape[1]:
        return None
    if labels.one_hot:
        sides = [each.argmax(axis=1) for each in sides]
    values, numbers = np.unique(np.concatenate(sides), return_inverse=True)
    ours, theirs = np.split(numbers.ravel(), [len(y)])
    shares = [np.bincount(each, minlength=len(values)) / len(each) for each in (ours, theirs)]
    counted = {"numbers": ours, "held_numbers": theirs}
    return LabelShift(values=values, shares=shares[0], held_shares=shares[1], **counted)


def validation_of_other_classes(looks: Looks) -> Finding | None:
    """Validation data with shares of classes that no random split would give."""
    shift = looks.label_shift
    if shift.distance <= max(shift.most_by_chance, _LEAST_SHIFT):
        return None
    worst = np.abs(shift.shares - shift.held_shares).argmax()
    ours, theirs = (whole_percent(each[worst]) for each in (shift.shares, shift.held_shares))
    return Finding(
        sentence=f"Class {shift.values[worst]:g} is {ours} of the training data and {theirs} of "
        "the validation data; the total variation between the classes of both is "
        f"{shift.distance:.2f}.",
        threshold=f"a total variation of {shift.most_by_chance:.2f}, which one random split in a "
        f"million passes at most (McDiarmid's inequality), and of {_LEAST_SHIFT:g}",
    )


def validation_standardized_apart(looks: Looks) -> Finding | None:
    """Validation data with other moments, or standardized on their own."""
    held = looks.validation
    other = held.mean_gap > 1 and held.errors > 6
    stretched = not 1 / 3 < held.spread_ratio < 3
    apart = held.standardized or other or stretched
    if not apart or held.same or held.n_examples < 10:
        return None
    told = (
        "have mean 0 and standard deviation 1 of their own, to the last digits"
        if held.standardized
        else f"lie {short(held.mean_gap)} standard deviations off the training data, with "
        f"{short(held.spread_ratio)} times their spread"
    )
    return Finding(
        sentence=f"The validation data {told}.",
        threshold="means of all features 0 to 10⁻⁴; or median feature 1 standard deviation (and 6 "
        "standard errors) off, or of 3 times the spread, among examples of the same classes",
    )
