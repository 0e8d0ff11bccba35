"""Variances of signals and errors in wide random layers, and the gains that preserve them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.activations import find_activation
from nnhelpers.checks import (
    as_floats,
    check_finite,
    check_not_negative,
    check_positive,
    check_whole,
)
from nnhelpers.theory.layers import expected_square
from nnhelpers.theory.normal import mean_over_normal


def expected_activation(activation: str, *, variance: float = 1.0) -> float:
    """E[f(z)] for z ~ N(0, variance): the mean of a layer's activations.

    Errors are those of `expected_square`.

    Examples
    --------
    >>> round(float(expected_activation("relu")), 4)
    0.3989
    """
    record = find_activation(activation)
    return mean_over_normal(record.value, record=record, variance=variance)


def activation_variance(activation: str, *, variance: float = 1.0) -> float:
    """E[f(z)^2] - E[f(z)]^2 for z ~ N(0, variance): the variance of a layer's activations.

    It is 0.394 for tanh at variance 1, and (1/2 - 1 / (2 pi)) variance for ReLU. Errors are those
    of `expected_square`.

    Examples
    --------
    >>> round(float(activation_variance("relu")), 4)
    0.3408
    """
    mean, record = expected_activation(activation, variance=variance), find_activation(activation)
    return mean_over_normal(
        lambda z: (record.value(z) - mean) ** 2, record=record, variance=variance
    )


def preserving_gain(activation: str, *, variance: float = 1.0) -> float:
    """Factor on weights of variance 1 / fan_in that keeps the pre-activations' variance.

    Raises ValueError if the activation is unknown or the variance is not positive and finite.

    Notes
    -----
    sqrt(variance / E[f(z)^2]) with z ~ N(0, variance). For a slope of 1 above zero and a below it,
    it is He's sqrt(2 / (1 + a^2)) at every variance; for SELU it is 1 at variance 1, the fixed
    point that SELU was designed for; for tanh it is 1.59 at variance 1.

    References
    ----------
    G. Klambauer et al., 2017, https://arxiv.org/abs/1706.02515.

    Examples
    --------
    >>> round(float(preserving_gain("tanh")), 4)
    1.5925
    """
    check_positive(variance=variance)
    return float(np.sqrt(variance / expected_square(activation, variance=variance)))


def error_variances(
    activation: str, *, variances: ArrayLike, weight_variances: ArrayLike
) -> NDArray[np.float64]:
    """Variance of the error signal in each layer, relative to that at the output, (depth,).

    Both arguments have shape (depth,): `variances` of the pre-activations, as from
    `layer_variances`, and `weight_variances`, fan_out Var(w) of the kernel that leads out of each
    layer. Raises ValueError if the activation is unknown, a variance is negative or not finite, or
    the lengths differ.

    Notes
    -----
    v_l = fan_out Var(w) E[f'(z_l)^2] v_{l+1}, from 1 at the output. It stays constant if
    Var(w) = 1 / fan_out and the slopes are 1.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html.

    Examples
    --------
    >>> error_variances("relu", variances=[1.0, 1.0], weight_variances=[2.0, 2.0]).round(3)
    array([1., 1.])
    """
    record = find_activation(activation)
    below = as_floats("variances", variances)
    above = as_floats("weight_variances", weight_variances)
    if below.ndim != 1 or below.shape != above.shape or not below.size:
        raise ValueError(
            "variances and weight_variances must hold one number for each layer, "
            f"got shapes {below.shape} and {above.shape}"
        )
    for variance, weight_variance in zip(below, above, strict=True):
        check_not_negative(variances=variance, weight_variances=weight_variance)
    factors = above * [
        mean_over_normal(lambda z: record.derivative(z) ** 2, record=record, variance=variance)
        for variance in below
    ]
    return np.cumprod(factors[::-1])[::-1]


def residual_variances(
    activation: str,
    *,
    weight_variance: float,
    depth: int,
    branch_scale: float = 1.0,
    input_variance: float = 1.0,
) -> NDArray[np.float64]:
    """Variance after each residual block x + branch_scale f(x) W of a wide random network.

    The result has shape (depth + 1,) for `depth` blocks, starts with the input variance, and is
    infinite where it overflows. The weight variance is fan_in Var(w): 1 for LeCun, 2 for He. Raises
    ValueError if the activation is unknown or a number is out of range.

    Notes
    -----
    What a block adds has mean 0 and is uncorrelated with x, so the variances add:
    q_{l+1} = q_l + branch_scale^2 fan_in Var(w) E[f(x)^2]. With ReLU and He's weights, and with a
    linear f and LeCun's, that is q_l (1 + branch_scale^2).

    References
    ----------
    H. Zhang, Y. Dauphin and T. Ma, 2019, https://arxiv.org/abs/1901.09321.

    Examples
    --------
    >>> residual_variances("relu", weight_variance=2.0, depth=3).round(3)
    array([1., 2., 4., 8.])
    """
    find_activation(activation)
    check_whole(depth=depth)
    check_not_negative(weight_variance=weight_variance, input_variance=input_variance)
    check_finite(branch_scale=branch_scale)
    variances = [float(input_variance)]
    for _ in range(depth):
        last = variances[-1]
        square = expected_square(activation, variance=last) if last < 1e200 else np.inf
        variances.append(last + (branch_scale and branch_scale**2 * weight_variance * square))
    return np.array(variances)
