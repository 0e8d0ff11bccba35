"""The description of a dense network."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhelpers import activations, initializers
from nnhelpers.networks.batch_norm import BatchNorm


@dataclass(frozen=True, kw_only=True)
class MLPSpec:
    """A dense network, described with Keras's own argument names.

    Attributes
    ----------
    units : tuple of int
        Units of each hidden layer; empty for logistic regression.
    activation : str
        Keras name of the hidden layers' activation function.
    kernel_initializer, bias_initializer : str or keras.initializers.Initializer
        Keras's defaults unless given.
    batch_normalization : bool or BatchNorm
        True for each hidden layer's pre-activations, with Keras's defaults and the bias dropped;
        a `BatchNorm` says where else, and with which numbers.
    n_outputs : int
        1: sigmoid and binary cross-entropy. More: softmax and sparse categorical cross-entropy.

    Raises
    ------
    ValueError, TypeError
        If a number of units is below 1, a name unknown to Keras, an argument of another kind, or
        batch norm asked for behind a hidden layer that does not exist.
    """

    units: tuple[int, ...] = (2,)
    activation: str = "relu"
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    batch_normalization: bool | BatchNorm = False
    n_outputs: int = 1

    def __post_init__(self) -> None:
        units = tuple(self.units) if np.iterable(self.units) else (self.units,)
        for size in (*units, self.n_outputs):
            if isinstance(size, bool) or not isinstance(size, int | np.integer):
                raise TypeError(f"units and n_outputs must be whole numbers, got {size!r}")
            if size < 1:
                raise ValueError(f"units and n_outputs must be at least 1, got {size}")
        object.__setattr__(self, "units", units)
        if not isinstance(self.batch_normalization, bool | BatchNorm):
            raise TypeError(
                "batch_normalization must be True, False or a BatchNorm, "
                f"got {self.batch_normalization!r}"
            )
        _ = self.normalized_layers
        if not isinstance(self.activation, str):
            raise TypeError(f"activation must be a Keras name, got {self.activation!r}")
        activations.find_activation(self.activation)
        for name in ("kernel_initializer", "bias_initializer"):
            _check_initializer(getattr(self, name), name)

    @property
    def batch_norm(self) -> BatchNorm | None:
        """The network's batch norm, or None."""
        if isinstance(self.batch_normalization, BatchNorm):
            return self.batch_normalization
        return BatchNorm() if self.batch_normalization else None

    @property
    def normalized_layers(self) -> tuple[int, ...]:
        """Numbers of the hidden layers that have batch norm, 0 the first."""
        return () if self.batch_norm is None else self.batch_norm.layers_of(len(self.units))

    @property
    def layers_without_bias(self) -> tuple[int, ...]:
        """Numbers of the hidden layers whose bias batch norm replaces."""
        if self.batch_norm is None or self.batch_norm.after_activation:
            return ()
        return self.normalized_layers

    @property
    def output_activation(self) -> str:
        """Keras name of the output layer's activation."""
        return "sigmoid" if self.n_outputs == 1 else "softmax"

    @property
    def loss(self) -> str:
        """Keras name of the matching loss."""
        return "binary_crossentropy" if self.n_outputs == 1 else "sparse_categorical_crossentropy"

    def layer_sizes(self, n_features: int) -> list[tuple[int, int]]:
        """Return (fan_in, fan_out) of each Dense layer."""
        sizes = [n_features, *self.units, self.n_outputs]
        return list(itertools.pairwise(sizes))

    def summary(self, n_features: int) -> str:
        """Return the sizes as the articles write them, such as 2-2-1."""
        return "-".join(str(size) for size in (n_features, *self.units, self.n_outputs))


def _check_initializer(which: Any, argument: str) -> None:
    if isinstance(which, str):
        if which not in initializers.INITIALIZERS:
            known = sorted(initializers.INITIALIZERS)
            raise ValueError(f"{argument} must be one of {known}, got {which!r}")
    elif not hasattr(which, "draw") and not hasattr(which, "get_config"):
        raise TypeError(f"{argument} must be a Keras name or a Keras initializer, got {which!r}")
