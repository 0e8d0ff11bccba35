"""The engine's random integers in NumPy: the order in which a network takes its examples."""

import numpy as np
from numpy.typing import NDArray

_U = np.uint64
_STRIDE = 0x9E3779B97F4A7C15


def batch_orders(n_examples: int, epochs: int, *, seed: int, member: int) -> NDArray[np.int64]:
    """Return what `loop._shuffle` writes in each epoch, of shape (epochs, n_examples)."""
    key = _mixed(_mixed(_U(seed % 2**62 + 1)) + _U(member + 1))
    here = _mixed(_mixed(~key) + np.arange(1, epochs + 1, dtype=np.uint64) * _U(_STRIDE))
    order, rows = np.tile(np.arange(n_examples), (epochs, 1)), np.arange(epochs)
    for last in range(n_examples - 1, 0, -1):
        bits = _mixed(here + _U(last * _STRIDE % 2**64)) >> _U(32)
        other = ((bits * _U(last + 1)) >> _U(32)).astype(np.int64)
        order[:, last], order[rows, other] = order[rows, other], order[:, last].copy()
    return order


def _mixed(x: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    """Scramble 64 bits (splitmix64); what is carried over is dropped."""
    with np.errstate(over="ignore"):
        x = (x ^ (x >> _U(30))) * _U(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> _U(27))) * _U(0x94D049BB133111EB)
    return x ^ (x >> _U(31))
