"""Starts of a network that show what a start can spoil."""

import numpy as np

from nnhelpers.initializers.independent import RandomNormal


def constant_with_noise(value: float, *, noise: float = 0.0) -> RandomNormal:
    """Return the initializer of weights that all equal `value`, up to a little noise.

    Parameters
    ----------
    value : float
        The same for every weight.
    noise : float
        Standard deviation of what is added to each weight, normal and independent.

    Raises
    ------
    ValueError
        If the value is not finite, or the noise negative or not finite.
    """
    if not np.isfinite(value):
        raise ValueError(f"value must be finite, got {value}")
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise must be finite and at least 0, got {noise}")
    return RandomNormal(mean=float(value), stddev=float(noise))
