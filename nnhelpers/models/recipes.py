"""Compiled Keras networks from a recipe: a plain record that says what is built, and how it learns.

The record is `diagnosis.Recipe`, which this module reads but need not know.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from nnhelpers.initializers import Constant, Initializer
from nnhelpers.models.backend import keras


def build_recipe(
    recipe: Any, weights: Sequence[NDArray], *, input_shape: tuple[int, ...]
) -> keras.Sequential:
    """Build and compile the network, with these weights in Keras's order.

    Examples
    --------
    >>> from nnhelpers import diagnosis
    >>> diagnosis.sabotage(0, seed=1).model.optimizer is not None
    True
    """
    layers = [keras.Input(input_shape), *_convolution(recipe)]
    for index, size in enumerate(recipe.units):
        layers += _hidden(recipe, index, size)
    output = _dense(recipe, recipe.n_outputs, recipe.output_initializer, "output")
    output.activation = keras.activations.get(recipe.output_activation)
    model = keras.Sequential([*layers, output])
    model.set_weights(weights)
    for layer in model.layers:
        layer.trainable = _kind(layer) not in recipe.frozen
    model.compile(optimizer=_optimizer(recipe), loss=recipe.loss, jit_compile=False)
    return model


def _kind(layer: keras.Layer) -> str:
    if isinstance(layer, keras.layers.BatchNormalization):
        return "batch_norm"
    return "output" if layer.name == "output" else "hidden"


def _convolution(recipe: Any) -> list[keras.Layer]:
    if not recipe.filters:
        return []
    return [
        keras.layers.Conv2D(
            recipe.filters,
            3,
            activation=recipe.activation,
            kernel_initializer=_initializer(recipe.kernel_initializer),
            bias_initializer=_initializer(Constant(value=recipe.bias)),
            kernel_regularizer=_penalty(recipe),
            name="convolution",
        ),
        keras.layers.Flatten(),
    ]


def _hidden(recipe: Any, index: int, size: int) -> list[keras.Layer]:
    name = f"hidden_{index}"
    dense = _dense(recipe, size, recipe.kernel_initializer, name)
    if recipe.batch_norm:
        norm = keras.layers.BatchNormalization(momentum=recipe.momentum, name=f"{name}_batch_norm")
        layers = [dense, norm, keras.layers.Activation(recipe.activation)]
    else:
        dense.activation = keras.activations.get(recipe.activation)
        layers = [dense]
    if recipe.dropout:
        seed = 1_000 * recipe.seed + index
        layers.append(keras.layers.Dropout(recipe.dropout, seed=seed))
    return layers


def _dense(recipe: Any, size: int, initializer: Initializer, name: str) -> keras.layers.Dense:
    bias = 0.0 if name == "output" else recipe.bias
    return keras.layers.Dense(
        size,
        kernel_initializer=_initializer(initializer),
        bias_initializer=_initializer(Constant(value=bias)),
        kernel_regularizer=_penalty(recipe),
        name=name,
    )


def _penalty(recipe: Any) -> keras.regularizers.L2 | None:
    return keras.regularizers.L2(recipe.l2) if recipe.l2 else None


def _initializer(record: Initializer) -> keras.initializers.Initializer:
    return getattr(keras.initializers, type(record).__name__)(**asdict(record))


def _optimizer(recipe: Any) -> keras.optimizers.Optimizer:
    rate = recipe.learning_rate
    if recipe.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=0.9)
    kinds = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}
    return kinds[recipe.optimizer](rate)
