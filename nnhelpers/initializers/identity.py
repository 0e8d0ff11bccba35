"""The initializer that hands the inputs on."""

from dataclasses import dataclass

import numpy as np

from nnhelpers.initializers.checks import check_finite


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Kernels of `gain` on the diagonal and 0 elsewhere.

    Its weights are neither drawn nor alike, so that it has no `weight_mean` and no `std`, and the
    laws of random weights refuse it.

    Raises
    ------
    ValueError
        If the gain is not finite.
    """

    gain: float = 1.0

    def __post_init__(self) -> None:
        check_finite(gain=self.gain)

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Make kernels of shape (draws, fan_in, fan_out), all the same."""
        return np.tile(self.gain * np.eye(fan_in, fan_out), (draws, 1, 1))

    def draw_bias(self, rng, *, draws, units):
        """Refuse, as Keras does: a bias has but one row."""
        raise ValueError("bias initializer must not be identity, which needs rows and columns")
