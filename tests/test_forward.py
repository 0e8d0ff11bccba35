"""The forward pass against Keras, for one network and for many."""

import itertools

import keras
import numpy as np
import pytest

from nnhelpers import activations, forward
from nnhelpers.weights import Weights

RNG = np.random.default_rng(0)
# A sum of some ten products of numbers of order one, in Keras's float32.
FLOAT32 = 100 * np.finfo(np.float32).eps


def random_weights(*sizes, draws=()):
    pairs = list(itertools.pairwise(sizes))
    return Weights(
        kernels=tuple(RNG.normal(size=(*draws, fan_in, fan_out)) for fan_in, fan_out in pairs),
        biases=tuple(RNG.normal(size=(*draws, fan_out)) for _, fan_out in pairs),
    )


def prelu():
    """Make Keras's layer, whose slope is learned and starts at 0, with the record's slope."""
    slope = keras.initializers.Constant(activations.PRELU_SLOPE)
    return keras.layers.PReLU(alpha_initializer=slope)


def keras_outputs(weights, activation, X):
    """Return the activations of every layer of the same network, the last one's as probability."""
    last = len(weights.kernels) - 1
    outputs = []
    for index, (kernel, bias) in enumerate(zip(weights.kernels, weights.biases, strict=True)):
        final = "sigmoid" if kernel.shape[1] == 1 else "softmax"
        hidden = prelu() if activation == "prelu" else activation
        layer = keras.layers.Dense(kernel.shape[1], activation=final if index == last else hidden)
        layer.build((None, kernel.shape[0]))
        layer.set_weights([kernel, bias])
        outputs.append(layer(outputs[-1] if outputs else X.astype(np.float32)))
    return [output.numpy() for output in outputs]


@pytest.mark.parametrize("activation", activations.ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (3, 5, 4, 3)], ids=str)
def test_a_forward_pass_is_the_one_of_keras(activation, sizes):
    X, weights = RNG.normal(size=(20, sizes[0])), random_weights(*sizes)
    passed = forward.forward_pass(X, weights, activation=activation)
    *hidden, output = keras_outputs(weights, activation, X)
    scale = max([1.0, *(np.abs(layer).max() for layer in hidden)])
    for ours, theirs in zip(passed.activations, hidden, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32 * scale)
    probability = forward.probabilities(passed.logits)
    np.testing.assert_allclose(probability, output, rtol=0, atol=FLOAT32 * scale)


def test_activations_follow_from_pre_activations():
    passed = forward.forward_pass(
        RNG.normal(size=(9, 2)), random_weights(2, 3, 1), activation="relu"
    )
    np.testing.assert_array_equal(passed.activations[0], np.maximum(passed.pre_activations[0], 0))
    assert passed.pre_activations[0].min() < 0


def test_many_networks_pass_as_each_of_them():
    X, weights = RNG.normal(size=(6, 2)), random_weights(2, 4, 3, 1, draws=(5,))
    together = forward.forward_pass(X, weights, activation="tanh")
    assert together.logits.shape == (5, 6, 1)
    for i in range(5):
        alone = forward.forward_pass(X, weights[i], activation="tanh")
        np.testing.assert_allclose(together.logits[i], alone.logits, rtol=1e-12)
        for ours, theirs in zip(together.activations, alone.activations, strict=True):
            np.testing.assert_allclose(ours[i], theirs, rtol=1e-12)


def test_weights_are_read_and_written_in_the_order_of_keras():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    arrays = model.get_weights()
    weights = Weights.from_list(arrays)
    assert [kernel.shape for kernel in weights.kernels] == [(2, 3), (3, 1)]
    for ours, theirs in zip(weights.to_list(), arrays, strict=True):
        assert ours is theirs


def test_an_index_picks_networks_from_every_array():
    weights = random_weights(2, 3, 1, draws=(4,))
    for picked, array in zip(weights[1:3].to_list(), weights.to_list(), strict=True):
        np.testing.assert_array_equal(picked, array[1:3])


@pytest.mark.parametrize("outputs", [1, 3])
def test_probabilities_stay_finite_for_enormous_logits(outputs):
    logits = np.array([[-1000.0] * outputs, [1000.0] * outputs])
    with np.errstate(over="raise", invalid="raise"):
        probability = forward.probabilities(logits)
    expected = [[0.0], [1.0]] if outputs == 1 else np.full((2, 3), 1 / 3)
    np.testing.assert_array_equal(probability, expected)


def test_softmax_probabilities_add_up_to_one():
    probability = forward.probabilities(RNG.normal(size=(7, 5), scale=10))
    np.testing.assert_allclose(probability.sum(axis=-1), 1, rtol=10 * np.finfo(float).eps)


def test_the_predicted_class_is_the_most_probable_one():
    two, many = RNG.normal(size=(4, 30, 1)), RNG.normal(size=(4, 30, 3))
    np.testing.assert_array_equal(
        forward.predicted_classes(two), forward.probabilities(two)[..., 0] > 0.5
    )
    np.testing.assert_array_equal(
        forward.predicted_classes(many), forward.probabilities(many).argmax(axis=-1)
    )


def test_data_with_other_features_than_the_kernel_are_refused():
    with pytest.raises(ValueError, match=r"X must have 2 features, got shape \(5, 3\)"):
        forward.forward_pass(np.zeros((5, 3)), random_weights(2, 1), activation="relu")


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match=r"activation must be one of .*got 'swoosh'"):
        forward.forward_pass(np.zeros((5, 2)), random_weights(2, 1), activation="swoosh")
