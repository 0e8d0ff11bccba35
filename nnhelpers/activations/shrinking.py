"""Functions that take small z for nothing and leave large z nearly as it is.

References
----------
Hard and soft shrinkage: D. Donoho, I. Johnstone, 1994, https://doi.org/10.1093/biomet/81.3.425.
"""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations.record import Activation

# Where hard and soft shrinkage start to let z through.
SHRINK_THRESHOLD = 0.5


def _hard_shrink(z: NDArray) -> NDArray:
    return np.where(np.abs(z) > SHRINK_THRESHOLD, z, 0)


def _soft_shrink(z: NDArray) -> NDArray:
    return z - np.clip(z, -SHRINK_THRESHOLD, SHRINK_THRESHOLD)


def _shrink_derivative(z: NDArray) -> NDArray:
    return np.where(np.abs(z) > SHRINK_THRESHOLD, 1.0, 0.0)


def _tanh_shrink(z: NDArray) -> NDArray:
    return z - np.tanh(z)


def _tanh_shrink_derivative(z: NDArray) -> NDArray:
    return np.square(np.tanh(z))


def _tanh_shrink_second_derivative(z: NDArray) -> NDArray:
    return 2 * np.tanh(z) * (1 - np.square(np.tanh(z)))


RECORDS = (
    Activation(
        name="hard_shrink",
        value=_hard_shrink,
        derivative=_shrink_derivative,
        second_derivative=np.zeros_like,
        limits=(-np.inf, np.inf),
        kinks=(-SHRINK_THRESHOLD, SHRINK_THRESHOLD),
    ),
    Activation(
        name="soft_shrink",
        value=_soft_shrink,
        derivative=_shrink_derivative,
        second_derivative=np.zeros_like,
        limits=(-np.inf, np.inf),
        kinks=(-SHRINK_THRESHOLD, SHRINK_THRESHOLD),
    ),
    Activation(
        name="tanh_shrink",
        value=_tanh_shrink,
        derivative=_tanh_shrink_derivative,
        second_derivative=_tanh_shrink_second_derivative,
        limits=(-np.inf, np.inf),
    ),
)
