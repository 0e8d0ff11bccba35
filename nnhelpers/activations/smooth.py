"""Smooth functions, from the sigmoid to softplus, GELU and their relatives.

References
----------
GELU: D. Hendrycks, K. Gimpel, 2016, https://arxiv.org/abs/1606.08415.
SiLU: S. Elfwing et al., 2017, https://arxiv.org/abs/1702.03118.
Mish: D. Misra, 2019, https://arxiv.org/abs/1908.08681.
Softplus: C. Dugas et al., 2000,
https://papers.nips.cc/paper/1920-incorporating-second-order-functional-knowledge-for-better-option-pricing.
Squareplus: J. Barron, 2021, https://arxiv.org/abs/2112.11687.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.activations.record import Activation
from nnhelpers.checks import as_numbers

# Further down every gate is 0 to the last digit, and minus infinity times 0 would be NaN;
# further up the gate of Mish is 1 to the last digit.
_SHUT, _OPEN = -40.0, 40.0
# Square root of Keras's b = 4.
_SQUAREPLUS_ROUNDNESS = 2.0


def sigmoid(z: ArrayLike) -> NDArray[np.floating]:
    """Logistic function 1 / (1 + exp(-z)), without overflow for any finite z.

    Examples
    --------
    >>> sigmoid([0, 4])
    array([0.5  , 0.982])
    """
    return 0.5 * (1 + np.tanh(0.5 * as_numbers("z", z)))


def _sigmoid_slope(z: NDArray) -> NDArray:
    return sigmoid(z) * sigmoid(-z)


def _tanh_slope(z: NDArray) -> NDArray:
    return 4 * _sigmoid_slope(2 * z)


def _normal_cdf(z: NDArray) -> NDArray:
    from scipy.special import ndtr  # simulations must start without SciPy

    return ndtr(z)


def _normal_density(z: NDArray) -> NDArray:
    # exp(-z^2 / 2) as 1 + expm1(-z^2 / 2), which does not underflow far out.
    return (1 + np.expm1(-0.5 * np.square(z))) / math.sqrt(2 * math.pi)


def _mish_gate(z: NDArray) -> NDArray:
    # tanh(log(1 + exp(z))) without the logarithm.
    return 1 - 2 / (1 + (1 + np.exp(np.clip(z, _SHUT, _OPEN))) ** 2)


def _mish_slope(z: NDArray) -> NDArray:
    gate = _mish_gate(z)
    return gate + z * (1 - gate**2) * sigmoid(z)


def _mish_curvature(z: NDArray) -> NDArray:
    gate, share = _mish_gate(z), sigmoid(z)
    return (1 - gate**2) * share * (2 + z * (1 - share - 2 * gate * share))


def _exponential(z: NDArray) -> NDArray:
    # Far out, infinity and 0 are the nearest floating-point numbers.
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(z)


def _softplus(z: NDArray) -> NDArray:
    return np.maximum(z, 0) + np.log1p(_exponential(-np.abs(z)))


def _squareplus(z: NDArray) -> NDArray:
    # (z + root) / 2, which for negative z is rewritten to avoid cancellation.
    above = (np.abs(z) + _squareplus_root(z)) / 2
    return np.where(z > 0, above, 1 / above)


def _squareplus_root(z: NDArray) -> NDArray:
    return np.hypot(z, _SQUAREPLUS_ROUNDNESS)


RECORDS = (
    Activation(
        "sigmoid",
        sigmoid,
        _sigmoid_slope,
        lambda z: -_sigmoid_slope(z) * np.tanh(0.5 * z),
        limits=(0.0, 1.0),
    ),
    Activation(
        "tanh", np.tanh, _tanh_slope, lambda z: -2 * np.tanh(z) * _tanh_slope(z), limits=(-1.0, 1.0)
    ),
    Activation(
        "softsign",
        # z / (1 + abs(z)), but also finite at infinity.
        lambda z: np.sign(z) * (1 - 1 / (1 + np.abs(z))),
        lambda z: (1 + np.abs(z)) ** -2.0,
        lambda z: -2 * np.sign(z) * (1 + np.abs(z)) ** -3.0,
        limits=(-1.0, 1.0),
        kinks=(0.0,),
    ),
    Activation(
        "tanh_shrink",
        lambda z: z - np.tanh(z),
        lambda z: np.square(np.tanh(z)),
        lambda z: 2 * np.tanh(z) * (1 - np.square(np.tanh(z))),
    ),
    Activation(
        "gelu",
        lambda z: np.maximum(z, _SHUT) * _normal_cdf(z),
        lambda z: _normal_cdf(z) + z * _normal_density(z),
        lambda z: (2 - z**2) * _normal_density(z),
        limits=(0.0, np.inf),
    ),
    Activation(
        "silu",
        lambda z: np.maximum(z, _SHUT) * sigmoid(z),
        lambda z: sigmoid(z) + z * _sigmoid_slope(z),
        lambda z: (2 - z * np.tanh(0.5 * z)) * _sigmoid_slope(z),
        limits=(0.0, np.inf),
    ),
    Activation(
        "mish",
        lambda z: np.maximum(z, _SHUT) * _mish_gate(z),
        _mish_slope,
        _mish_curvature,
        limits=(0.0, np.inf),
    ),
    Activation("exponential", _exponential, _exponential, _exponential, limits=(0.0, np.inf)),
    Activation("softplus", _softplus, sigmoid, _sigmoid_slope, limits=(0.0, np.inf)),
    Activation(
        "log_sigmoid",
        lambda z: -_softplus(-z),
        lambda z: sigmoid(-z),
        lambda z: -_sigmoid_slope(z),
        limits=(-np.inf, 0.0),
    ),
    Activation(
        "squareplus",
        _squareplus,
        lambda z: _squareplus(z) / _squareplus_root(z),
        lambda z: 2 * _squareplus_root(z) ** -3.0,
        limits=(0.0, np.inf),
    ),
)
