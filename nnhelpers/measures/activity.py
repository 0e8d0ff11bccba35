"""Which units are active, and on what share of the examples."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, as_numbers, check_not_negative

DEAD, SPLITTING, ALWAYS_ACTIVE = "dead", "splitting", "always active"
STATUSES = (SPLITTING, DEAD, ALWAYS_ACTIVE)


def active_fraction(z: ArrayLike) -> NDArray[np.float64]:
    """Share of examples on which each unit is active (z > 0), of shape (..., units).

    One minus the average percentage of zeros (APoZ). Raises ValueError if the pre-activations z,
    of shape (..., n_examples, units), have no examples or hold NaN.

    References
    ----------
    H. Hu et al., 2016, https://arxiv.org/abs/1607.03250.

    Examples
    --------
    >>> active_fraction([[-1, 2], [3, 4]])
    array([0.5, 1. ])
    """
    return np.mean(_of_units(z) > 0, axis=-2)


def saturated_fraction(z: ArrayLike, *, threshold: float = 4.0) -> NDArray[np.float64]:
    """Share of examples on which each unit is saturated, abs(z) > threshold.

    Shapes and errors are those of `active_fraction`. At 4 a sigmoid's slope is 0.018.

    Examples
    --------
    >>> saturated_fraction([[-5, 2], [3, 4]])
    array([0.5, 0. ])
    """
    check_not_negative(threshold=threshold)
    return np.mean(np.abs(_of_units(z)) > threshold, axis=-2)


def unit_status(fraction: ArrayLike) -> NDArray[np.str_]:
    """Return the status of each active fraction in [0, 1]: dead (0), always active (1), splitting.

    Examples
    --------
    >>> unit_status([0, 0.5, 1]).tolist()
    ['dead', 'splitting', 'always active']
    """
    shares = as_floats("fraction", fraction)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"fraction must lie in [0, 1], got {fraction}")
    return np.select([shares == 0, shares == 1], [DEAD, ALWAYS_ACTIVE], SPLITTING)


class StatusShares:
    """Shares of units by status, averaged over the axes of `fraction` that count units."""

    fraction: NDArray[np.float64]
    _unit_axes = (0,)

    @property
    def dead_share(self) -> float | NDArray[np.float64]:
        """Share of units active on no example."""
        return self._share(self.fraction == 0)

    @property
    def always_active_share(self) -> float | NDArray[np.float64]:
        """Share of units active on every example."""
        return self._share(self.fraction == 1)

    @property
    def splitting_share(self) -> float | NDArray[np.float64]:
        """Share of units active on some examples but not on all."""
        return self._share((self.fraction > 0) & (self.fraction < 1))

    def _share(self, counted: NDArray[np.bool_]) -> float | NDArray[np.float64]:
        shares = np.mean(counted, axis=self._unit_axes)
        return shares if shares.ndim else float(shares)


class ActiveShares(StatusShares):
    """Shares of units by status, from the units' active fractions of shape (draws,)."""

    @property
    def draws(self) -> int:
        """Number of units drawn."""
        return len(self.fraction)

    @property
    def status(self) -> NDArray[np.str_]:
        """Status of each unit, of shape (draws,)."""
        return unit_status(self.fraction)

    def in_words(self) -> str:
        """Describe the shares of units by status."""
        return (
            f"{self.splitting_share:.0%} of units split the data, "
            f"{self.dead_share:.0%} dead, {self.always_active_share:.0%} always active"
        )


def checked_signals(values: ArrayLike, *, name: str = "z") -> NDArray:
    """Return values read from a network as an array; raise ValueError if they hold NaN.

    Examples
    --------
    >>> checked_signals([1.0, np.nan])
    Traceback (most recent call last):
    ValueError: z must hold numbers, got NaN; the network has diverged
    """
    numbers = as_numbers(name, values)
    if np.isnan(numbers).any():
        raise ValueError(f"{name} must hold numbers, got NaN; the network has diverged")
    return numbers


def _of_units(z: ArrayLike) -> NDArray:
    values = checked_signals(z)
    if values.ndim < 2 or values.shape[-2] == 0:
        raise ValueError(f"z must have shape (..., n_examples, units), got {values.shape}")
    return values
