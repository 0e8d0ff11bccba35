"""The description of a dense network."""

import itertools
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from nnhelpers import activations, initializers
from nnhelpers.networks._checks import TINY, checked_each, checked_number, one_per_layer
from nnhelpers.networks.batch_norm import BatchNorm
from nnhelpers.networks.losses import SQUARED, checked_loss


@dataclass(frozen=True, kw_only=True)
class MLPSpec:
    """A dense network, described with Keras's own argument names.

    Attributes
    ----------
    units : tuple of int
        Units of each hidden layer; empty for logistic regression.
    activation : str or tuple of str
        Keras name of the hidden layers' activation function, or of each hidden layer's.
    kernel_initializer : str, Keras initializer, record of `nnhelpers.initializers`, or tuple
        Of every layer, or of each, the output's last; Keras's default unless given. Equal ones
        give layers different kernels. A seed of the initializer's own is honoured: see `draw`.
    bias_initializer : str, Keras initializer or record
    batch_normalization : bool or BatchNorm
        True for each hidden layer's pre-activations, with Keras's defaults and the bias dropped;
        a `BatchNorm` says where else, and with which numbers.
    n_outputs : int
        1: sigmoid and binary cross-entropy. More: softmax and sparse categorical cross-entropy.
    dropout : float or tuple of float
        Share of what leaves the hidden layers, or each, that training sets to 0; in [0, 1).
    l1, l2 : float
        The loss of training counts ``l1 * sum(abs(w)) + l2 * sum(w ** 2)`` of the hidden layers'
        kernels.
    max_norm : float, optional
        Most that the weights of one hidden unit may have as their Euclidean length.
    loss : str, optional
        "binary_crossentropy", "sparse_categorical_crossentropy" or "mean_squared_error", for which
        the outputs are linear; the cross-entropy that fits the outputs unless given. Reading it
        always gives a name.

    Raises
    ------
    ValueError, TypeError
        If a number is out of range, a name unknown, an argument of another kind or of another
        length than there are layers, a loss does not fit the outputs, or batch norm is asked for
        behind a hidden layer that does not exist.
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
        self._set("units", tuple(_checked_size(size) for size in units))
        self._set("n_outputs", _checked_size(self.n_outputs))
        if not isinstance(self.batch_normalization, bool | BatchNorm):
            raise TypeError(
                "batch_normalization must be True, False or a BatchNorm, "
                f"got {self.batch_normalization!r}"
            )
        _ = self.normalized_layers
        depth = len(self.units)
        for name, check, n_layers, layers in (
            ("activation", _checked_activation, depth, "hidden layers"),
            ("kernel_initializer", _checked_initializer, depth + 1, "layers, the output's last"),
            ("dropout", _checked_rate, depth, "hidden layers"),
        ):
            self._set(name, checked_each(name, getattr(self, name), n_layers, check, layers))
        _checked_initializer("bias_initializer", self.bias_initializer)
        for name in ("l1", "l2"):
            number = checked_number(name, getattr(self, name), allowed="be finite and not negative")
            self._set(name, number)
        self._set("max_norm", _checked_max_norm(self.max_norm))
        self._set("loss", checked_loss(self.loss, n_outputs=self.n_outputs))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, MLPSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple:
        """What makes specifications equal; Keras's initializers are by what they say of them."""
        which = (*self.kernel_initializers, self.bias_initializer)
        rest = [getattr(self, each.name) for each in fields(self) if "initializer" not in each.name]
        return (*(_identity(each) for each in which), *rest)

    @property
    def activations(self) -> tuple[str, ...]:
        """Name of each hidden layer's activation function."""
        return one_per_layer(self.activation, len(self.units))

    @property
    def kernel_initializers(self) -> tuple[Any, ...]:
        """Initializer of each layer's kernel, the output's last."""
        return one_per_layer(self.kernel_initializer, len(self.units) + 1)

    @property
    def dropout_rates(self) -> tuple[float, ...]:
        """Share of what leaves each hidden layer that training sets to 0."""
        return one_per_layer(self.dropout, len(self.units))

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


def _checked_size(size: Any) -> int:
    if isinstance(size, bool) or not isinstance(size, int | np.integer):
        raise TypeError(f"units and n_outputs must be whole numbers, got {size!r}")
    if size < 1:
        raise ValueError(f"units and n_outputs must be at least 1, got {size}")
    return int(size)


def _checked_activation(_: str, name: Any) -> str:
    return activations.activation_name(name)


def _checked_initializer(argument: str, which: Any) -> Any:
    try:
        initializers.find_initializer(which)
        initializers.seed_of(which)
    except (TypeError, ValueError) as error:
        raise type(error)(str(error).replace("initializer", argument, 1)) from error
    return which


def _checked_rate(argument: str, rate: Any) -> float:
    allowed = "lie in [0, 1), one rate for all hidden layers or one for each"
    return checked_number(argument, rate, allowed=allowed, high=1.0)


def _identity(which: Any) -> Any:
    """What an initializer says of itself."""
    if not hasattr(which, "get_config"):
        return which
    return type(which).__name__, repr(sorted(which.get_config().items()))


def _checked_max_norm(value: Any) -> float | None:
    if value is None:
        return None
    allowed = "be None, or positive and finite"
    return checked_number("max_norm", value, allowed=allowed, low=TINY)
