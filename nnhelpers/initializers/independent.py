"""Initializers that draw every weight on its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.initializers.fans import compute_fans

# Standard deviation of N(0, 1) cut at two standard deviations; Keras divides by it.
TRUNCATED_STD = 0.87962566103423978


class _Independent:
    """Weights that know nothing of one another, so that a bias is drawn as a kernel is."""

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        fans = compute_fans((fan_in, fan_out))
        return self._values(rng, (draws, fan_in, fan_out), fans)

    def draw_bias(self, rng, *, draws, units):
        """Draw biases of shape (draws, units), scaled by the fans that Keras gives a bias."""
        return self._values(rng, (draws, units), compute_fans((units,)))


@dataclass(frozen=True, kw_only=True)
class Constant(_Independent):
    """Every weight equals `value`."""

    value: float = 0.0

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
class RandomUniform(_Independent):
    """Weights uniform on [minval, maxval]."""

    minval: float = -0.05
    maxval: float = 0.05

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
class RandomNormal(_Independent):
    """Weights from a normal distribution."""

    mean: float = 0.0
    stddev: float = 0.05

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
class TruncatedNormal(_Independent):
    """Weights from a normal distribution cut at two standard deviations."""

    mean: float = 0.0
    stddev: float = 0.05

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return self.mean

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight: that of the normal distribution less what is cut off."""
        return self.stddev * TRUNCATED_STD

    def _values(self, rng, shape, fans):
        return self.mean + self.stddev * _truncated(rng, shape)


@dataclass(frozen=True, kw_only=True)
class VarianceScaling(_Independent):
    """Weights of variance scale / n, where n is fan_in, fan_out or their average.

    Raises
    ------
    ValueError
        If the scale is not positive or the mode or distribution unknown.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html;
    K. He et al., 2015, https://arxiv.org/abs/1502.01852.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise ValueError(f"scale must be positive, got {self.scale}")
        known = {
            "mode": ("fan_in", "fan_out", "fan_avg"),
            "distribution": ("uniform", "truncated_normal", "untruncated_normal"),
        }
        for name, allowed in known.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {allowed}, got {getattr(self, name)!r}")

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return 0.0

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight."""
        return float(np.sqrt(self.scale / self._fan(fan_in, fan_out)))

    def _values(self, rng, shape, fans):
        std = self.std(fan_in=fans[0], fan_out=fans[1])
        if self.distribution == "uniform":
            return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, size=shape)
        if self.distribution == "untruncated_normal":
            return rng.normal(0, std, size=shape)
        return std / TRUNCATED_STD * _truncated(rng, shape)

    def _fan(self, fan_in: int, fan_out: int) -> float:
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        return max(1.0, fans[self.mode])


def _truncated(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    values = rng.standard_normal(shape)
    outside = np.abs(values) > 2
    while outside.any():
        # A stream of its own for each round, so that a draw does not depend on those after it.
        (stream,) = rng.spawn(1)
        values[outside] = stream.standard_normal(outside.sum())
        outside = np.abs(values) > 2
    return values
