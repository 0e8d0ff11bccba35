"""Initializers in a few words, for captions."""

from nnhelpers.initializers.finding import find_initializer
from nnhelpers.initializers.independent import (
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)
from nnhelpers.initializers.protocol import Initializer
from nnhelpers.initializers.structured import Identity, Orthogonal


def describe_initializer(which: object) -> str:
    """Describe a Keras name, a Keras initializer or a record in a caption's few words.

    A name stands for itself, a record for its distribution or its variance, and a Keras
    initializer without a record for the name of its class.

    Examples
    --------
    >>> from nnhelpers import initializers
    >>> initializers.describe_initializer(initializers.RandomNormal(stddev=0.01))
    'N(0, 0.01²)'
    """
    if isinstance(which, str):
        return str(which)
    try:
        record = find_initializer(which)
    except (TypeError, ValueError):
        return _plain(which)
    return _record_in_words(record)


def _record_in_words(record: Initializer) -> str:
    match record:
        case TruncatedNormal():
            return f"{_normal(record)} cut at ±2σ"
        case RandomNormal():
            return _normal(record)
        case RandomUniform():
            return f"uniform on [{record.minval:g}, {record.maxval:g}]"
        case VarianceScaling():
            return f"Var(w) = {record.scale:g}/{record.mode}"
        case Constant():
            return f"all {record.value:g}"
        case Orthogonal():
            return _scaled("orthogonal", record.gain)
        case Identity():
            return _scaled("identity", record.gain)
    return _plain(record)


def _normal(record: RandomNormal) -> str:
    power = "²" if record.stddev != 1 else ""
    return f"N({record.mean:g}, {record.stddev:g}{power})"


def _scaled(name: str, gain: float) -> str:
    return name if gain == 1 else f"{gain:g} × {name}"


def _plain(which: object) -> str:
    # Where an object lies in memory is no caption.
    words = repr(which)
    return getattr(which, "__name__", type(which).__name__) if " at 0x" in words else words
