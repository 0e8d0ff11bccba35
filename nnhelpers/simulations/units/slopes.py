"""Normal pre-activations sent through a derivative: where they fall, and the mean slope there."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures, theory
from nnhelpers.activations import find_activation
from nnhelpers.checks import check_whole, generator
from nnhelpers.words import decimal


@dataclass(frozen=True, kw_only=True)
class Slopes:
    """The slope of an activation at random pre-activations.

    Attributes
    ----------
    activation : str
        Keras's name.
    mean, std : float
        Mean and standard deviation of the pre-activations.
    z : array of shape (draws,)
        Pre-activations.
    shares : dict of str to float
        Share of them in each zone: flat, near-linear and useful.
    measured, standard_error : float
        Mean of f'(z) over the draws, and its standard error.
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
        """Describe the result in one line."""
        shares = ", ".join(f"{share:.0%} {zone}" for zone, share in self.shares.items())
        measured, expected = decimal(self.measured, 3), decimal(self.expected, 3)
        return (
            f"{self.activation} at z with mean {self.mean:g} and standard deviation {self.std:g}: "
            f"{shares}; mean slope {measured}, expected {expected}"
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
        Mean and standard deviation of the pre-activations.
    draws : int
        Number of pre-activations, at least 2.
    seed : int

    Raises
    ------
    ValueError, TypeError
        If the activation is unknown or a number out of range.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> slopes = simulations.simulate_slopes("relu", mean=-6, draws=1000)
    >>> slopes.shares["flat"], slopes.measured
    (1.0, 0.0)
    """
    record = find_activation(activation)
    expected = theory.expected_slope(activation, mean=mean, std=std)
    check_whole(least=2, draws=draws)
    z = mean + std * generator(seed).standard_normal(draws)
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
