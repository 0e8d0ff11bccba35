"""Two correlated normal pre-activations, and what their activations share."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import find_activation
from nnhelpers.theory.slopes import normal_points

# Terms of the Hermite series; what a kink adds is summed in closed form.
_TERMS = 96


class NormalPairs:
    """E[f(z) f(z')] for normal z, z' of one variance, as a function of their correlation.

    Notes
    -----
    With f(sqrt(q) x) = sum of a_k h_k(x) in normalized Hermite polynomials it is the sum of
    a_k^2 c^k. A kink at 0 makes the series slow: the part of J max(0, z), J the jump of the
    slope, is known in closed form and taken out of it. Kinks elsewhere make it slow too: what
    it lacks of E[f(z)^2] is put into the last power, so that the sum is right at c = 1, and
    elsewhere as near as c^96 times that rest.

    References
    ----------
    Y. Cho and L. Saul, "Kernel methods for deep learning", 2009, for the closed form.
    """

    def __init__(self, activation: str, variance: float) -> None:
        record = find_activation(activation)
        std = np.sqrt(variance)
        scaled = tuple(kink / std for kink in record.kinks) if std else ()
        x, weights, hermite = _hermite(scaled)
        slopes = record.derivative(np.array([-1e-12, 1e-12]))
        jump = slopes[1] - slopes[0]
        self._variance = variance
        self._kink = jump**2 * variance
        bend = hermite @ (weights * np.maximum(x, 0))
        values = record.value(std * x)
        squares = (hermite @ (weights * values)) ** 2 - self._kink * bend**2
        rest = np.sum(weights * values**2) - squares.sum() - self._kink / 2
        self._squares = np.append(squares, rest)

    def mean(self, correlation: float) -> float:
        """E[f(z) f(z')]."""
        c = correlation
        closed = (np.sqrt(1 - c**2) + c * (np.pi - np.arccos(c))) / (2 * np.pi)
        return float(self._kink * closed + np.polynomial.polynomial.polyval(c, self._squares))

    def mean_slope(self, correlation: float) -> float:
        """E[f'(z) f'(z')], which is the derivative of `mean` over the variance."""
        closed = (np.pi - np.arccos(correlation)) / (2 * np.pi)
        rest = np.polynomial.polynomial.polyder(self._squares)
        smooth = np.polynomial.polynomial.polyval(correlation, rest)
        return float(self._kink * closed + smooth) / self._variance


@lru_cache(maxsize=64)
def _hermite(kinks: tuple[float, ...]) -> tuple[NDArray, NDArray, NDArray]:
    """Points, their normal weights, and Hermite polynomials of shape (_TERMS, n_points)."""
    x, weights = normal_points(kinks=kinks)
    rows = [np.ones_like(x), x]
    for k in range(1, _TERMS - 1):
        rows.append((x * rows[k] - np.sqrt(k) * rows[k - 1]) / np.sqrt(k + 1))
    return x, weights, np.array(rows)
