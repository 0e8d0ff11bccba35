"""Distributions of examples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A distribution of examples around the origin, the features independent.

    Attributes
    ----------
    n_examples, n_features : int
    width : float
        Full width of the uniform distribution; a normal one gets the same standard deviation,
        width / sqrt(12).
    kind : str
        "uniform" or "normal".

    Raises
    ------
    ValueError
        If a size is below 1, the width is not positive or the kind is unknown.
    """

    n_examples: int = 1_000
    n_features: int = 2
    width: float = 2.0
    kind: str = "uniform"

    def __post_init__(self) -> None:
        for name in ("n_examples", "n_features"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not (np.isfinite(self.width) and self.width > 0):
            raise ValueError(f"width must be positive and finite, got {self.width}")
        if self.kind not in ("uniform", "normal"):
            raise ValueError(f"kind must be 'uniform' or 'normal', got {self.kind!r}")

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
