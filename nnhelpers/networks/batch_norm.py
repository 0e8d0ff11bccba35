"""The description of a network's batch norm."""

from dataclasses import dataclass

import numpy as np

from nnhelpers.networks._checks import TINY, checked_number


@dataclass(frozen=True, kw_only=True)
class BatchNorm:
    """Which hidden layers have batch norm, where it stands, and its numbers.

    Attributes
    ----------
    layers : tuple of int, optional
        Hidden layers that have it, 0 the first; every one unless given.
    after_activation : bool
        Whether it stands behind the activation function. In front of it, as published, it
        replaces the bias.
    momentum : float
        What the moving moments keep of themselves at each step, in [0, 1).
    epsilon : float
        Added to the variance.

    Raises
    ------
    ValueError, TypeError
        If a number is out of range or an argument of another kind.

    References
    ----------
    https://keras.io/api/layers/normalization_layers/batch_normalization/, which has the same
    defaults.
    """

    layers: tuple[int, ...] | None = None
    after_activation: bool = False
    momentum: float = 0.99
    epsilon: float = 1e-3

    def __post_init__(self) -> None:
        checked_number("momentum", self.momentum, allowed="lie in [0, 1)", high=1.0)
        checked_number("epsilon", self.epsilon, allowed="be positive and finite", low=TINY)
        if not isinstance(self.after_activation, bool):
            raise TypeError(
                f"after_activation must be True or False, got {self.after_activation!r}"
            )
        if self.layers is not None:
            object.__setattr__(self, "layers", _checked_layers(self.layers))

    def layers_of(self, n_hidden: int) -> tuple[int, ...]:
        """Return the numbers of the layers that have it, in a network of so many.

        Raises
        ------
        ValueError
            If one of them does not exist.
        """
        if self.layers is None:
            return tuple(range(n_hidden))
        if any(layer >= n_hidden for layer in self.layers):
            raise ValueError(
                f"batch_normalization.layers must be hidden layers, 0 to {n_hidden - 1}, "
                f"got {self.layers}"
            )
        return self.layers


def _checked_layers(layers: tuple[int, ...]) -> tuple[int, ...]:
    numbers = tuple(layers) if np.iterable(layers) else (layers,)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise TypeError(f"layers must be whole numbers, got {number!r}")
        if number < 0:
            raise ValueError(f"layers must count from 0, got {number}")
    if not numbers:
        raise ValueError("layers must name at least one layer, got none")
    return tuple(sorted({int(number) for number in numbers}))
