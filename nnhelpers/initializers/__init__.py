"""Weight draws in NumPy under Keras's names, for thousands of networks at a time.

Each record takes the arguments of the Keras initializer of the same name; the random numbers are
NumPy's, so a draw agrees with Keras in distribution, not number by number.
"""

from dataclasses import fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nnhelpers.initializers.fans import compute_fans
from nnhelpers.initializers.independent import (
    TRUNCATED_STD,
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)
from nnhelpers.initializers.orthogonal import Orthogonal
from nnhelpers.initializers.words import describe_initializer

__all__ = [
    "INITIALIZERS",
    "TRUNCATED_STD",
    "Constant",
    "Initializer",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "compute_fans",
    "describe_initializer",
    "find_initializer",
    "from_config",
]


class Initializer(Protocol):
    """Anything that can draw the kernels and biases of many layers at once."""

    def draw(
        self, rng: np.random.Generator, *, draws: int, fan_in: int, fan_out: int
    ) -> NDArray[np.float64]:
        """Draw kernels of shape (draws, fan_in, fan_out)."""

    def draw_bias(self, rng: np.random.Generator, *, draws: int, units: int) -> NDArray[np.float64]:
        """Draw biases of shape (draws, units)."""

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight of a kernel."""

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight of a kernel."""


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
    "orthogonal": Orthogonal(),
}

_NAMED = {"".join(word.title() for word in name.split("_")): name for name in INITIALIZERS}
_CONFIGURED = (Constant, RandomUniform, RandomNormal, TruncatedNormal, VarianceScaling, Orthogonal)
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
        If there is no record of that name (`Identity`, say, is made by Keras alone).
    """
    if class_name in _RECORDS:
        record = _RECORDS[class_name]
        return record(**{field.name: config[field.name] for field in fields(record)})
    if class_name in _NAMED:
        return INITIALIZERS[_NAMED[class_name]]
    known = sorted({*_RECORDS, *_NAMED})
    raise ValueError(f"initializer must be one of {known} to be drawn in bulk, got {class_name}")
