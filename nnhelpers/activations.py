"""Activation functions as records: value, first and second derivative, limits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Elementwise = Callable[[NDArray], NDArray]

LEAKY_SLOPE = 0.2


@dataclass(frozen=True, kw_only=True)
class Activation:
    """An activation function f under Keras's name.

    Attributes
    ----------
    name : str
        Keras's name.
    value, derivative, second_derivative : callable
        f, f' and f'' of an array, elementwise. At a kink the derivative takes TensorFlow's
        value, the one from the left.
    limits : tuple of float
        f at minus and plus infinity.
    """

    name: str
    value: Elementwise
    derivative: Elementwise
    second_derivative: Elementwise
    limits: tuple[float, float]

    @property
    def bounded(self) -> bool:
        """Whether f saturates on both sides."""
        return bool(np.isfinite(self.limits).all())


def sigmoid(z: ArrayLike) -> NDArray[np.floating]:
    """Logistic function 1 / (1 + exp(-z)), without overflow for any finite z."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


def _sigmoid_derivative(z: NDArray) -> NDArray:
    return sigmoid(z) * sigmoid(-z)


def _sigmoid_second_derivative(z: NDArray) -> NDArray:
    return -_sigmoid_derivative(z) * np.tanh(0.5 * z)


def _tanh_derivative(z: NDArray) -> NDArray:
    return 4 * _sigmoid_derivative(2 * z)


def _relu(z: NDArray) -> NDArray:
    return np.maximum(z, 0)


def _step(z: NDArray) -> NDArray:
    return np.where(z > 0, 1.0, 0.0)


def _leaky_relu(z: NDArray) -> NDArray:
    return np.where(z > 0, z, LEAKY_SLOPE * z)


def _leaky_step(z: NDArray) -> NDArray:
    return np.where(z > 0, 1.0, LEAKY_SLOPE)


_RECORDS = (
    Activation(
        name="linear",
        value=np.asarray,
        derivative=np.ones_like,
        second_derivative=np.zeros_like,
        limits=(-np.inf, np.inf),
    ),
    Activation(
        name="relu",
        value=_relu,
        derivative=_step,
        second_derivative=np.zeros_like,
        limits=(0.0, np.inf),
    ),
    Activation(
        name="leaky_relu",
        value=_leaky_relu,
        derivative=_leaky_step,
        second_derivative=np.zeros_like,
        limits=(-np.inf, np.inf),
    ),
    Activation(
        name="sigmoid",
        value=sigmoid,
        derivative=_sigmoid_derivative,
        second_derivative=_sigmoid_second_derivative,
        limits=(0.0, 1.0),
    ),
    Activation(
        name="tanh",
        value=np.tanh,
        derivative=_tanh_derivative,
        second_derivative=lambda z: -2 * np.tanh(z) * _tanh_derivative(z),
        limits=(-1.0, 1.0),
    ),
)

ACTIVATIONS: dict[str, Activation] = {record.name: record for record in _RECORDS}


def find_activation(name: str) -> Activation:
    """Look an activation up by its Keras name.

    Raises
    ------
    ValueError
        If the name is not in `ACTIVATIONS`.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {sorted(ACTIVATIONS)}, got {name!r}")
    return ACTIVATIONS[name]
