"""Distributions of examples, and of one unit's numbers in one batch or many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_between, check_finite, check_one_of, check_positive, check_whole

UNIT_DISTRIBUTIONS = ("normal", "relu")
# Mean and standard deviation of max(0, Z), Z ~ N(0, 1).
_RELU_MEAN = 1 / np.sqrt(2 * np.pi)
_RELU_STD = np.sqrt(0.5 - 1 / (2 * np.pi))
# Squares of larger numbers overflow.
LARGEST = 1e150


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A distribution of examples around the origin, with independent features.

    The `kind` is "uniform", with full `width`, or "normal", with the same standard deviation,
    width / sqrt(12).
    """

    n_examples: int = 1_000
    n_features: int = 2
    width: float = 2.0
    kind: str = "uniform"

    def __post_init__(self) -> None:
        check_whole(n_examples=self.n_examples, n_features=self.n_features)
        check_positive(width=self.width)
        check_one_of(("uniform", "normal"), kind=self.kind)

    @property
    def std(self) -> float:
        """Standard deviation of a feature."""
        return self.width / np.sqrt(12)

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw examples of shape (n_examples, n_features)."""
        shape = (self.n_examples, self.n_features)
        if self.kind == "normal":
            return rng.normal(0, self.std, size=shape)
        return rng.uniform(-self.width / 2, self.width / 2, size=shape)


@dataclass(frozen=True, kw_only=True)
class UnitBatch:
    """Distribution of one unit's numbers over the examples of a batch.

    Attributes
    ----------
    n_examples : int
        At least 2: a single example is its batch's mean and would always be normalized to 0.
    center, std : float
        Mean and standard deviation of the distribution; those of a batch differ by chance.
    distribution : str
        "normal", or "relu": normal numbers after a ReLU, shifted and scaled.
    """

    n_examples: int = 32
    center: float = 3.0
    std: float = 2.0
    distribution: str = "normal"

    def __post_init__(self) -> None:
        check_whole(least=2, n_examples=self.n_examples)
        check_between(-LARGEST, LARGEST, center=self.center)
        check_between(0, LARGEST, std=self.std)
        check_one_of(UNIT_DISTRIBUTIONS, distribution=self.distribution)

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw the numbers, of shape (n_examples,)."""
        numbers = rng.standard_normal(self.n_examples)
        if self.distribution == "relu":
            numbers = (np.maximum(numbers, 0) - _RELU_MEAN) / _RELU_STD
        return self.center + self.std * numbers


@dataclass(frozen=True, kw_only=True)
class UnitStream:
    """Distribution of one unit's values in batch after batch.

    `center` and `std` are their mean and standard deviation before the first step; each step moves
    the center by `drift`, as training the weights below would.
    """

    center: float = 3.0
    std: float = 2.0
    drift: float = 0.0

    def __post_init__(self) -> None:
        check_finite(center=self.center, drift=self.drift)
        check_positive(std=self.std)
