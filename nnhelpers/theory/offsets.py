"""Depth as an offset: how many units of a layer still split the data, and when none does.

The laws of dead networks are from L. Lu et al., "Dying ReLU and initialization", 2019,
https://arxiv.org/abs/1903.06733: weights are independent, as likely negative as positive, biases 0.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, as_numbers, check_whole
from nnhelpers.theory.normal import normal_cdf

# So many times the square root of n: some cells for each standard deviation of a counted share.
_CELLS = 20
_FEWEST_CELLS = 300
_FARTHEST = 9.0
# Below it y = r Z needs finer cells than the counts do.
_NARROW = 0.1


def equivalent_offset(correlation: ArrayLike) -> NDArray[np.float64]:
    """Offset, in standard deviations, of data that units would see as they see a layer.

    Given the correlation of two examples' pre-activations, one or an array, as from
    `layer_correlations`; 0 for centred data, infinite where all examples look alike. Raises
    ValueError if a correlation lies outside [0, 1].

    Notes
    -----
    In a wide layer z_j(x) = sqrt(q) (sqrt(c) u_j + sqrt(1 - c) e_j(x)): a unit's weights, which
    all examples share, and what is the example's own, all of them N(0, 1). So the mean of a unit
    over the examples spreads over units with variance c q, and around it the examples spread with
    variance (1 - c) q. Data N(mu, sigma^2) with weights N(0, 1) do the same with mu^2 and
    sigma^2. So mu / sigma = sqrt(c / (1 - c)).

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
    """Probability that a unit is active on 0, 1, ... n of n examples drawn at random.

    Of shape (n_examples + 1,): first the share of dead units, last that of always active ones. The
    ratio r is that of the features: 0 for centred data, infinite where the examples are all alike.
    Raises ValueError if there is no example, or the ratio is negative or not a number.

    Notes
    -----
    In high dimension the unit is active on an example with probability p = Phi(r Z), Z ~ N(0, 1)
    (`active_fraction_cdf_normal`). Given p the count is Binomial(n, p); for r = 1 every count is
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
    """Probability that 0, 1, ... n of n normal numbers lie above the mean of all n, (n + 1,).

    The number of examples on which a unit is active whose pre-activations are batch-normalized,
    with beta 0. For n of 20 and more its mean and spread are right within 1 %. Raises ValueError if
    there is no example.

    Notes
    -----
    Normal with mean n / 2 and variance n (1/4 - 1/(2 pi)): less than the n/4 of coins, because
    the mean is one of the numbers' own and follows them. (With phi(0)^2 = 1/(2 pi), the sign of
    x - mean is sign(x) less phi(0) times what the mean moves.)

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
    """Middles of cells of y = r Z, and the probability of each."""
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
    """Lower and upper bound of the probability that a ReLU network is dead on a line.

    That is for one feature, with examples on both sides of 0, and `depth` hidden layers of `width`
    units. Raises ValueError if a size is not a whole number of at least 1.

    Notes
    -----
    Without biases only the sign of x matters. As long as some unit below is active, each unit of a
    layer is active with probability 1/2, so the whole layer is off with probability 2^-width; then
    nothing passes it, and every example gets the output 0. So each side is dead with probability
    1 - a^depth, a = 1 - 2^-width, and the network when both are:
    P = 1 - 2 a^depth + P(both alive).

    In the first layer every unit is active on one side and off on the other, so both sides are
    alive with probability 2 a - 1. From there on a unit is off on both sides with a probability
    between 1/4 and 1/2: at most that of being off on one; at least the product of the two, since
    activations are not negative, so that smaller weights favour either (Harris's inequality). So
    a layer keeps both sides alive with a probability between 1 - 2 2^-width + 4^-width = a^2
    and 1 - 2 2^-width + 2^-width = a. The sum is smallest with (2 a - 1) a^(2 (depth - 1)), and
    largest with (2 a - 1) a^(depth - 1), where it is 1 - a^(depth - 1). The bounds meet for width
    1, and for depth 1, at which no network is dead.

    Examples
    --------
    >>> [round(float(each), 3) for each in born_dead_bounds(2, depth=10)]
    [0.89, 0.925]
    """
    check_whole(width=width, depth=depth)
    a = 1 - 0.5**width
    low = 1 - 2 * a**depth + (2 * a - 1) * a ** (2 * (depth - 1))
    return max(0.0, low), 1 - a ** (depth - 1)
