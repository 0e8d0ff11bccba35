"""One unit's numbers in a batch, and what batch normalization makes of them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNIT_DISTRIBUTIONS = ("normal", "relu")
# Mean and standard deviation of max(0, Z), Z ~ N(0, 1).
_RELU_MEAN = 1 / np.sqrt(2 * np.pi)
_RELU_STD = np.sqrt(0.5 - 1 / (2 * np.pi))
# Squares of larger numbers leave the computer's range.
_LARGEST = 1e150


def check_batch_size(size: int, *, name: str) -> None:
    """Refuse what is no whole number of at least 2, and say why a batch of one is of no use."""
    if size == 1:
        raise ValueError(
            f"{name} must be at least 2 in training mode, got 1: one example is its batch's mean, "
            "so that its normalized value is 0, whatever the example is"
        )
    if size != np.floor(size) or not size >= 2:
        raise ValueError(f"{name} must be a whole number of at least 2, got {size}")


def check_epsilon(epsilon: float) -> None:
    """Refuse an epsilon that is not positive and finite."""
    if not (np.isfinite(epsilon) and epsilon > 0):
        raise ValueError(f"epsilon must be positive and finite, got {epsilon}")


@dataclass(frozen=True, kw_only=True)
class UnitBatch:
    """How one unit's numbers are distributed over the examples of a batch.

    Attributes
    ----------
    n_examples : int
        At least 2.
    center, spread : float
        Mean and standard deviation of the distribution; a batch has others, by chance.
    distribution : str
        "normal", or "relu" for one that is half a heap of equal numbers, its lowest, and half a
        tail, as a ReLU makes it of normal numbers.

    Raises
    ------
    ValueError
        If there are fewer than two examples, the spread is negative, a number not finite or the
        distribution unknown.
    """

    n_examples: int = 32
    center: float = 3.0
    spread: float = 2.0
    distribution: str = "normal"

    def __post_init__(self) -> None:
        check_batch_size(self.n_examples, name="n_examples")
        if not abs(self.center) < _LARGEST:
            raise ValueError(f"center must be finite, below {_LARGEST:g}, got {self.center}")
        if not 0 <= self.spread < _LARGEST:
            raise ValueError(f"spread must be from 0 to {_LARGEST:g}, got {self.spread}")
        if self.distribution not in UNIT_DISTRIBUTIONS:
            raise ValueError(
                f"distribution must be one of {UNIT_DISTRIBUTIONS}, got {self.distribution!r}"
            )

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw the numbers, of shape (n_examples,)."""
        numbers = rng.standard_normal(int(self.n_examples))
        if self.distribution == "relu":
            numbers = (np.maximum(numbers, 0) - _RELU_MEAN) / _RELU_STD
        return self.center + self.spread * numbers


_BATCH = UnitBatch()


@dataclass(frozen=True, kw_only=True)
class NormalizedBatch:
    """One unit's numbers before batch normalization and after, in training mode.

    Attributes
    ----------
    values : array of shape (n_examples,)
        What comes in.
    gamma, beta, epsilon : float
    mean, variance : float
        Of the batch; the variance with 1/n.
    normalized : array of shape (n_examples,)
        (values - mean) / sqrt(variance + epsilon).
    outputs : array of shape (n_examples,)
        gamma * normalized + beta.
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
    def n_examples(self) -> int:
        """Size of the batch."""
        return len(self.values)

    @property
    def spread(self) -> float:
        """Standard deviation of what comes in."""
        return float(np.sqrt(self.variance))

    @property
    def output_mean(self) -> float:
        """Mean of the outputs; beta, by the law."""
        return float(self.outputs.mean())

    @property
    def output_spread(self) -> float:
        """Standard deviation of the outputs."""
        return float(self.outputs.std())

    @property
    def law_spread(self) -> float:
        """What the outputs' spread must be: abs(gamma) sqrt(variance / (variance + epsilon))."""
        return abs(self.gamma) * float(np.sqrt(self.variance / (self.variance + self.epsilon)))

    def verdict(self) -> str:
        """Say what mean and spread became."""
        before = f"mean {_written(self.mean)} and spread {_written(self.spread)}"
        return f"{before} become {_written(self.output_mean)} and {_written(self.output_spread)}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        setting = f"gamma {self.gamma:g}, beta {self.beta:g}, epsilon {self.epsilon:g}"
        return f"batch of {self.n_examples}, {setting}: {self.verdict()}"


def simulate_batch_norm(
    data: UnitBatch | ArrayLike = _BATCH,
    *,
    gamma: float = 1.0,
    beta: float = 0.0,
    epsilon: float = 1e-3,
    seed: int = 0,
) -> NormalizedBatch:
    """Draw a batch of one unit's numbers, and normalize it as a layer does while training.

    Parameters
    ----------
    data : UnitBatch or array of shape (n_examples,)
        Where to draw from, or the numbers themselves.
    gamma, beta : float
        Factor and offset that a layer learns.
    epsilon : float
        Added to the variance.
    seed : int
        Of the numbers, where they are drawn.

    Returns
    -------
    NormalizedBatch

    Raises
    ------
    ValueError
        If there are fewer than two numbers, one is not finite or beyond 1e150, epsilon is not
        positive, or gamma or beta not finite.

    Notes
    -----
    The outputs have mean beta and spread abs(gamma) sqrt(variance / (variance + epsilon)). The
    layer magnifies differences 1 / sqrt(epsilon) times at most, 32 times by default, so that a
    unit which hardly varies stays so, and one that does not vary at all gives beta.

    References
    ----------
    S. Ioffe and C. Szegedy, 2015, algorithm 1, https://arxiv.org/abs/1502.03167.
    """
    for name, number in {"gamma": gamma, "beta": beta}.items():
        if not np.isfinite(number):
            raise ValueError(f"{name} must be finite, got {number}")
    check_epsilon(epsilon)
    values = _numbers(data, seed)
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


def _numbers(data: UnitBatch | ArrayLike, seed: int) -> NDArray[np.float64]:
    if isinstance(data, UnitBatch):
        return data.draw(np.random.default_rng(seed))
    values = np.array(data, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(
            f"data must be a UnitBatch or numbers of shape (n_examples,), got shape {values.shape}"
        )
    check_batch_size(len(values), name="data's number of examples")
    if not (np.abs(values) < _LARGEST).all():
        raise ValueError(f"data must be finite, below {_LARGEST:g}, got {values}")
    return values


def _written(number: float) -> str:
    """Write a number with two decimals, or with as many as it takes to tell it from 0."""
    if abs(number) < 1e-9:
        return "0"
    return f"{number:.1g}" if abs(number) < 0.01 else f"{round(number, 2) + 0.0:,.2f}"
