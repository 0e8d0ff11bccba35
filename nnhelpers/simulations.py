"""Many random draws of untrained units, counted. NumPy alone, so the first sliders start at once."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, measures, theory
from nnhelpers.initializers import Initializer

UNIFORM = initializers.RandomUniform(minval=-1.0, maxval=1.0)
NORMAL = initializers.RandomNormal(mean=0.0, stddev=1.0)
ZERO = initializers.Constant(value=0.0)

_BLOCK = 256


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A distribution of examples around the origin, the features independent.

    Attributes
    ----------
    n_examples, n_features : int
    width : float
        Full width of the uniform distribution; a normal one gets the same standard deviation,
        width / sqrt(12).
    kind : str
        "uniform" or "normal".

    Raises
    ------
    ValueError
        If a size is below 1, the width is not positive or the kind is unknown.
    """

    n_examples: int = 1_000
    n_features: int = 2
    width: float = 2.0
    kind: str = "uniform"

    def __post_init__(self) -> None:
        for name in ("n_examples", "n_features"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not (np.isfinite(self.width) and self.width > 0):
            raise ValueError(f"width must be positive and finite, got {self.width}")
        if self.kind not in ("uniform", "normal"):
            raise ValueError(f"kind must be 'uniform' or 'normal', got {self.kind!r}")

    @property
    def std(self) -> float:
        """Standard deviation of a feature."""
        return self.width / np.sqrt(12)

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw examples of shape (n_examples, n_features)."""
        shape = (self.n_examples, self.n_features)
        if self.kind == "normal":
            return rng.normal(0, self.std, size=shape)
        return rng.uniform(-self.width / 2, self.width / 2, size=shape)


@dataclass(frozen=True, kw_only=True)
class ActiveCount:
    """How many of a layer's units are active on an example, over many draws.

    Attributes
    ----------
    center : float
        Where the data were centred.
    counts : array of shape (units + 1,)
        Share of (draw, example) pairs with 0, 1, ... units active.
    law : array of shape (units + 1,)
        Binomial(units, 1/2).
    draws : int
    """

    center: float
    counts: NDArray[np.float64]
    law: NDArray[np.float64]
    draws: int

    @property
    def units(self) -> int:
        """Number of units in the layer."""
        return len(self.counts) - 1

    @property
    def mean_share(self) -> float:
        """Mean share of the layer's units that are active."""
        return float(self.counts @ np.arange(self.units + 1) / self.units)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        shares = ", ".join(f"{k}: {share:.0%}" for k, share in enumerate(self.counts))
        return f"data at {self.center:g}: share of draws with so many active units {shares}"


@dataclass(frozen=True, kw_only=True)
class ActiveFraction:
    """Share of the data that activates a unit, over many draws of the unit.

    Attributes
    ----------
    center : float
        Added to every feature.
    cloud : Cloud or None
        The distribution of the data; None for data that were handed in.
    fraction : array of shape (draws,)
        Active fraction of each unit on the data.
    weights : array of shape (draws, n_features)
    has_exact_law : bool
        Whether `theory.active_fraction_cdf` describes this setting.
    """

    center: float
    cloud: Cloud | None
    fraction: NDArray[np.float64]
    weights: NDArray[np.float64] = field(repr=False)
    has_exact_law: bool

    @property
    def draws(self) -> int:
        """Number of units drawn."""
        return len(self.fraction)

    @property
    def status(self) -> NDArray[np.str_]:
        """Status of each unit, of shape (draws,)."""
        return measures.unit_status(self.fraction)

    @property
    def dead_share(self) -> float:
        """Share of units active on no example."""
        return float(np.mean(self.fraction == 0))

    @property
    def always_active_share(self) -> float:
        """Share of units active on every example."""
        return float(np.mean(self.fraction == 1))

    @property
    def splitting_share(self) -> float:
        """Share of units active on some examples but not on all."""
        return 1 - self.dead_share - self.always_active_share

    def law(self, shares: ArrayLike) -> NDArray[np.float64] | None:
        """Exact probability of an active fraction up to each of `shares`, where it is known."""
        if not self.has_exact_law:
            return None
        return theory.active_fraction_cdf(shares, center=self.center, width=self.cloud.width)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return (
            f"data at {self.center:g}: {self.splitting_share:.0%} of units split the data, "
            f"{self.dead_share:.0%} dead, {self.always_active_share:.0%} always active"
        )


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Share of the data on which two random units are active together.

    Attributes
    ----------
    center : float
    cloud : Cloud
    shares : array of shape (draws,)
    has_exact_law : bool
        Whether the law is uniform on (0, 1/2).
    """

    center: float
    cloud: Cloud
    shares: NDArray[np.float64]
    has_exact_law: bool

    def law(self, shares: ArrayLike) -> NDArray[np.float64] | None:
        """Exact probability of an overlap up to each of `shares`, where it is known."""
        return theory.overlap_cdf(shares) if self.has_exact_law else None

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return (
            f"{self.cloud.n_features} features at {self.center:g}: "
            f"overlap {self.shares.mean():.2f} on average, spread {self.shares.std():.2f}"
        )


def simulate_active_count(
    *,
    units: int = 2,
    center: float = 0.0,
    data: Cloud | ArrayLike | None = None,
    weights: str | Initializer = UNIFORM,
    draws: int = 10_000,
    seed: int = 0,
) -> ActiveCount:
    """Count the active units of a random layer without bias, over examples and draws.

    Returns
    -------
    ActiveCount

    Raises
    ------
    ValueError
        If a size is below 1, the center is not finite or the initializer unknown.
    """
    _at_least_one(units=units, draws=draws)
    rng = np.random.default_rng(seed)
    X = _examples(data, center, rng)
    n_features = X.shape[1]
    kernels = initializers.find_initializer(weights).draw(
        rng, draws=draws, fan_in=n_features, fan_out=units
    )
    counts = np.zeros(units + 1, dtype=np.int64)
    for block in np.split(kernels, range(_BLOCK, draws, _BLOCK)):
        z = (X @ block.transpose(1, 0, 2).reshape(n_features, -1)).reshape(len(X), -1, units)
        counts += np.bincount((z > 0).sum(axis=2).ravel(), minlength=units + 1)
    return ActiveCount(
        center=center,
        counts=counts / counts.sum(),
        law=theory.active_count_pmf(units),
        draws=draws,
    )


def simulate_active_fraction(
    *,
    center: float = 0.0,
    data: Cloud | ArrayLike | None = None,
    weights: str | Initializer = UNIFORM,
    bias: str | Initializer = ZERO,
    draws: int = 10_000,
    seed: int = 0,
) -> ActiveFraction:
    """Draw units and measure the share of one data set that activates each.

    Parameters
    ----------
    center : float
        Added to every feature of the data.
    data : Cloud or array of shape (n_examples, n_features)
        Where the examples come from; `Cloud()` unless given.
    weights, bias : str or Initializer
        Distribution of a unit's weights and bias: uniform on [-1, 1] and zero unless given.
    draws : int
        Number of units.

    Returns
    -------
    ActiveFraction

    Raises
    ------
    ValueError
        If a size is below 1, the center is not finite or an initializer unknown.
    """
    _at_least_one(draws=draws)
    rng = np.random.default_rng(seed)
    X = _examples(data, center, rng)
    kernel = _unit_weights(weights, draws, X.shape[1], rng)
    offsets = _unit_weights(bias, draws, 1, rng)[:, 0]
    return ActiveFraction(
        center=center,
        cloud=_cloud(data),
        fraction=_active_fractions(X, kernel, offsets),
        weights=kernel,
        has_exact_law=_is_articles_square(data, X) and weights == UNIFORM and bias == ZERO,
    )


def simulate_overlap(
    *,
    center: float = 0.0,
    data: Cloud | None = None,
    weights: str | Initializer = UNIFORM,
    bias: str | Initializer = ZERO,
    draws: int = 5_000,
    seed: int = 0,
) -> Overlap:
    """Draw pairs of units and measure the share of the data on which both are active.

    Parameters and errors are those of `simulate_active_fraction`.

    Returns
    -------
    Overlap
    """
    _at_least_one(draws=draws)
    cloud = data or Cloud()
    rng = np.random.default_rng(seed)
    X = _examples(cloud, center, rng)
    kernel = _unit_weights(weights, 2 * draws, X.shape[1], rng)
    offsets = _unit_weights(bias, 2 * draws, 1, rng)[:, 0]
    shares = [
        np.mean((X @ first.T + b0 > 0) & (X @ second.T + b1 > 0), axis=0)
        for first, second, b0, b1 in zip(
            _blocks(kernel[0::2]),
            _blocks(kernel[1::2]),
            _blocks(offsets[0::2]),
            _blocks(offsets[1::2]),
            strict=True,
        )
    ]
    centred = center == 0 and bias == ZERO and cloud.n_features == 2
    return Overlap(
        center=center,
        cloud=cloud,
        shares=np.concatenate(shares),
        has_exact_law=centred and weights in (UNIFORM, NORMAL),
    )


def _active_fractions(X: NDArray, weights: NDArray, bias: NDArray) -> NDArray[np.float64]:
    counts = np.empty(len(weights))
    for start in range(0, len(weights), _BLOCK):
        rows = slice(start, start + _BLOCK)
        active = weights[rows] @ X.T > -bias[rows, np.newaxis]
        # Eight examples a byte, then one count a byte: several times faster than summing booleans.
        counts[rows] = np.bitwise_count(np.packbits(active, axis=1)).sum(axis=1)
    return counts / len(X)


def _examples(
    data: Cloud | ArrayLike | None, center: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    if not np.isfinite(center):
        raise ValueError(f"center must be finite, got {center}")
    if data is None or isinstance(data, Cloud):
        return (data or Cloud()).draw(rng) + center
    X = np.asarray(data, dtype=np.float64)
    if X.ndim != 2 or X.size == 0 or not np.isfinite(X).all():
        raise ValueError(
            f"data must be a Cloud or finite numbers of shape (n_examples, n_features), "
            f"got shape {X.shape}"
        )
    return X + center


def _cloud(data: Cloud | ArrayLike | None) -> Cloud | None:
    return Cloud() if data is None else data if isinstance(data, Cloud) else None


def _is_articles_square(data: Cloud | ArrayLike | None, X: NDArray) -> bool:
    cloud = _cloud(data)
    return cloud is not None and cloud.kind == "uniform" and X.shape[1] == 2


def _unit_weights(
    which: str | Initializer, draws: int, fan_in: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    record = initializers.find_initializer(which)
    return record.draw(rng, draws=draws, fan_in=fan_in, fan_out=1)[:, :, 0]


def _blocks(array: NDArray) -> list[NDArray]:
    return np.split(array, range(_BLOCK, len(array), _BLOCK))


def _at_least_one(**sizes: int) -> None:
    for name, value in sizes.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
