"""Signals through wide random layers: variances, and correlations between two examples.

In a wide layer of independent weights with mean 0 every pre-activation is normal, so its variance
follows from that of the layer below, and so does the correlation of two examples: B. Poole et al.,
2016, https://arxiv.org/abs/1606.05340.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.activations import find_activation
from nnhelpers.checks import as_floats, check_between, check_not_negative, check_whole
from nnhelpers.theory.normal import NormalPairs, expected_square_slope, jumps, mean_over_normal

_MOST_ITERATIONS = 2_000
_NEGLIGIBLE = 1e-3


def expected_square(activation: str, *, variance: float = 1.0) -> float:
    """E[f(z)^2] for z ~ N(0, variance): the mean square of a layer's activations.

    Raises ValueError if the activation is unknown, or the variance is negative, not finite, or too
    large for an activation that grows as fast as exponential.

    Examples
    --------
    >>> round(float(expected_square("relu")), 4)
    0.5
    """
    record = find_activation(activation)
    return mean_over_normal(lambda z: record.value(z) ** 2, record=record, variance=variance)


def layer_variances(
    activation: str,
    *,
    weight_variance: ArrayLike,
    depth: int = 1,
    bias_variance: float = 0.0,
    input_square: float = 1.0,
) -> NDArray[np.float64]:
    """Variance of the pre-activations in each layer of a wide random network, of shape (depth,).

    It is taken over weights, units and examples, and infinite where it overflows. `weight_variance`
    is fan_in Var(w), 1 for LeCun and 2 for He, one number or of shape (depth,); `input_square` is
    the mean square of the features. Raises ValueError if the activation is unknown, the depth is
    below 1, or a variance is negative or not finite.

    Notes
    -----
    q_1 = fan_in Var(w) E[x^2] + Var(b), and q_{l+1} = fan_in Var(w) E[f(z)^2] + Var(b) with
    z ~ N(0, q_l).

    Examples
    --------
    >>> layer_variances("relu", weight_variance=2.0, depth=3).round(3)
    array([2., 2., 2.])
    """
    check_whole(depth=depth)
    check_not_negative(bias_variance=bias_variance, input_square=input_square)
    given = as_floats("weight_variance", weight_variance)
    if given.shape not in ((), (1,), (depth,)):
        raise ValueError(
            f"weight_variance must be one number or one for each layer, got shape {given.shape}"
        )
    variances, square = [], input_square
    for factor in np.broadcast_to(given, (depth,)):
        check_not_negative(weight_variance=factor)
        variances.append(factor * square + bias_variance)
        finite = variances[-1] < 1e200
        square = expected_square(activation, variance=variances[-1]) if finite else np.inf
    return np.array(variances)


def layer_correlations(
    activation: str,
    *,
    weight_variance: float,
    depth: int = 1,
    bias_variance: float = 0.0,
    input_square: float = 1.0,
    input_correlation: float = 0.0,
) -> NDArray[np.float64]:
    """Correlation of two examples' pre-activations in each layer of a wide random network.

    It is taken over weights and units, of shape (depth,): 1 where all units see the two examples
    alike. Parameters and errors are those of `layer_variances`, with one weight variance for all
    layers and input_correlation = x . x' / (|x| |x'|), in [-1, 1], of two examples of equal length.

    Notes
    -----
    c_{l+1} = (fan_in Var(w) E[f(z) f(z')] + Var(b)) / q_{l+1}, with z and z' normal of variance
    q_l and correlation c_l.

    Examples
    --------
    >>> layer_correlations("relu", weight_variance=2.0, depth=3).round(3)
    array([0.   , 0.318, 0.494])
    """
    check_between(-1, 1, input_correlation=input_correlation)
    check_not_negative(weight_variance=weight_variance)
    variances = layer_variances(
        activation,
        weight_variance=weight_variance,
        depth=depth,
        bias_variance=bias_variance,
        input_square=input_square,
    )
    product, correlations = input_square * input_correlation, []
    for variance in variances:
        c = (weight_variance * product + bias_variance) / variance if variance > 0 else np.nan
        correlations.append(float(np.clip(c, -1, 1)))
        product = NormalPairs(activation, variance).mean(correlations[-1])
    return np.array(correlations)


def correlation_length(
    activation: str, *, weight_variance: float, bias_variance: float = 0.0
) -> float:
    """Number of layers in which the correlation of two examples gets e times closer to its limit.

    Infinite at the edge between order and chaos. Raises ValueError as in `layer_variances`, if the
    variance has no limit between 0 and infinity, or if the activation jumps, as hard_shrink does,
    which separates any two examples at once.

    Notes
    -----
    -1 / ln(chi), with chi the slope of the map of correlations at its limit; at a limit of 1,
    chi = fan_in Var(w) E[f'(z)^2]. A network is trainable up to a depth of about six such lengths.

    References
    ----------
    S. Schoenholz et al., 2017, https://arxiv.org/abs/1611.01232.

    Examples
    --------
    >>> round(float(correlation_length("tanh", weight_variance=1.5)), 4)
    52.363
    """
    if jumps(find_activation(activation)):
        raise ValueError(f"activation must not jump, got {activation!r}")
    variance = _limit_of_the_variance(activation, weight_variance, bias_variance)
    at_one = weight_variance * expected_square_slope(activation, std=np.sqrt(variance))
    if at_one <= 1:
        return _length(at_one)
    products = NormalPairs(activation, variance)
    # Far from 1, an unstable limit here, so that it converges to the stable one below.
    correlation = 0.5
    for _ in range(_MOST_ITERATIONS):
        last = correlation
        correlation = (weight_variance * products.mean(last) + bias_variance) / variance
        if abs(correlation - last) < 1e-12:
            break
    return _length(weight_variance * products.mean_slope(correlation))


def _limit_of_the_variance(activation: str, weight_variance: float, bias_variance: float) -> float:
    check_not_negative(weight_variance=weight_variance, bias_variance=bias_variance)
    variance = 1.0
    for _ in range(_MOST_ITERATIONS):
        last = variance
        variance = weight_variance * expected_square(activation, variance=last) + bias_variance
        if variance > 1e12 or abs(variance - last) <= 1e-12 * max(1.0, last):
            break
    if not _NEGLIGIBLE < variance < 1e12:
        raise ValueError(
            "weight_variance and bias_variance must lead to a variance that stays, "
            f"got {weight_variance} and {bias_variance} with {activation}"
        )
    return variance


def _length(slope: float) -> float:
    if abs(slope - 1) < 1e-9:
        return np.inf
    return float(-1 / np.log(slope)) if slope > 0 else 0.0
