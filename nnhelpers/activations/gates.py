"""Functions that let z through a smooth gate: GELU, SiLU and Mish.

References
----------
GELU: D. Hendrycks, K. Gimpel, 2016, https://arxiv.org/abs/1606.08415.
SiLU: S. Elfwing et al., 2017, https://arxiv.org/abs/1702.03118.
Mish: D. Misra, 2019, https://arxiv.org/abs/1908.08681.
"""

import math

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations.record import Activation
from nnhelpers.activations.saturating import sigmoid, sigmoid_derivative

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


RECORDS = (
    Activation(
        name="gelu",
        value=_gelu,
        derivative=_gelu_derivative,
        second_derivative=_gelu_second_derivative,
        limits=(0.0, np.inf),
    ),
    Activation(
        name="silu",
        value=_silu,
        derivative=_silu_derivative,
        second_derivative=_silu_second_derivative,
        limits=(0.0, np.inf),
    ),
    Activation(
        name="mish",
        value=_mish,
        derivative=_mish_derivative,
        second_derivative=_mish_second_derivative,
        limits=(0.0, np.inf),
    ),
)
