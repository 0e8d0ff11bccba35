"""Functions that saturate on both sides, and cheap copies made of straight or parabolic pieces.

References
----------
ReLU6: A. Krizhevsky, 2010, https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf.
Hard sigmoid: M. Courbariaux et al., 2015, https://arxiv.org/abs/1511.00363; Keras's has the
slope of A. Howard et al., 2019, https://arxiv.org/abs/1905.02244, who also made hard SiLU.
Sparse sigmoid: M. Blondel et al., 2019, https://arxiv.org/abs/1901.02324.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.activations.record import Activation
from nnhelpers.checks import as_numbers


def sigmoid(z: ArrayLike) -> NDArray[np.floating]:
    """Logistic function 1 / (1 + exp(-z)), without overflow for any finite z.

    Examples
    --------
    >>> sigmoid([0, 4])
    array([0.5  , 0.982])
    """
    return 0.5 * (1 + np.tanh(0.5 * as_numbers("z", z)))


def sigmoid_derivative(z: ArrayLike) -> NDArray[np.floating]:
    """Slope of the logistic function, sigmoid(z) sigmoid(-z): 1/4 at most.

    Examples
    --------
    >>> sigmoid_derivative([0, 4])
    array([0.25  , 0.0177])
    """
    return sigmoid(z) * sigmoid(-as_numbers("z", z))


def _sigmoid_second_derivative(z: NDArray) -> NDArray:
    return -sigmoid_derivative(z) * np.tanh(0.5 * z)


def _tanh_derivative(z: NDArray) -> NDArray:
    return 4 * sigmoid_derivative(2 * z)


def _softsign(z: NDArray) -> NDArray:
    # As z / (1 + abs(z)), and also at infinity.
    return np.sign(z) * (1 - 1 / (1 + np.abs(z)))


def _softsign_derivative(z: NDArray) -> NDArray:
    return (1 + np.abs(z)) ** -2.0


def _softsign_second_derivative(z: NDArray) -> NDArray:
    return -2 * np.sign(z) * (1 + np.abs(z)) ** -3.0


def _relu6(z: NDArray) -> NDArray:
    return np.clip(z, 0, 6)


def _relu6_derivative(z: NDArray) -> NDArray:
    return np.where((z > 0) & (z < 6), 1.0, 0.0)


def _hard_sigmoid(z: NDArray) -> NDArray:
    return (np.clip(z, -3, 3) + 3) / 6


def _hard_sigmoid_derivative(z: NDArray) -> NDArray:
    return np.where(np.abs(z) < 3, 1 / 6, 0.0)


def _hard_silu(z: NDArray) -> NDArray:
    # Below -3 the gate is shut, and minus infinity times 0 is no number.
    return np.maximum(z, -3) * _hard_sigmoid(z)


def _hard_silu_derivative(z: NDArray) -> NDArray:
    return np.where(np.abs(z) < 3, z / 3 + 0.5, _hard_sigmoid(z))


def _hard_silu_second_derivative(z: NDArray) -> NDArray:
    return 2 * _hard_sigmoid_derivative(z)


def _hard_tanh(z: NDArray) -> NDArray:
    return np.clip(z, -1, 1)


def _hard_tanh_derivative(z: NDArray) -> NDArray:
    return np.where(np.abs(z) <= 1, 1.0, 0.0)


def _sparse_sigmoid(z: NDArray) -> NDArray:
    return (np.clip(z, -1, 1) + 1) / 2


def _sparse_sigmoid_derivative(z: NDArray) -> NDArray:
    return np.where(np.abs(z) < 1, 0.5, 0.0)


def _sparse_plus(z: NDArray) -> NDArray:
    # Its slope is the sparse sigmoid, as softplus has the sigmoid for its slope.
    return np.where(z < 1, _sparse_sigmoid(z) ** 2, z)


RECORDS = (
    Activation(
        "sigmoid", sigmoid, sigmoid_derivative, _sigmoid_second_derivative, limits=(0.0, 1.0)
    ),
    Activation(
        "tanh",
        np.tanh,
        _tanh_derivative,
        lambda z: -2 * np.tanh(z) * _tanh_derivative(z),
        limits=(-1.0, 1.0),
    ),
    Activation(
        "softsign",
        _softsign,
        _softsign_derivative,
        _softsign_second_derivative,
        limits=(-1.0, 1.0),
        kinks=(0.0,),
    ),
    Activation(
        "relu6", _relu6, _relu6_derivative, np.zeros_like, limits=(0.0, 6.0), kinks=(0.0, 6.0)
    ),
    Activation(
        "hard_sigmoid",
        _hard_sigmoid,
        _hard_sigmoid_derivative,
        np.zeros_like,
        limits=(0.0, 1.0),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        "hard_silu",
        _hard_silu,
        _hard_silu_derivative,
        _hard_silu_second_derivative,
        limits=(0.0, np.inf),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        "hard_tanh",
        _hard_tanh,
        _hard_tanh_derivative,
        np.zeros_like,
        limits=(-1.0, 1.0),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        "sparse_sigmoid",
        _sparse_sigmoid,
        _sparse_sigmoid_derivative,
        np.zeros_like,
        limits=(0.0, 1.0),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        "sparse_plus",
        _sparse_plus,
        _sparse_sigmoid,
        _sparse_sigmoid_derivative,
        limits=(0.0, np.inf),
        kinks=(-1.0, 1.0),
    ),
)
