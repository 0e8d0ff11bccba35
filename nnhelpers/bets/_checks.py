"""What every answer checks, and how numbers are written."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

# A bet that is off by exactly the stated distance is a hit, however floats round.
ROUNDING = 1e-9


def check_range(low: float, high: float, *, within: float) -> None:
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(f"low must be less than high and both finite, got {low} and {high}")
    check_positive("within", within)


def check_positive(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be positive and finite, got {value}")


def check_inside(name: str, values: ArrayLike, *, low: float, high: float) -> None:
    inside = (np.asarray(values) >= low) & (np.asarray(values) <= high)
    if not inside.all():
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, got {values}")


def increases(x: Sequence[float]) -> bool:
    return len(x) > 0 and bool(np.isfinite(x).all() and (np.diff(x) > 0).all())


def in_digits(value: float, within: float) -> str:
    """Write a number to the second digit of `within`; what follows belongs to the processor."""
    decimals = 1 - int(np.floor(np.log10(within)))
    rounded = round(float(value), decimals) + 0.0  # which makes -0 a 0
    text = f"{rounded:,.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if decimals > 0 else text
