"""What the simulations give back."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import measures, theory
from nnhelpers.simulations.units.cloud import Cloud


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


class ActiveShares:
    """What the active fractions of many units, of shape (draws,), say of them."""

    fraction: NDArray[np.float64]

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
        return float(np.mean((self.fraction > 0) & (self.fraction < 1)))

    def in_words(self) -> str:
        """Shares of units by status."""
        return (
            f"{self.splitting_share:.0%} of units split the data, "
            f"{self.dead_share:.0%} dead, {self.always_active_share:.0%} always active"
        )


@dataclass(frozen=True, kw_only=True)
class ActiveFraction(ActiveShares):
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
    def place(self) -> str:
        """Where the data lie, in words."""
        return f"data at {self.center:g}"

    @property
    def law_name(self) -> str:
        """What the law is called."""
        return "exact law"

    def law(self, shares: ArrayLike) -> NDArray[np.float64] | None:
        """Exact probability of an active fraction up to each of `shares`, where it is known."""
        if not self.has_exact_law:
            return None
        return theory.active_fraction_cdf(shares, center=self.center, width=self.cloud.width)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"{self.place}: {self.in_words()}"


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
