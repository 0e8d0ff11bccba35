"""Keras networks from an `MLPSpec`, and what can be read back from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, startup
from nnhelpers.datasets import Dataset
from nnhelpers.forward import Weights

startup.prefer_portable_arithmetic()
with startup.quiet_stderr():
    import keras
    import tensorflow as tf

    # The first operation, and the first compiled one, print start-up lines too.
    tf.function(tf.zeros, jit_compile=True)(1)

# Two Dense layers of one shape with one seed would start with identical kernels.
_SEEDS_PER_NETWORK = 1_000


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
    batch_normalization : bool
        Whether each hidden layer's pre-activations pass through batch norm; its bias is dropped.
    n_outputs : int
        1: sigmoid and binary cross-entropy. More: softmax and sparse categorical cross-entropy.

    Raises
    ------
    ValueError, TypeError
        If a number of units is below 1 or a name is unknown to Keras.
    """

    units: tuple[int, ...] = (2,)
    activation: str = "relu"
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    batch_normalization: bool = False
    n_outputs: int = 1

    def __post_init__(self) -> None:
        units = (self.units,) if isinstance(self.units, int) else tuple(self.units)
        for size in (*units, self.n_outputs):
            if isinstance(size, bool) or not isinstance(size, int | np.integer):
                raise TypeError(f"units and n_outputs must be whole numbers, got {size!r}")
            if size < 1:
                raise ValueError(f"units and n_outputs must be at least 1, got {size}")
        object.__setattr__(self, "units", units)
        _known_to_keras(keras.activations.get, self.activation, "activation")
        for name in ("kernel_initializer", "bias_initializer"):
            _known_to_keras(keras.initializers.get, getattr(self, name), name)

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
        return list(zip(sizes[:-1], sizes[1:], strict=True))

    def summary(self, n_features: int) -> str:
        """Return the sizes as the articles write them, such as 2-2-1."""
        return "-".join(str(size) for size in (n_features, *self.units, self.n_outputs))


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
        normalized = spec.batch_normalization and not last
        kernel_init, bias_init = _layer_initializers(spec, index, seed)
        name = "output" if last else f"hidden_{index}"
        layers.append(
            keras.layers.Dense(
                units,
                use_bias=not normalized,
                kernel_initializer=kernel_init,
                bias_initializer=bias_init,
                name=name,
            )
        )
        if normalized:
            layers.append(keras.layers.BatchNormalization(name=f"{name}_batch_norm"))
        activation = spec.output_activation if last else spec.activation
        layers.append(keras.layers.Activation(activation, name=f"{name}_activation"))
    return keras.Sequential(layers)


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
    return Weights.from_list(arrays)


def draw_weights(
    spec: MLPSpec, *, n_features: int, draws: int, rng: np.random.Generator
) -> Weights:
    """Draw the initial weights of many networks at once, with NumPy's random numbers.

    Returns
    -------
    Weights
        Arrays of shape (draws, fan_in, units) and (draws, units), float32.

    Raises
    ------
    ValueError
        If an initializer is not among `nnhelpers.initializers`.
    """
    kernel_init = _numpy_initializer(spec.kernel_initializer)
    bias_init = _numpy_initializer(spec.bias_initializer)
    arrays = []
    for fan_in, fan_out in spec.layer_sizes(n_features):
        kernel = kernel_init.draw(rng, draws=draws, fan_in=fan_in, fan_out=fan_out)
        bias = bias_init.draw(rng, draws=draws, fan_in=1, fan_out=fan_out)[:, 0, :]
        arrays += [kernel.astype(np.float32), bias.astype(np.float32)]
    return Weights.from_list(arrays)


def model_from_weights(spec: MLPSpec, weights: Weights) -> keras.Sequential:
    """Build the network of `spec` and give it these weights."""
    model = build_mlp(spec, n_features=weights.kernels[0].shape[0])
    model.set_weights(weights.to_list())
    return model


def pre_activations(model: keras.Sequential, X: ArrayLike) -> list[NDArray[np.float32]]:
    """Values that enter each hidden layer's activation function (after batch norm, if any).

    Returns
    -------
    list of arrays of shape (n_examples, units)
        One per hidden layer, in inference mode.

    Raises
    ------
    ValueError
        If X does not fit the model's input.
    """
    return [values_in for values_in, _ in _hidden_values(model, X)]


def activations(model: keras.Sequential, X: ArrayLike) -> list[NDArray[np.float32]]:
    """Values that leave each hidden layer's activation function.

    Returns
    -------
    list of arrays of shape (n_examples, units)
        One per hidden layer, in inference mode.

    Raises
    ------
    ValueError
        If X does not fit the model's input.
    """
    return [values_out for _, values_out in _hidden_values(model, X)]


def gradients(model: keras.Sequential, X: ArrayLike, y: ArrayLike) -> list[NDArray[np.float32]]:
    """Gradient of the mean cross-entropy for each trainable weight, in their order.

    Raises
    ------
    ValueError
        If X does not fit the model's input or y has another number of examples.
    """
    inputs = _checked_input(model, X)
    labels = np.asarray(y, dtype=np.float32).reshape(-1, 1)
    if len(labels) != len(inputs):
        raise ValueError(f"y must hold {len(inputs)} classes to match X, got {len(labels)}")
    binary = model.output_shape[-1] == 1
    losses = keras.losses
    loss = losses.binary_crossentropy if binary else losses.sparse_categorical_crossentropy
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(loss(labels, model(inputs, training=True)))
    return [np.asarray(g) for g in tape.gradient(value, model.trainable_weights)]


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
    """Return what entered the layer's activation function, if it has one, and what left it."""
    if isinstance(layer, keras.layers.Activation):
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


def _known_to_keras(lookup: Any, which: Any, argument: str) -> None:
    try:
        lookup(which)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{argument} must be known to Keras, got {which!r}") from error


def _check_build(n_features: int, seed: int) -> None:
    if n_features < 1:
        raise ValueError(f"n_features must be at least 1, got {n_features}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
