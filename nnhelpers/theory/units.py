"""Untrained units: how many are active, and which of them split the data.

Unless stated otherwise the data are uniform on a square of side `width` around (center, center),
and units have weights uniform on [-1, 1] and no bias. A center that is not finite or a width that
is not positive raises ValueError.
"""

from math import lgamma
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, check_finite, check_positive, check_whole

_NORMAL = NormalDist()


def active_count_pmf(units: int) -> NDArray[np.float64]:
    """Probability that 0, 1, ... `units` units are active on an example, of shape (units + 1,).

    Raises ValueError if `units` is below 1.

    Notes
    -----
    Binomial(units, 1/2) for any data and any symmetric distribution of weights and bias: flipping
    the signs of a unit's weights keeps their distribution and makes an active unit inactive.

    Examples
    --------
    >>> active_count_pmf(2).round(3)
    array([0.25, 0.5 , 0.25])
    """
    check_whole(units=units)
    logarithms = [lgamma(k + 1) for k in range(units + 1)]
    ways = logarithms[-1] - np.array(logarithms) - np.array(logarithms[::-1])
    return np.exp(ways - units * np.log(2))


def splitting_share(center: float, *, width: float = 2.0) -> float:
    """Probability that a unit splits the data: 1 / (c + 1) with c = 2 abs(center) / width.

    Notes
    -----
    The boundary w0 x0 + w1 x1 = 0 passes through the origin. For c >= 1 it cuts the square when
    its slope -w0/w1 lies between (c - 1)/(c + 1) and its inverse. The ratio of two uniform
    numbers lies below t <= 1 with probability t/2, the signs are opposite with probability 1/2,
    so P = (1 - (c - 1)/(c + 1)) / 2 = 1/(c + 1). For c < 1 the origin lies inside and every
    boundary cuts.

    Examples
    --------
    >>> round(float(splitting_share(9.0)), 4)
    0.1
    """
    c = _relative_center(center, width)
    return 1.0 if c < 1 else 1 / (c + 1)


def dead_share(center: float, *, width: float = 2.0) -> float:
    """Probability that a unit is active on no point of the square; by symmetry, that on all points.

    Examples
    --------
    >>> round(float(dead_share(9.0)), 4)
    0.45
    """
    return (1 - splitting_share(center, width=width)) / 2


def linear_network_share(units: int, center: float, *, width: float = 2.0) -> float:
    """Probability that none of `units` units splits the data, so that the network is linear there.

    Examples
    --------
    >>> round(float(linear_network_share(2, 9.0)), 4)
    0.81
    """
    check_whole(units=units)
    return (1 - splitting_share(center, width=width)) ** units


def splitting_slopes(center: float, *, width: float = 2.0) -> tuple[float, float] | None:
    """Slopes w1/w0, both negative, between which a unit splits the square; None if every unit does.

    Examples
    --------
    >>> [round(float(each), 3) for each in splitting_slopes(9.0)]
    [-1.25, -0.8]
    """
    c = _relative_center(center, width)
    if c < 1:
        return None
    steep = (c + 1) / (c - 1) if c > 1 else np.inf
    return -steep, -1 / steep


def active_fraction_cdf(
    share: ArrayLike, *, center: float, width: float = 2.0
) -> NDArray[np.float64]:
    """Probability that a unit is active on at most these shares, in [0, 1], of the square.

    Notes
    -----
    The law is symmetric about 1/2, so it follows from that of m, the share on the minority side of
    the boundary. Write T for the ratio of the two weights, the smaller over the larger in size; T
    is uniform on [0, 1].

    c >= 1 (origin outside): m > 0 needs opposite signs and T above a/b with a = c - 1,
    b = c + 1; then the minority side is a triangle of area (T b - a)^2 / (2 T).

    c < 1 (origin inside): for opposite signs the minority side is a trapezoid,
    m = (1 - c + c T)/2. For equal signs m = (1 - c - c T)/2 while T <= (1 - c)/(1 + c), and a
    triangle, m = (1 - c)^2 (1 + T)^2 / (8 T), above.

    Inverting m(T) gives the distribution.

    Examples
    --------
    >>> active_fraction_cdf([0.0, 0.5], center=9.0).round(3)
    array([0.45, 0.5 ])
    """
    shares, c = _shares(share), _relative_center(center, width)
    minority = _minority_cdf_outside if c >= 1 else _minority_cdf_inside
    below = minority(shares, c) / 2
    above = 1 - minority(np.nextafter(1 - shares, -1), c) / 2
    inside = np.where(shares < 0.5, below, above)
    return np.where(shares < 0, 0.0, np.where(shares >= 1, 1.0, inside))


