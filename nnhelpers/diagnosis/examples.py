"""Read examples in the forms that `fit` takes, as arrays or structures of arrays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

# An examination needs no more; a data set in batches is read only up to here.
_MOST = 4_000


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Features and labels.

    Attributes
    ----------
    X : array of shape (n_examples, ...), or dict of them by the names of several inputs
    y : array of shape (n_examples,) or (n_examples, n_outputs), or list or dict of them
    columns : dict of str to tuple of str, names of a table's columns by input
    batch_size : int or None, of a data set in batches
    not_finite, n_given : int, examples left out for a NaN or infinite value, and all given
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
        """Features by input; a single input has the name ""."""
        return self.X if isinstance(self.X, dict) else {"": self.X}

    def take(self, rows: NDArray) -> "Examples":
        """Return the examples in these rows."""
        return replace(self, X=_rows(self.X, rows), y=_rows(self.y, rows))


def read_examples(
    X: Any, y: Any = None, *, inputs: Mapping | None = None, seed: int = 0, name: str = "X"
) -> Examples:
    """Read arrays, pandas tables or a `tf.data.Dataset` of batches, which needs no y.

    `inputs` are the shapes of the model's inputs by name, if known. Raises TypeError if X or y
    holds no numbers, ValueError if they do not fit; errors call X by `name`.

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
    shapes = inputs or {}
    several = len(shapes) > 1 or is_structure(X)
    given = by_name(X, names=shapes, name=name) if several else {next(iter(shapes), ""): X}
    several, features = len(given) > 1, {}
    for each, values in given.items():
        title = f"{name}[{each!r}]" if several else name
        features[each] = _features(values, shapes.get(each), title)
    y = mapped(y, function=_numbers, name=labels)
    count = len(next(iter(features.values())))
    _check_lengths(count, features.values(), name)
    _check_lengths(count, leaves(y), labels)
    good = np.all([_finite(array) for array in [*features.values(), *leaves(y)]], axis=0)
    rows = np.flatnonzero(good)
    if len(rows) > _MOST:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _MOST, replace=False))
    columns = {
        each if several else "": tuple(map(str, getattr(values, "columns", ())))
        for each, values in given.items()
    }
    return Examples(
        X=_rows(features if several else features.popitem()[1], rows, _light),
        y=_rows(y, rows, _light),
        columns=columns,
        batch_size=batch_size,
        not_finite=int((~good).sum()),
        n_given=count,
    )


def _features(values: Any, shape: tuple | None, name: str) -> NDArray:
    array = _numbers(values, name)
    if array.ndim == 1 and shape is not None and shape[1:] in ((), (1,)):
        array = array[:, np.newaxis]  # as Keras does
    if array.ndim < 2 or not array.size:
        raise ValueError(f"{name} must have shape (n_examples, n_features), got {array.shape}")
    given, wanted = array.shape[1:], tuple(shape or ())[1:]
    pairs = zip(given, wanted, strict=False)
    same = len(given) == len(wanted) and all(want in (None, size) for size, want in pairs)
    # Keras adds or drops a last dimension of 1.
    if wanted and not (same or given == (*wanted, 1) or (*given, 1) == wanted):
        sizes = ", ".join(str(size or "any") for size in wanted)
        raise ValueError(f"{name} must have shape (n_examples, {sizes}), got {array.shape}")
    return array


def _check_lengths(count: int, arrays: Iterable[NDArray], name: str) -> None:
    for each in arrays:
        if each.ndim < 1 or len(each) != count:
            what = "labels, one for each example" if name.endswith("y") else "examples"
            raise ValueError(f"{name} must hold {count} {what}, got {each.shape}")


def _rows(structure: Any, rows: NDArray, function: Callable = np.asarray) -> Any:
    return mapped(structure, function=lambda array, _: function(array[rows]), name="")


def _read_batches(data: Any, name: str) -> tuple[Any, Any, int]:
    batches, sizes = [], []
    for batch in data.as_numpy_iterator():
        if not isinstance(batch, tuple) or len(batch) < 2:
            raise ValueError(f"{name} must yield batches (features, labels), got {type(batch)}")
        batches.append(batch[:2])
        sizes.append(len(leaves(batch[0])[0]))
        if sum(sizes) >= _MOST:
            break
    if not batches:
        raise ValueError(f"{name} must hold at least one batch, got none")
    return *map(_joined, zip(*batches, strict=True)), sizes[0]


def _joined(parts: Sequence[Any]) -> Any:
    first = parts[0]
    if isinstance(first, Mapping):
        return {key: _joined([part[key] for part in parts]) for key in first}
    if is_structure(first):
        return [_joined(each) for each in zip(*parts, strict=True)]
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
    """Whether all values of each example are finite in float32."""
    if array.dtype.kind != "f":
        return np.ones(len(array), dtype=bool)
    sizes = np.abs(array.reshape(len(array), -1))
    return (sizes <= np.finfo(np.float32).max).all(axis=1)


def _light(array: NDArray) -> NDArray:
    """Return real numbers as float32, booleans as int64 and whole numbers unchanged, like Keras."""
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


def is_structure(values: Any) -> bool:
    """Whether these are several arrays rather than one.

    Examples
    --------
    >>> is_structure({"age": [1.0]}), is_structure([np.eye(2)]), is_structure([[1.0], [2.0]])
    (True, True, False)
    """
    if isinstance(values, list | tuple):
        return bool(values) and all(
            is_structure(each) or len(getattr(each, "shape", ())) > 0 for each in values
        )
    return isinstance(values, Mapping)


def mapped(values: Any, *, function: Callable, name: str) -> Any:
    """Replace each array of a structure by a function of the array and its name.

    Examples
    --------
    >>> mapped({"age": [1.0], "size": [2.0]}, function=lambda each, name: name, name="X")
    {'age': "X['age']", 'size': "X['size']"}
    """

    def inner(key: Any, each: Any) -> Any:
        return mapped(each, function=function, name=f"{name}[{key!r}]")

    if isinstance(values, Mapping):
        return {key: inner(key, each) for key, each in values.items()}
    if is_structure(values):
        return [inner(number, each) for number, each in enumerate(values)]
    return function(values, name)


def leaves(values: Any) -> list[Any]:
    """Return the arrays of a structure; those of dictionaries in the order of their sorted keys.

    Examples
    --------
    >>> leaves({"b": 1, "a": 2})
    [2, 1]
    """
    if isinstance(values, Mapping):
        return [leaf for key in sorted(values) for leaf in leaves(values[key])]
    if is_structure(values):
        return [leaf for each in values for leaf in leaves(each)]
    return [values]


def by_name(values: Any, *, names: Iterable[str], name: str) -> dict[str, Any]:
    """Return the arrays of a structure by names of inputs or outputs, or by number.

    Raises ValueError if there is not one array for each name.

    Examples
    --------
    >>> by_name({"size": 1, "age": 2}, names=["age", "size"], name="X")
    {'age': 2, 'size': 1}
    """
    names, found = list(names), leaves(values)
    if isinstance(values, Mapping) and set(names) <= set(values):
        return {each: values[each] for each in names or values}
    flat = isinstance(values, Mapping) and not any(map(is_structure, values.values()))
    keyed = flat and len(names) > 1
    names = names or [str(number) for number in range(len(found))]
    if keyed or len(found) != len(names):
        given = ", ".join(map(repr, values)) if keyed else str(len(found))
        raise ValueError(
            f"{name} must hold an array for each of {', '.join(map(repr, names))}, got {given}"
        )
    return dict(zip(names, found, strict=True))
