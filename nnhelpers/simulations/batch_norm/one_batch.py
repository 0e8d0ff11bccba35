"""One unit's numbers in a batch, and what batch normalization makes of them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import words
from nnhelpers.checks import (
    check_between,
    check_finite,
    check_one_of,
    check_positive,
    check_whole,
    checked_numbers,
    generator,
)

UNIT_DISTRIBUTIONS = ("normal", "relu")
# Mean and standard deviation of max(0, Z), Z ~ N(0, 1).
_RELU_MEAN = 1 / np.sqrt(2 * np.pi)
_RELU_STD = np.sqrt(0.5 - 1 / (2 * np.pi))
# Squares of larger numbers leave the computer's range.
_LARGEST = 1e150


@dataclass(frozen=True, kw_only=True)
class UnitBatch:
    """How one unit's numbers are distributed over the examples of a batch.

    Attributes
    ----------
    n_examples : int
        At least 2: a single example is its batch's mean and would always be normalized to 0.
    center, std : float
        Mean and standard deviation of the distribution; those of a batch differ by chance.
    distribution : str
        "normal", or "relu": normal numbers behind a ReLU, shifted and scaled.
    """

    n_examples: int = 32
    center: float = 3.0
    std: float = 2.0
    distribution: str = "normal"

    def __post_init__(self) -> None:
        check_whole(least=2, n_examples=self.n_examples)
        check_between(-_LARGEST, _LARGEST, center=self.center)
        check_between(0, _LARGEST, std=self.std)
        check_one_of(UNIT_DISTRIBUTIONS, distribution=self.distribution)

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw the numbers, of shape (n_examples,)."""
        numbers = rng.standard_normal(self.n_examples)
        if self.distribution == "relu":
            numbers = (np.maximum(numbers, 0) - _RELU_MEAN) / _RELU_STD
        return self.center + self.std * numbers


_BATCH = UnitBatch()


@dataclass(frozen=True, kw_only=True)
class NormalizedBatch:
    """One unit's numbers before batch normalization and after, in training mode.

    Attributes
    ----------
    values, normalized, outputs : arrays of shape (n_examples,)
        Numbers that enter the layer; (values - mean) / sqrt(variance + epsilon); and
        gamma * normalized + beta.
    gamma, beta, epsilon : float
    mean, variance : float
        Moments of the values; the variance divides by n_examples.
    """

    values: NDArray[np.float64] = field(repr=False)
    gamma: float
    beta: float
    epsilon: float
    mean: float
    variance: float
    normalized: NDArray[np.float64] = field(repr=False)
    outputs: NDArray[np.float64] = field(repr=False)

    @property
    def std(self) -> float:
        """Standard deviation of the values."""
        return float(np.sqrt(self.variance))

    @property
    def output_std(self) -> float:
        """Standard deviation of the outputs."""
        return float(self.outputs.std())

    @property
    def law_std(self) -> float:
        """Exact standard deviation of the outputs."""
        return abs(self.gamma) * float(np.sqrt(self.variance / (self.variance + self.epsilon)))

    def verdict(self) -> str:
        """Say what mean and standard deviation become."""
        numbers = self.mean, self.std, self.outputs.mean(), self.output_std
        # With the minus of gamma and beta beside them.
        written = [words.fine_decimal(number).replace("−", "-") for number in numbers]
        return "mean {} and spread {} become {} and {}".format(*written)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        setting = f"gamma {self.gamma:g}, beta {self.beta:g}, epsilon {self.epsilon:g}"
        return f"batch of {len(self.values)}, {setting}: {self.verdict()}"


def simulate_batch_norm(
    data: UnitBatch | ArrayLike = _BATCH,
    *,
    gamma: float = 1.0,
    beta: float = 0.0,
    epsilon: float = 1e-3,
    seed: int = 0,
) -> NormalizedBatch:
    """Draw a batch of one unit's numbers, and normalize it as a layer does in training.

    Parameters
    ----------
    data : UnitBatch or array of shape (n_examples,)
        Distribution to draw from, or the numbers themselves.
    gamma, beta, epsilon : float
        Factor and offset that a layer learns, and what it adds to the variance.

    Raises
    ------
    ValueError, TypeError
        If there are fewer than two numbers, or one is out of range or not finite.

    Notes
    -----
    The outputs have mean beta and standard deviation
    abs(gamma) sqrt(variance / (variance + epsilon)). Differences grow at most 1 / sqrt(epsilon)
    times, 32 times by default, so that a unit that hardly varies stays so.

    References
    ----------
    S. Ioffe and C. Szegedy, 2015, algorithm 1, https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> simulate_batch_norm([1.0, 5.0], gamma=-3.0, beta=2.0).outputs
    array([ 4.9996, -0.9996])
    """
    check_finite(gamma=gamma, beta=beta)
    check_positive(epsilon=epsilon)
    rng = generator(seed)
    if isinstance(data, UnitBatch):
        values = data.draw(rng)
    else:
        values = checked_numbers("data", data, low=-_LARGEST, high=_LARGEST)
        check_whole(least=2, n_examples=len(values))
    mean = values.mean()
    variance = np.mean((values - mean) ** 2)
    normalized = (values - mean) / np.sqrt(variance + epsilon)
    return NormalizedBatch(
        values=values,
        gamma=gamma,
        beta=beta,
        epsilon=epsilon,
        mean=float(mean),
        variance=float(variance),
        normalized=normalized,
        outputs=gamma * normalized + beta,
    )
