"""An activation function and its two derivatives, tabulated."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.measures.zones import FLAT, zone_shares, zoned


@dataclass(frozen=True, kw_only=True)
class Profile:
    """f, f' and f'' of one activation over a range of pre-activations.

    Attributes
    ----------
    activation : str
        Keras's name.
    z : array of shape (n_points,)
        Pre-activations.
    value, slope, curvature : arrays of shape (n_points,)
        f, f' and f'' at z.
    """

    activation: str
    z: NDArray[np.float64] = field(repr=False)
    value: NDArray[np.float64] = field(repr=False)
    slope: NDArray[np.float64] = field(repr=False)
    curvature: NDArray[np.float64] = field(repr=False)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        flat = zone_shares(self.z, activation=self.activation)[FLAT]
        return (
            f"{self.activation} for z from {self.z.min():.3g} to {self.z.max():.3g}: "
            f"value {_range(self.value)}, slope {_range(self.slope)}, flat on {flat:.0%} of them"
        )


def profile(z: ArrayLike, *, activation: str) -> Profile:
    """Tabulate an activation function with its first and second derivative.

    Parameters
    ----------
    z : array of shape (n_points,)
        Pre-activations.
    activation : str
        Keras's name.

    Returns
    -------
    Profile

    Raises
    ------
    ValueError
        If z is empty, not one-dimensional or not finite, or the activation is unknown or has no
        largest slope, as exponential.
    """
    record = zoned(activation)
    points = np.array(z, dtype=np.float64)
    if points.ndim != 1 or points.size == 0:
        raise ValueError(f"z must have shape (n_points,), got {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError(f"z must be finite, got {points[~np.isfinite(points)][0]}")
    return Profile(
        activation=activation,
        z=points,
        value=record.value(points),
        slope=record.derivative(points),
        curvature=record.second_derivative(points),
    )


def _range(values: NDArray) -> str:
    # Rounding leaves a zero's sign to the processor.
    low, high = (round(float(end), 2) + 0.0 for end in (values.min(), values.max()))
    return f"{low:g} to {high:g}" if low != high else f"{low:g}"
