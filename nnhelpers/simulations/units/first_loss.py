"""The first loss of random classifiers, before any training."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import initializers, measures, networks, theory
from nnhelpers.networks import Weights

# A probability below this counts as this, as the article computes its loss.
SMALLEST_PROBABILITY = 1e-10


@dataclass(frozen=True, kw_only=True)
class InitialLoss:
    """What random networks with one sigmoid layer do on data, before training.

    Attributes
    ----------
    std : float
        Standard deviation of every initial weight and bias.
    units, n_classes, draws : int
    loss : array of shape (draws,)
        Mean cross-entropy, probabilities below 1e-10 counted as 1e-10.
    saturated : array of shape (draws,)
        Share of (example, unit) pairs with abs(z) > 4.
    law : float
        The exact expectation of that share.
    """

    std: float
    units: int
    n_classes: int
    draws: int
    loss: NDArray[np.float64] = field(repr=False)
    saturated: NDArray[np.float64] = field(repr=False)
    law: float

    @property
    def chance(self) -> float:
        """Loss of equal probabilities for all classes."""
        return float(np.log(self.n_classes))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return (
            f"weights N(0, {self.std:g}²): loss {self.loss.mean():.1f} ± {self.loss.std():.1f} "
            f"(chance {self.chance:.1f}), {self.saturated.mean():.0%} of the units saturated"
        )


def simulate_initial_loss(
    dataset, *, std: float = 1.0, units: int = 256, draws: int = 100, seed: int = 0
) -> InitialLoss:
    """Draw networks with weights and biases N(0, std^2) and compute their loss on the data.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
    std : float
    units : int
        Sigmoid units of the one hidden layer.
    draws : int
        Number of networks.

    Raises
    ------
    ValueError
        If `std` is not positive and finite, or a size is below 1.
    """
    if not (np.isfinite(std) and std > 0):
        raise ValueError(f"std must be positive and finite, got {std}")
    for name, size in (("units", units), ("draws", draws)):
        if size < 1:
            raise ValueError(f"{name} must be at least 1, got {size}")
    rng = np.random.default_rng(seed)
    pairs = [_one(dataset, std, units, rng) for _ in range(draws)]
    loss, saturated = np.array(pairs).T
    return InitialLoss(
        std=std,
        units=units,
        n_classes=dataset.n_classes,
        draws=draws,
        loss=loss,
        saturated=saturated,
        law=theory.saturated_share(dataset.X, std=std),
    )


def initial_loss_curve(results: list[InitialLoss]) -> measures.Curve:
    """Return the mean initial loss against the standard deviation of the weights."""
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


def _one(dataset, std: float, units: int, rng: np.random.Generator) -> tuple[float, float]:
    normal = initializers.RandomNormal(stddev=std)
    arrays = []
    for fan_in, fan_out in ((dataset.n_features, units), (units, dataset.n_classes)):
        kernel = normal.draw(rng, draws=1, fan_in=fan_in, fan_out=fan_out)[0]
        arrays += [kernel, normal.draw(rng, draws=1, fan_in=1, fan_out=fan_out)[0, 0]]
    passed = networks.forward_pass(dataset.X, Weights.from_list(arrays), activation="sigmoid")
    correct = networks.probabilities(passed.logits)[np.arange(len(dataset.y)), dataset.y]
    loss = -np.log(np.maximum(correct, SMALLEST_PROBABILITY)).mean()
    return loss, measures.saturated_fraction(passed.pre_activations[0]).mean()
