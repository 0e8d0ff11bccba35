"""Keras networks from an `MLPSpec`, and the weights that they start from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers import initializers
from nnhelpers.datasets import Dataset
from nnhelpers.models.backend import keras
from nnhelpers.networks import BatchNorm, MLPSpec, NormWeights, Weights

# Two Dense layers of one shape with one seed would start with identical kernels.
_SEEDS_PER_NETWORK = 1_000


def build_mlp(spec: MLPSpec, *, n_features: int, seed: int = 0) -> keras.Sequential:
    """Build the network, not compiled, with `Dense` linear and `Activation` separate.

    Parameters
    ----------
    spec : MLPSpec
    n_features : int
        Size of an example.
    seed : int
        Every layer's initializer gets its own seed derived from this one.

    Raises
    ------
    ValueError
        If `n_features` is below 1 or `seed` negative.
    """
    _check_build(n_features, seed)
    layers = [keras.Input((n_features,))]
    for index, units in enumerate((*spec.units, spec.n_outputs)):
        last = index == len(spec.units)
        kernel_init, bias_init = _layer_initializers(spec, index, seed)
        name = "output" if last else f"hidden_{index}"
        layers.append(
            keras.layers.Dense(
                units,
                use_bias=index not in spec.layers_without_bias,
                kernel_initializer=kernel_init,
                bias_initializer=bias_init,
                name=name,
            )
        )
        activation = spec.output_activation if last else spec.activation
        layers.append(keras.layers.Activation(activation, name=f"{name}_activation"))
        if index in spec.normalized_layers:
            place = len(layers) if spec.batch_norm.after_activation else -1
            layers.insert(place, _batch_norm_layer(spec.batch_norm, f"{name}_batch_norm"))
    return keras.Sequential(layers)


def _batch_norm_layer(norm: BatchNorm, name: str) -> keras.Layer:
    return keras.layers.BatchNormalization(momentum=norm.momentum, epsilon=norm.epsilon, name=name)


def build_articles_network(*, activation: str = "relu") -> keras.Sequential:
    """Build and compile S0's 2-2-1 network as its author wrote it.

    No optimizer is named, which means RMSprop with a learning rate of 0.001; the initial weights
    are Keras's default, Glorot uniform, and not seeded.
    """
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(2, activation=activation),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(loss="binary_crossentropy")
    return model


def build_with_normalization(spec: MLPSpec, dataset: Dataset, *, seed: int = 0) -> keras.Sequential:
    """Put a `Normalization` layer, adapted on these training data, in front of the network."""
    normalization = keras.layers.Normalization(name="normalization")
    normalization.adapt(dataset.X.astype(np.float32))
    network = build_mlp(spec, n_features=dataset.n_features, seed=seed)
    return keras.Sequential([keras.Input((dataset.n_features,)), normalization, *network.layers])


def initial_weights(spec: MLPSpec, *, n_features: int, seed: int = 0) -> Weights:
    """Return the weights that `build_mlp` starts from, without building the network.

    Returns
    -------
    Weights
        Arrays of shape (fan_in, units) and (units,), float32.
    """
    _check_build(n_features, seed)
    arrays = []
    for index, (fan_in, fan_out) in enumerate(spec.layer_sizes(n_features)):
        kernel_init, bias_init = _layer_initializers(spec, index, seed)
        arrays += [np.asarray(kernel_init((fan_in, fan_out))), np.asarray(bias_init((fan_out,)))]
    return with_batch_norm(spec, Weights.from_list(arrays))


def with_batch_norm(spec: MLPSpec, weights: Weights) -> Weights:
    """Return the weights with the batch norm that the specification asks for, as it starts.

    Biases that it replaces become zero.
    """
    norm, layers = spec.batch_norm, spec.normalized_layers
    if norm is None:
        return weights
    return Weights(
        kernels=weights.kernels,
        biases=tuple(
            np.zeros_like(bias) if layer in spec.layers_without_bias else bias
            for layer, bias in enumerate(weights.biases)
        ),
        norms=tuple(
            _untrained(norm, bias) if layer in layers else None
            for layer, bias in enumerate(weights.biases[:-1])
        ),
    )


def _untrained(norm: BatchNorm, like: NDArray) -> NormWeights:
    return NormWeights(
        gamma=np.ones_like(like),
        beta=np.zeros_like(like),
        moving_mean=np.zeros_like(like),
        moving_variance=np.ones_like(like),
        epsilon=norm.epsilon,
        after_activation=norm.after_activation,
    )


def draw_weights(
    spec: MLPSpec, *, n_features: int, draws: int, rng: np.random.Generator
) -> Weights:
    """Draw the initial weights of many networks at once, with NumPy's random numbers.

    More draws from an equal generator begin with the same networks. A bias whose variance is
    scaled gets the fans that Keras gives its shape (units,): both are the number of units.

    Returns
    -------
    Weights
        Arrays of shape (draws, fan_in, units) and (draws, units), float32.

    Raises
    ------
    ValueError
        If an initializer is not among `nnhelpers.initializers`, or cannot draw a bias.
    """
    kernel_init = _numpy_initializer(spec.kernel_initializer)
    bias_init = _numpy_initializer(spec.bias_initializer)
    arrays = []
    for fan_in, fan_out in spec.layer_sizes(n_features):
        kernel_rng, bias_rng = rng.spawn(2)
        kernel = kernel_init.draw(kernel_rng, draws=draws, fan_in=fan_in, fan_out=fan_out)
        bias = bias_init.draw_bias(bias_rng, draws=draws, units=fan_out)
        arrays += [kernel.astype(np.float32), bias.astype(np.float32)]
    return with_batch_norm(spec, Weights.from_list(arrays))


def model_from_weights(spec: MLPSpec, weights: Weights) -> keras.Sequential:
    """Build the network of `spec` and give it these weights."""
    model = build_mlp(spec, n_features=weights.kernels[0].shape[0])
    model.set_weights(weights.to_list())
    return model


def _layer_initializers(spec: MLPSpec, index: int, seed: int) -> list[keras.Initializer]:
    seeds = (_SEEDS_PER_NETWORK * seed + 2 * index, _SEEDS_PER_NETWORK * seed + 2 * index + 1)
    pair = (spec.kernel_initializer, spec.bias_initializer)
    return [_seeded(which, value) for which, value in zip(pair, seeds, strict=True)]


def _seeded(which: Any, seed: int) -> keras.Initializer:
    initializer = keras.initializers.get(which)
    config = initializer.get_config()
    return type(initializer).from_config({**config, "seed": seed} if "seed" in config else config)


def _numpy_initializer(which: Any) -> initializers.Initializer:
    initializer = keras.initializers.get(which)
    return initializers.from_config(type(initializer).__name__, initializer.get_config())


def _check_build(n_features: int, seed: int) -> None:
    if n_features < 1:
        raise ValueError(f"n_features must be at least 1, got {n_features}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
