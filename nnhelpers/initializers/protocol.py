"""What an initializer can do."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Initializer(Protocol):
    """Anything that can draw the kernels and biases of many layers at once.

    `weight_mean` and `std` are needed where a law is to be laid beside a simulation; `Identity`
    has none.
    """

    def draw(
        self, rng: np.random.Generator, *, draws: int, fan_in: int, fan_out: int
    ) -> NDArray[np.float64]:
        """Draw kernels of shape (draws, fan_in, fan_out)."""

    def draw_bias(self, rng: np.random.Generator, *, draws: int, units: int) -> NDArray[np.float64]:
        """Draw biases of shape (draws, units)."""

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight of a kernel."""

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight of a kernel."""
