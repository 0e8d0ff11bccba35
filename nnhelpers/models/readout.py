"""Pre-activations, activations and gradients of a Keras network.

For a sequential network of dense layers they are computed; `Recorder` records any other's layers.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.models.backend import keras, tf
from nnhelpers.models.parts import activation_of
from nnhelpers.networks.losses import checked_classes

_ACTIVATION_LAYERS = tuple(
    getattr(keras.layers, name) for name in ("Activation", "ReLU", "LeakyReLU", "ELU", "PReLU")
)


def pre_activations(model: keras.Sequential, X: ArrayLike) -> list[NDArray[np.float32]]:
    """Inputs of each hidden layer's activation function, of shape (n_examples, units), in a list.

    The model is in inference mode. Raises ValueError if X does not fit the model's input.

    Examples
    --------
    >>> from nnhelpers import models
    >>> model = models.build_mlp(models.MLPSpec(units=(8,)), n_features=2)
    >>> [z.shape for z in models.pre_activations(model, np.eye(2))]
    [(2, 8)]
    """
    return [values_in for values_in, _ in _hidden_values(model, X)]


def activations(model: keras.Sequential, X: ArrayLike) -> list[NDArray[np.float32]]:
    """Outputs of each hidden layer's activation function, otherwise as `pre_activations`.

    Examples
    --------
    >>> from nnhelpers import models
    >>> model = models.build_mlp(models.MLPSpec(units=(8,)), n_features=2)
    >>> [a.shape for a in models.activations(model, np.eye(2))]
    [(2, 8)]
    """
    return [values_out for _, values_out in _hidden_values(model, X)]


def gradients(model: keras.Sequential, X: ArrayLike, y: ArrayLike) -> list[NDArray[np.float32]]:
    """Gradient of the mean cross-entropy for each trainable weight, in their order.

    The model is in training mode but not changed: batch norm uses these examples' moments and does
    not update its moving ones. Raises ValueError if X does not fit the model's input, or y does not
    fit X or has a class without an output.

    Examples
    --------
    >>> from nnhelpers import models
    >>> model = models.build_mlp(models.MLPSpec(units=(8,)), n_features=2)
    >>> [g.shape for g in models.gradients(model, np.eye(2), [0, 1])]
    [(2, 8), (8,), (8, 1), (1,)]
    """
    inputs = _checked_input(model, X)
    n_outputs = model.output_shape[-1]
    labels = checked_classes(np.ravel(y), n_examples=len(inputs), n_outputs=n_outputs)
    kind = "binary" if n_outputs == 1 else "sparse_categorical"
    loss = getattr(keras.losses, f"{kind}_crossentropy")
    weights = [tf.convert_to_tensor(weight) for weight in model.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(weights)
        outputs, _ = model.stateless_call(
            weights, model.non_trainable_variables, inputs, training=True
        )
        value = tf.reduce_mean(loss(labels[:, np.newaxis], outputs))
    return [np.asarray(g) for g in tape.gradient(value, weights)]


def _hidden_values(model: keras.Sequential, X: ArrayLike) -> list[tuple[NDArray, NDArray]]:
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    values, found = tf.constant(_checked_input(model, X)), []
    for layer in model.layers:
        if layer is dense[-1]:
            break
        before, after = _apply(layer, values)
        if before is not None:
            found.append((np.asarray(before), np.asarray(after)))
        values = after
    return found


def _apply(layer: keras.Layer, values: tf.Tensor) -> tuple[tf.Tensor | None, tf.Tensor]:
    """Return the inputs of the layer's activation function, None without one, and the outputs."""
    if isinstance(layer, _ACTIVATION_LAYERS):
        return values, layer(values)
    if isinstance(layer, keras.layers.Dense) and layer.activation is not keras.activations.linear:
        before = tf.matmul(values, layer.kernel)
        before = before + layer.bias if layer.use_bias else before
        return before, layer.activation(before)
    return None, layer(values, training=False)


def _checked_input(model: keras.Sequential, X: ArrayLike) -> NDArray[np.float32]:
    inputs = np.asarray(X, dtype=np.float32)
    n_features = model.input_shape[-1]
    if inputs.ndim != 2 or inputs.shape[1] != n_features or not len(inputs):
        raise ValueError(f"X must have shape (n_examples, {n_features}), got {inputs.shape}")
    return inputs


@dataclass(frozen=True)
class LayerPass:
    """One layer in one pass of examples.

    Attributes
    ----------
    kind : str
        "call" for the inputs and outputs of a layer, "activation" for those of its activation
        function.
    values_in, values_out : array of shape (n_examples, ..., units)
    """

    name: str
    kind: str
    activation: str
    values_in: NDArray
    values_out: NDArray


class Recorder:
    """Records the passes of a copy's layers, which it changes, in the list of a ``with`` block.

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
            # A recurrent layer's activation is applied inside its cell.
            name = "linear" if isinstance(layer, keras.layers.RNN) else activation_of(layer)
            function = getattr(layer, "activation", None)
            inside = callable(function) and name != "linear"
            if inside:
                layer.activation = self._listening(function, layer.name, "activation", name)
            kind = "call" if inside or name == "linear" else "activation"
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
                # A layer that joins several values has no single input.
                entered = values if hasattr(values, "numpy") else out
                arrays = np.asarray(entered), np.asarray(out)
                self._passed.append(LayerPass(name, kind, activation, *arrays))
            return out

        return heard
