"""The record of one activation function."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Elementwise = Callable[[NDArray], NDArray]
# Every function here but exponential is nearly straight beyond these.
_GRID = np.linspace(-30, 30, 60_001)
_BESIDE = 1e-12


@dataclass(frozen=True)
class Activation:
    """An activation function f under Keras's name.

    Attributes
    ----------
    value, derivative, second_derivative : callable
        f, f' and f'' of an array, elementwise.
    limits : tuple of float
        f at minus and plus infinity.
    kinks : tuple of float
        Where f, f' or f'' jumps.

    Notes
    -----
    At a jump of f, f' or f'' the record has TensorFlow's value:

    ==============  =======  =====================  ==================  ========================
    name            at       what jumps             TensorFlow's value  which side that is
    ==============  =======  =====================  ==================  ========================
    relu            0        f', from 0 to 1        0                   left
    leaky_relu      0        f', from 0.2 to 1      0.2                 left
    prelu           0        f', from 0.25 to 1     0                   neither: it is two ReLUs
    elu             0        f'', from 1 to 0       0                   right
    selu            0        f', from 1.76 to 1.05  1.05                right
    selu            0        f'', from 1.76 to 0    0                   right
    celu            0        f'', from 1 to 0       1                   left
    celu            0        nothing: f' is 1       2                   both sides, added up
    softsign        0        f'', from 2 to -2      0                   neither: the middle
    relu6           0 and 6  f', from 1 to 0        0                   outside
    hard_sigmoid    ±3       f', from 1/6 to 0      0                   outside
    hard_silu       -3       f', from -1/2 to 0     0                   outside
    hard_silu       3        f', from 3/2 to 1      1                   outside
    hard_silu       ±3       f'', from 1/3 to 0     0                   outside
    hard_tanh       ±1       f', from 1 to 0        1                   inside
    sparse_sigmoid  ±1       f', from 1/2 to 0      0                   outside
    sparse_plus     ±1       f'', from 1/2 to 0     0                   outside
    hard_shrink     ±0.5     f, from 0 to ±0.5      0                   inside
    hard_shrink     ±0.5     f', from 0 to 1        0                   inside
    soft_shrink     ±0.5     f', from 0 to 1        0                   inside
    ==============  =======  =====================  ==================  ========================

    TensorFlow's softsign has no second derivative; the value is that of z / (1 + abs(z)).
    """

    name: str
    value: Elementwise
    derivative: Elementwise
    second_derivative: Elementwise = np.zeros_like
    limits: tuple[float, float] = (-np.inf, np.inf)
    kinks: tuple[float, ...] = ()

    @cached_property
    def largest_slope(self) -> float:
        """Largest abs(f') on a fine grid from -30 to 30, leaving out values at kinks."""
        return float(np.abs(self.derivative(_around(self.kinks))).max())

    @cached_property
    def largest_curvature(self) -> float:
        """Largest abs(f'') on a fine grid from -30 to 30, leaving out values at kinks."""
        return float(np.abs(self.second_derivative(_around(self.kinks))).max())


def _around(kinks: tuple[float, ...]) -> NDArray[np.float64]:
    sides = np.add.outer(kinks, [-_BESIDE, _BESIDE]).ravel()
    return np.concatenate([np.setdiff1d(_GRID, kinks), sides])
