"""Draw without moving anybody's random numbers."""

import contextlib
import random
from collections.abc import Iterator

import numpy as np
from keras.src.backend.common import global_state

# Keras makes one generator for all that have no seed of their own, when the first one asks.
_GLOBAL = "global_seed_generator"


@contextlib.contextmanager
def kept_random_state(seed: int) -> Iterator[None]:
    """Seed Python, NumPy and Keras inside a ``with`` block, and put all back behind it.

    Examples
    --------
    >>> before = random.getstate()
    >>> with kept_random_state(0):
    ...     number = random.random()
    >>> random.getstate() == before
    True
    """
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    generator = global_state.get_global_attribute(_GLOBAL)
    state = None if generator is None else generator.state.numpy().copy()
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        if generator is None:
            global_state.set_global_attribute(_GLOBAL, None)
        else:
            generator.state.assign(state)
