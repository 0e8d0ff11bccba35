"""Validation data against the training data, feature by feature."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
    ratio = theirs.std(axis=0)[used] / std[used]
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
