"""Untrained units where they are saturated: the slope that is left there, and the first loss."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nnhelpers import initializers, measures, networks, theory
from nnhelpers.activations import find_activation
from nnhelpers.checks import Examples, check_positive, check_whole, checked_examples, generator
from nnhelpers.networks import Weights
from nnhelpers.words import decimal


@dataclass(frozen=True, kw_only=True)
class Slopes:
    """The slope of an activation at random pre-activations.

    Attributes
    ----------
    activation : str
    mean, std : float
        Mean and standard deviation of the pre-activations.
    z : array of shape (draws,)
        Pre-activations.
    shares : dict of str to float
        Share of them in each zone: flat, near-linear and useful.
    measured, standard_error, expected : float
        Mean of f'(z) over the draws, its standard error, and E[f'(z)], the law.
    """

    activation: str
    mean: float
    std: float
    z: NDArray[np.float64] = field(repr=False)
    shares: dict[str, float]
    measured: float
    standard_error: float
    expected: float

    @property
    def draws(self) -> int:
        """Number of pre-activations drawn."""
        return len(self.z)

    def summary(self) -> str:
        """Describe the result in one line."""
        shares = ", ".join(f"{share:.0%} {zone}" for zone, share in self.shares.items())
        measured, expected = decimal(self.measured, 3), decimal(self.expected, 3)
        return (
            f"{self.activation} at z with mean {self.mean:g} and standard deviation {self.std:g}: "
            f"{shares}; mean slope {measured}, expected {expected}"
        )


def simulate_slopes(
    activation: str = "sigmoid",
    *,
    mean: float = 0.0,
    std: float = 1.0,
    draws: int = 10_000,
    seed: int = 0,
) -> Slopes:
    """Draw pre-activations z ~ N(mean, std^2), and measure the slope of the activation there.

    Raises ValueError or TypeError if the activation is unknown, a number out of range, or draws
    below 2.

    Examples
    --------
    >>> simulate_slopes("relu", mean=-6, draws=1000).measured
    0.0
    """
    record = find_activation(activation)
    expected = theory.expected_slope(activation, mean=mean, std=std)
    check_whole(least=2, draws=draws)
    z = mean + std * generator(seed).standard_normal(draws)
    slopes = record.derivative(z)
    return Slopes(
        activation=activation,
        mean=mean,
        std=std,
        z=z,
        shares=measures.zone_shares(z, activation=activation),
        measured=float(slopes.mean()),
        standard_error=float(slopes.std(ddof=1) / np.sqrt(draws)),
        expected=expected,
    )


# A smaller probability counts as this one in the loss, as in the article.
_SMALLEST_PROBABILITY = 1e-10


@dataclass(frozen=True, kw_only=True)
class InitialLoss:
    """The loss of random networks with one sigmoid layer, before training.

    Attributes
    ----------
    std : float
        Standard deviation of every initial weight and bias.
    n_classes : int
    loss, saturated : arrays of shape (draws,)
        Mean cross-entropy, probabilities below 1e-10 counted as 1e-10; and share of (example, unit)
        pairs with abs(z) > 4.
    law : float
        The exact expectation of that share.
    """

    std: float
    n_classes: int
    loss: NDArray[np.float64] = field(repr=False)
    saturated: NDArray[np.float64] = field(repr=False)
    law: float

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.loss)

    @property
    def chance(self) -> float:
        """Loss of equal probabilities for all classes."""
        return float(np.log(self.n_classes))

    def summary(self) -> str:
        """Describe the result in one line."""
        return (
            f"weights N(0, {self.std:g}²): loss {self.loss.mean():.1f} ± {self.loss.std():.1f} "
            f"(chance {self.chance:.1f}), {self.saturated.mean():.0%} of the units saturated"
        )


def simulate_initial_loss(
    dataset: Examples, *, std: float = 1.0, units: int = 256, draws: int = 100, seed: int = 0
) -> InitialLoss:
    """Draw networks with weights and biases N(0, std^2) and compute their loss on the data.

    Raises ValueError or TypeError if a number is out of range.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
    std : float
        Standard deviation of every weight and bias.
    units, draws : int
        Sigmoid units of the one hidden layer, and number of networks.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> simulate_initial_loss(datasets.load_digits(), std=1e-6, draws=2).loss
    array([2.3026, 2.3026])
    """
    check_positive(std=std)
    check_whole(units=units, draws=draws)
    X, y = checked_examples(dataset)
    rng = generator(seed)
    sizes = (X.shape[1], units, dataset.n_classes)
    loss, saturated = np.transpose([_one(X, y, sizes, std, rng) for _ in range(draws)])
    law = theory.saturated_share(X, std=std)
    return InitialLoss(std=std, n_classes=sizes[-1], loss=loss, saturated=saturated, law=law)


def initial_loss_curve(results: Sequence[InitialLoss]) -> measures.Curve:
    """Return the mean initial loss against the standard deviation of the weights.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> initial_loss_curve([simulate_initial_loss(datasets.make_circles(), draws=2)]).caption
    'mean over 2 networks; guessing costs 0.7'
    """
    return measures.Curve(
        x=np.array([result.std for result in results]),
        y=np.array([result.loss.mean() for result in results]),
        standard_error=np.array([result.loss.std() / np.sqrt(result.draws) for result in results]),
        title="The first loss",
        caption=f"mean over {results[0].draws} networks; guessing costs {results[0].chance:.1f}",
        x_label="standard deviation of all weights and biases",
        y_label="loss before training",
        logarithmic=True,
        x_logarithmic=True,
    )


def _one(
    X: NDArray, y: NDArray, sizes: tuple[int, int, int], std: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the loss of one network, and the share of its (example, unit) pairs saturated."""
    normal = initializers.RandomNormal(stddev=std)
    arrays = []
    for fan_in, fan_out in pairwise(sizes):
        arrays.append(normal.draw(rng, draws=1, fan_in=fan_in, fan_out=fan_out)[0])
        arrays.append(normal.draw_bias(rng, draws=1, units=fan_out)[0])
    passed = networks.forward_pass(X, Weights.from_list(arrays), activation="sigmoid")
    correct = networks.probabilities(passed.logits)[np.arange(len(y)), y]
    loss = -np.log(np.maximum(correct, _SMALLEST_PROBABILITY)).mean()
    return loss, measures.saturated_fraction(passed.pre_activations[0]).mean()
