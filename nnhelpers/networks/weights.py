"""The weights of one dense network or many, including batch norm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_finite, check_kind

_NORM_ARRAYS = ("gamma", "beta", "moving_mean", "moving_variance")


@dataclass(frozen=True, kw_only=True)
class NormWeights:
    """Batch norm of one hidden layer: its trained weights and its moving moments.

    Attributes
    ----------
    gamma, beta : arrays of shape (..., units)
    moving_mean, moving_variance : arrays of shape (..., units)
    epsilon : float
        Added to the variance.
    after_activation : bool
        Whether batch norm follows the activation.
    """

    gamma: NDArray
    beta: NDArray
    moving_mean: NDArray
    moving_variance: NDArray
    epsilon: float = 1e-3
    after_activation: bool = False

    @property
    def deviation(self) -> NDArray:
        """The divisor sqrt(moving_variance + epsilon), of shape (..., units)."""
        return np.sqrt(self.moving_variance + self.epsilon)

    def standardize(self, values: NDArray) -> NDArray:
        """Subtract the moving mean from values, (..., n_examples, units); divide by deviation."""
        centred = values - per_unit(self.moving_mean)
        centred /= per_unit(self.deviation)
        return centred

    def normalize(self, values: NDArray) -> NDArray:
        """Send values of shape (..., n_examples, units) through the layer in inference mode."""
        normalized = self.standardize(values)
        normalized *= per_unit(self.gamma)
        normalized += per_unit(self.beta)
        return normalized

    def with_moments_of(self, values: NDArray) -> "NormWeights":
        """Return the layer with the moments of these values, of shape (..., n_examples, units)."""
        mean = values.mean(axis=-2)
        squares = values - per_unit(mean)
        squares *= squares
        return replace(self, moving_mean=mean, moving_variance=squares.mean(axis=-2))


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Kernels and biases of a dense network, hidden layers first, output layer last.

    Attributes
    ----------
    kernels : tuple of arrays of shape (..., fan_in, units)
    biases : tuple of arrays of shape (..., units)
        Leading axes, if any, count networks. Biases are zeros before batch norm, where Keras's
        layers have none.
    norms : tuple of NormWeights or None
        Batch norm of each hidden layer; empty without batch norm.
    """

    kernels: tuple[NDArray, ...]
    biases: tuple[NDArray, ...]
    norms: tuple[NormWeights | None, ...] = ()

    @classmethod
    def from_list(cls, arrays: Sequence[NDArray]) -> "Weights":
        """Read [kernel, bias, kernel, bias, ...], Keras's ``get_weights`` without batch norm."""
        return cls(kernels=tuple(arrays[0::2]), biases=tuple(arrays[1::2]))

    def norm(self, layer: int) -> NormWeights | None:
        """Return the batch norm of a layer, counted from 0, or None."""
        return self.norms[layer] if layer < len(self.norms) else None

    def replaces_bias(self, layer: int) -> bool:
        """Whether a layer has batch norm in place of its bias."""
        norm = self.norm(layer)
        return norm is not None and not norm.after_activation

    def to_list(self) -> list[NDArray]:
        """Return all arrays in the order of Keras's ``get_weights``.

        Each layer has kernel and bias, and with batch norm gamma, beta, moving mean and moving
        variance; a bias that batch norm replaces is left out.
        """
        arrays = []
        for layer, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True)):
            norm = self.norm(layer)
            arrays += [kernel] if self.replaces_bias(layer) else [kernel, bias]
            arrays += [] if norm is None else [getattr(norm, name) for name in _NORM_ARRAYS]
        return arrays

    def with_list(self, arrays: Sequence[NDArray]) -> "Weights":
        """Return the network with arrays as from `to_list`; raise ValueError for another number."""
        expected = len(self.to_list())
        if len(arrays) != expected:
            raise ValueError(f"arrays must be the {expected} of these layers, got {len(arrays)}")
        rest, kernels, biases, norms = iter(arrays), [], [], []
        for layer in range(len(self.kernels)):
            norm = self.norm(layer)
            kernels.append(next(rest))
            bias = None if self.replaces_bias(layer) else next(rest)
            if norm is not None:
                norm = replace(norm, **{name: next(rest) for name in _NORM_ARRAYS})
            biases.append(np.zeros_like(norm.beta) if bias is None else bias)
            norms.append(norm)
        return Weights(
            kernels=tuple(kernels), biases=tuple(biases), norms=tuple(norms[: len(self.norms)])
        )

    def map(self, function: Callable[..., NDArray], *others: "Weights") -> "Weights":
        """Apply a function to every array and its counterparts in the other networks."""
        lists = zip(self.to_list(), *(other.to_list() for other in others), strict=True)
        return self.with_list([function(*arrays) for arrays in lists])

    def __getitem__(self, index: int | slice | NDArray) -> "Weights":
        """Pick networks along the first axis."""
        return self.map(lambda array: array[index])


def per_unit(numbers: NDArray) -> NDArray:
    """Insert an axis of examples into (..., units), to broadcast with (..., n_examples, units).

    Examples
    --------
    >>> per_unit(np.zeros((3, 5))).shape
    (3, 1, 5)
    """
    return numbers[..., np.newaxis, :]


def stepped(weights: Weights, along: Weights, size: float) -> Weights:
    """Return the weights after a step of gradient descent, weights - size * along.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> one = networks.Weights.from_list([np.eye(1), np.ones(1)])
    >>> networks.stepped(one, one, 0.1).biases[0]
    array([0.9])
    """
    check_kind(Weights, weights=weights, along=along)
    check_finite(size=size)
    return weights.map(lambda weight, slope: weight - size * slope, along)


def length(weights: Weights) -> NDArray[np.float64]:
    """Euclidean length of all arrays together, for each network along their first axis.

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
    >>> one = networks.Weights.from_list([np.eye(1), np.ones(1)])
    >>> networks.difference(one, one).kernels[0]
    array([[0.]])
    """
    return one.map(np.subtract, other)
