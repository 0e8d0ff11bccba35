"""What enters and leaves the layers of a Keras model on its way."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.models.backend import keras
from nnhelpers.models.parts import activation_of


@dataclass(frozen=True, kw_only=True)
class LayerPass:
    """One layer on one pass of examples.

    Attributes
    ----------
    name : str
    kind : str
        "call" for a layer's inputs and outputs, "activation" for what enters and leaves its
        activation function.
    activation : str
    values_in, values_out : array of shape (n_examples, ..., units)
    """

    name: str
    kind: str
    activation: str
    values_in: NDArray
    values_out: NDArray

    @property
    def places(self) -> int:
        """At how many pixels or moments of an example the layer is applied."""
        sides = self.values_in.shape, self.values_out.shape
        return max(int(np.prod(shape[1:-1])) for shape in sides)


class Recorder:
    """Listens at the layers of a copy, inside a ``with`` block that gives the list to fill.

    Examples
    --------
    >>> layer = keras.layers.Dense(1, activation="relu", name="a")
    >>> recorder = Recorder([layer])
    >>> with recorder as passed:
    ...     _ = layer(np.ones((2, 3), dtype="float32"))
    >>> [(each.kind, each.activation, each.values_out.shape) for each in passed]
    [('activation', 'relu', (2, 1)), ('call', 'relu', (2, 1))]
    """

    def __init__(self, layers: list[keras.Layer]) -> None:
        self._passed: list[LayerPass] | None = None
        for layer in layers:
            # A recurrent layer's function works inside, on sums that nobody sees.
            name = "linear" if isinstance(layer, keras.layers.RNN) else activation_of(layer)
            function = getattr(layer, "activation", None)
            if callable(function) and name != "linear":
                layer.activation = self._listening(function, layer.name, "activation", name)
                layer.call = self._listening(layer.call, layer.name, "call", name)
            else:
                kind = "call" if name == "linear" else "activation"
                layer.call = self._listening(layer.call, layer.name, kind, name)

    def __enter__(self) -> list[LayerPass]:
        self._passed = []
        return self._passed

    def __exit__(self, *_: Any) -> None:
        self._passed = None

    def _listening(self, function: Callable, name: str, kind: str, activation: str) -> Callable:
        @functools.wraps(function)
        def heard(values: Any, *args: Any, **kwargs: Any) -> Any:
            out = function(values, *args, **kwargs)
            if self._passed is not None and hasattr(out, "numpy"):
                # What joins several values has no single one that enters.
                entered = values if hasattr(values, "numpy") else out
                arrays = {"values_in": np.asarray(entered), "values_out": np.asarray(out)}
                self._passed.append(
                    LayerPass(name=name, kind=kind, activation=activation, **arrays)
                )
            return out

        return heard
