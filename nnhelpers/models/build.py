"""Keras networks from an `MLPSpec`, with the weights of `networks.draw`, or from a recipe.

A recipe is a `diagnosis.Recipe`, which is not imported here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.initializers import Constant
from nnhelpers.models.backend import keras
from nnhelpers.networks import MLPSpec, Weights

# The dtype of every layer, whatever Keras's configuration.
_FLOAT = "float32"


def build_mlp(spec: MLPSpec, *, n_features: int, seed: int = 0) -> keras.Sequential:
    """Build the network, not compiled, with linear `Dense` and separate `Activation` layers.

    Its weights are those of ``networks.draw(spec, n_features=n_features, draws=1, seed=seed)``;
    dropout uses the seed too. Raises ValueError or TypeError if a number is out of range, an
    initializer cannot draw what a layer needs, or an activation is not one of Keras's functions.

    Examples
    --------
    >>> from nnhelpers import models
    >>> models.build_mlp(models.MLPSpec(units=(8, 4)), n_features=2).count_params()
    65
    """
    drawn = networks.draw(spec, n_features=n_features, draws=1, seed=seed)[0]
    model = _untrained(spec, n_features, seed)
    model.set_weights(drawn.map(lambda array: array.astype(np.float32)).to_list())
    return model


def model_from_weights(spec: MLPSpec, weights: Weights) -> keras.Sequential:
    """Build the network of `spec`, not compiled, with these weights.

    Examples
    --------
    >>> from nnhelpers import models
    >>> spec = models.MLPSpec(units=(8,))
    >>> weights = networks.draw(spec, n_features=2, draws=1)[0]
    >>> models.model_from_weights(spec, weights).output_shape
    (None, 1)
    """
    model = _untrained(spec, weights.kernels[0].shape[0], seed=0)
    model.set_weights(weights.to_list())
    return model


def build_articles_network(*, activation: str = "relu") -> keras.Sequential:
    """Build and compile the articles' 2-2-1 network as its author wrote it.

    Keras's defaults apply: RMSprop with a learning rate of 0.001, and Glorot uniform weights
    without a seed.

    Examples
    --------
    >>> from nnhelpers import models
    >>> models.build_articles_network().count_params()
    9
    """
    model = keras.Sequential(
        [
            keras.Input((2,), dtype=_FLOAT),
            keras.layers.Dense(2, activation=activation, dtype=_FLOAT),
            keras.layers.Dense(1, activation="sigmoid", dtype=_FLOAT),
        ]
    )
    model.compile(loss="binary_crossentropy")
    return model


def _untrained(spec: MLPSpec, n_features: int, seed: int) -> keras.Sequential:
    """Build the network with weights that `set_weights` replaces."""
    for name in spec.activations:
        if name == "prelu":
            raise ValueError(
                "activation must be one of Keras's functions, which prelu is not: "
                "keras.layers.PReLU learns its slope"
            )
        if not hasattr(keras.activations, name):
            raise ValueError(
                f"activation must be known to Keras {keras.__version__}, which is installed, "
                f"got {name!r}"
            )
    hidden = [layer for index in range(len(spec.units)) for layer in _hidden(spec, index, seed)]
    output = [
        keras.layers.Dense(spec.n_outputs, name="output", dtype=_FLOAT),
        _activation(spec.output_activation, "output"),
    ]
    return keras.Sequential([keras.Input((n_features,), dtype=_FLOAT), *hidden, *output])


def _hidden(spec: MLPSpec, index: int, seed: int) -> list[keras.Layer]:
    """Return the Keras layers of one hidden layer, in order."""
    name, rate = f"hidden_{index}", spec.dropout_rates[index]
    layers = [_dense(spec, index, name), _activation(spec.activations[index], name)]
    if index in spec.normalized_layers:
        norm = keras.layers.BatchNormalization(
            momentum=spec.batch_norm.momentum,
            epsilon=spec.batch_norm.epsilon,
            name=f"{name}_batch_norm",
            dtype=_FLOAT,
        )
        layers.insert(2 if spec.batch_norm.after_activation else 1, norm)
    if rate:
        # With one seed for all, layers of equal width would drop the same units.
        own = int(np.random.SeedSequence([seed, index]).generate_state(1)[0])
        layers.append(keras.layers.Dropout(rate, seed=own, name=f"{name}_dropout", dtype=_FLOAT))
    return layers


def _dense(spec: MLPSpec, index: int, name: str) -> keras.layers.Dense:
    penalty = keras.regularizers.L1L2(l1=spec.l1, l2=spec.l2) if spec.l1 or spec.l2 else None
    limit = spec.max_norm and keras.constraints.MaxNorm(spec.max_norm, axis=0)
    return keras.layers.Dense(
        spec.units[index],
        use_bias=index not in spec.layers_without_bias,
        kernel_regularizer=penalty,
        kernel_constraint=limit,
        name=name,
        dtype=_FLOAT,
    )


def _activation(name: str, layer: str) -> keras.layers.Activation:
    return keras.layers.Activation(name, name=f"{layer}_activation", dtype=_FLOAT)


def build_recipe(
    recipe: Any, weights: Sequence[NDArray], *, input_shape: tuple[int, ...]
) -> keras.Sequential:
    """Build and compile the network of a recipe, with weights in Keras's order.

    Examples
    --------
    >>> from nnhelpers import diagnosis
    >>> diagnosis.sabotage(0, seed=1).model.optimizer is not None
    True
    """
    parts = [keras.Input(input_shape)]
    if recipe.filters:
        settings = _recipe_settings(recipe, "convolution") | {"activation": recipe.activation}
        parts += [keras.layers.Conv2D(recipe.filters, 3, **settings), keras.layers.Flatten()]
    for index, size in enumerate(recipe.units):
        parts += _recipe_hidden(recipe, index, size)
    settings = _recipe_settings(recipe, "output") | {"activation": recipe.output_activation}
    model = keras.Sequential([*parts, keras.layers.Dense(recipe.n_outputs, **settings)])
    model.set_weights(weights)
    for layer in model.layers:
        normalizes = isinstance(layer, keras.layers.BatchNormalization)
        kind = "output" if layer.name == "output" else "batch_norm" if normalizes else "hidden"
        layer.trainable = kind not in recipe.frozen
    model.compile(optimizer=_recipe_optimizer(recipe), loss=recipe.loss, jit_compile=False)
    return model


def _recipe_hidden(recipe: Any, index: int, size: int) -> list[keras.Layer]:
    name = f"hidden_{index}"
    layers = [keras.layers.Dense(size, **_recipe_settings(recipe, name))]
    if recipe.batch_norm:
        norm = keras.layers.BatchNormalization(momentum=recipe.momentum, name=f"{name}_batch_norm")
        layers += [norm, keras.layers.Activation(recipe.activation)]
    else:
        layers[0].activation = keras.activations.get(recipe.activation)
    if recipe.dropout:
        seed = 1_000 * recipe.seed + index
        layers.append(keras.layers.Dropout(recipe.dropout, seed=seed))
    return layers


def _recipe_settings(recipe: Any, name: str) -> dict[str, Any]:
    """Return a layer's name, initializers and penalty, as Keras arguments."""
    last = name == "output"
    kernel = recipe.output_initializer if last else recipe.kernel_initializer
    records = {"kernel": kernel, "bias": Constant(value=0.0 if last else recipe.bias)}
    return {
        "name": name,
        "kernel_regularizer": keras.regularizers.L2(recipe.l2) if recipe.l2 else None,
    } | {
        f"{part}_initializer": getattr(keras.initializers, type(record).__name__)(**asdict(record))
        for part, record in records.items()
    }


def _recipe_optimizer(recipe: Any) -> keras.optimizers.Optimizer:
    kinds = {"adam": "Adam", "rmsprop": "RMSprop", "sgd": "SGD"}
    momentum = {"momentum": 0.9} if recipe.optimizer == "sgd" else {}
    return getattr(keras.optimizers, kinds[recipe.optimizer])(recipe.learning_rate, **momentum)
