"""Functions made of a few straight or parabolic pieces: cheap copies of smooth ones.

References
----------
ReLU6: A. Krizhevsky, 2010, https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf.
Hard sigmoid: M. Courbariaux et al., 2015, https://arxiv.org/abs/1511.00363; Keras's has the
slope of A. Howard et al., 2019, https://arxiv.org/abs/1905.02244, who also made hard SiLU.
Sparse sigmoid: M. Blondel et al., 2019, https://arxiv.org/abs/1901.02324.
"""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations.record import Activation


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
        name="relu6",
        value=_relu6,
        derivative=_relu6_derivative,
        second_derivative=np.zeros_like,
        limits=(0.0, 6.0),
        kinks=(0.0, 6.0),
    ),
    Activation(
        name="hard_sigmoid",
        value=_hard_sigmoid,
        derivative=_hard_sigmoid_derivative,
        second_derivative=np.zeros_like,
        limits=(0.0, 1.0),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        name="hard_silu",
        value=_hard_silu,
        derivative=_hard_silu_derivative,
        second_derivative=_hard_silu_second_derivative,
        limits=(0.0, np.inf),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        name="hard_tanh",
        value=_hard_tanh,
        derivative=_hard_tanh_derivative,
        second_derivative=np.zeros_like,
        limits=(-1.0, 1.0),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        name="sparse_sigmoid",
        value=_sparse_sigmoid,
        derivative=_sparse_sigmoid_derivative,
        second_derivative=np.zeros_like,
        limits=(0.0, 1.0),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        name="sparse_plus",
        value=_sparse_plus,
        derivative=_sparse_sigmoid,
        second_derivative=_sparse_sigmoid_derivative,
        limits=(0.0, np.inf),
        kinks=(-1.0, 1.0),
    ),
)
