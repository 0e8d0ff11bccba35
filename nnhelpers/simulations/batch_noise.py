"""One example in many batches: what it is normalized to, depending on who else is in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import theory
from nnhelpers.measures import BATCH, GROUP, LAYER
from nnhelpers.simulations.batch_norm import check_batch_size, check_epsilon
from nnhelpers.simulations.draws import check_sizes

BATCH_SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
# Numbers drawn at once.
_BLOCK = 500_000


@dataclass(frozen=True, kw_only=True)
class BatchNoise:
    """What one example is normalized to, in many batches of several sizes.

    Attributes
    ----------
    values : array of shape (n_values,)
        The example's pre-activations at the layer's first units, in standard deviations from the
        mean of all data.
    batch_sizes : array of shape (n_sizes,)
    n_units, n_groups : int
        Of the layer, and of group norm.
    epsilon : float
    normalized : dict of str to array of shape (n_sizes, batches, n_values)
        By "batch norm", "layer norm" and "group norm": these pre-activations, normalized.
    """

    values: NDArray[np.float64]
    batch_sizes: NDArray[np.int64]
    n_units: int
    n_groups: int
    epsilon: float
    normalized: Mapping[str, NDArray[np.float64]] = field(repr=False)

    @property
    def batches(self) -> int:
        """Number of batches of each size."""
        return self.normalized[BATCH].shape[1]

    def mean(self, kind: str = BATCH) -> NDArray[np.float64]:
        """Mean over the batches, of shape (n_sizes, n_values)."""
        return self.normalized[kind].mean(axis=1)

    def spread(self, kind: str = BATCH) -> NDArray[np.float64]:
        """Standard deviation over the batches, of shape (n_sizes, n_values).

        Exactly 0 where all batches give the same.
        """
        numbers = self.normalized[kind]
        # The mean of equal numbers may be another one by rounding, their first is not.
        return np.std(numbers - numbers[:, :1], axis=1, ddof=1)

    @property
    def law_mean(self) -> NDArray[np.float64]:
        """Exact mean under batch norm, of shape (n_sizes, n_values)."""
        return self._exact[..., 0]

    @property
    def law_spread(self) -> NDArray[np.float64]:
        """Exact standard deviation under batch norm, of shape (n_sizes, n_values)."""
        return np.sqrt(self._exact[..., 1])

    @property
    def large_batch_spread(self) -> NDArray[np.float64]:
        """What it comes to in large batches, sqrt((1 + x^2 / 2) / m)."""
        sizes = self.batch_sizes[:, np.newaxis]
        return np.sqrt(theory.batch_noise_variance(self.values, batch_size=sizes))

    @property
    def _exact(self) -> NDArray[np.float64]:
        rows = [
            [theory.normalized_moments(x, batch_size=m, epsilon=self.epsilon) for x in self.values]
            for m in self.batch_sizes
        ]
        return np.array(rows)

    def verdict(self) -> str:
        """Compare the spread in the smallest batches with that in the largest."""
        first, last = (", ".join(f"{s:.2f}" for s in row) for row in self.spread()[[0, -1]])
        sizes = self.batch_sizes[[0, -1]]
        return f"spread {first} in batches of {sizes[0]}, {last} in batches of {sizes[1]}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        places = ", ".join(f"{value:g}" for value in self.values)
        others = max(self.spread(kind).max() for kind in (LAYER, GROUP))
        return (
            f"values {places} of one example in {self.batches:,} batches: {self.verdict()}; "
            f"with layer norm and group norm {others:.2g}"
        )


def simulate_batch_noise(
    values: ArrayLike = (0.0, 1.0, 2.0),
    *,
    batch_sizes: ArrayLike = BATCH_SIZES,
    n_units: int = 8,
    n_groups: int = 2,
    epsilon: float = 1e-3,
    batches: int = 1_000,
    seed: int = 0,
) -> BatchNoise:
    """Put one and the same example into many batches, normalize them, and look at the example.

    All other examples, and the example at the layer's other units, are drawn from N(0, 1).

    Parameters
    ----------
    values : array of shape (n_values,)
        The example's pre-activations at the first units, in standard deviations from the mean.
    batch_sizes : array of int of shape (n_sizes,)
        At least 2 each.
    n_units, n_groups : int
        Units of the layer, and in how many equal groups group norm parts them.
    epsilon : float
    batches : int
        Of each size, at least 2.

    Returns
    -------
    BatchNoise
        More batches from an equal seed begin with the same ones.

    Raises
    ------
    ValueError
        If the values are not finite or more than the units, a batch smaller than two, the groups
        not equal or of one unit, epsilon not positive or there are fewer than two batches.

    References
    ----------
    S. Ioffe, 2017, https://arxiv.org/abs/1702.03275; Y. Wu and K. He, 2018,
    https://arxiv.org/abs/1803.08494.
    """
    check_epsilon(epsilon)
    check_sizes(n_units=n_units, n_groups=n_groups, batches=batches)
    if batches < 2:
        raise ValueError(f"batches must be at least 2, got {batches}")
    if n_units % n_groups or n_units == n_groups:
        raise ValueError(
            f"n_groups must part {n_units} units evenly, two or more in a group, got {n_groups}"
        )
    places, sizes = _checked(values, n_units), _checked_sizes(batch_sizes)
    streams = np.random.default_rng(seed).spawn(len(sizes) + 1)
    example = np.concatenate([places, streams[0].standard_normal(n_units - len(places))])
    parts = {kind: [] for kind in (BATCH, LAYER, GROUP)}
    for size, stream in zip(sizes, streams[1:], strict=True):
        for z in _batches(example, size, batches, stream):
            for kind, normalized in _by_kind(z, n_groups, epsilon).items():
                parts[kind].append(normalized[:, 0, : len(places)])
    shape = (len(sizes), batches, len(places))
    return BatchNoise(
        values=places,
        batch_sizes=sizes,
        n_units=int(n_units),
        n_groups=int(n_groups),
        epsilon=epsilon,
        normalized={kind: np.concatenate(each).reshape(shape) for kind, each in parts.items()},
    )


def _batches(
    example: NDArray, size: int, batches: int, stream: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    """Yield batches of shape (some, size, n_units), the example first in each."""
    block = max(1, _BLOCK // (size * len(example)))
    for start in range(0, batches, block):
        shape = (min(block, batches - start), size, len(example))
        z = np.empty(shape)
        z[:, 0] = example
        z[:, 1:] = stream.standard_normal((shape[0], size - 1, shape[2]))
        yield z


def _by_kind(z: NDArray, n_groups: int, epsilon: float) -> dict[str, NDArray[np.float64]]:
    grouped = z.reshape(*z.shape[:2], n_groups, -1)
    return {
        BATCH: _normalized(z, axis=1, epsilon=epsilon),
        LAYER: _normalized(z, axis=2, epsilon=epsilon),
        GROUP: _normalized(grouped, axis=3, epsilon=epsilon).reshape(z.shape),
    }


def _normalized(z: NDArray, *, axis: int, epsilon: float) -> NDArray[np.float64]:
    centred = z - z.mean(axis=axis, keepdims=True)
    return centred / np.sqrt(np.mean(centred**2, axis=axis, keepdims=True) + epsilon)


def _checked(values: ArrayLike, n_units: int) -> NDArray[np.float64]:
    places = np.array(values, dtype=np.float64)
    if places.ndim != 1 or places.size == 0 or not np.isfinite(places).all():
        raise ValueError(f"values must be finite, of shape (n_values,), got {values}")
    if len(places) > n_units:
        raise ValueError(f"values must be of {n_units} units at most, got {len(places)}")
    return places


def _checked_sizes(batch_sizes: ArrayLike) -> NDArray[np.int64]:
    sizes = np.asarray(batch_sizes, dtype=np.float64)
    if sizes.ndim != 1 or sizes.size == 0:
        raise ValueError(f"batch_sizes must have shape (n_sizes,), got {batch_sizes}")
    for size in sizes:
        check_batch_size(size if size != np.floor(size) else int(size), name="batch_sizes")
    return sizes.astype(np.int64)
