"""The first loss of random classifiers, before any training."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nnhelpers import initializers, measures, networks, theory
from nnhelpers.checks import Examples, check_positive, check_whole, checked_examples, generator
from nnhelpers.networks import Weights

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
    loss : array of shape (draws,)
        Mean cross-entropy, probabilities below 1e-10 counted as 1e-10.
    saturated : array of shape (draws,)
        Share of (example, unit) pairs with abs(z) > 4.
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

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
    std : float
        Standard deviation of every weight and bias.
    units : int
        Sigmoid units of the one hidden layer.
    draws : int
        Number of networks.
    seed : int

    Raises
    ------
    ValueError, TypeError
        If a number is out of range.

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> digits = datasets.load_digits()
    >>> simulations.simulate_initial_loss(digits, std=1e-6, draws=2).loss
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
    >>> from nnhelpers import datasets, simulations
    >>> results = [simulations.simulate_initial_loss(datasets.make_circles(), std=1, draws=2)]
    >>> simulations.initial_loss_curve(results).caption
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
