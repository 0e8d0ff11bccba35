"""Untrained units: how many are active, on what share of the data, and how much they overlap."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, theory
from nnhelpers.checks import check_finite, check_kind, check_whole, checked_features, generator
from nnhelpers.initializers import Initializer
from nnhelpers.measures.activity import ActiveShares
from nnhelpers.simulations.units.cloud import Cloud

UNIFORM = initializers.RandomUniform(minval=-1.0, maxval=1.0)
NORMAL = initializers.RandomNormal(mean=0.0, stddev=1.0)
ZERO = initializers.Constant(value=0.0)

_SQUARE = Cloud()
# Units whose activity on all examples fits a core's cache.
_BLOCK = 256
_BITS = np.array([byte.bit_count() for byte in range(256)], dtype=np.uint8)


@dataclass(frozen=True, kw_only=True)
class ActiveCount:
    """How many units of a layer are active on an example, over many draws of the layer.

    Attributes
    ----------
    counts, law : arrays of shape (units + 1,)
        Share of (draw, example) pairs with 0, 1, ... active units, and Binomial(units, 1/2).
    """

    center: float
    counts: NDArray[np.float64]
    law: NDArray[np.float64]

    @property
    def units(self) -> int:
        """Number of units in the layer."""
        return len(self.counts) - 1

    def summary(self) -> str:
        """Describe the result in one line."""
        shares = ", ".join(f"{k}: {share:.0%}" for k, share in enumerate(self.counts))
        return f"data at {self.center:g}: share of draws with so many active units {shares}"


@dataclass(frozen=True, kw_only=True)
class ActiveFraction(ActiveShares):
    """Share of the data that activates a unit, over many draws of the unit.

    Attributes
    ----------
    center : float
        Offset of every feature.
    cloud : Cloud or None
        The distribution of the data; None for data given as an array.
    fraction, weights : arrays of shape (draws,) and (draws, n_features)
        Active fraction of each unit on the data, and its weights.
    has_exact_law : bool
        Whether `theory.active_fraction_cdf` describes this setting.
    """

    center: float
    cloud: Cloud | None
    fraction: NDArray[np.float64]
    weights: NDArray[np.float64] = field(repr=False)
    has_exact_law: bool

    law_name = "exact law"

    @property
    def place(self) -> str:
        """Where the data lie, in words."""
        return f"data at {self.center:g}"

    def law(self, shares: ArrayLike) -> NDArray[np.float64] | None:
        """Return the exact probability of a fraction up to each of `shares`; None if unknown."""
        if not self.has_exact_law:
            return None
        return theory.active_fraction_cdf(shares, center=self.center, width=self.cloud.width)

    def summary(self) -> str:
        """Describe the result in one line."""
        return f"{self.place}: {self.in_words()}"


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Shares of the data on which two random units are both active, of shape (draws,)."""

    center: float
    cloud: Cloud
    shares: NDArray[np.float64]
    has_exact_law: bool

    def law(self, shares: ArrayLike) -> NDArray[np.float64] | None:
        """Return the exact probability of an overlap up to each of `shares`; None if unknown."""
        return theory.overlap_cdf(shares) if self.has_exact_law else None

    def summary(self) -> str:
        """Describe the result in one line."""
        return (
            f"{self.cloud.n_features} features at {self.center:g}: "
            f"overlap {self.shares.mean():.2f} on average, std {self.shares.std():.2f}"
        )


def simulate_active_count(
    *,
    units: int = 2,
    center: float = 0.0,
    data: Cloud | ArrayLike = _SQUARE,
    draws: int = 10_000,
    seed: int = 0,
) -> ActiveCount:
    """Count the active units of a random layer without bias, over examples and draws.

    Parameters are those of `simulate_active_fraction`, with `draws` layers of `units` units.

    Examples
    --------
    >>> simulate_active_count(units=2, draws=1000).law
    array([0.25, 0.5 , 0.25])
    """
    check_whole(units=units, draws=draws)
    rng = generator(seed)
    X = _examples_around(center, data, rng)
    kernels = UNIFORM.draw(rng, draws=draws, fan_in=X.shape[1], fan_out=units)
    counts = np.zeros(units + 1, dtype=np.int64)
    for block in np.split(kernels, range(_BLOCK, draws, _BLOCK)):
        z = (X @ block.transpose(1, 0, 2).reshape(X.shape[1], -1)).reshape(len(X), -1, units)
        counts += np.bincount((z > 0).sum(axis=2).ravel(), minlength=units + 1)
    law = theory.active_count_pmf(units)
    return ActiveCount(center=center, counts=counts / counts.sum(), law=law)


