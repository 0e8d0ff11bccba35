"""Normal pre-activations sent through a derivative: where they fall, and the mean slope there."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures, theory
from nnhelpers.activations import find_activation


@dataclass(frozen=True, kw_only=True)
class Slopes:
    """The slope of an activation at random pre-activations.

    Attributes
    ----------
    activation : str
        Keras's name.
    mean, std : float
        Of the normal distribution of the pre-activations.
    z : array of shape (draws,)
        Pre-activations.
    shares : dict of str to float
        Share of them in each zone: flat, near-linear and useful.
    measured : float
        Mean of f'(z) over the draws.
    standard_error : float
        Of `measured`.
    expected : float
        E[f'(z)], the law.
    """

    activation: str
    mean: float
    std: float
    z: NDArray[np.float64] = field(repr=False)
    shares: dict[str, float]
    measured: float
    standard_error: float
    expected: float

    @property
    def draws(self) -> int:
        """Number of pre-activations drawn."""
        return len(self.z)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        shares = ", ".join(f"{share:.0%} {zone}" for zone, share in self.shares.items())
        return (
            f"{self.activation} at z with mean {self.mean:g} and standard deviation {self.std:g}: "
            f"{shares}; mean slope {_number(self.measured)}, expected {_number(self.expected)}"
        )


def simulate_slopes(
    activation: str = "sigmoid",
    *,
    mean: float = 0.0,
    std: float = 1.0,
    draws: int = 10_000,
    seed: int = 0,
) -> Slopes:
    """Draw pre-activations z ~ N(mean, std^2), and measure the slope of the activation there.

    Parameters
    ----------
    activation : str
        Keras's name.
    mean, std : float
        Of the pre-activations.
    draws : int
        Number of pre-activations, at least 2.

    Returns
    -------
    Slopes

    Raises
    ------
    ValueError
        If the activation is unknown, the mean not finite, the standard deviation not positive or
        there are fewer than two draws.
    """
    record = find_activation(activation)
    expected = theory.expected_slope(activation, mean=mean, std=std)
    if draws < 2:
        raise ValueError(f"draws must be at least 2, got {draws}")
    z = mean + std * np.random.default_rng(seed).standard_normal(draws)
    slopes = record.derivative(z)
    return Slopes(
        activation=activation,
        mean=mean,
        std=std,
        z=z,
        shares=measures.zone_shares(z, activation=activation),
        measured=float(slopes.mean()),
        standard_error=float(slopes.std(ddof=1) / np.sqrt(draws)),
        expected=expected,
    )


def _number(slope: float) -> str:
    # Of -0.0001 the rounding leaves a sign.
    return f"{round(slope, 3) + 0.0:.3f}"
