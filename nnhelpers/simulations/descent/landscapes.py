"""How smooth the loss is along its gradient, measured in networks at several moments."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import (
    Weights,
    difference,
    gradient,
    length,
    stepped,
)
from nnhelpers.simulations.descent._moments import checked_moments
from nnhelpers.simulations.draws import Examples, check_positive, checked_examples

FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, kw_only=True)
class Landscape:
    """Loss and gradient of networks, where they are and some way along the gradient.

    Attributes
    ----------
    epochs : array of shape (moments,)
    learning_rate : float
    factors : array of shape (n_steps,)
        Each step goes ``factor * learning_rate`` times the gradient, downhill.
    loss, slope : arrays of shape (moments, networks)
        Mean cross-entropy and Euclidean length of its gradient before the step.
    along, change : arrays of shape (moments, networks, n_steps)
        Loss after each step, and Euclidean length of the change of the gradient.
    batch_norm : bool
        Whether the networks have batch norm; it works as in training.
    """

    epochs: NDArray[np.int64]
    learning_rate: float
    factors: NDArray[np.float64]
    loss: NDArray[np.float64] = field(repr=False)
    slope: NDArray[np.float64] = field(repr=False)
    along: NDArray[np.float64] = field(repr=False)
    change: NDArray[np.float64] = field(repr=False)
    batch_norm: bool

    @property
    def networks(self) -> int:
        """Number of networks."""
        return self.loss.shape[1]

    @property
    def loss_range(self) -> NDArray[np.float64]:
        """Highest less lowest loss among the steps, of shape (moments, networks)."""
        return self.along.max(axis=-1) - self.along.min(axis=-1)

    @property
    def rising_share(self) -> NDArray[np.float64]:
        """Share of networks whose loss the longest step raises, of shape (moments,)."""
        return np.mean(self.along[..., -1] > self.loss, axis=1)

    @property
    def largest_change(self) -> NDArray[np.float64]:
        """Largest change of the gradient among the steps, of shape (moments, networks)."""
        return self.change.max(axis=-1)

    @property
    def smoothness(self) -> NDArray[np.float64]:
        """Effective beta-smoothness, of shape (moments, networks); NaN where there is no gradient.

        Largest change of the gradient over the distance that was moved.
        """
        distance = self.learning_rate * self.factors * self.slope[..., np.newaxis]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(distance > 0, self.change / distance, np.nan).max(axis=-1)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        smoothness = self.smoothness
        middle = np.median(smoothness[np.isfinite(smoothness)])
        kind = "with batch norm" if self.batch_norm else "without batch norm"
        return (
            f"{self.networks} networks {kind}: steps of {self.factors[0]:g} to "
            f"{self.factors[-1]:g} times a rate of {self.learning_rate:g} change the loss by up to "
            f"{np.median(self.loss_range, axis=1).max():.1g}, smoothness {middle:.1g} (medians)"
        )


def measure_landscape(
    dataset: Examples,
    weights: Weights,
    *,
    activation: str,
    epochs: Sequence[int],
    learning_rate: float,
    factors: Sequence[float] = FACTORS,
) -> Landscape:
    """Walk some way along each network's gradient; see how loss and gradient change.

    All data are one batch, and batch norm works with their moments, as in training.

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
        What training takes times the gradient at a step.
    factors : sequence of float
        Lengths of the steps, ascending, in units of training's own.

    Raises
    ------
    ValueError
        If the weights have other leading axes, or one that is not finite, if the learning rate or
        a factor is not positive, or the factors do not ascend.

    Notes
    -----
    Steps are measured in learning rates, which a network without batch norm and one with it
    share; the gradients' lengths may differ, and with them the distances. The effective
    beta-smoothness divides by the distance, the range of the loss does not.

    References
    ----------
    S. Santurkar, D. Tsipras, A. Ilyas and A. Madry, "How does batch normalization help
    optimization?", 2018, section 3.1 and figure 4, https://arxiv.org/abs/1805.11604.
    """
    X, y = checked_examples(dataset)
    check_positive(learning_rate=learning_rate)
    steps = _checked_factors(factors)
    moments = checked_moments(weights, np.asarray(epochs))
    walks = [
        _walk(X, y, moments[index], activation, learning_rate * steps)
        for index in range(len(epochs))
    ]
    loss, slope, along, change = (np.stack(parts) for parts in zip(*walks, strict=True))
    return Landscape(
        epochs=np.asarray(epochs),
        learning_rate=float(learning_rate),
        factors=steps,
        loss=loss,
        slope=slope,
        along=along,
        change=change,
        batch_norm=any(weights.norms),
    )


def _walk(
    X: NDArray, y: NDArray, weights: Weights, activation: str, sizes: NDArray
) -> tuple[NDArray, ...]:
    loss, downhill = gradient(X, y, weights, activation=activation)
    along, change = [], []
    for size in sizes:
        there, turned = gradient(X, y, stepped(weights, downhill, size), activation=activation)
        along.append(there)
        change.append(length(difference(turned, downhill)))
    return loss, length(downhill), np.stack(along, axis=-1), np.stack(change, axis=-1)


def _checked_factors(factors: Sequence[float]) -> NDArray[np.float64]:
    steps = np.asarray(factors, dtype=np.float64)
    positive = steps.ndim == 1 and steps.size and (steps > 0).all() and np.isfinite(steps).all()
    if not positive or (np.diff(steps) <= 0).any():
        raise ValueError(f"factors must be positive and ascend, at least one, got {factors}")
    return steps
