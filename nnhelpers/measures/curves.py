"""A measured quantity with its labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import words


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A measured quantity against a setting, with its uncertainty and labels.

    Attributes
    ----------
    x, y, standard_error : arrays of shape (n_points,)
        The standard error of y is zero where y is exact.
    logarithmic, x_logarithmic : bool
        Whether y spans decades rather than being a share; whether x grows by factors.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    title: str
    caption: str
    x_label: str
    y_label: str
    logarithmic: bool = False
    x_logarithmic: bool = False

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        ends = self.y[[0, -1]]
        first, last = (f"{v:.2g}" if self.logarithmic else words.percent(v) for v in ends)
        return f"{self.y_label} {first} at {self.x[0]:g}, {last} at {self.x[-1]:g}"
