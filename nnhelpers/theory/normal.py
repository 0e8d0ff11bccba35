"""Averages over normal pre-activations, of one example and of two."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import erfc

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import Activation, find_activation
from nnhelpers.checks import check_finite, check_not_negative, check_positive

# The probability of lying further out than so many standard deviations is below 1e-22.
_FARTHEST = 10.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Smooth functions bend close to 0.
_BENDS = np.array([-10.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 10.0])
# Largest contribution of the farthest points to an average; if larger, more is lost beyond them.
_LOST = 1e-9
_BESIDE, _JUMP = 1e-9, 1e-6
# Terms of the Hermite series; what a kink adds is summed in closed form.
_TERMS = 96
# Phi of an array, from erfc, so that far below 0 it does not round to 0.
normal_cdf = np.vectorize(lambda x: erfc(-x / np.sqrt(2)) / 2, otypes=[np.float64])


def expected_slope(activation: str, *, mean: float = 0.0, std: float = 1.0) -> float:
    """E[f'(z)] for z ~ N(mean, std^2): the share of a gradient that passes a unit on average.

    Raises ValueError if the activation is unknown, the mean is not finite, the standard deviation
    is not positive, or f grows so fast, as exponential does, that numbers beyond 10 standard
    deviations matter.

    Notes
    -----
    Stein's lemma, E[f'(z)] = E[(f(z) - f(mean)) (z - mean)] / std^2, uses f alone, so neither a
    kink nor an error in f' matters. For f = max(z, 0) it is Phi(mean / std), the share of active
    examples. Rounding of f leaves an error of about 1e-16 / std. The lemma would count a jump of f,
    as in hard_shrink, as slope, though no gradient passes it: there f' itself is averaged.

    References
    ----------
    C. Stein, 1981, https://doi.org/10.1214/aos/1176345632.

    Examples
    --------
    >>> round(float(expected_slope("sigmoid")), 4)
    0.2066
    """
    record = find_activation(activation)
    check_finite(mean=mean)
    check_positive(std=std)
    if jumps(record):
        return normal_average(record.derivative, record=record, mean=mean, std=std)
    value = record.value
    middle = value(np.array(float(mean)))

    def rise(z: NDArray) -> NDArray:
        return (value(z) - middle) / std * ((z - mean) / std)

    return normal_average(rise, record=record, mean=mean, std=std)


def expected_square_slope(activation: str, *, mean: float = 0.0, std: float = 1.0) -> float:
    """E[f'(z)^2] for z ~ N(mean, std^2): a layer's factor on the gradient's mean square.

    For ReLU and mean 0 it is 1/2, which He's variance 2 / fan_in makes up for: K. He et al., 2015,
    https://arxiv.org/abs/1502.01852. Errors are those of `expected_slope`.

    Examples
    --------
    >>> round(float(expected_square_slope("relu")), 4)
    0.5
    """
    record = find_activation(activation)
    check_finite(mean=mean)
    check_positive(std=std)
    return normal_average(lambda z: record.derivative(z) ** 2, record=record, mean=mean, std=std)


def jumps(record: Activation) -> bool:
    """Whether f itself jumps at a kink, not only its slope.

    Examples
    --------
    >>> jumps(find_activation("hard_shrink"))
    True
    """
    sides = np.add.outer([-_BESIDE, _BESIDE], record.kinks)
    return bool((np.abs(np.diff(record.value(sides), axis=0)) > _JUMP).any())


def normal_average(
    function: Callable[[NDArray], NDArray], *, record: Activation, mean: float, std: float
) -> float:
    """Average over N(mean, std^2) a function that is smooth between an activation's kinks.

    Raises ValueError if values beyond 10 standard deviations matter.

    Examples
    --------
    >>> linear = find_activation("linear")
    >>> round(normal_average(np.square, record=linear, mean=0.0, std=2.0), 4)
    4.0
    """
    x, weights = normal_points(mean=mean, std=std, kinks=record.kinks)
    # Infinity times a weight of 0 is NaN, and raises below.
    with np.errstate(over="ignore", invalid="ignore"):
        parts = weights * function(mean + std * x)
        average, size = np.sum(parts), np.sum(np.abs(parts))
    outside = np.abs(x) > _FARTHEST - 0.5
    if not np.sum(np.abs(parts[outside])) <= _LOST * max(1.0, size) < np.inf:
        raise ValueError(
            f"std must be small enough for averages over {record.name}, which grows faster than "
            f"the normal density falls, got mean {mean:.3g} and std {std:.3g}"
        )
    return float(average)


def normal_points(
    *, mean: float = 0.0, std: float = 1.0, kinks: Iterable[float] = ()
) -> tuple[NDArray, NDArray]:
    """Points x and weights for averages over N(0, 1) of functions of mean + std x (Gauss's rule).

    Examples
    --------
    >>> round(float(normal_points(std=2.0)[1].sum()), 4)
    1.0
    """
    even = np.linspace(-_FARTHEST, _FARTHEST, 21)
    reach = _FARTHEST * std
    bends = (np.clip([*_BENDS, *kinks], mean - reach, mean + reach) - mean) / std
    edges = np.unique([*even, *bends])
    x, weights = panels(edges)
    return x, weights * np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)


def panels(edges: NDArray) -> tuple[NDArray, NDArray]:
    """Points and weights of Gauss's rule from each of the edges, (n_edges,), to the next.

    Examples
    --------
    >>> round(float(panels(np.array([0.0, 1.0, 3.0]))[1].sum()), 4)
    3.0
    """
    half = np.diff(edges)[:, np.newaxis] / 2
    points = edges[:-1, np.newaxis] + half * (1 + _NODES)
    return points.ravel(), (half * _WEIGHTS).ravel()


def mean_over_normal(
    function: Callable[[NDArray], NDArray], *, record: Activation, variance: float
) -> float:
    """E[function(z)] for z ~ N(0, variance); the variance may be 0.

    Examples
    --------
    >>> round(float(mean_over_normal(np.square, record=find_activation("linear"), variance=4.0)), 4)
    4.0
    """
    check_not_negative(variance=variance)
    if variance == 0:
        return float(function(np.zeros(1))[0])
    return normal_average(function, record=record, mean=0.0, std=np.sqrt(variance))


class NormalPairs:
    """E[f(z) f(z')] for normal z, z' of equal variance, as a function of their correlation.

    Notes
    -----
    With f(sqrt(q) x) = sum of a_k h_k(x) in normalized Hermite polynomials it is the sum of
    a_k^2 c^k. A kink at 0 slows the series: J max(0, z), with J the jump of the slope, is therefore
    summed in closed form. For kinks elsewhere, what the series lacks of E[f(z)^2] is added as the
    last power, so that the sum is exact at c = 1, and elsewhere within c^96 times that rest.

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
