"""Checks of the numbers that an initializer is made of."""

import math
from numbers import Real


def check_finite(**numbers: float) -> None:
    """Refuse what is not a finite number, by name."""
    for name, number in numbers.items():
        if not isinstance(number, Real):
            raise TypeError(f"{name} must be a number, got {number!r}")
        if not math.isfinite(number):
            raise ValueError(f"{name} must be finite, got {number}")


def check_spread(*, stddev: float) -> None:
    """Refuse a standard deviation that is negative or not finite."""
    check_finite(stddev=stddev)
    if stddev < 0:
        raise ValueError(f"stddev must not be negative, got {stddev}")


def check_positive(**numbers: float) -> None:
    """Refuse what is not a positive and finite number, by name."""
    for name, number in numbers.items():
        if not isinstance(number, Real):
            raise TypeError(f"{name} must be a number, got {number!r}")
        if not (number > 0 and math.isfinite(number)):
            raise ValueError(f"{name} must be positive and finite, got {number}")
