"""Records of what Keras would call an initializer: a name, or an object of its own.

Keras is not imported: an object of Keras's tells all in its configuration.
"""

from dataclasses import fields
from numbers import Integral
from typing import Any

from nnhelpers.initializers.identity import Identity
from nnhelpers.initializers.independent import (
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
)
from nnhelpers.initializers.names import CLASSES, INITIALIZERS, refuse_without_kernel, resolve
from nnhelpers.initializers.orthogonal import Orthogonal
from nnhelpers.initializers.protocol import Initializer
from nnhelpers.initializers.scaling import VarianceScaling

_CONFIGURED = (
    *(Constant, RandomUniform, RandomNormal, TruncatedNormal),
    *(VarianceScaling, Orthogonal, Identity),
)
_RECORDS = {record.__name__: record for record in _CONFIGURED}
# They say which axes of a kernel count as inputs and outputs.
_AXES = ("input_axes", "output_axes")


def find_initializer(which: Any) -> Initializer:
    """Return the record of a Keras name or a Keras initializer; a record is passed through.

    Parameters
    ----------
    which : str, keras.Initializer or Initializer
        The seed of a Keras object is not the record's: `seed_of` reads it.

    Raises
    ------
    ValueError
        If there is no record of that name or class.
    TypeError
        If it is neither a name nor an initializer.
    """
    if isinstance(which, str):
        return INITIALIZERS[resolve(which)]
    if hasattr(which, "draw") and not isinstance(which, type):
        return which
    if not _has_config(which):
        raise TypeError(f"initializer must be a Keras name or a record, got {which!r}")
    # Keras forgets to write the gain of Identity down.
    gain = {"gain": which.gain} if hasattr(which, "gain") else {}
    return from_config(type(which).__name__, gain | which.get_config())


def from_config(class_name: str, config: dict) -> Initializer:
    """Return the record with the class name and configuration of a Keras initializer.

    Raises
    ------
    ValueError
        If there is no record of that name, or the configuration names axes.
    """
    refuse_without_kernel(class_name)
    if class_name not in CLASSES:
        known = sorted(CLASSES)
        raise ValueError(
            f"initializer must be one of {known} to be drawn in bulk, got {class_name}"
        )
    for name in _AXES:
        if config.get(name) is not None:
            raise ValueError(
                f"initializer must have {name}=None to be drawn in bulk, got {config[name]}"
            )
    if class_name not in _RECORDS:
        return INITIALIZERS[CLASSES[class_name]]
    record = _RECORDS[class_name]
    names = {field.name for field in fields(record)}
    return record(**{name: value for name, value in config.items() if name in names})


def seed_of(which: Any) -> int | None:
    """Seed that a Keras initializer brings along; None of one without, of a name and of a record.

    Raises
    ------
    ValueError
        If the seed is a `SeedGenerator`, which draws anew on each call, or no whole number.
    """
    seed = which.get_config().get("seed") if _has_config(which) else None
    if seed is None:
        return None
    if isinstance(seed, Integral) and not isinstance(seed, bool):
        return int(seed)
    got = seed.get("class_name", seed) if isinstance(seed, dict) else repr(seed)
    raise ValueError(f"initializer's seed must be a whole number or None, got {got}")


def _has_config(which: Any) -> bool:
    return hasattr(which, "get_config") and not isinstance(which, type)
