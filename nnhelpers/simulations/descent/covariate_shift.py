"""Internal covariate shift: how much a layer's gradient changes when those before it step."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import Weights, gradient, stepped
from nnhelpers.simulations.descent._moments import checked_moments
from nnhelpers.simulations.draws import Examples, check_positive, checked_examples


@dataclass(frozen=True, kw_only=True)
class CovariateShift:
    """What each layer's gradient was, and what it is once the layers before it have stepped.

    Attributes
    ----------
    epochs : array of shape (moments,)
    learning_rate : float
        Of the step.
    change : array of shape (moments, networks, layers)
        Euclidean length of G - G', of the gradients for the layer's kernel; from the second layer
        to the output, for no layer comes before the first.
    length : array of shape (moments, networks, layers)
        Euclidean length of G.
    cosine : array of shape (moments, networks, layers)
        Of the angle between G and G'; NaN where one of them is 0.
    batch_norm : bool
        Whether the networks have batch norm; it works as in training.
    """

    epochs: NDArray[np.int64]
    learning_rate: float
    change: NDArray[np.float64] = field(repr=False)
    length: NDArray[np.float64] = field(repr=False)
    cosine: NDArray[np.float64] = field(repr=False)
    batch_norm: bool

    @property
    def networks(self) -> int:
        """Number of networks."""
        return self.change.shape[1]

    @property
    def relative_change(self) -> NDArray[np.float64]:
        """Length of G - G' over that of G, of the shape of `change`; NaN where G is 0."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.length > 0, self.change / self.length, np.nan)

    @property
    def typical_change(self) -> NDArray[np.float64]:
        """Median of `relative_change` over the layers that have a gradient, (moments, networks).

        NaN for a network without any.
        """
        change = np.sort(self.relative_change, axis=-1)  # which puts NaN last
        known = np.isfinite(change).sum(axis=-1, keepdims=True)
        middle = [np.maximum(known - 1, 0) // 2, np.minimum(known // 2, change.shape[-1] - 1)]
        return np.mean([np.take_along_axis(change, m, -1)[..., 0] for m in middle], axis=0)

    @property
    def typical_cosine(self) -> float:
        """Median of `cosine` over layers, networks and moments, where there is a gradient."""
        return float(np.median(self.cosine[np.isfinite(self.cosine)]))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        kind = "with batch norm" if self.batch_norm else "without batch norm"
        change = self.typical_change
        return (
            f"{self.networks} networks {kind}: the steps of the layers before change a gradient "
            f"by {np.median(change[np.isfinite(change)]):.1g} of its length (median)"
        )


def measure_covariate_shift(
    dataset: Examples,
    weights: Weights,
    *,
    activation: str,
    epochs: Sequence[int],
    learning_rate: float,
) -> CovariateShift:
    """Let the layers before a layer take a step of gradient descent; see its gradient change.

    All data are one batch, and batch norm works with their moments, as in training. What a layer
    learns besides its kernel steps with it.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
        Or any object with X of shape (n_examples, n_features) and y of shape (n_examples,).
    weights : Weights
        Arrays with leading axes of moments and networks.
    activation : str
        Keras name of the hidden layers' activation function.
    epochs : sequence of int
        When the moments were.
    learning_rate : float
        Of the step, which all layers before take at once.

    Raises
    ------
    ValueError
        If the weights have no hidden layer, other leading axes, or one that is not finite, or if
        the learning rate is not positive.

    Notes
    -----
    With L the loss and W the weights of layers 1 to k before a step and W+ after it,
    G_i = dL/dW_i at (W_1, ..., W_k) and G'_i = dL/dW_i at (W+_1, ..., W+_{i-1}, W_i, ..., W_k).

    References
    ----------
    S. Santurkar, D. Tsipras, A. Ilyas and A. Madry, "How does batch normalization help
    optimization?", 2018, definition 2.1, https://arxiv.org/abs/1805.11604.
    """
    X, y = checked_examples(dataset)
    check_positive(learning_rate=learning_rate)
    if len(weights.kernels) < 2:
        raise ValueError("weights must have a hidden layer, got none")
    moments = checked_moments(weights, np.asarray(epochs))
    shifts = [
        _shift(X, y, moments[index], activation, learning_rate) for index in range(len(epochs))
    ]
    change, length, cosine = (np.stack(parts) for parts in zip(*shifts, strict=True))
    return CovariateShift(
        epochs=np.asarray(epochs),
        learning_rate=float(learning_rate),
        change=change,
        length=length,
        cosine=cosine,
        batch_norm=any(weights.norms),
    )


def _shift(
    X: NDArray, y: NDArray, weights: Weights, activation: str, learning_rate: float
) -> tuple[NDArray, ...]:
    _, before = gradient(X, y, weights, activation=activation)
    after = stepped(weights, before, learning_rate)
    found = []
    for layer in range(1, len(weights.kernels)):
        _, turned = gradient(X, y, _mixed(after, weights, layer), activation=activation)
        found.append(_compared(before.kernels[layer], turned.kernels[layer]))
    return tuple(np.stack(parts, axis=-1) for parts in zip(*found, strict=True))


def _mixed(first: Weights, rest: Weights, layer: int) -> Weights:
    """Return the layers before one of the first weights, and those from it on of the rest."""
    return replace(
        first,
        kernels=first.kernels[:layer] + rest.kernels[layer:],
        biases=first.biases[:layer] + rest.biases[layer:],
        norms=first.norms[:layer] + rest.norms[layer:],
    )


def _compared(before: NDArray, after: NDArray) -> tuple[NDArray, ...]:
    axes = (-2, -1)
    length, other = (np.linalg.norm(each, axis=axes) for each in (before, after))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.sum(before * after, axis=axes) / (length * other)
    return np.linalg.norm(before - after, axis=axes), length, cosine