def simulate_active_fraction(
    *,
    center: float = 0.0,
    data: Cloud | ArrayLike = _SQUARE,
    weights: str | Initializer = UNIFORM,
    bias: str | Initializer = ZERO,
    draws: int = 10_000,
    seed: int = 0,
) -> ActiveFraction:
    """Draw units and measure the share of one data set that activates each.

    The data, drawn from `Cloud()` by default or given with shape (n_examples, n_features), are
    shifted by `center`. Raises ValueError or TypeError if a number is out of range, the data are
    not finite, or an initializer is unknown.

    Examples
    --------
    >>> simulate_active_fraction(draws=1000).splitting_share
    1.0
    """
    X, kernel, active = _draw_units(data, center, (weights, bias), draws, seed)
    cloud = data if isinstance(data, Cloud) else None
    square = cloud is not None and cloud.kind == "uniform" and cloud.n_features == 2
    return ActiveFraction(
        center=center,
        cloud=cloud,
        fraction=_shares(active, len(X)),
        weights=kernel,
        has_exact_law=square and weights == UNIFORM and bias == ZERO,
    )


def simulate_overlap(
    *,
    center: float = 0.0,
    data: Cloud = _SQUARE,
    weights: str | Initializer = UNIFORM,
    draws: int = 5_000,
    seed: int = 0,
) -> Overlap:
    """Draw pairs of units without bias; measure the share of the data on which both are active.

    Parameters and errors are those of `simulate_active_fraction`.

    Examples
    --------
    >>> float(simulate_overlap(draws=1000).shares.mean())
    0.25
    """
    check_whole(draws=draws)
    check_kind(Cloud, data=data)
    X, _, active = _draw_units(data, center, (weights, ZERO), 2 * draws, seed)
    centred = center == 0 and data.n_features == 2
    same_directions = (data.kind, weights) in (("uniform", UNIFORM), ("normal", NORMAL))
    return Overlap(
        center=center,
        cloud=data,
        shares=_shares(active[0::2] & active[1::2], len(X)),
        has_exact_law=centred and same_directions,
    )


def _draw_units(
    data: Cloud | ArrayLike,
    center: float,
    which: tuple[str | Initializer, str | Initializer],
    draws: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
    """Return examples, weights (draws, n_features), and activity as bits, eight examples a byte."""
    check_whole(draws=draws)
    rng = generator(seed)
    X = _examples_around(center, data, rng)
    weights, bias = map(initializers.find_initializer, which)
    kernel = weights.draw(rng, draws=draws, fan_in=X.shape[1], fan_out=1)[:, :, 0]
    thresholds = -bias.draw_bias(rng, draws=draws, units=1)
    blocks = (slice(start, start + _BLOCK) for start in range(0, draws, _BLOCK))
    active = [np.packbits(kernel[some] @ X.T > thresholds[some], axis=1) for some in blocks]
    return X, kernel, np.concatenate(active)


def _examples_around(
    center: float, data: Cloud | ArrayLike, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw examples, or take those given; add `center` to all features."""
    check_finite(center=center)
    X = data.draw(rng) if isinstance(data, Cloud) else checked_features(data, name="data")
    return X + center


def _shares(active: NDArray[np.uint8], n_examples: int) -> NDArray[np.float64]:
    """Count set bits, which is several times faster than summing booleans."""
    blocks = (active[start : start + _BLOCK] for start in range(0, len(active), _BLOCK))
    return np.concatenate([np.take(_BITS, some).sum(axis=1) for some in blocks]) / n_examples
