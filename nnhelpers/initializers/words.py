"""Initializers in a few words, for captions."""

from nnhelpers.initializers.independent import (
    Constant,
    RandomNormal,
    RandomUniform,
    VarianceScaling,
)


def describe_initializer(which: object) -> str:
    """Write a Keras name or a record as short as a caption wants it.

    A name stands for itself, a record for its distribution or its variance: "N(0, 0.01²)",
    "Var(w) = 1/fan_out".
    """
    if isinstance(which, str):
        return which
    if isinstance(which, RandomNormal):
        power = "²" if which.stddev != 1 else ""
        return f"N({which.mean:g}, {which.stddev:g}{power})"
    if isinstance(which, RandomUniform):
        return f"uniform on [{which.minval:g}, {which.maxval:g}]"
    if isinstance(which, VarianceScaling):
        return f"Var(w) = {which.scale:g}/{which.mode}"
    if isinstance(which, Constant):
        return f"all {which.value:g}"
    return repr(which)
