"""Examples in the forms that `fit` takes, as arrays."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A look needs no more; of a data set that is read in batches no more are read.
_MOST = 4_000


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Features and labels.

    Attributes
    ----------
    X : array of shape (n_examples, ...)
    y : array of shape (n_examples,) or (n_examples, n_outputs)
    batch_size : int or None
        Of a data set that comes in batches.
    not_finite : int
        Number of examples with a NaN or infinite value; they are left out.
    n_given : int
        Number of examples that were given; at most 4,000 are looked at.
    """

    X: NDArray
    y: NDArray
    batch_size: int | None = None
    not_finite: int = 0
    n_given: int = 0

    def __len__(self) -> int:
        return len(self.X)

    def take(self, rows: NDArray) -> "Examples":
        """Return some of them."""
        return replace(self, X=self.X[rows], y=self.y[rows])


def read_examples(X: Any, y: Any = None, *, seed: int = 0, name: str = "X") -> Examples:
    """Read arrays, tables of pandas or a `tf.data.Dataset` of batches (then without y).

    Raises
    ------
    TypeError
        If X or y holds no numbers.
    ValueError
        If there is no example, or X and y differ in number.

    Examples
    --------
    >>> read_examples([[1.0], [np.nan], [3.0]], [0, 1, 0]).X.ravel()
    array([1., 3.], dtype=float32)
    """
    labels = name.replace("X", "y")
    batch_size = None
    if hasattr(X, "element_spec"):
        X, y, batch_size = _read_batches(X, name)
    elif y is None:
        raise ValueError(f"{labels} must be given beside {name}, got None")
    X, y = _numbers(X, name), _numbers(y, labels)
    if X.ndim < 2 or not X.size:
        raise ValueError(f"{name} must have shape (n_examples, n_features), got {X.shape}")
    if y.ndim < 1 or len(X) != len(y):
        raise ValueError(f"{labels} must hold {len(X)} labels, one for each example, got {y.shape}")
    good = _finite(X) & _finite(y)
    rows = _sample(np.flatnonzero(good), seed)
    return Examples(
        X=_light(X[rows]),
        y=_light(y[rows]),
        batch_size=batch_size,
        not_finite=int((~good).sum()),
        n_given=len(X),
    )


def _read_batches(data: Any, name: str) -> tuple[NDArray, NDArray, int]:
    features, labels, count = [], [], 0
    for batch in data.as_numpy_iterator():
        if not isinstance(batch, tuple) or len(batch) < 2:
            raise ValueError(f"{name} must yield batches (features, labels), got {type(batch)}")
        features.append(np.asarray(batch[0]))
        labels.append(np.asarray(batch[1]))
        count += len(features[-1])
        if count >= _MOST:
            break
    if not features:
        raise ValueError(f"{name} must hold at least one batch, got none")
    return np.concatenate(features), np.concatenate(labels), len(features[0])


def _numbers(values: Any, name: str) -> NDArray:
    """Return real numbers as an array."""
    try:
        array = np.asarray(values)
        array = array.astype(np.float64) if array.dtype == object else array
    except (ValueError, TypeError):
        array = np.empty(0, dtype=str)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {_shown(values)}")
    return array


def _finite(array: NDArray) -> NDArray[np.bool_]:
    """Say of each example whether all its values are finite, in float32 too."""
    if array.dtype.kind != "f":
        return np.ones(len(array), dtype=bool)
    limit = np.finfo(np.float32).max
    return (np.abs(array.reshape(len(array), -1)) <= limit).all(axis=1)


def _light(array: NDArray) -> NDArray:
    """Return numbers as float32, whole ones as they are, as Keras does."""
    kinds = {"f": np.float32, "b": np.int64}
    return array.astype(kinds.get(array.dtype.kind, array.dtype))


def _shown(values: Any) -> str:
    kind = getattr(values, "dtype", None)
    return f"a {type(values).__name__}" + (f" of {kind}" if kind is not None else "")


def _sample(rows: NDArray, seed: int) -> NDArray:
    if len(rows) <= _MOST:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, _MOST, replace=False))
