"""Random networks with batch norm and without, and the same ones in Keras."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest

from nnhelpers.activations import ACTIVATIONS, PRELU_SLOPE
from nnhelpers.networks import NormWeights, Weights

RNG = np.random.default_rng(0)
KNOWN_TO_KERAS = [name for name in ACTIVATIONS if hasattr(keras.activations, name)]
# On which side of the activation batch norm stands.
WHERE = pytest.mark.parametrize("after", [False, True], ids=["before", "behind"])
NORM_ARRAYS = ("gamma", "beta", "moving_mean", "moving_variance")


def random_weights(*sizes, draws=()):
    pairs = list(itertools.pairwise(sizes))
    return Weights(
        kernels=tuple(RNG.normal(size=(*draws, fan_in, out)) for fan_in, out in pairs),
        biases=tuple(RNG.normal(size=(*draws, out)) for _, out in pairs),
    )


def normalized_weights(*sizes, after, draws=(), layers=None):
    """Make a network with batch norm of some hidden layers, or of all, far from its start."""
    plain, hidden = random_weights(*sizes, draws=draws), range(len(sizes) - 2)
    layers = hidden if layers is None else layers

    def norm(units):
        low, high = np.reshape([[0.5, -1, -1, 0.5], [2, 1, 1, 2]], (2, 4, *[1] * (len(draws) + 1)))
        arrays = RNG.uniform(low, high, size=(4, *draws, units))
        settings = {"epsilon": 0.01, "after_activation": after}
        return NormWeights(**dict(zip(NORM_ARRAYS, arrays, strict=True)), **settings)

    norms = tuple(norm(sizes[layer + 1]) if layer in layers else None for layer in hidden)
    biases = tuple(
        np.zeros_like(bias) if not after and layer in layers else bias
        for layer, bias in enumerate(plain.biases)
    )
    return replace(plain, biases=biases, norms=norms)


def keras_network(weights, activation, *, output="linear"):
    """Build Keras's network from layers of its own and let it read our arrays."""
    layers = [keras.Input(weights.kernels[0].shape[:1])]
    for layer, kernel in enumerate(weights.kernels):
        norm, last = weights.norm(layer), layer == len(weights.kernels) - 1
        bias = norm is None or norm.after_activation
        layers.append(keras.layers.Dense(kernel.shape[1], use_bias=bias))
        if not last or output != "linear":
            layers.append(_activation(output if last else activation))
        if norm is not None:
            place = len(layers) if norm.after_activation else -1
            layers.insert(place, keras.layers.BatchNormalization(epsilon=norm.epsilon))
    model = keras.Sequential(layers)
    model.set_weights(weights.to_list())
    return model


def _activation(name):
    # In Keras the slope of PReLU is one more weight; untrained it is this.
    prelu = name == "prelu"
    return keras.layers.LeakyReLU(PRELU_SLOPE) if prelu else keras.layers.Activation(name)


def assert_equal_arrays(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def assert_equal_weights(ours, theirs):
    assert_equal_arrays(ours.to_list(), theirs.to_list())
