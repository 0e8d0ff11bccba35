"""Batch norm's moving statistics: what remains of their start, their lag and their noise.

Keras updates moving = momentum * moving + (1 - momentum) * batch moment after every batch in
training mode, from a moving mean of 0 and a moving variance of 1. After k steps the batch of j
steps ago has weight (1 - momentum) momentum^j, and the start momentum^k.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, check_finite, check_positive, check_whole


def start_share(momentum: ArrayLike, *, steps: ArrayLike) -> NDArray[np.float64]:
    """Weight of the start in the moving statistics after some steps: momentum^steps (share).

    Momentum and steps may be arrays, here and below, and steps infinite. Raises ValueError if a
    momentum lies outside [0, 1) or a number of steps is negative.

    Examples
    --------
    >>> round(float(start_share(0.99, steps=100)), 4)
    0.366
    """
    momentums, counts = _checked(momentum, steps)
    return momentums**counts


def drift_lag(momentum: ArrayLike, *, steps: ArrayLike = np.inf) -> NDArray[np.float64]:
    """Steps by which the moving mean of a steadily moving center lags behind the last batch.

    Infinite steps give the lag that it settles at. Errors are those of `start_share`.

    Notes
    -----
    The batch of j steps ago lags by j, so all of them contribute sum_{j<k} (1 - m) m^j j, and the
    start, at the center of step 0, contributes k m^k: together m / (1 - m) (1 - m^k). The weights
    after the last update are one step ahead of the last batch, so the moving mean settles
    1 / (1 - m) steps behind them.

    Examples
    --------
    >>> round(float(drift_lag(0.99)), 4)
    99.0
    """
    momentums, counts = _checked(momentum, steps)
    return momentums / (1 - momentums) * (1 - momentums**counts)


def expected_moving_mean(
    momentum: ArrayLike, *, steps: ArrayLike, center: float, drift: float = 0.0
) -> NDArray[np.float64]:
    """Expected moving mean, after some steps, of values around center + k drift in batch k.

    Raises ValueError as in `start_share`, or if `center` or `drift` is not finite.

    Notes
    -----
    center + k drift - m^k center - m / (1 - m) (1 - m^k) drift.

    Examples
    --------
    >>> round(float(expected_moving_mean(0.9, steps=10, center=3.0)), 4)
    1.954
    """
    check_finite(center=center, drift=drift)
    momentums, counts = _checked(momentum, steps)
    left = start_share(momentums, steps=counts) * center
    lag = drift_lag(momentums, steps=counts) * drift
    return center + counts * drift - left - lag


def expected_moving_variance(
    momentum: ArrayLike, *, steps: ArrayLike, variance: float, batch_size: int
) -> NDArray[np.float64]:
    """Expected moving variance: m^k + (1 - m^k) variance (n - 1)/n, for batches of n examples.

    Keras divides a batch's sum of squares by n, which makes it (n - 1)/n times the true variance.
    Raises ValueError as in `start_share`, if the batch has fewer than 2 examples, or if the
    variance is not positive and finite.

    Examples
    --------
    >>> round(float(expected_moving_variance(0.9, steps=10, variance=4.0, batch_size=32)), 4)
    2.8725
    """
    check_whole(least=2, batch_size=batch_size)
    check_positive(variance=variance)
    left = start_share(momentum, steps=steps)
    return left + (1 - left) * (variance * (batch_size - 1) / batch_size)


def moving_mean_noise(
    momentum: ArrayLike, *, std: float, batch_size: int, steps: ArrayLike = np.inf
) -> NDArray[np.float64]:
    """Standard deviation over runs of the moving mean of values with standard deviation `std`.

    Raises ValueError as in `start_share`, if the batch has fewer than 2 examples, or if std is not
    positive.

    Notes
    -----
    The squares of the weights add up to (1 - m)/(1 + m) (1 - m^2k), and a batch mean's variance is
    std^2 / n.

    Examples
    --------
    >>> round(float(moving_mean_noise(0.99, std=1.0, batch_size=32)), 4)
    0.0125
    """
    return _noise(momentum, steps, std, batch_size) * std / np.sqrt(batch_size)


def moving_variance_noise(
    momentum: ArrayLike, *, std: float, batch_size: int, steps: ArrayLike = np.inf
) -> NDArray[np.float64]:
    """Standard deviation over runs of the moving variance of normal values.

    As in `moving_mean_noise`, with the variance of a batch variance, 2 (n - 1) / n^2 std^4.

    Examples
    --------
    >>> round(float(moving_variance_noise(0.99, std=1.0, batch_size=32)), 4)
    0.0174
    """
    noise = _noise(momentum, steps, std, batch_size)
    return noise * (np.sqrt(2 * (batch_size - 1)) / batch_size * std**2)


def _noise(momentum: ArrayLike, steps: ArrayLike, std: float, batch_size: int) -> NDArray:
    """Check the settings; return the root of the sum of squares of the batches' weights."""
    check_positive(std=std)
    check_whole(least=2, batch_size=batch_size)
    momentums, counts = _checked(momentum, steps)
    return ((1 - momentums) / (1 + momentums) * (1 - momentums ** (2 * counts))) ** 0.5


def _checked(momentum: ArrayLike, steps: ArrayLike) -> tuple[NDArray, NDArray]:
    momentums, counts = as_floats("momentum", momentum), as_floats("steps", steps)
    if not ((momentums >= 0) & (momentums < 1)).all():
        raise ValueError(f"momentum must lie in [0, 1), got {momentum}")
    if not (counts >= 0).all():
        raise ValueError(f"steps must not be negative, got {steps}")
    return momentums, counts
