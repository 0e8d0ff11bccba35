"""Checks of numbers, each refusal in words."""

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

TINY = float(np.nextafter(0, 1))  # the smallest number above 0


def checked_whole(name: str, value: Any, least: int) -> int:
    """Return a whole number of at least so much, or refuse it by name."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        bound = "not be negative" if least == 0 else f"be at least {least}"
        raise ValueError(f"{name} must {bound}, got {value}")
    return int(value)


def checked_number(name: str, value: Any, *, allowed: str, low: float = 0.0, high=np.inf) -> float:
    """Return a number from `low` up to below `high`, or refuse it by name and in these words."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must {allowed}, got {value!r}")
    if not low <= value < high:
        raise ValueError(f"{name} must {allowed}, got {value!r}")
    return float(value)


def checked_each(
    name: str, value: Any, n_layers: int, check: Callable[[str, Any], Any], layers: str
) -> Any:
    """Check what is one for all layers, or one for each; all equal ones become one for all."""
    if isinstance(value, str) or not np.iterable(value):
        return check(name, value)
    values = tuple(check(name, each) for each in value)
    if len(values) != n_layers:
        raise ValueError(
            f"{name} must be one for all or one for each of {n_layers} {layers}, "
            f"got {len(values)}: {values!r}"
        )
    return values[0] if values and all(each == values[0] for each in values) else values


def one_per_layer(value: Any, n_layers: int) -> tuple:
    """Return what has been checked, once for each layer."""
    return value if isinstance(value, tuple) else (value,) * n_layers
