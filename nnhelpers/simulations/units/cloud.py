"""Distributions of examples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_one_of, check_positive, check_whole


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A distribution of examples around the origin, with independent features.

    Attributes
    ----------
    n_examples, n_features : int
    width : float
        Full width of the uniform distribution. The normal distribution has the same standard
        deviation, width / sqrt(12).
    kind : str
        "uniform" or "normal".

    Raises
    ------
    ValueError, TypeError
        If a size is not a whole number of at least 1, the width not positive or the kind unknown.
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
