"""What the laws of variances share."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import Activation
from nnhelpers.theory.slopes import normal_average


def check_variance(name: str, number: float) -> None:
    """Refuse what is negative or not finite, by name."""
    if not (np.isfinite(number) and number >= 0):
        raise ValueError(f"{name} must be finite and not negative, got {number}")


def mean_over_normal(
    function: Callable[[NDArray], NDArray], *, record: Activation, variance: float
) -> float:
    """E[function(z)] for z ~ N(0, variance), also where the variance is 0."""
    check_variance("variance", variance)
    if variance == 0:
        return float(function(np.zeros(1))[0])
    return normal_average(function, record=record, mean=0.0, std=np.sqrt(variance))
