"""Gradients of networks as weights of their own, so that a step is one subtraction."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers import backward
from nnhelpers.weights import Weights


def gradient(
    X: NDArray, y: NDArray, weights: Weights, *, activation: str
) -> tuple[NDArray[np.float64], Weights]:
    """Return the loss and its gradient, in training mode with these examples as one batch.

    The moving moments, which no gradient moves, have zeros.
    """
    passed = backward.backward_pass(X, y, weights, activation=activation)
    names = {"gamma", "beta"}
    like = weights.map(np.zeros_like)
    norms = tuple(
        norm and type(norm)(**vars(norm) | {name: getattr(found, name) for name in names})
        for norm, found in zip(like.norms, passed.norms, strict=True)
    )
    return passed.loss, Weights(kernels=passed.kernels, biases=passed.biases, norms=norms)


def stepped(weights: Weights, along: Weights, size: float) -> Weights:
    """Return the weights after a step of gradient descent."""
    return weights.map(lambda weight, slope: weight - size * slope, along)


def length(weights: Weights) -> NDArray[np.float64]:
    """Euclidean length of all arrays together, one number for each network."""
    squares = [np.sum(array**2, axis=tuple(range(1, array.ndim))) for array in weights.to_list()]
    return np.sqrt(sum(squares))


def difference(one: Weights, other: Weights) -> Weights:
    """Return what lies between two networks of the same layers."""
    return one.map(np.subtract, other)


def checked_moments(weights: Weights, epochs: NDArray) -> Weights:
    """Return weights with leading axes (moments, networks) as float64, or refuse them."""
    kernel = weights.kernels[0]
    if kernel.ndim != 4 or len(kernel) != len(epochs) or not kernel.shape[1]:
        raise ValueError(
            f"weights must have leading axes of {len(epochs)} moments (as epochs) and of "
            f"networks, got a first kernel of shape {kernel.shape}"
        )
    if not all(np.isfinite(array).all() for array in weights.to_list()):
        raise ValueError("weights must be finite, got a network that diverged")
    return weights.map(lambda array: array.astype(np.float64))
