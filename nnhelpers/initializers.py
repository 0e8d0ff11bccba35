"""Weight draws in NumPy under Keras's names, for thousands of networks at a time.

Each record takes the arguments of the Keras initializer of the same name; the random numbers are
NumPy's, so a draw agrees with Keras in distribution, not number by number.
"""

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Standard deviation of N(0, 1) cut at two standard deviations; Keras divides by it.
TRUNCATED_STD = 0.87962566103423978


class Initializer(Protocol):
    """Anything that can draw the kernels of many layers at once."""

    def draw(
        self, rng: np.random.Generator, *, draws: int, fan_in: int, fan_out: int
    ) -> NDArray[np.float64]:
        """Draw kernels of shape (draws, fan_in, fan_out)."""


@dataclass(frozen=True, kw_only=True)
class Constant:
    """Every weight equals `value`."""

    value: float = 0.0

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        return np.full((draws, fan_in, fan_out), float(self.value))


@dataclass(frozen=True, kw_only=True)
class RandomUniform:
    """Weights uniform on [minval, maxval]."""

    minval: float = -0.05
    maxval: float = 0.05

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        return rng.uniform(self.minval, self.maxval, size=(draws, fan_in, fan_out))


@dataclass(frozen=True, kw_only=True)
class RandomNormal:
    """Weights from a normal distribution."""

    mean: float = 0.0
    stddev: float = 0.05

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        return rng.normal(self.mean, self.stddev, size=(draws, fan_in, fan_out))


@dataclass(frozen=True, kw_only=True)
class TruncatedNormal:
    """Weights from a normal distribution cut at two standard deviations."""

    mean: float = 0.0
    stddev: float = 0.05

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        return self.mean + self.stddev * _truncated(rng, (draws, fan_in, fan_out))


@dataclass(frozen=True, kw_only=True)
class VarianceScaling:
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

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight."""
        return float(np.sqrt(self.scale / self._fan(fan_in, fan_out)))

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        shape = (draws, fan_in, fan_out)
        std = self.std(fan_in=fan_in, fan_out=fan_out)
        if self.distribution == "uniform":
            return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, size=shape)
        if self.distribution == "untruncated_normal":
            return rng.normal(0, std, size=shape)
        return std / TRUNCATED_STD * _truncated(rng, shape)

    def _fan(self, fan_in: int, fan_out: int) -> float:
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        return max(1.0, fans[self.mode])


INITIALIZERS: dict[str, Initializer] = {
    "zeros": Constant(value=0.0),
    "ones": Constant(value=1.0),
    "random_uniform": RandomUniform(),
    "random_normal": RandomNormal(),
    "glorot_uniform": VarianceScaling(mode="fan_avg", distribution="uniform"),
    "glorot_normal": VarianceScaling(mode="fan_avg"),
    "he_uniform": VarianceScaling(scale=2.0, distribution="uniform"),
    "he_normal": VarianceScaling(scale=2.0),
    "lecun_uniform": VarianceScaling(distribution="uniform"),
    "lecun_normal": VarianceScaling(),
}

_NAMED = {"".join(word.title() for word in name.split("_")): name for name in INITIALIZERS}
_CONFIGURED = (Constant, RandomUniform, RandomNormal, TruncatedNormal, VarianceScaling)
_RECORDS = {record.__name__: record for record in _CONFIGURED}


def find_initializer(which: str | Initializer) -> Initializer:
    """Return the record of a Keras name; a record is passed through.

    Raises
    ------
    ValueError, TypeError
        If the name is not in `INITIALIZERS`, or it is neither a name nor a record.
    """
    if hasattr(which, "draw"):
        return which
    if not isinstance(which, str):
        raise TypeError(f"initializer must be a Keras name or a record, got {which!r}")
    if which not in INITIALIZERS:
        raise ValueError(f"initializer must be one of {sorted(INITIALIZERS)}, got {which!r}")
    return INITIALIZERS[which]


def from_config(class_name: str, config: dict) -> Initializer:
    """Return the record with the class name and configuration of a Keras initializer.

    Raises
    ------
    ValueError
        If there is no record of that name (`Orthogonal`, say, is drawn by Keras alone).
    """
    if class_name in _RECORDS:
        record = _RECORDS[class_name]
        return record(**{field.name: config[field.name] for field in fields(record)})
    if class_name in _NAMED:
        return INITIALIZERS[_NAMED[class_name]]
    known = sorted({*_RECORDS, *_NAMED})
    raise ValueError(f"initializer must be one of {known} to be drawn in bulk, got {class_name}")


def _truncated(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    values = rng.standard_normal(shape)
    outside = np.abs(values) > 2
    while outside.any():
        # A stream of its own for each round, so that a draw does not depend on those after it.
        (stream,) = rng.spawn(1)
        values[outside] = stream.standard_normal(outside.sum())
        outside = np.abs(values) > 2
    return values
