"""Which units are active, on which share of the examples."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, as_numbers, check_not_negative

DEAD, SPLITTING, ALWAYS_ACTIVE = "dead", "splitting", "always active"
STATUSES = (SPLITTING, DEAD, ALWAYS_ACTIVE)


def active_fraction(z: ArrayLike) -> NDArray[np.float64]:
    """Share of examples on which each unit is active (z > 0), of shape (..., units).

    One minus the average percentage of zeros (APoZ).

    Parameters
    ----------
    z : array of shape (..., n_examples, units)
        Pre-activations.

    Raises
    ------
    ValueError
        If there is no example or z holds NaN.

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

    Shapes and errors are those of `active_fraction`. At 4 the sigmoid's derivative is 0.018, a
    fourteenth of its largest value.

    Examples
    --------
    >>> saturated_fraction([[-5, 2], [3, 4]])
    array([0.5, 0. ])
    """
    check_not_negative(threshold=threshold)
    return np.mean(np.abs(_of_units(z)) > threshold, axis=-2)


def unit_status(fraction: ArrayLike) -> NDArray[np.str_]:
    """Name what each active fraction in [0, 1] means: dead (0), always active (1) or splitting.

    Examples
    --------
    >>> unit_status([0, 0.5, 1]).tolist()
    ['dead', 'splitting', 'always active']
    """
    shares = as_floats("fraction", fraction)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"fraction must lie in [0, 1], got {fraction}")
    return np.select([shares == 0, shares == 1], [DEAD, ALWAYS_ACTIVE], SPLITTING)


def checked_signals(values: ArrayLike, *, name: str = "z") -> NDArray:
    """Return what was read off a network as an array; raise if it holds NaN.

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
