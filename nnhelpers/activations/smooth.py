"""Functions that only rise, without a kink, and are bounded on one side: softplus and its kin.

References
----------
Softplus: C. Dugas et al., 2000,
https://papers.nips.cc/paper/1920-incorporating-second-order-functional-knowledge-for-better-option-pricing.
Squareplus: J. Barron, 2021, https://arxiv.org/abs/2112.11687.
"""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations.record import Activation
from nnhelpers.activations.saturating import sigmoid, sigmoid_derivative

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
    Activation(
        name="exponential",
        value=_exponential,
        derivative=_exponential,
        second_derivative=_exponential,
        limits=(0.0, np.inf),
    ),
    Activation(
        name="softplus",
        value=_softplus,
        derivative=sigmoid,
        second_derivative=sigmoid_derivative,
        limits=(0.0, np.inf),
    ),
    Activation(
        name="log_sigmoid",
        value=_log_sigmoid,
        derivative=_log_sigmoid_derivative,
        second_derivative=_log_sigmoid_second_derivative,
        limits=(-np.inf, 0.0),
    ),
    Activation(
        name="squareplus",
        value=_squareplus,
        derivative=_squareplus_derivative,
        second_derivative=_squareplus_second_derivative,
        limits=(0.0, np.inf),
    ),
)
