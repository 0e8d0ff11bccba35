"""Smooth functions that are bounded on one side at most: softplus, GELU and their relatives.

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
from numpy.typing import NDArray

from nnhelpers.activations.bounded import sigmoid, sigmoid_derivative
from nnhelpers.activations.record import Activation

# Further down every gate is shut to the last digit, and minus infinity times 0 is no number;
# further up the gate of Mish is open to the last digit.
_SHUT, _OPEN = -40.0, 40.0


def _gelu(z: NDArray) -> NDArray:
    return np.maximum(z, _SHUT) * _normal_cdf(z)


def _gelu_derivative(z: NDArray) -> NDArray:
    return _normal_cdf(z) + z * _normal_density(z)


def _gelu_second_derivative(z: NDArray) -> NDArray:
    return (2 - z**2) * _normal_density(z)


def _silu(z: NDArray) -> NDArray:
    return np.maximum(z, _SHUT) * sigmoid(z)


def _silu_derivative(z: NDArray) -> NDArray:
    return sigmoid(z) + z * sigmoid_derivative(z)


def _silu_second_derivative(z: NDArray) -> NDArray:
    return (2 - z * np.tanh(0.5 * z)) * sigmoid_derivative(z)


def _mish(z: NDArray) -> NDArray:
    return np.maximum(z, _SHUT) * _mish_gate(z)


def _mish_derivative(z: NDArray) -> NDArray:
    gate = _mish_gate(z)
    return gate + z * (1 - gate**2) * sigmoid(z)


def _mish_second_derivative(z: NDArray) -> NDArray:
    gate, share = _mish_gate(z), sigmoid(z)
    return (1 - gate**2) * share * (2 + z * (1 - share - 2 * gate * share))


def _mish_gate(z: NDArray) -> NDArray:
    # tanh(log(1 + exp(z))), with the logarithm worked out.
    return 1 - 2 / (1 + (1 + np.exp(np.clip(z, _SHUT, _OPEN))) ** 2)


def _normal_cdf(z: NDArray) -> NDArray:
    from scipy.special import ndtr  # simulations must start without SciPy

    return ndtr(z)


def _normal_density(z: NDArray) -> NDArray:
    # exp(-z^2 / 2) as 1 + expm1(-z^2 / 2), which does not underflow far out.
    return (1 + np.expm1(-0.5 * np.square(z))) / math.sqrt(2 * math.pi)


# The root of Keras's b = 4.
_SQUAREPLUS_ROUNDNESS = 2.0


def _exponential(z: NDArray) -> NDArray:
    # Far out infinity and 0 are the values that floating-point numbers have for it.
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(z)


def _softplus(z: NDArray) -> NDArray:
    return np.maximum(z, 0) + np.log1p(_exponential(-np.abs(z)))


def _log_sigmoid(z: NDArray) -> NDArray:
    return -_softplus(-z)


def _log_sigmoid_derivative(z: NDArray) -> NDArray:
    return sigmoid(-z)


def _log_sigmoid_second_derivative(z: NDArray) -> NDArray:
    return -sigmoid_derivative(z)


def _squareplus(z: NDArray) -> NDArray:
    # (z + root) / 2; for negative z its equal, which is not a difference of near numbers.
    above = (np.abs(z) + _squareplus_root(z)) / 2
    return np.where(z > 0, above, 1 / above)


def _squareplus_derivative(z: NDArray) -> NDArray:
    return _squareplus(z) / _squareplus_root(z)


def _squareplus_second_derivative(z: NDArray) -> NDArray:
    return 2 * _squareplus_root(z) ** -3.0


def _squareplus_root(z: NDArray) -> NDArray:
    return np.hypot(z, _SQUAREPLUS_ROUNDNESS)


RECORDS = (
    Activation("gelu", _gelu, _gelu_derivative, _gelu_second_derivative, limits=(0.0, np.inf)),
    Activation("silu", _silu, _silu_derivative, _silu_second_derivative, limits=(0.0, np.inf)),
    Activation("mish", _mish, _mish_derivative, _mish_second_derivative, limits=(0.0, np.inf)),
    Activation("exponential", _exponential, _exponential, _exponential, limits=(0.0, np.inf)),
    Activation("softplus", _softplus, sigmoid, sigmoid_derivative, limits=(0.0, np.inf)),
    Activation(
        "log_sigmoid",
        _log_sigmoid,
        _log_sigmoid_derivative,
        _log_sigmoid_second_derivative,
        limits=(-np.inf, 0.0),
    ),
    Activation(
        "squareplus",
        _squareplus,
        _squareplus_derivative,
        _squareplus_second_derivative,
        limits=(0.0, np.inf),
    ),
)
