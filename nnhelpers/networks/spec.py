"""The description of a dense network."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import numpy as np

from nnhelpers import activations, initializers
from nnhelpers.checks import check_not_negative, check_positive, check_rate, check_whole
from nnhelpers.networks.forward import checked_each
from nnhelpers.networks.losses import SQUARED, checked_loss


@dataclass(frozen=True, kw_only=True)
class BatchNorm:
    """Which hidden layers have batch norm, before or after the activation, and its settings.

    The defaults are those of https://keras.io/api/layers/normalization_layers/batch_normalization/.

    Attributes
    ----------
    layers : tuple of int, optional
        Hidden layers with batch norm, counted from 0; all by default.
    after_activation : bool
        Whether batch norm follows the activation. Before it, as published, it replaces the bias.
    momentum : float
        Share of the moving moments that each step keeps, in [0, 1).
    epsilon : float
        Added to the variance.
    """

    layers: tuple[int, ...] | None = None
    after_activation: bool = False
    momentum: float = 0.99
    epsilon: float = 1e-3

    def __post_init__(self) -> None:
        check_rate(momentum=self.momentum)
        check_positive(epsilon=self.epsilon)
        if not isinstance(self.after_activation, bool):
            raise TypeError(
                f"after_activation must be True or False, got {self.after_activation!r}"
            )
        if self.layers is not None:
            layers = tuple(self.layers) if np.iterable(self.layers) else (self.layers,)
            for layer in layers:
                check_whole(least=0, layers=layer)
            if not layers:
                raise ValueError("layers must name at least one layer, got none")
            object.__setattr__(self, "layers", tuple(sorted({int(layer) for layer in layers})))


@dataclass(frozen=True, kw_only=True)
class MLPSpec:
    """A dense network, described with Keras's own argument names.

    Raises ``ValueError`` or ``TypeError`` if a number is out of range, a name is unknown, an
    argument has the wrong type or length, the loss does not fit the outputs, or batch norm names a
    hidden layer that does not exist.

    Attributes
    ----------
    units : tuple of int
        Units of each hidden layer; empty for logistic regression.
    activation : str or tuple of str
        Keras name for all hidden layers, or one for each.
    kernel_initializer : str, Keras initializer, record of `nnhelpers.initializers`, or tuple
        One for all layers, or one for each, the output's last. Layers with equal initializers get
        different kernels. An initializer's own seed is used: see `draw`.
    batch_normalization : bool or BatchNorm
        True normalizes all hidden layers' pre-activations with Keras's defaults and drops their
        bias; a `BatchNorm` selects layers, side and settings.
    n_outputs : int
        1: sigmoid and binary cross-entropy. More: softmax and sparse categorical cross-entropy.
    dropout : float or tuple of float
        Share of hidden outputs that training sets to 0, for all layers or for each; in [0, 1).
    l1, l2 : float
        Training adds ``l1 * sum(abs(w)) + l2 * sum(w ** 2)`` over the hidden kernels to the loss.
    max_norm : float, optional
        Largest Euclidean length of a hidden unit's weights.
    loss : str, optional
        "binary_crossentropy", "sparse_categorical_crossentropy", or "mean_squared_error" with
        linear outputs; by default, the cross-entropy that fits the outputs.
    """

    units: tuple[int, ...] = (2,)
    activation: str | tuple[str, ...] = "relu"
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    batch_normalization: bool | BatchNorm = False
    n_outputs: int = 1
    dropout: float | tuple[float, ...] = 0.0
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None
    loss: str | None = None

    def __post_init__(self) -> None:
        units = tuple(self.units) if np.iterable(self.units) else (self.units,)
        for size in units:
            check_whole(units=size)
        check_whole(n_outputs=self.n_outputs)
        self._set("units", tuple(int(size) for size in units))
        self._set("n_outputs", int(self.n_outputs))
        if not isinstance(self.batch_normalization, bool | BatchNorm):
            raise TypeError(
                "batch_normalization must be True, False or a BatchNorm, "
                f"got {self.batch_normalization!r}"
            )
        depth = len(units)
        if any(layer >= depth for layer in self.normalized_layers):
            raise ValueError(
                f"batch_normalization.layers must be hidden layers, 0 to {depth - 1}, "
                f"got {self.normalized_layers}"
            )
        self._set_each("activation", activations.activation_name, depth, "hidden layers")
        self._set_each("dropout", _checked_rate, depth, "hidden layers")
        kernel = partial(_checked_initializer, "kernel_initializer")
        self._set_each("kernel_initializer", kernel, depth + 1, "layers, the output's last")
        _checked_initializer("bias_initializer", self.bias_initializer)
        check_not_negative(l1=self.l1, l2=self.l2)
        self._set("l1", float(self.l1))
        self._set("l2", float(self.l2))
        if self.max_norm is not None:
            check_positive(max_norm=self.max_norm)
            self._set("max_norm", float(self.max_norm))
        self._set("loss", checked_loss(self.loss, n_outputs=self.n_outputs))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _set_each(self, name: str, check: Callable[[Any], Any], count: int, of: str) -> None:
        """Set one value for all layers, or one for each; equal values become one for all."""
        value = getattr(self, name)
        values = checked_each(name, value, count, check=check, of=of)
        if isinstance(value, str) or not np.iterable(value):
            self._set(name, check(value))
        else:
            alike = values and all(each == values[0] for each in values)
            self._set(name, values[0] if alike else values)

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, MLPSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple:
        """The key for equality, in which Keras's initializers count by their configuration."""
        which = (*self.kernel_initializers, self.bias_initializer)
        rest = [getattr(self, each.name) for each in fields(self) if "initializer" not in each.name]
        return (*(_identity(each) for each in which), *rest)

    @property
    def activations(self) -> tuple[str, ...]:
        """Name of each hidden layer's activation function."""
        return _each(self.activation, len(self.units))

    @property
    def kernel_initializers(self) -> tuple[Any, ...]:
        """Initializer of each layer's kernel, the output's last."""
        return _each(self.kernel_initializer, len(self.units) + 1)

    @property
    def dropout_rates(self) -> tuple[float, ...]:
        """Share of each hidden layer's outputs that training sets to 0."""
        return _each(self.dropout, len(self.units))

    @property
    def batch_norm(self) -> BatchNorm | None:
        """The network's batch norm, or None."""
        if isinstance(self.batch_normalization, BatchNorm):
            return self.batch_normalization
        return BatchNorm() if self.batch_normalization else None

    @property
    def normalized_layers(self) -> tuple[int, ...]:
        """Hidden layers with batch norm, counted from 0."""
        if self.batch_norm is None:
            return ()
        asked = self.batch_norm.layers
        return tuple(range(len(self.units))) if asked is None else asked

    @property
    def layers_without_bias(self) -> tuple[int, ...]:
        """Hidden layers whose bias is replaced by batch norm, counted from 0."""
        if self.batch_norm is None or self.batch_norm.after_activation:
            return ()
        return self.normalized_layers

    @property
    def output_activation(self) -> str:
        """Keras name of the output layer's activation."""
        if self.loss == SQUARED:
            return "linear"
        return "sigmoid" if self.n_outputs == 1 else "softmax"

    def layer_sizes(self, n_features: int) -> list[tuple[int, int]]:
        """Return (fan_in, fan_out) of each Dense layer."""
        sizes = [n_features, *self.units, self.n_outputs]
        return list(itertools.pairwise(sizes))

    def summary(self, n_features: int) -> str:
        """Return the sizes as the articles write them, such as 2-2-1."""
        return "-".join(str(size) for size in (n_features, *self.units, self.n_outputs))


def _each(value: Any, count: int) -> tuple:
    return value if isinstance(value, tuple) else (value,) * count


def _checked_initializer(argument: str, which: Any) -> Any:
    try:
        initializers.find_initializer(which)
        initializers.seed_of(which)
    except (TypeError, ValueError) as error:
        raise type(error)(str(error).replace("initializer", argument, 1)) from error
    return which


def _checked_rate(rate: Any) -> float:
    check_rate(dropout=rate)
    return float(rate)


def _identity(which: Any) -> Any:
    """Return an initializer's configuration, or itself if it has none."""
    if not hasattr(which, "get_config"):
        return which
    return type(which).__name__, repr(sorted(which.get_config().items()))
