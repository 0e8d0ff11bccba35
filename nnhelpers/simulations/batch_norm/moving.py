"""Batch norm's moving statistics of one unit, batch by batch."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import theory, words
from nnhelpers.checks import check_rate, check_whole, generator
from nnhelpers.simulations.units.cloud import UnitStream

_EPSILON = 1e-3
# Effective numbers of batches, 1 / (1 - momentum), at which momenta are compared.
_MOMENTA = 1 - np.geomspace(1, 2_000, 122) ** -1.0


_STREAM = UnitStream()


@dataclass(frozen=True, kw_only=True)
class MomentumErrors:
    """Errors of the moving mean by momentum, in standard deviations of the unit's values.

    Attributes
    ----------
    momentum, off, noise : arrays of shape (n_momenta,)
        Momenta from 0 to 0.9995; size of the expected error, from the start and the lag behind the
        drift; and standard deviation over runs.
    """

    momentum: NDArray[np.float64]
    off: NDArray[np.float64]
    noise: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Root mean square error, of shape (n_momenta,)."""
        return np.hypot(self.off, self.noise)

    @property
    def best(self) -> float:
        """Momentum with the smallest error."""
        return float(self.momentum[np.argmin(self.total)])


@dataclass(frozen=True, kw_only=True)
class MovingStatistics:
    """A unit's batch moments and moving statistics, step by step, and their laws.

    Attributes
    ----------
    batch_mean, batch_variance : arrays of shape (draws, steps)
        Moments of each batch; the variance divides by the batch size, as Keras does.
    moving_mean, moving_variance : arrays of shape (draws, steps + 1)
        Moving statistics after 0, 1, ... steps.
    """

    data: UnitStream
    momentum: float
    batch_size: int
    batch_mean: NDArray[np.float64] = field(repr=False)
    batch_variance: NDArray[np.float64] = field(repr=False)
    moving_mean: NDArray[np.float64] = field(repr=False)
    moving_variance: NDArray[np.float64] = field(repr=False)

    @property
    def steps(self) -> int:
        """Number of batches of each run."""
        return self.batch_mean.shape[1]

    @property
    def truth(self) -> NDArray[np.float64]:
        """Center of the unit's values at each step, of shape (steps + 1,)."""
        return self.data.center + self.data.drift * self._all_steps

    @property
    def start_share(self) -> float:
        """Weight of the start in the moving statistics, momentum^steps (share)."""
        return float(theory.start_share(self.momentum, steps=self.steps))

    @property
    def expected_mean(self) -> NDArray[np.float64]:
        """Expected moving mean at each step, of shape (steps + 1,)."""
        return theory.expected_moving_mean(self.momentum, steps=self._all_steps, **self._moved)

    @property
    def expected_variance(self) -> NDArray[np.float64]:
        """Expected moving variance at each step, of shape (steps + 1,)."""
        batches = {"variance": self.data.std**2, "batch_size": self.batch_size}
        return theory.expected_moving_variance(self.momentum, steps=self._all_steps, **batches)

    @property
    def mean_noise(self) -> NDArray[np.float64]:
        """Exact standard deviation of the moving mean at each step, of shape (steps + 1,)."""
        return theory.moving_mean_noise(self.momentum, steps=self._all_steps, **self._noisy)

    @property
    def variance_noise(self) -> NDArray[np.float64]:
        """Exact standard deviation of the moving variance at each step, of shape (steps + 1,)."""
        return theory.moving_variance_noise(self.momentum, steps=self._all_steps, **self._noisy)

    @property
    def lag(self) -> float:
        """Expected distance of the moving mean behind the center at the last step, due to drift."""
        return float(theory.drift_lag(self.momentum, steps=self.steps) * self.data.drift)

    @property
    def inference(self) -> tuple[float, float]:
        """Mean and std of the last step's values in inference, in the first run; promised: 0, 1."""
        root = np.sqrt(self.moving_variance[0, -1] + _EPSILON)
        return (self.truth[-1] - self.moving_mean[0, -1]) / root, self.data.std / root

    def errors_by_momentum(self) -> MomentumErrors:
        """Return the exact errors of many momenta at the last step."""
        expected = theory.expected_moving_mean(_MOMENTA, steps=self.steps, **self._moved)
        noise = theory.moving_mean_noise(_MOMENTA, steps=self.steps, **self._noisy)
        off, std = np.abs(expected - self.truth[-1]), self.data.std
        return MomentumErrors(momentum=_MOMENTA, off=off / std, noise=noise / std)

    def inference_in_words(self) -> str:
        """Describe the unit's values in inference after the last step of the first run."""
        return "mean {} and standard deviation {}".format(*map(words.decimal, self.inference))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        drift = f", moving by {self.data.drift:g} per step" if self.data.drift else ""
        return (
            f"values at {self.data.center:g} ± {self.data.std:g}{drift}, "
            f"batches of {self.batch_size}, momentum {self.momentum:g}, step {self.steps}: "
            f"{self.start_share:.0%} of the start is left, "
            f"inference normalizes to {self.inference_in_words()}"
        )

    @property
    def _all_steps(self) -> NDArray[np.int64]:
        return np.arange(self.steps + 1)

    @property
    def _noisy(self) -> dict:
        return {"std": self.data.std, "batch_size": self.batch_size}

    @property
    def _moved(self) -> dict:
        return {"center": self.data.center, "drift": self.data.drift}


def simulate_moving_statistics(
    momentum: float = 0.99,
    *,
    data: UnitStream = _STREAM,
    batch_size: int = 32,
    steps: int = 100,
    draws: int = 1,
    seed: int = 0,
) -> MovingStatistics:
    """Draw a unit's values batch by batch, and update moving statistics as Keras does.

    The values of batch k are normal around center + k drift; the momentum, in [0, 1), is the weight
    of the old value. With one seed, more steps begin with the same batches. Raises ValueError or
    TypeError if a number is out of range, such as a batch of fewer than 2 examples.

    References
    ----------
    S. Ioffe and C. Szegedy, 2015, https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> simulate_moving_statistics(0.5, steps=3).start_share
    0.125
    """
    check_rate(momentum=momentum)
    check_whole(least=2, batch_size=batch_size)
    check_whole(steps=steps, draws=draws)
    values = generator(seed).standard_normal((steps, draws, batch_size)) * data.std
    centers = data.center + data.drift * np.arange(1, steps + 1)
    mean, variance = values.mean(axis=2).T + centers, values.var(axis=2).T
    return MovingStatistics(
        data=data,
        momentum=momentum,
        batch_size=batch_size,
        batch_mean=mean,
        batch_variance=variance,
        moving_mean=_moving_average(mean, momentum=momentum, start=0.0),
        moving_variance=_moving_average(variance, momentum=momentum, start=1.0),
    )


def _moving_average(moments: NDArray, *, momentum: float, start: float) -> NDArray[np.float64]:
    """Average moments of shape (draws, steps); return shape (draws, steps + 1)."""
    moving = np.full((moments.shape[0], moments.shape[1] + 1), start)
    for step, moment in enumerate(moments.T):
        moving[:, step + 1] = momentum * moving[:, step] + (1 - momentum) * moment
    return moving
