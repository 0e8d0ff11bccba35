"""The records of initializers, which draw kernels and biases."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas
from nnhelpers.checks import check_finite, check_not_negative, check_one_of, check_positive

# Standard deviation of N(0, 1) cut at two standard deviations; Keras divides by it.
TRUNCATED_STD = 0.87962566103423978


class Initializer:
    """Base class: draws the kernels and biases of many layers at once.

    All but `Identity` have the `weight_mean` and `std` that the laws of simulations need.
    """

    def draw(
        self, rng: np.random.Generator, *, draws: int, fan_in: int, fan_out: int
    ) -> NDArray[np.float64]:
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        return self._values(rng, (draws, fan_in, fan_out), (fan_in, fan_out))

    def draw_bias(self, rng: np.random.Generator, *, draws: int, units: int) -> NDArray[np.float64]:
        """Draw biases of shape (draws, units); as in Keras, both fans are their number."""
        return self._values(rng, (draws, units), (units, units))


@dataclass(frozen=True, kw_only=True)
class Constant(Initializer):
    """Every weight equals `value`.

    Raises ``ValueError`` if the value is not finite.
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
class RandomUniform(Initializer):
    """Weights uniform on [minval, maxval].

    Raises ``ValueError`` if a limit is not finite, or minval exceeds maxval.
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
class RandomNormal(Initializer):
    """Weights from a normal distribution.

    Raises ``ValueError`` if the mean is not finite, or the standard deviation is negative or not
    finite.
    """

    mean: float = 0.0
    stddev: float = 0.05

    def __post_init__(self) -> None:
        check_finite(mean=self.mean)
        check_not_negative(stddev=self.stddev)

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
class TruncatedNormal(RandomNormal):
    """Weights from a normal distribution cut at two standard deviations."""

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight, less than `stddev`."""
        return self.stddev * TRUNCATED_STD

    def _values(self, rng, shape, fans):
        return self.mean + self.stddev * _truncated(rng, shape=shape)


@dataclass(frozen=True, kw_only=True)
class VarianceScaling(Initializer):
    """Weights of variance scale / n, where n is fan_in, fan_out or their average.

    Raises ``ValueError`` if the scale is not positive and finite, or the mode or distribution is
    unknown.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html;
    K. He et al., 2015, https://arxiv.org/abs/1502.01852.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"
    weight_mean = 0.0

    def __post_init__(self) -> None:
        check_positive(scale=self.scale)
        check_one_of(("fan_in", "fan_out", "fan_avg"), mode=self.mode)
        kinds = ("uniform", "truncated_normal", "untruncated_normal")
        check_one_of(kinds, distribution=self.distribution)

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight."""
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        return float(np.sqrt(self.scale / max(1.0, fans[self.mode])))

    def _values(self, rng, shape, fans):
        std = self.std(fan_in=fans[0], fan_out=fans[1])
        if self.distribution == "uniform":
            return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, size=shape)
        if self.distribution == "untruncated_normal":
            return rng.normal(0, std, size=shape)
        return std / TRUNCATED_STD * _truncated(rng, shape=shape)


class _Structured(Initializer):
    """Kernels whose weights depend on one another; there are no such biases."""

    def draw_bias(self, rng, *, draws, units):
        """Raise, as Keras does: a bias has only one row."""
        name = type(self).__name__.lower()
        raise ValueError(f"bias initializer must not be {name}, which needs rows and columns")


@dataclass(frozen=True, kw_only=True)
class Orthogonal(_Structured):
    """Kernels whose columns, or rows if they are fewer, are orthogonal and of length `gain`.

    The kernel is Q of the decomposition Q R of a normal matrix, with signs that make the diagonal
    of R positive, so that all rotations are equally likely. A square kernel multiplies the length
    of a vector by the gain. Raises ``ValueError`` if the gain is not positive and finite.

    References
    ----------
    A. Saxe, J. McClelland and S. Ganguli, 2014, https://arxiv.org/abs/1312.6120;
    F. Mezzadri, 2007, https://arxiv.org/abs/math-ph/0609050.
    """

    gain: float = 1.0
    weight_mean = 0.0

    def __post_init__(self) -> None:
        check_positive(gain=self.gain)

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight, gain / sqrt(max(fan_in, fan_out))."""
        return self.gain / math.sqrt(max(fan_in, fan_out))

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        tall = (draws, max(fan_in, fan_out), min(fan_in, fan_out))
        with blas.one_thread():
            q, r = np.linalg.qr(rng.standard_normal(tall))
        signs = np.copysign(1.0, np.diagonal(r, axis1=-2, axis2=-1))
        q *= self.gain * signs[:, np.newaxis, :]
        return q if fan_in >= fan_out else q.transpose(0, 2, 1)


@dataclass(frozen=True, kw_only=True)
class Identity(_Structured):
    """Kernels with `gain` on the diagonal and 0 elsewhere.

    Raises ``ValueError`` if the gain is not finite.
    """

    gain: float = 1.0

    def __post_init__(self) -> None:
        check_finite(gain=self.gain)

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Return equal kernels of shape (draws, fan_in, fan_out)."""
        return np.tile(self.gain * np.eye(fan_in, fan_out), (draws, 1, 1))


def _truncated(rng: np.random.Generator, *, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Draw from N(0, 1) cut at two standard deviations, with standard deviation `TRUNCATED_STD`."""
    values = rng.standard_normal(shape)
    while (outside := np.abs(values) > 2).any():
        # Each round has its own stream, so that a draw does not depend on those after it.
        (stream,) = rng.spawn(1)
        values[outside] = stream.standard_normal(outside.sum())
    return values