def active_fraction_cdf_normal(share: ArrayLike, *, mean_over_std: float) -> NDArray[np.float64]:
    """Law of the active fraction in high dimension: Phi(r Z), Z ~ N(0, 1), r = mean / std.

    With many features z is normal over the examples, its mean proportional to the features' mean
    and its spread to their standard deviation; weights N(0, 1) make the ratio of the two r Z. So
    P(fraction <= s) = Phi(Phi^-1(s) / r). Raises ValueError if `mean_over_std` is not positive.

    Examples
    --------
    >>> active_fraction_cdf_normal([0.2, 0.5], mean_over_std=3.0).round(3)
    array([0.39, 0.5 ])
    """
    check_positive(mean_over_std=mean_over_std)

    def one(value: float) -> float:
        if value <= 0 or value >= 1:
            return float(value >= 1)
        return _NORMAL.cdf(_NORMAL.inv_cdf(value) / mean_over_std)

    return np.vectorize(one, otypes=[np.float64])(_shares(share))


def overlap_cdf(share: ArrayLike) -> NDArray[np.float64]:
    """Probability that two units are both active on at most this share of centred data: U(0, 1/2).

    Notes
    -----
    A unit's half-plane is an arc of half the circle of directions, measured by the share of the
    data. The square is unchanged by a quarter turn, so the arc reaches 1/4 to either side of its
    centre, and the overlap is 1/2 minus the circular distance of two centres. Weights distributed
    over directions like the data (both from a square, or both round) make the centres uniform.

    Examples
    --------
    >>> overlap_cdf([0.1, 0.5]).round(3)
    array([0.2, 1. ])
    """
    return np.clip(2 * _shares(share), 0, 1)


def overlap_std(n_features: int) -> float:
    """Standard deviation of the share on which two units are both active, for round, centred data.

    Raises ValueError if `n_features` is below 2.

    Notes
    -----
    The overlap is (pi - angle)/(2 pi). The angle between two random directions in d dimensions
    has density sin(angle)^(d - 2); the integral is computed on a grid.

    Examples
    --------
    >>> round(float(overlap_std(2)), 4)
    0.1443
    """
    check_whole(least=2, n_features=n_features)
    angle = np.linspace(0, np.pi, 20_001)
    density = np.sin(angle) ** (n_features - 2)
    shares = (np.pi - angle) / (2 * np.pi)
    return float(np.sqrt(np.average((shares - 0.25) ** 2, weights=density)))


def _shares(share: ArrayLike) -> NDArray[np.float64]:
    shares = as_floats("share", share)
    if np.isnan(shares).any():
        raise ValueError("share must hold numbers, got NaN among them")
    return shares


def _relative_center(center: float, width: float) -> float:
    check_finite(center=center)
    check_positive(width=width)
    return 2 * abs(center) / width


def _minority_cdf_outside(m: NDArray, c: float) -> NDArray:
    a, b = c - 1, c + 1
    area = 4 * np.clip(m, 0, 0.5)
    ratio = (a * b + area + np.sqrt(area * (2 * a * b + area))) / b**2
    none_or_all = 1 - 1 / (c + 1)
    return np.where(m < 0, 0.0, none_or_all + (ratio - a / b) / 2)


def _minority_cdf_inside(m: NDArray, c: float) -> NDArray:
    if c == 0:
        return (m >= 0.5).astype(np.float64)
    opposite = np.clip((2 * m - 1 + c) / c, 0, 1)
    corner = (1 - c) ** 2
    half = np.maximum(4 * m / corner - 1, 1)
    triangle = half - np.sqrt(half**2 - 1)
    switch = (1 - c) / (2 * (1 + c))
    trapezoid = np.clip((1 - c - 2 * m) / c, 0, 1)
    equal = 1 - np.where(m < switch, triangle, trapezoid)
    return (opposite + equal) / 2
