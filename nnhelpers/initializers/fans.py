"""How many inputs and outputs weights of a shape have."""

import math
from collections.abc import Sequence


def compute_fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return (fan_in, fan_out) of weights of a shape, as Keras counts them.

    Parameters
    ----------
    shape : sequence of int
        () of a scalar, (n,) of a bias, (fan_in, fan_out) of a dense kernel, and
        (..., channels_in, channels_out) of a convolution's.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1.

    Notes
    -----
    Of a bias both are n. A convolution's channels count once for every place of its window.

    References
    ----------
    https://github.com/keras-team/keras/blob/master/keras/src/initializers/random_initializers.py
    """
    sizes = tuple(shape)
    if not all(size >= 1 and size == math.floor(size) for size in sizes):
        raise ValueError(f"shape must hold whole numbers of at least 1, got {sizes}")
    *window, fan_in, fan_out = (1, 1) if not sizes else sizes * 2 if len(sizes) == 1 else sizes
    places = math.prod(window)
    return int(fan_in * places), int(fan_out * places)
