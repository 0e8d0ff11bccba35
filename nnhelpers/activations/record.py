"""What is known about one activation function."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Elementwise = Callable[[NDArray], NDArray]

# Every function here is nearly straight beyond these; next to zero lie the kinks.
_GRID = np.concatenate([np.linspace(-30, 30, 60_001), [-1e-12, 1e-12]])


@dataclass(frozen=True, kw_only=True)
class Activation:
    """An activation function f under Keras's name.

    Attributes
    ----------
    name : str
        Keras's name.
    value, derivative, second_derivative : callable
        f, f' and f'' of an array, elementwise.
    limits : tuple of float
        f at minus and plus infinity.

    Notes
    -----
    Where f has a kink or f' a jump, all of them at 0, the record takes TensorFlow's value:

    ==========  =====================  ==================  ========================
    name        what jumps at 0        TensorFlow's value  which side that is
    ==========  =====================  ==================  ========================
    relu        f', from 0 to 1        0                   left
    leaky_relu  f', from 0.2 to 1      0.2                 left
    prelu       f', from 0.25 to 1     0                   neither: it is two ReLUs
    elu         f'', from 1 to 0       0                   right
    selu        f', from 1.76 to 1.05  1.05                right
    selu        f'', from 1.76 to 0    0                   right
    softsign    f'', from 2 to -2      0                   neither: the middle
    ==========  =====================  ==================  ========================

    TensorFlow has no second derivative of its own softsign; autodiff of z / (1 + abs(z)) has.
    """

    name: str
    value: Elementwise
    derivative: Elementwise
    second_derivative: Elementwise
    limits: tuple[float, float]

    @property
    def bounded(self) -> bool:
        """Whether f saturates on both sides."""
        return bool(np.isfinite(self.limits).all())

    @cached_property
    def largest_slope(self) -> float:
        """Largest abs(f'), found on a fine grid."""
        return float(np.abs(self.derivative(_GRID)).max())

    @cached_property
    def largest_curvature(self) -> float:
        """Largest abs(f''), found on a fine grid; a kink has none."""
        return float(np.abs(self.second_derivative(_GRID)).max())
