"""The order of a network's examples: the engine's random integers in NumPy."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_whole

STRIDE = 0x9E3779B97F4A7C15


def batch_order(*, n_examples: int, epochs: int, seed: int, member: int = 0) -> NDArray[np.int64]:
    """Return the order of the examples in each epoch, of shape (epochs, n_examples).

    Batches are consecutive pieces of it. Networks trained together have different orders, by their
    number `member`.

    Examples
    --------
    >>> batch_order(n_examples=6, epochs=3, seed=0).shape
    (3, 6)
    """
    check_whole(n_examples=n_examples)
    check_whole(least=0, epochs=epochs, seed=seed, member=member)
    key = mixed(mixed(np.uint64(seed % 2**62 + 1)) + np.uint64(member + 1))
    here = mixed(mixed(~key) + np.arange(1, epochs + 1, dtype=np.uint64) * np.uint64(STRIDE))
    order, rows = np.tile(np.arange(n_examples), (epochs, 1)), np.arange(epochs)
    for last in range(n_examples - 1, 0, -1):
        bits = mixed(here + np.uint64(last * STRIDE % 2**64)) >> np.uint64(32)
        other = ((bits * np.uint64(last + 1)) >> np.uint64(32)).astype(np.int64)
        order[:, last], order[rows, other] = order[rows, other], order[:, last].copy()
    return order


def mixed(x: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    """Scramble 64 bits (splitmix64), modulo 2⁶⁴.

    Examples
    --------
    >>> int(mixed(np.uint64(1)))
    6238072747940578789
    """
    with np.errstate(over="ignore"):
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
