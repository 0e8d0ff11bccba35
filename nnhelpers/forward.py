"""The forward pass of dense networks in NumPy, for one network or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, blas


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Kernels and biases of a dense network, hidden layers first, output layer last.

    Attributes
    ----------
    kernels : tuple of arrays of shape (..., fan_in, units)
    biases : tuple of arrays of shape (..., units)
        Leading axes, where present, count networks.
    """

    kernels: tuple[NDArray, ...]
    biases: tuple[NDArray, ...]

    @classmethod
    def from_list(cls, arrays: Sequence[NDArray]) -> "Weights":
        """Read [kernel, bias, kernel, bias, ...], the order of Keras's ``get_weights``."""
        return cls(kernels=tuple(arrays[0::2]), biases=tuple(arrays[1::2]))

    def to_list(self) -> list[NDArray]:
        """Write [kernel, bias, kernel, bias, ...]."""
        return [array for pair in zip(self.kernels, self.biases, strict=True) for array in pair]

    def __getitem__(self, index: int | slice | NDArray) -> "Weights":
        """Pick networks along the first axis."""
        return Weights(
            kernels=tuple(kernel[index] for kernel in self.kernels),
            biases=tuple(bias[index] for bias in self.biases),
        )


@dataclass(frozen=True, kw_only=True)
class ForwardPass:
    """What a forward pass computed.

    Attributes
    ----------
    pre_activations, activations : tuple of arrays of shape (..., n_examples, units)
        One per hidden layer.
    logits : array of shape (..., n_examples, n_outputs)
        Output layer before its sigmoid or softmax.
    """

    pre_activations: tuple[NDArray, ...]
    activations: tuple[NDArray, ...]
    logits: NDArray


def forward_pass(X: NDArray, weights: Weights, *, activation: str) -> ForwardPass:
    """Send examples X of shape (..., n_examples, n_features) through the network.

    Raises
    ------
    ValueError
        If the activation is unknown or X does not have as many features as the first kernel.
    """
    function = activations.find_activation(activation).value
    if X.shape[-1] != weights.kernels[0].shape[-2]:
        raise ValueError(
            f"X must have {weights.kernels[0].shape[-2]} features, got shape {X.shape}"
        )
    pre_activations, hidden = [], [X]
    with blas.one_thread():
        for kernel, bias in zip(weights.kernels, weights.biases, strict=True):
            pre_activations.append(hidden[-1] @ kernel + bias[..., np.newaxis, :])
            hidden.append(function(pre_activations[-1]))
    return ForwardPass(
        pre_activations=tuple(pre_activations[:-1]),
        activations=tuple(hidden[1:-1]),
        logits=pre_activations[-1],
    )


def probabilities(logits: NDArray) -> NDArray[np.floating]:
    """Turn logits of shape (..., n_outputs) into probabilities: sigmoid of one, softmax of more."""
    if logits.shape[-1] == 1:
        return activations.sigmoid(logits)
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def predicted_classes(logits: NDArray) -> NDArray[np.int64]:
    """Return the class of each example from logits of shape (..., n_examples, n_outputs)."""
    if logits.shape[-1] == 1:
        return (logits[..., 0] > 0).astype(np.int64)
    return logits.argmax(axis=-1)
