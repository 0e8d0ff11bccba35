"""Initializers that draw every weight on its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.initializers.checks import check_finite, check_spread
from nnhelpers.initializers.fans import compute_fans

# Standard deviation of N(0, 1) cut at two standard deviations; Keras divides by it.
TRUNCATED_STD = 0.87962566103423978


class Independent:
    """Weights that know nothing of one another, so that a bias is drawn as a kernel is."""

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        fans = compute_fans((fan_in, fan_out))
        return self._values(rng, (draws, fan_in, fan_out), fans)

    def draw_bias(self, rng, *, draws, units):
        """Draw biases of shape (draws, units), scaled by the fans that Keras gives a bias."""
        return self._values(rng, (draws, units), compute_fans((units,)))


@dataclass(frozen=True, kw_only=True)
class Constant(Independent):
    """Every weight equals `value`.

    Raises
    ------
    ValueError
        If the value is not finite.
    """

    value: float = 0.0

    def __post_init__(self) -> None:
        check_finite(value=self.value)

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return float(self.value)

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight, whatever the fans."""
        return 0.0

    def _values(self, rng, shape, fans):
        return np.full(shape, float(self.value))


@dataclass(frozen=True, kw_only=True)
class RandomUniform(Independent):
    """Weights uniform on [minval, maxval].

    Raises
    ------
    ValueError
        If a limit is not finite, or the lower one is above the upper one.
    """

    minval: float = -0.05
    maxval: float = 0.05

    def __post_init__(self) -> None:
        check_finite(minval=self.minval, maxval=self.maxval)
        if self.minval > self.maxval:
            raise ValueError(
                f"minval must not be above maxval, got minval={self.minval}, maxval={self.maxval}"
            )

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return (self.minval + self.maxval) / 2

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight, whatever the fans."""
        return float((self.maxval - self.minval) / np.sqrt(12))

    def _values(self, rng, shape, fans):
        return rng.uniform(self.minval, self.maxval, size=shape)


@dataclass(frozen=True, kw_only=True)
class RandomNormal(Independent):
    """Weights from a normal distribution.

    Raises
    ------
    ValueError
        If the mean is not finite, or the standard deviation negative or not finite.
    """

    mean: float = 0.0
    stddev: float = 0.05

    def __post_init__(self) -> None:
        check_finite(mean=self.mean)
        check_spread(stddev=self.stddev)

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return self.mean

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight, whatever the fans."""
        return self.stddev

    def _values(self, rng, shape, fans):
        return rng.normal(self.mean, self.stddev, size=shape)


@dataclass(frozen=True, kw_only=True)
class TruncatedNormal(Independent):
    """Weights from a normal distribution cut at two standard deviations.

    Raises
    ------
    ValueError
        If the mean is not finite, or the standard deviation negative or not finite.
    """

    mean: float = 0.0
    stddev: float = 0.05

    def __post_init__(self) -> None:
        check_finite(mean=self.mean)
        check_spread(stddev=self.stddev)

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return self.mean

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight: that of the normal distribution less what is cut off."""
        return self.stddev * TRUNCATED_STD

    def _values(self, rng, shape, fans):
        return self.mean + self.stddev * truncated(rng, shape=shape)


def truncated(rng: np.random.Generator, *, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Draw from N(0, 1) cut at two standard deviations, whose own is `TRUNCATED_STD`."""
    values = rng.standard_normal(shape)
    outside = np.abs(values) > 2
    while outside.any():
        # A stream of its own for each round, so that a draw does not depend on those after it.
        (stream,) = rng.spawn(1)
        values[outside] = stream.standard_normal(outside.sum())
        outside = np.abs(values) > 2
    return values
