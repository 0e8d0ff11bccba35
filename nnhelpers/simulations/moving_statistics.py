"""One unit's batches, and what batch norm's moving statistics make of them."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.simulations.draws import check_sizes
from nnhelpers.simulations.moving_results import MovingStatistics
from nnhelpers.theory.moving_statistics import (
    START_MEAN,
    START_VARIANCE,
    check_batch_size,
    check_finite,
    check_momentum,
    check_positive,
)


def simulate_moving_statistics(
    momentum: float = 0.99,
    *,
    center: float = 3.0,
    spread: float = 2.0,
    drift: float = 0.0,
    batch_size: int = 32,
    steps: int = 100,
    draws: int = 1,
    seed: int = 0,
) -> MovingStatistics:
    """Draw a unit's values batch by batch, and update moving statistics as Keras does.

    The values of batch k are normal around center + k drift. More steps from an equal seed begin
    with the same batches.

    Parameters
    ----------
    momentum : float
        Keras's: the weight of the old value.
    center, spread : float
        Mean and standard deviation of the values.
    drift : float
        By how much the center moves per step, as the weights below are trained.
    batch_size : int
    steps : int
        Number of batches.
    draws : int
        Number of runs.

    Returns
    -------
    MovingStatistics

    Raises
    ------
    ValueError
        If the momentum lies outside [0, 1), a batch has fewer than 2 examples, a size is below 1,
        the spread is not positive, or a number is not finite.

    Notes
    -----
    moving = momentum moving + (1 - momentum) batch moment, from a mean of 0 and a variance of 1.

    References
    ----------
    S. Ioffe and C. Szegedy, 2015, https://arxiv.org/abs/1502.03167.
    """
    check_momentum(momentum)
    check_batch_size(batch_size)
    check_sizes(steps=steps, draws=draws)
    check_finite(center=center, drift=drift)
    check_positive(spread=spread)
    values = np.random.default_rng(seed).standard_normal((steps, draws, batch_size)) * spread
    centers = center + drift * np.arange(1, steps + 1)
    batch_mean = values.mean(axis=2).T + centers
    batch_variance = values.var(axis=2).T
    return MovingStatistics(
        center=center,
        spread=spread,
        drift=drift,
        momentum=momentum,
        batch_size=batch_size,
        batch_mean=batch_mean,
        batch_variance=batch_variance,
        moving_mean=moving_average(batch_mean, momentum=momentum, start=START_MEAN),
        moving_variance=moving_average(batch_variance, momentum=momentum, start=START_VARIANCE),
    )


def moving_average(moments: NDArray, *, momentum: float, start: float) -> NDArray[np.float64]:
    """Update a moving value by moments of shape (draws, steps); of shape (draws, steps + 1)."""
    moving = np.empty((moments.shape[0], moments.shape[1] + 1))
    moving[:, 0] = start
    for step, moment in enumerate(moments.T):
        moving[:, step + 1] = momentum * moving[:, step] + (1 - momentum) * moment
    return moving
