"""The loss along its gradient and internal covariate shift, at several moments of training."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import Examples, check_kind, check_positive, checked_examples, checked_wholes
from nnhelpers.networks import Weights, difference, gradient, length, stepped

_FACTORS = np.array([0.1, 0.2, 0.5, 1.0, 2.0, 4.0])
_PARTS = ("kernels", "biases", "norms")


@dataclass(frozen=True, kw_only=True)
class _Moments:
    """Networks at several moments of training, with batch norm in training mode or without."""

    epochs: NDArray[np.int64]
    learning_rate: float
    batch_norm: bool

    def _networks(self, count: int) -> str:
        return f"{count} networks {'with' if self.batch_norm else 'without'} batch norm"


@dataclass(frozen=True, kw_only=True)
class Landscape(_Moments):
    """How the loss and the gradient of networks change along the gradient.

    Attributes
    ----------
    factors : array of shape (n_steps,)
        A step moves the weights by ``-factor * learning_rate * gradient``.
    along : array of shape (moments, networks, n_steps)
        Mean cross-entropy after each step.
    smoothness : array of shape (moments, networks)
        Effective beta-smoothness, the largest change of the gradient over the distance; NaN for
        0 / 0.
    """

    factors: NDArray[np.float64]
    along: NDArray[np.float64] = field(repr=False)
    smoothness: NDArray[np.float64] = field(repr=False)

    def summary(self) -> str:
        """Describe the result in one line."""
        largest = np.median(np.ptp(self.along, axis=-1), axis=1).max()
        return (
            f"{self._networks(self.along.shape[1])}: steps of {self.factors[0]:g} to "
            f"{self.factors[-1]:g} times a rate of {self.learning_rate:g} change the loss by up to "
            f"{largest:.1g}, smoothness {np.nanmedian(self.smoothness):.1g} (medians)"
        )


@dataclass(frozen=True, kw_only=True)
class CovariateShift(_Moments):
    """The gradient G of each layer, and G' once the layers before it have taken a step.

    Attributes
    ----------
    typical_change : array of shape (moments, networks)
        Median of abs(G - G') / abs(G), lengths for the kernel, over the layers with a gradient from
        the second to the output; NaN for a network without any.
    cosine : array of shape (moments, networks, layers)
        Of the angle between G and G', NaN where one of them is 0.
    """

    typical_change: NDArray[np.float64] = field(repr=False)
    cosine: NDArray[np.float64] = field(repr=False)

    def summary(self) -> str:
        """Describe the result in one line."""
        return (
            f"{self._networks(self.cosine.shape[1])}: the steps of the layers before "
            f"change a gradient by {np.nanmedian(self.typical_change):.1g} of its length (median)"
        )


def measure_landscape(
    dataset: Examples,
    weights: Weights,
    *,
    activation: str,
    epochs: Sequence[int],
    learning_rate: float,
) -> Landscape:
    """Take steps along each network's gradient, and measure how loss and gradient change.

    All data are one batch, batch norm is in training mode, and steps are 0.1 to 4 times those of
    training at the learning rate. The weights' arrays have leading axes of moments, one for each of
    the epochs, and networks. Raises ValueError or TypeError if they have other axes or are not
    finite, or a number is out of range.

    Notes
    -----
    At equal learning rates networks with and without batch norm may move by different distances,
    by which effective beta-smoothness divides, because the lengths of their gradients may differ.

    References
    ----------
    S. Santurkar et al., 2018, section 3.1 and figure 4, https://arxiv.org/abs/1805.11604.

    Examples
    --------
    >>> from nnhelpers import datasets, networks
    >>> weights = networks.draw(networks.MLPSpec(), n_features=2, draws=3).map(lambda w: w[None])
    >>> at = {"activation": "relu", "epochs": [0], "learning_rate": 0.1}
    >>> measure_landscape(datasets.make_circles(), weights, **at).smoothness.shape
    (1, 3)
    """
    X, y, flat, moments = _checked(dataset, weights, epochs, learning_rate)
    _, downhill = gradient(X, y, flat, activation=activation)
    slope, along, changes = length(downhill), [], []
    for size in learning_rate * _FACTORS:
        there, turned = gradient(X, y, stepped(flat, downhill, size), activation=activation)
        along.append(there)
        with np.errstate(invalid="ignore"):
            changes.append(length(difference(turned, downhill)) / (size * slope))
    shape = weights.kernels[0].shape[:2]
    return Landscape(
        factors=_FACTORS,
        along=np.transpose(along).reshape(*shape, -1),
        smoothness=np.max(changes, axis=0).reshape(shape),
        **moments,
    )


def measure_covariate_shift(
    dataset: Examples,
    weights: Weights,
    *,
    activation: str,
    epochs: Sequence[int],
    learning_rate: float,
) -> CovariateShift:
    """Let the layers before a layer take a gradient step, and measure how its gradient changes.

    All layers before it step at once, with everything they learn. Parameters and errors are those
    of `measure_landscape`; the networks need a hidden layer.

    Notes
    -----
    With L the loss and W the weights of layers 1 to k before a step and W+ after it,
    G_i = dL/dW_i at (W_1, ..., W_k) and G'_i = dL/dW_i at (W+_1, ..., W+_{i-1}, W_i, ..., W_k).

    References
    ----------
    S. Santurkar et al., 2018, definition 2.1, https://arxiv.org/abs/1805.11604.

    Examples
    --------
    >>> from nnhelpers import datasets, networks
    >>> weights = networks.draw(networks.MLPSpec(), n_features=2, draws=3).map(lambda w: w[None])
    >>> measure_covariate_shift(datasets.make_circles(), weights, activation="relu",
    ...     epochs=[0], learning_rate=0.1).cosine.shape
    (1, 3, 1)
    """
    X, y, flat, moments = _checked(dataset, weights, epochs, learning_rate)
    if len(weights.kernels) < 2:
        raise ValueError("weights must have a hidden layer, got none")
    _, before = gradient(X, y, flat, activation=activation)
    after, found = stepped(flat, before, learning_rate), []
    for layer in range(1, len(flat.kernels)):
        parts = {n: getattr(after, n)[:layer] + getattr(flat, n)[layer:] for n in _PARTS}
        _, turned = gradient(X, y, replace(flat, **parts), activation=activation)
        old, new = before.kernels[layer], turned.kernels[layer]
        products = ((old - new) ** 2, old**2, new**2, old * new)
        found.append([each.sum(axis=(1, 2)) for each in products])
    sums = np.stack(found, axis=-1).reshape(4, *weights.kernels[0].shape[:2], -1)
    change, size, other = np.sqrt(sums[:3])
    with np.errstate(invalid="ignore"):
        cosine = sums[3] / (size * other)
    shares = change / np.ma.masked_equal(size, 0)
    typical = np.ma.median(shares, axis=-1).filled(np.nan)
    return CovariateShift(typical_change=typical, cosine=cosine, **moments)


def _checked(
    dataset: Examples, weights: Weights, epochs: Sequence[int], learning_rate: float
) -> tuple[NDArray, NDArray, Weights, dict]:
    """Return X, y, weights with one leading axis of moments * networks, and the moments."""
    check_kind(Weights, weights=weights)
    checked_wholes("epochs", epochs, least=0)
    X, y = checked_examples(dataset)
    check_positive(learning_rate=learning_rate)
    shape = weights.kernels[0].shape
    if len(shape) != 4 or shape[0] != len(epochs) or not shape[1]:
        raise ValueError(
            f"weights must have leading axes of {len(epochs)} moments (as epochs) and of "
            f"networks, got a first kernel of shape {shape}"
        )
    if not all(np.isfinite(array).all() for array in weights.to_list()):
        raise ValueError("weights must be finite, got a network that diverged")
    flat = weights.map(lambda a: a.reshape(-1, *a.shape[2:]).astype(np.float64))
    moments = {"learning_rate": learning_rate, "batch_norm": any(weights.norms)}
    return X, y, flat, moments | {"epochs": np.asarray(epochs)}
