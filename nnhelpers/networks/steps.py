"""Gradients of networks as weights of their own, so that a step is one subtraction."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_finite, check_kind
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

    Examples
    --------
    >>> from nnhelpers import networks
    >>> weights = networks.draw(networks.MLPSpec(units=(8,)), n_features=2, draws=3)
    >>> loss, slope = networks.gradient(np.ones((4, 2)), [0, 1, 0, 1], weights, activation="relu")
    >>> loss.shape, slope.kernels[0].shape
    ((3,), (3, 2, 8))
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
    """Return the weights after a step of gradient descent.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> one = networks.Weights.from_list([np.ones((1, 1)), np.ones(1)])
    >>> networks.stepped(one, one, 0.1).biases[0]
    array([0.9])
    """
    check_kind(Weights, weights=weights, along=along)
    check_finite(size=size)
    return weights.map(lambda weight, slope: weight - size * slope, along)


def length(weights: Weights) -> NDArray[np.float64]:
    """Euclidean length of all arrays together, one number for each network.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> networks.length(networks.Weights.from_list([np.full((1, 1, 1), 3.0), np.full((1, 1), 4.0)]))
    array([5.])
    """
    squares = [np.sum(array**2, axis=tuple(range(1, array.ndim))) for array in weights.to_list()]
    return np.sqrt(sum(squares))


def difference(one: Weights, other: Weights) -> Weights:
    """Return the difference of two networks of the same layers.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> one = networks.Weights.from_list([np.ones((1, 1)), np.ones(1)])
    >>> networks.difference(one, one).kernels[0]
    array([[0.]])
    """
    return one.map(np.subtract, other)
