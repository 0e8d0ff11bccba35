"""Measured quantities with their words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A measured quantity against a setting, with its uncertainty and its words.

    Attributes
    ----------
    x, y : arrays of shape (n_points,)
    standard_error : array of shape (n_points,)
        Of y; zero where it is exact.
    title, caption, x_label, y_label : str
    logarithmic : bool
        Whether y spans decades; otherwise it is a share.
    x_logarithmic : bool
        Whether x doubles rather than grows by steps.
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
        low, high = self.y[0], self.y[-1]
        first, last = (f"{v:.2g}" if self.logarithmic else percent(v) for v in (low, high))
        return f"{self.y_label} {first} at {self.x[0]:g}, {last} at {self.x[-1]:g}"


def percent(share: float) -> str:
    """Write a share in percent, to three digits; "none" where there is none."""
    return f"{100 * share:.3g}%" if np.isfinite(share) else "none"
