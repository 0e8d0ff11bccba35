"""Checks of arguments, made before any work is done.

A value of the wrong kind (string, array, True) raises `TypeError`, one out of range `ValueError`.
"""

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, Protocol, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Examples(Protocol):
    """Anything with features of shape (n_examples, n_features) and one class per example."""

    X: NDArray
    y: NDArray


def check_whole(*, least: int = 1, **numbers: Any) -> None:
    """Raise unless each value is a whole number of at least `least`.

    Examples
    --------
    >>> check_whole(draws=300, depth=0)
    Traceback (most recent call last):
    ValueError: depth must be a whole number of at least 1, got 0
    """
    for name, number in numbers.items():
        allowed = f"{name} must be a whole number of at least {least}, got {_shown(number)}"
        if isinstance(number, bool | np.bool_) or not isinstance(number, Integral):
            raise TypeError(allowed)
        if number < least:
            raise ValueError(allowed)


def check_finite(**numbers: Any) -> None:
    """Raise unless each value is a finite number.

    Examples
    --------
    >>> check_finite(center=np.inf)
    Traceback (most recent call last):
    ValueError: center must be finite, got inf
    """
    _check("be finite", np.isfinite, numbers)


def check_positive(**numbers: Any) -> None:
    """Raise unless each value is a positive, finite number.

    Examples
    --------
    >>> check_positive(gain=-1.0)
    Traceback (most recent call last):
    ValueError: gain must be positive and finite, got -1.0
    """
    _check("be positive and finite", lambda number: 0 < number < np.inf, numbers)


def check_not_negative(**numbers: Any) -> None:
    """Raise unless each value is a finite number of at least 0.

    Examples
    --------
    >>> check_not_negative(l2=-0.5)
    Traceback (most recent call last):
    ValueError: l2 must be finite and not negative, got -0.5
    """
    _check("be finite and not negative", lambda number: 0 <= number < np.inf, numbers)


def check_rate(**numbers: Any) -> None:
    """Raise unless each value lies in [0, 1).

    Examples
    --------
    >>> check_rate(momentum=1.0)
    Traceback (most recent call last):
    ValueError: momentum must lie in [0, 1), got 1.0
    """
    _check("lie in [0, 1)", lambda number: 0 <= number < 1, numbers)


def check_between(low: float, high: float, **numbers: Any) -> None:
    """Raise unless each value lies between `low` and `high`, ends included.

    Examples
    --------
    >>> check_between(0, 1, share=1.5)
    Traceback (most recent call last):
    ValueError: share must lie between 0 and 1, got 1.5
    """
    allowed = f"lie between {low:g} and {high:g}"
    _check(allowed, lambda number: low <= number <= high, numbers)


def check_one_of(allowed: Iterable[Any], **values: Any) -> None:
    """Raise ValueError unless each value equals one of `allowed` and has its type.

    Examples
    --------
    >>> check_one_of(("train", "test"), split="all")
    Traceback (most recent call last):
    ValueError: split must be one of 'train', 'test', got 'all'
    """
    known = list(allowed)
    for name, value in values.items():
        if not any(type(value) is type(each) and value == each for each in known):
            raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, got {value!r}")


def check_kind(kind: Any, **things: Any) -> None:
    """Raise TypeError unless each value is of a kind, or of one of several.

    Examples
    --------
    >>> check_kind(dict, settings={})
    """
    for name, thing in things.items():
        if not isinstance(thing, kind):
            wanted = " or ".join(each.__name__ for each in get_args(kind) or [kind])
            raise TypeError(f"{name} must be of type {wanted}, got {_shown(thing)}")


def generator(seed: int) -> np.random.Generator:
    """Return NumPy's generator for a seed, a whole number of at least 0.

    Examples
    --------
    >>> int(generator(0).integers(10))
    8
    """
    check_whole(least=0, seed=seed)
    return np.random.default_rng(seed)


def as_numbers(name: str, values: ArrayLike) -> NDArray:
    """Return real numbers of any shape as an array.

    Examples
    --------
    >>> as_numbers("steps", [1, 2])
    array([1, 2])
    """
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "iuf":
        got = f"dtype {array.dtype}" if isinstance(values, np.ndarray) else _shown(values)
        raise TypeError(f"{name} must hold numbers, got {got}")
    return array


def as_floats(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return real numbers of any shape as an array of float64.

    Examples
    --------
    >>> as_floats("steps", [1, 2])
    array([1., 2.])
    """
    return as_numbers(name, values).astype(np.float64)


def checked_numbers(
    name: str, values: ArrayLike, *, low: float = -np.inf, high: float = np.inf
) -> NDArray[np.float64]:
    """Return one or more finite numbers from `low` to `high` as an array of shape (n,).

    Examples
    --------
    >>> checked_numbers("penalties", [0, 0.1], low=0)
    array([0. , 0.1])
    """
    reach = "" if np.isinf([low, high]).all() else f" from {low:g} to {high:g}"
    array = as_floats(name, values)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{name} must be one or more finite numbers{reach}, got {_shown(values)}")
    if not ((array >= low) & (array <= high)).all():
        raise ValueError(f"{name} must be numbers{reach}, got {_shown(values)}")
    return array


def checked_wholes(name: str, values: Any, *, least: int = 1) -> tuple[int, ...]:
    """Return one or more whole numbers of at least `least` as a tuple.

    Examples
    --------
    >>> checked_wholes("epochs", [0, 10], least=0)
    (0, 10)
    """
    allowed = f"{name} must be one or more whole numbers of at least {least}, got {_shown(values)}"
    if isinstance(values, str) or not np.iterable(values):
        raise TypeError(allowed)
    if not len(values):
        raise ValueError(allowed)
    for value in values:
        check_whole(least=least, **{name: value})
    return tuple(int(value) for value in values)


def checked_features(X: ArrayLike, *, name: str = "X") -> NDArray[np.float64]:
    """Return finite features of shape (n_examples, n_features), both at least 1, as float64.

    Examples
    --------
    >>> checked_features([[1, 2]])
    array([[1., 2.]])
    """
    features = as_numbers(name, X)
    if features.ndim != 2 or not features.size:
        raise ValueError(f"{name} must have shape (n_examples, n_features), got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError(f"{name} must hold finite numbers, got others among them")
    return features.astype(np.float64)


def checked_examples(dataset: Examples) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the finite features X and classes y, whole numbers from 0, of anything with both.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> [array.shape for array in checked_examples(datasets.load_circles())]
    [(166, 2), (166,)]
    """
    if not (hasattr(dataset, "X") and hasattr(dataset, "y")):
        raise TypeError(f"dataset must have features X and classes y, got {_shown(dataset)}")
    X, y = checked_features(dataset.X, name="dataset.X"), as_numbers("dataset.y", dataset.y)
    if y.shape != X.shape[:1] or not (y == np.abs(np.floor(y))).all():
        raise ValueError(f"dataset must have {len(X)} classes y from 0 on, got {np.unique(y)}")
    return X, y.astype(np.int64)


def _check(allowed: str, holds: Any, numbers: dict[str, Any]) -> None:
    for name, number in numbers.items():
        if isinstance(number, bool | np.bool_) or not isinstance(number, Real):
            raise TypeError(f"{name} must be a number, got {_shown(number)}")
        if not holds(number):
            raise ValueError(f"{name} must {allowed}, got {number}")


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape}"
    text = repr(value)
    return text if len(text) <= 80 else f"a {type(value).__name__}"
