"""Batch normalization of one unit's numbers, and of one example in many batches."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import theory, words
from nnhelpers.checks import check_finite, check_positive, check_whole, checked_numbers, generator
from nnhelpers.measures import BATCH, GROUP, LAYER, normalization_groups, normalized
from nnhelpers.simulations.units.cloud import LARGEST, UnitBatch

_BATCH = UnitBatch()
_KINDS = {BATCH: None, LAYER: None, GROUP: 2}


@dataclass(frozen=True, kw_only=True)
class NormalizedBatch:
    """One unit's numbers before batch normalization and after, in training mode.

    Attributes
    ----------
    values, normalized, outputs : arrays of shape (n_examples,)
        The inputs, (values - mean) / sqrt(variance + epsilon), where the variance divides by
        n_examples, and gamma * normalized + beta.
    """

    values: NDArray[np.float64] = field(repr=False)
    gamma: float
    beta: float
    epsilon: float
    normalized: NDArray[np.float64] = field(repr=False)
    outputs: NDArray[np.float64] = field(repr=False)

    @property
    def std(self) -> float:
        """Standard deviation of the values."""
        return float(self.values.std())

    @property
    def output_std(self) -> float:
        """Standard deviation of the outputs."""
        return float(self.outputs.std())

    @property
    def law_std(self) -> float:
        """Exact standard deviation of the outputs."""
        variance = self.values.var()
        return abs(self.gamma) * float(np.sqrt(variance / (variance + self.epsilon)))

    def verdict(self) -> str:
        """Say what mean and standard deviation become."""
        numbers = self.values.mean(), self.std, self.outputs.mean(), self.output_std
        # The minus sign matches that of gamma and beta beside them.
        written = [words.fine_decimal(number).replace("−", "-") for number in numbers]
        return "mean {} and std {} become {} and {}".format(*written)

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

    The data are a distribution to draw from, or the numbers themselves, of shape (n_examples,).
    Raises ValueError or TypeError if there are fewer than two numbers or one is out of range.

    Notes
    -----
    The outputs have mean beta and standard deviation
    abs(gamma) sqrt(variance / (variance + epsilon)). With gamma 1 differences grow at most by
    1 / sqrt(epsilon), 32 by default, so a unit that is nearly constant stays so.

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
        values = checked_numbers("data", data, low=-LARGEST, high=LARGEST)
        check_whole(least=2, n_examples=len(values))
    standard = (values - values.mean()) / np.sqrt(values.var() + epsilon)
    return NormalizedBatch(
        values=values,
        gamma=gamma,
        beta=beta,
        epsilon=epsilon,
        normalized=standard,
        outputs=gamma * standard + beta,
    )


@dataclass(frozen=True, kw_only=True)
class BatchNoise:
    """Normalized values of one example in many batches of several sizes.

    Attributes
    ----------
    values : array of shape (n_values,)
        The example's pre-activations, in standard deviations from the mean of all data.
    batch_sizes : array of shape (n_sizes,)
    normalized : dict of str to array of shape (n_sizes, batches, n_values)
        The values after "batch norm", "layer norm" and "group norm".
    law_mean, law_std : arrays of shape (n_sizes, n_values)
        Exact mean and standard deviation over all batches under batch norm.
    """

    values: NDArray[np.float64]
    batch_sizes: NDArray[np.int64]
    normalized: Mapping[str, NDArray[np.float64]] = field(repr=False)
    law_mean: NDArray[np.float64] = field(repr=False)
    law_std: NDArray[np.float64] = field(repr=False)

    def std(self, kind: str = BATCH) -> NDArray[np.float64]:
        """Standard deviation over batches, (n_sizes, n_values); exactly 0 if they all agree."""
        numbers = self.normalized[kind]
        # Rounding may move the mean of equal numbers away from them, so subtract the first.
        return np.std(numbers - numbers[:, :1], axis=1, ddof=1)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        places = ", ".join(f"{value:g}" for value in self.values)
        first, last = (", ".join(f"{s:.2f}" for s in row) for row in self.std()[[0, -1]])
        return (
            f"values {places} of one example in {self.normalized[BATCH].shape[1]:,} batches: "
            f"std {first} in batches of {self.batch_sizes[0]}, {last} in batches of "
            f"{self.batch_sizes[-1]}; with layer norm and group norm "
            f"{max(self.std(kind).max() for kind in (LAYER, GROUP)):.2g}"
        )


def simulate_batch_noise(
    values: ArrayLike = (0.0, 1.0, 2.0),
    *,
    batch_sizes: ArrayLike = (2, 4, 8, 16, 32, 64, 128, 256),
    n_units: int = 8,
    batches: int = 1_000,
    seed: int = 0,
) -> BatchNoise:
    """Put one example into many batches, normalize them, and record the example's values.

    The values, of shape (n_values,), are the example's pre-activations at the first units, in
    standard deviations from the mean. All other examples, and the example at the other units, are
    drawn from N(0, 1). Group norm makes two groups of units. With one seed, more batches begin with
    the same ones. Raises ValueError or TypeError if a value is not finite, there are more values
    than units, or a size is too small.

    References
    ----------
    S. Ioffe, 2017, https://arxiv.org/abs/1702.03275;
    Y. Wu and K. He, 2018, https://arxiv.org/abs/1803.08494.

    Examples
    --------
    >>> simulate_batch_noise([1.0], batch_sizes=[2, 8], batches=20).law_std
    array([[0.700840], [0.413526]])
    """
    places, sizes = checked_numbers("values", values), checked_numbers("batch_sizes", batch_sizes)
    for size in batch_sizes:
        check_whole(least=2, batch_sizes=size, batches=batches)
    check_whole(least=len(places), n_units=n_units)
    first, *streams = generator(seed).spawn(len(sizes) + 1)
    example = np.concatenate([places, first.standard_normal(n_units - len(places))])
    found = {kind: [] for kind in _KINDS}
    for size, stream in zip(batch_sizes, streams, strict=True):
        z = np.empty((batches, size, 1, n_units))
        z[:, 0] = example
        z[:, 1:, 0] = stream.standard_normal((batches, size - 1, n_units))
        for kind, n in _KINDS.items():
            groups = normalization_groups(kind, n_examples=size, n_channels=n_units, n_groups=n)
            found[kind].append(normalized(z, groups=groups)[:, 0, 0, : len(places)].copy())
    laws = [[theory.normalized_moments(x, batch_size=m) for x in places] for m in batch_sizes]
    mean, variance = np.moveaxis(laws, -1, 0)
    return BatchNoise(
        values=places,
        batch_sizes=sizes.astype(np.int64),
        normalized={kind: np.stack(each) for kind, each in found.items()},
        law_mean=mean,
        law_std=np.sqrt(variance),
    )
