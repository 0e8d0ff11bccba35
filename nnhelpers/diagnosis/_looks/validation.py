"""Validation data against the training data, feature by feature and class by class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.labels import LabelLook


@dataclass(frozen=True, kw_only=True)
class ValidationLook:
    """How the moments of the validation data differ from those of the training data.

    Attributes
    ----------
    n_examples : int
    mean_gap : float
        Difference of the means in standard deviations of the training data, median over features.
    errors : float
        The same in standard errors.
    spread_ratio : float
        Standard deviation over that of the training data, median over features.
    standardized, train_standardized : bool
        Whether every feature has mean 0 and standard deviation 1 to the last digits.
    same : bool
        Whether they are the training data.
    """

    n_examples: int
    mean_gap: float
    errors: float
    spread_ratio: float
    standardized: bool
    train_standardized: bool
    same: bool


def look_at_validation(X: NDArray, held: NDArray) -> ValidationLook:
    """Compare the moments of validation data with those of the training data."""
    ours, theirs = (each.reshape(len(each), -1).astype(np.float64) for each in (X, held))
    std = ours.std(axis=0)
    used = std > 1e-6
    if not used.any():
        used, std = used | True, std + 1e-6
    gap = np.abs(theirs.mean(axis=0) - ours.mean(axis=0))[used] / std[used]
    spread = theirs.std(axis=0)
    # What never changes in a few rows has no size.
    varying = used & (spread > 1e-6 * std)
    ratio = spread[varying] / std[varying] if varying.any() else np.ones(1)
    error = np.sqrt(1 / len(ours) + 1 / len(theirs))
    return ValidationLook(
        n_examples=len(theirs),
        mean_gap=float(np.median(gap)),
        errors=float(np.median(gap) / error),
        spread_ratio=float(np.median(ratio)),
        standardized=_is_standardized(theirs),
        train_standardized=_is_standardized(ours),
        same=ours.shape == theirs.shape and bool((ours == theirs).all()),
    )


def _is_standardized(flat: NDArray) -> bool:
    std = flat.std(axis=0)
    varying = std > 0
    near = np.abs(std[varying] - 1) < 1e-3
    return bool(varying.any() and near.mean() > 0.9 and np.median(np.abs(flat.mean(axis=0))) < 1e-4)


@dataclass(frozen=True, kw_only=True)
class LabelShift:
    """Shares of the classes in training and in validation data.

    Attributes
    ----------
    values : array of shape (n_classes,)
        Of all classes of both, in order.
    shares, held_shares : array of shape (n_classes,)
    n_examples, n_held : int
    """

    values: NDArray
    shares: NDArray
    held_shares: NDArray
    n_examples: int
    n_held: int

    @property
    def distance(self) -> float:
        """Total variation: the share of the validation labels that would have to change."""
        return float(np.abs(self.shares - self.held_shares).sum() / 2)

    @property
    def most_by_chance(self) -> float:
        """The total variation that one random split in a million passes at most.

        Its mean is at most half the sum of the shares' standard deviations (Jensen); beyond the
        mean it is bounded by McDiarmid's inequality, where an example counts 1/n.
        """
        error = 1 / self.n_examples + 1 / self.n_held
        weights = np.array([self.n_examples, self.n_held]) / (self.n_examples + self.n_held)
        both = weights @ [self.shares, self.held_shares]
        mean = np.sqrt(both * (1 - both) * error).sum() / 2
        return float(mean + np.sqrt(np.log(1e6) * error / 2))


def look_at_label_shift(y: NDArray, held: NDArray | None, labels: LabelLook) -> LabelShift | None:
    """Compare classes; None where there are none, or an example has several."""
    if held is None or labels.classes is None or labels.places > 1:
        return None
    sides = [each.reshape(len(each), -1) for each in (y, held)]
    if sides[0].shape[1] != sides[1].shape[1]:
        return None
    if labels.one_hot:
        sides = [each.argmax(axis=1) for each in sides]
    values, numbers = np.unique(np.concatenate(sides), return_inverse=True)
    numbers, count = numbers.ravel(), len(y)
    ours, theirs = (
        np.bincount(each, minlength=len(values)) / len(each)
        for each in (numbers[:count], numbers[count:])
    )
    return LabelShift(
        values=values, shares=ours, held_shares=theirs, n_examples=count, n_held=len(held)
    )
