"""What a simulation of batch norm's moving statistics gives back."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import theory

EPSILON = 1e-3
# Effective numbers of batches, 1 / (1 - momentum), at which momenta are compared.
_MOMENTA = 1 - np.geomspace(1, 2_000, 122) ** -1.0


@dataclass(frozen=True, kw_only=True)
class MomentumErrors:
    """How far the moving mean is off, by momentum, in spreads of the unit's values.

    Attributes
    ----------
    momentum : array of shape (n_momenta,)
        From 0 to 0.9995.
    off : array of shape (n_momenta,)
        Size of the expected error: what is left of the start, and the lag behind the drift.
    noise : array of shape (n_momenta,)
        Standard deviation from one run to another.
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
        """The momentum with the smallest error."""
        return float(self.momentum[np.argmin(self.total)])


@dataclass(frozen=True, kw_only=True)
class MovingStatistics:
    """A unit's batch moments and moving statistics, step by step, and their laws.

    Attributes
    ----------
    center, spread : float
        Mean and standard deviation of the unit's values at step 0.
    drift : float
        By how much the center moves per step.
    momentum : float
    batch_size : int
    batch_mean, batch_variance : arrays of shape (draws, steps)
        Of each batch; the variance divides by the batch size, as Keras does.
    moving_mean, moving_variance : arrays of shape (draws, steps + 1)
        After 0, 1, ... steps.
    """

    center: float
    spread: float
    drift: float
    momentum: float
    batch_size: int
    batch_mean: NDArray[np.float64] = field(repr=False)
    batch_variance: NDArray[np.float64] = field(repr=False)
    moving_mean: NDArray[np.float64] = field(repr=False)
    moving_variance: NDArray[np.float64] = field(repr=False)

    @property
    def draws(self) -> int:
        """Number of runs."""
        return self.batch_mean.shape[0]

    @property
    def steps(self) -> int:
        """Number of batches of each run."""
        return self.batch_mean.shape[1]

    @property
    def truth(self) -> NDArray[np.float64]:
        """Center of the unit's values at each step, of shape (steps + 1,)."""
        return self.center + self.drift * np.arange(self.steps + 1)

    @property
    def start_share(self) -> float:
        """Weight of the start in the moving statistics, momentum^steps (share)."""
        return float(theory.start_share(self.momentum, steps=self.steps))

    @property
    def expected_mean(self) -> NDArray[np.float64]:
        """Expected moving mean at each step by its law, of shape (steps + 1,)."""
        return theory.expected_moving_mean(
            self.momentum,
            steps=np.arange(self.steps + 1),
            center=self.center,
            drift=self.drift,
        )

    @property
    def expected_variance(self) -> NDArray[np.float64]:
        """Expected moving variance at each step by its law, of shape (steps + 1,)."""
        return theory.expected_moving_variance(
            self.momentum,
            steps=np.arange(self.steps + 1),
            variance=self.spread**2,
            batch_size=self.batch_size,
        )

    @property
    def mean_noise(self) -> NDArray[np.float64]:
        """Standard deviation of the moving mean by its law, of shape (steps + 1,)."""
        return theory.moving_mean_noise(**self._noise_settings)

    @property
    def variance_noise(self) -> NDArray[np.float64]:
        """Standard deviation of the moving variance by its law, of shape (steps + 1,)."""
        return theory.moving_variance_noise(**self._noise_settings)

    @property
    def lag(self) -> float:
        """How far the moving mean lags behind the drift at the last step, by the law."""
        return float(theory.drift_lag(self.momentum, steps=self.steps) * self.drift)

    @property
    def inference_mean(self) -> NDArray[np.float64]:
        """Mean of the values that inference would normalize after each step; promised: 0.

        Of shape (draws, steps + 1), for values about the truth of that step, epsilon 0.001.
        """
        return (self.truth - self.moving_mean) * self._inference_scale

    @property
    def inference_spread(self) -> NDArray[np.float64]:
        """Standard deviation of the same values, of shape (draws, steps + 1); promised: 1."""
        return self.spread * self._inference_scale

    def errors_by_momentum(self) -> MomentumErrors:
        """Compare momenta at the last step, by the laws."""
        expected = theory.expected_moving_mean(
            _MOMENTA, steps=self.steps, center=self.center, drift=self.drift
        )
        noise = theory.moving_mean_noise(
            _MOMENTA, steps=self.steps, spread=self.spread, batch_size=self.batch_size
        )
        off = np.abs(expected - self.truth[-1])
        return MomentumErrors(momentum=_MOMENTA, off=off / self.spread, noise=noise / self.spread)

    def inference_in_words(self) -> str:
        """Say what inference makes of the unit's values after the last step of the first run."""
        mean, spread = self.inference_mean[0, -1], self.inference_spread[0, -1]
        return f"mean {_number(mean)} and spread {_number(spread)}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        drift = f", moving by {self.drift:g} per step" if self.drift else ""
        return (
            f"values at {self.center:g} ± {self.spread:g}{drift}, batches of {self.batch_size}, "
            f"momentum {self.momentum:g}, step {self.steps}: "
            f"{self.start_share:.0%} of the start is left, "
            f"inference normalizes to {self.inference_in_words()}"
        )

    @property
    def _noise_settings(self) -> dict:
        return {
            "momentum": self.momentum,
            "steps": np.arange(self.steps + 1),
            "spread": self.spread,
            "batch_size": self.batch_size,
        }

    @property
    def _inference_scale(self) -> NDArray[np.float64]:
        return 1 / np.sqrt(self.moving_variance + EPSILON)


def _number(value: float) -> str:
    """Write a number with two decimals, without a sign where it rounds to 0."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")
