"""Depth as an offset: how many units of a layer still split the data, and when none does."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, as_numbers, check_whole
from nnhelpers.theory.normal import normal_cdf

# Times the square root of n: several cells for each standard deviation of a counted share.
_CELLS = 20
_FEWEST_CELLS = 300
_FARTHEST = 9.0
# Below this r, y = r Z needs finer cells than the counts do.
_NARROW = 0.1


def equivalent_offset(correlation: ArrayLike) -> NDArray[np.float64]:
    """Offset, in standard deviations, of data on which units would behave like those of a layer.

    The correlations are those of two examples' pre-activations, as from `layer_correlations`, one
    or an array: 0 gives 0, and 1, where all examples look alike, infinity. Raises ValueError if a
    correlation lies outside [0, 1].

    Notes
    -----
    In a wide layer z_j(x) = sqrt(q) (sqrt(c) u_j + sqrt(1 - c) e_j(x)), where u_j, which all
    examples share, and e_j(x) are N(0, 1). So a unit's mean over the examples varies over units
    with variance c q, and the examples vary around it with variance (1 - c) q. Data N(mu, sigma^2)
    with weights N(0, 1) give mu^2 and sigma^2 instead, so mu / sigma = sqrt(c / (1 - c)).

    Examples
    --------
    >>> equivalent_offset([0.0, 0.5]).round(3)
    array([0., 1.])
    """
    c = as_floats("correlation", correlation)
    if not ((c >= 0) & (c <= 1)).all():
        raise ValueError(f"correlation must lie in [0, 1], got {correlation}")
    with np.errstate(divide="ignore"):
        return np.sqrt(c / (1 - c))


def active_examples_pmf(n_examples: int, *, mean_over_std: float) -> NDArray[np.float64]:
    """Probability that a unit is active on 0, 1, ... n of n examples, of shape (n_examples + 1,).

    The first is the share of dead units, the last that of always active ones. The ratio r of the
    features' mean and standard deviation is 0 for centred data and infinite if all examples are
    alike. Raises ValueError if there is no example, or the ratio is negative or NaN.

    Notes
    -----
    In high dimension the unit is active on an example with probability p = Phi(r Z), Z ~ N(0, 1)
    (`active_fraction_cdf_normal`), and the count is Binomial(n, p); for r = 1 every count is
    equally likely. The average over y = r Z is a midpoint sum, with the tails in its end cells.

    Examples
    --------
    >>> active_examples_pmf(3, mean_over_std=1.0).round(3)
    array([0.25, 0.25, 0.25, 0.25])
    """
    check_whole(n_examples=n_examples)
    if as_numbers("mean_over_std", mean_over_std).ndim or not mean_over_std >= 0:
        raise ValueError(f"mean_over_std must not be negative, got {mean_over_std}")
    r = float(mean_over_std)
    y, probabilities = _cells(n_examples, r) if r > 0 else (np.zeros(1), np.ones(1))
    return probabilities @ _counts(n_examples, y)


def above_mean_pmf(n_examples: int) -> NDArray[np.float64]:
    """Probability that 0, 1, ... n of n normal numbers lie above their mean, of shape (n + 1,).

    This is the number of examples on which a unit is active after batch norm with beta 0. For n of
    at least 20 its mean and spread are within 1 %. Raises ValueError if there is no example.

    Notes
    -----
    Normal with mean n / 2 and variance n (1/4 - 1/(2 pi)): less than the n/4 of coin tosses,
    because the mean follows the numbers. To first order moving it by d changes the share above it
    by phi(0) d, and phi(0)^2 = 1/(2 pi).

    Examples
    --------
    >>> above_mean_pmf(3).round(3)
    array([0.028, 0.472, 0.472, 0.028])
    """
    check_whole(n_examples=n_examples)
    law = NormalDist(n_examples / 2, np.sqrt(n_examples * (1 / 4 - 1 / (2 * np.pi))))
    below = [law.cdf(k + 0.5) for k in range(n_examples)]
    return np.diff([0.0, *below, 1.0])


def _cells(n_examples: int, r: float) -> tuple[NDArray, NDArray]:
    """Midpoints of cells of y = r Z, and the probability of each."""
    count = max(_FEWEST_CELLS, int(np.ceil(_CELLS * np.sqrt(n_examples))))
    edges = np.linspace(-_FARTHEST, _FARTHEST, count + 1) * (1.0 if r >= _NARROW else r)
    middles = (edges[:-1] + edges[1:]) / 2
    probabilities = np.diff(edges) / r * np.exp(-0.5 * (middles / r) ** 2) / np.sqrt(2 * np.pi)
    probabilities[[0, -1]] += normal_cdf(edges[0] / r)
    return middles, probabilities / probabilities.sum()


def _counts(n_examples: int, y: NDArray) -> NDArray[np.float64]:
    """Binomial(n, Phi(y)), of shape (len(y), n_examples + 1)."""
    k = np.arange(n_examples + 1)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
    log_choose = factorials[-1] - factorials - factorials[::-1]
    active, inactive = (np.log(normal_cdf(side))[:, np.newaxis] for side in (y, -y))
    return np.exp(log_choose + k * active + (n_examples - k) * inactive)


def born_dead_bounds(width: int, *, depth: int) -> tuple[float, float]:
    """Lower and upper bound of the probability that a ReLU network with one feature is dead.

    It has `depth` hidden layers of `width` units, independent weights that are as likely negative
    as positive, biases 0, and examples on both sides of 0. Raises ValueError if a size is below 1.

    Notes
    -----
    Without biases only the sign of x matters. As long as some unit below is active, each unit of a
    layer is active with probability 1/2, so the whole layer is off with probability 2^-width, and
    then every example gets the output 0. So each side is dead with probability 1 - a^depth,
    a = 1 - 2^-width, and the network if both are: P = 1 - 2 a^depth + P(both alive).

    In the first layer every unit is active on one side and off on the other, so both sides are
    alive with probability 2 a - 1. From there on a unit is off on both sides with a probability
    between 1/4 and 1/2: at most that of being off on one; at least the product of the two, since
    activations are not negative, so that smaller weights favour either (Harris's inequality). So
    a layer keeps both sides alive with a probability between 1 - 2 2^-width + 4^-width = a^2
    and 1 - 2 2^-width + 2^-width = a. The sum is smallest with (2 a - 1) a^(2 (depth - 1)), and
    largest with (2 a - 1) a^(depth - 1), where it is 1 - a^(depth - 1). The bounds meet for width
    1, and for depth 1, at which no network is dead.

    References
    ----------
    L. Lu et al., "Dying ReLU and initialization", 2019, https://arxiv.org/abs/1903.06733.

    Examples
    --------
    >>> [round(float(each), 3) for each in born_dead_bounds(2, depth=10)]
    [0.89, 0.925]
    """
    check_whole(width=width, depth=depth)
    a = 1 - 0.5**width
    low = 1 - 2 * a**depth + (2 * a - 1) * a ** (2 * (depth - 1))
    return max(0.0, low), 1 - a ** (depth - 1)
