"""Full-batch gradient descent of one layer of ReLUs, with batch norm or without, many at once."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas, networks
from nnhelpers.networks import Weights
from nnhelpers.simulations.descent._relu_layers import NormalizedReLUs, ReLUs
from nnhelpers.simulations.draws import Examples, checked_examples

UNITS = 16


@dataclass(frozen=True, kw_only=True)
class DecayRuns:
    """Networks that were trained at several settings, from the same starts at each.

    Attributes
    ----------
    loss : array of shape (n_settings, draws, steps + 1)
        Mean cross-entropy on the training examples, without the penalty; first untrained.
    length : array of shape (n_settings, draws, steps + 1)
        Of a unit's weights: root mean square over the units.
    weights : Weights
        After the last step, with leading axes (n_settings, draws); batch norm with the moments of
        the training examples, to which moving moments would settle.
    """

    loss: NDArray[np.float64] = field(repr=False)
    length: NDArray[np.float64] = field(repr=False)
    weights: Weights = field(repr=False)

    @property
    def median_loss(self) -> NDArray[np.float64]:
        """Over the networks, of shape (n_settings, steps + 1)."""
        return np.median(self.loss, axis=1)

    @property
    def median_length(self) -> NDArray[np.float64]:
        """Over the networks, of shape (n_settings, steps + 1)."""
        return np.median(self.length, axis=1)

    @property
    def settled(self) -> NDArray[np.bool_]:
        """Up to which step no network's loss has risen, of shape (n_settings, steps + 1)."""
        falls = (np.diff(self.loss, axis=2, prepend=np.inf) <= 1e-9).all(axis=1)
        return np.logical_and.accumulate(falls, axis=1)

    @property
    def overshoots(self) -> NDArray[np.bool_]:
        """Whether the loss of any network ever rose at a step, of shape (n_settings,)."""
        return ~self.settled[:, -1]

    def loss_on(self, dataset: Examples) -> NDArray[np.float64]:
        """Mean cross-entropy on any examples after training, of shape (n_settings, draws)."""
        X, y = _two_classes(dataset)
        return np.logaddexp(0, self._logits(X) * (1 - 2 * y)).mean(axis=-1)

    def accuracy_on(self, dataset: Examples) -> NDArray[np.float64]:
        """Share of any examples that are right after training, of shape (n_settings, draws)."""
        X, y = _two_classes(dataset)
        return ((self._logits(X) > 0) == y).mean(axis=-1)

    def size_on(self, dataset: Examples) -> NDArray[np.float64]:
        """Root mean square of the logit, how large the function is, (n_settings, draws)."""
        X, _ = _two_classes(dataset)
        return np.sqrt((self._logits(X) ** 2).mean(axis=-1))

    def _logits(self, X: NDArray) -> NDArray[np.float64]:
        return networks.forward_pass(X, self.weights, activation="relu").logits[..., 0]


def draw_starts(seed: int, *, draws: int, n_features: int, length: float) -> NDArray[np.float64]:
    """Kernels of shape (draws, n_features, UNITS), each unit's weights of one length."""
    directions = np.random.default_rng(seed).normal(size=(draws, n_features, UNITS))
    return length * directions / np.sqrt((directions**2).sum(axis=1, keepdims=True))


def descend(
    dataset: Examples,
    *,
    starts: NDArray,
    rates: NDArray,
    learning_rate: float,
    keep: NDArray,
    epsilon: float | None,
) -> DecayRuns:
    """Train networks from kernels of shape (n_settings, draws, n_features, units).

    Parameters
    ----------
    dataset : Examples
        Of two classes.
    rates : array of shape (steps, n_settings)
        Learning rate of the kernel at each step.
    learning_rate : float
        Of gamma and beta, or of the bias.
    keep : array of shape (n_settings,)
        Factor on the kernel in each update: 1 - 2 learning_rate l2.
    epsilon : float or None
        Of batch norm; None for a network without.

    Raises
    ------
    ValueError
        If the examples are not of two classes, do not vary, or the numbers leave their range.
    """
    X, y = _two_classes(dataset)
    if not np.ptp(X, axis=0).any():
        raise ValueError("dataset must have a feature that varies, got constant ones alone")
    draws = starts.shape[1]
    kernels = np.moveaxis(starts.reshape(-1, *starts.shape[2:]), 1, 0)
    layer = ReLUs(X, kernels) if epsilon is None else NormalizedReLUs(X, kernels, epsilon=epsilon)
    per_network = np.repeat(rates, draws, axis=1), np.repeat(keep, draws)
    with blas.one_thread(), np.errstate(over="ignore", invalid="ignore"):
        loss, length = _train(layer, y, *per_network, learning_rate)
    if not np.isfinite(loss).all():
        raise ValueError(
            f"learning_rate must keep the loss finite for all networks, got {learning_rate:g}"
        )
    shape = starts.shape[:2]
    return DecayRuns(
        loss=loss.T.reshape(*shape, -1),
        length=length.T.reshape(*shape, -1),
        weights=layer.weights(shape),
    )


def _train(
    layer: ReLUs, y: NDArray, rates: NDArray, keep: NDArray, learning_rate: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return losses and lengths of shape (steps + 1, networks)."""
    losses, lengths = [], []
    for rate in (*rates, None):
        logits = layer.forward()
        loss, error = _cross_entropy(logits, y[:, np.newaxis])
        losses.append(loss)
        lengths.append(layer.length())
        if rate is not None:
            layer.update(error, kernel_rate=rate, rate=learning_rate, keep=keep)
    return np.array(losses), np.array(lengths)


def _cross_entropy(logits: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """Mean over examples, of shape (networks,), and its gradient for the logits."""
    small = np.exp(-np.abs(logits))
    probability = np.where(logits > 0, 1, small) / (1 + small)
    loss = np.log1p(small) + np.maximum(logits, 0) - y * logits
    return loss.mean(axis=0), (probability - y) / len(y)


def _two_classes(dataset: Examples) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    X, y = checked_examples(dataset)
    if y.max() > 1:
        raise ValueError(f"dataset must have classes 0 and 1, got classes up to {y.max()}")
    return X, y
