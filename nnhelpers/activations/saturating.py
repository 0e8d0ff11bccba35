"""Functions that saturate on both sides: sigmoid, tanh and softsign."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.activations.record import Activation


def sigmoid(z: ArrayLike) -> NDArray[np.floating]:
    """Logistic function 1 / (1 + exp(-z)), without overflow for any finite z."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


def sigmoid_derivative(z: ArrayLike) -> NDArray[np.floating]:
    """Slope of the logistic function, sigmoid(z) sigmoid(-z): 1/4 at most."""
    return sigmoid(z) * sigmoid(-np.asarray(z))


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


RECORDS = (
    Activation(
        name="sigmoid",
        value=sigmoid,
        derivative=sigmoid_derivative,
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
    Activation(
        name="softsign",
        value=_softsign,
        derivative=_softsign_derivative,
        second_derivative=_softsign_second_derivative,
        limits=(-1.0, 1.0),
        kinks=(0.0,),
    ),
)
