"""Arrays for several inputs or outputs, in the structures that `fit` takes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def is_structure(values: Any) -> bool:
    """Whether these are several arrays, and not one.

    Examples
    --------
    >>> import numpy as np
    >>> is_structure({"age": [1.0]}), is_structure([np.eye(2)]), is_structure([[1.0], [2.0]])
    (True, True, False)
    """
    if isinstance(values, list | tuple):
        return bool(values) and all(
            is_structure(each) or len(getattr(each, "shape", ())) > 0 for each in values
        )
    return isinstance(values, Mapping)


def mapped(values: Any, *, function: Callable, name: str) -> Any:
    """Return the structure with a function of each array and its name in place of the array.

    Examples
    --------
    >>> mapped({"age": [1.0], "size": [2.0]}, function=lambda each, name: name, name="X")
    {'age': "X['age']", 'size': "X['size']"}
    """
    if isinstance(values, Mapping):
        named = {key: (each, f"{name}[{key!r}]") for key, each in values.items()}
        return {
            key: mapped(each, function=function, name=own) for key, (each, own) in named.items()
        }
    if is_structure(values):
        named = [(each, f"{name}[{number}]") for number, each in enumerate(values)]
        return [mapped(each, function=function, name=own) for each, own in named]
    return function(values, name)


def leaves(values: Any) -> list[Any]:
    """Return the arrays of a structure; of dictionaries in the order of their keys, as Keras does.

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
    """Return the arrays of a structure by the names of inputs or outputs.

    A dictionary is read by its keys, all else in order. Where no name is known, keys or numbers
    take their place.

    Raises
    ------
    ValueError
        If there is not one for each.

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
