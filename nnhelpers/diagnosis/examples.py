"""Examples in the forms that `fit` takes, as arrays."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis.structures import by_name, is_structure, leaves, mapped

# A look needs no more; of a data set that is read in batches no more are read.
_MOST = 4_000


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Features and labels.

    Attributes
    ----------
    X : array of shape (n_examples, ...), or dict of them
        By the names of the inputs, where there are several.
    y : array of shape (n_examples,) or (n_examples, n_outputs), or list or dict of them
        For several outputs what `fit` takes.
    columns : dict of str to tuple of str
        By input, the names of a table's columns.
    batch_size : int or None
        Of a data set that comes in batches.
    not_finite : int
        Number of examples with a NaN or infinite value; they are left out.
    n_given : int
        Number of examples that were given; at most 4,000 are looked at.
    """

    X: Any
    y: Any
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    batch_size: int | None = None
    not_finite: int = 0
    n_given: int = 0

    def __len__(self) -> int:
        return len(leaves(self.X)[0])

    @property
    def inputs(self) -> dict[str, NDArray]:
        """Features by input; a single one has the name ""."""
        return self.X if isinstance(self.X, dict) else {"": self.X}

    def take(self, rows: NDArray) -> "Examples":
        """Return some of them."""
        return replace(self, X=_rows(self.X, rows), y=_rows(self.y, rows))


def read_examples(
    X: Any, y: Any = None, *, inputs: Mapping | None = None, seed: int = 0, name: str = "X"
) -> Examples:
    """Read arrays, tables of pandas or a `tf.data.Dataset` of batches (then without y).

    Parameters
    ----------
    X, y
        An array, or a list or dictionary of arrays for several inputs or outputs.
    inputs : dict of str to tuple
        Shapes of the model's inputs by name, where they are known.
    seed : int
    name : str
        What errors call X.

    Raises
    ------
    TypeError
        If X or y holds no numbers.
    ValueError
        If there is no example, X and y differ in number, or X does not fit the inputs.

    Examples
    --------
    >>> read_examples([[1.0], [np.nan], [3.0]], [0, 1, 0]).X.ravel()
    array([1., 3.], dtype=float32)
    """
    labels, batch_size = name.replace("X", "y"), None
    if hasattr(X, "element_spec"):
        X, y, batch_size = _read_batches(X, name)
    elif y is None:
        raise ValueError(f"{labels} must be given beside {name}, got None")
    given = _by_input(X, inputs or {}, name)
    titles = {each: f"{name}[{each!r}]" if len(given) > 1 else name for each in given}
    shapes = inputs or {}
    features = {
        each: _features(values, shapes.get(each), titles[each]) for each, values in given.items()
    }
    y = mapped(y, function=_numbers, name=labels)
    count = len(next(iter(features.values())))
    _check_lengths(count, features.values(), name)
    _check_lengths(count, leaves(y), labels)
    good = np.all([_finite(array) for array in [*features.values(), *leaves(y)]], axis=0)
    rows = _sample(np.flatnonzero(good), seed)
    X = features if len(features) > 1 else next(iter(features.values()))
    named = {each: _columns(values) for each, values in given.items()}
    return Examples(
        X=_rows(X, rows, _light),
        y=_rows(y, rows, _light),
        columns=named if len(named) > 1 else {"": next(iter(named.values()))},
        batch_size=batch_size,
        not_finite=int((~good).sum()),
        n_given=count,
    )


def _by_input(X: Any, inputs: Mapping, name: str) -> dict[str, Any]:
    several = len(inputs) > 1 or is_structure(X)
    return by_name(X, names=inputs, name=name) if several else {next(iter(inputs), ""): X}


def _features(values: Any, shape: tuple | None, name: str) -> NDArray:
    array = _numbers(values, name)
    if array.ndim == 1 and shape is not None and shape[1:] in ((), (1,)):
        array = array[:, np.newaxis]  # as Keras does
    if array.ndim < 2 or not array.size:
        raise ValueError(f"{name} must have shape (n_examples, n_features), got {array.shape}")
    if shape and len(shape) > 1 and not _fits(array.shape[1:], shape[1:]):
        sizes = ", ".join(str(size or "any") for size in shape[1:])
        raise ValueError(f"{name} must have shape (n_examples, {sizes}), got {array.shape}")
    return array


def _fits(given: tuple, expected: tuple) -> bool:
    pairs = zip(given, expected, strict=False)
    same = len(given) == len(expected) and all(want in (None, size) for size, want in pairs)
    # Keras adds or leaves out a last dimension of 1.
    return same or given == (*expected, 1) or (*given, 1) == expected


def _check_lengths(count: int, arrays: Iterable[NDArray], name: str) -> None:
    for each in arrays:
        if each.ndim < 1 or len(each) != count:
            what = "labels, one for each example" if name.endswith("y") else "examples"
            raise ValueError(f"{name} must hold {count} {what}, got {each.shape}")


def _columns(values: Any) -> tuple[str, ...]:
    return tuple(map(str, getattr(values, "columns", ())))


def _rows(structure: Any, rows: NDArray, function: Callable = np.asarray) -> Any:
    return mapped(structure, function=lambda array, _: function(array[rows]), name="")


def _read_batches(data: Any, name: str) -> tuple[Any, Any, int]:
    batches, count = [], 0
    for batch in data.as_numpy_iterator():
        if not isinstance(batch, tuple) or len(batch) < 2:
            raise ValueError(f"{name} must yield batches (features, labels), got {type(batch)}")
        batches.append(batch[:2])
        count += len(leaves(batch[0])[0])
        if count >= _MOST:
            break
    if not batches:
        raise ValueError(f"{name} must hold at least one batch, got none")
    features, labels = (_joined([batch[i] for batch in batches]) for i in (0, 1))
    return features, labels, len(leaves(batches[0][0])[0])


def _joined(parts: list[Any]) -> Any:
    first = parts[0]
    if isinstance(first, Mapping):
        return {key: _joined([part[key] for part in parts]) for key in first}
    if is_structure(first):
        return [_joined(list(each)) for each in zip(*parts, strict=True)]
    return np.concatenate([np.asarray(part) for part in parts])


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
    for column in getattr(values, "columns", ()):
        try:
            _numbers(values[column], "")
        except TypeError:
            return f"column {column!r} of {values[column].dtype}"
    kind = getattr(values, "dtype", None)
    return f"a {type(values).__name__}" + (f" of {kind}" if kind is not None else "")


def _sample(rows: NDArray, seed: int) -> NDArray:
    if len(rows) <= _MOST:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, _MOST, replace=False))
