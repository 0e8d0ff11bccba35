"""Gradients of networks as weights of their own, so that a step is one subtraction."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks.backward import backward_pass
from nnhelpers.networks.weights import Weights


def gradient(
    X: NDArray,
    y: NDArray,
    weights: Weights,
    *,
    activation: str | Sequence[str],
    loss: str | None = None,
) -> tuple[NDArray[np.float64], Weights]:
    """Return the loss and its gradient, in training mode with these examples as one batch.

    The moving moments, which no gradient moves, have zeros.
    """
    passed = backward_pass(X, y, weights, activation=activation, loss=loss)
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
