"""The forward pass against Keras, for one network and for many."""

import keras
import numpy as np
import pytest
from random_networks import (
    KNOWN_TO_KERAS,
    NORM_ARRAYS,
    RNG,
    WHERE,
    keras_network,
    normalized_weights,
    random_weights,
)

from nnhelpers import networks
from nnhelpers.networks import Weights

# A sum of some ten products of numbers of order one, in Keras's float32.
FLOAT32 = 100 * np.finfo(np.float32).eps


@pytest.mark.parametrize("activation", [*KNOWN_TO_KERAS, "prelu"])
@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (3, 5, 4, 3)], ids=str)
def test_a_forward_pass_is_the_one_of_keras(activation, sizes):
    X, weights = RNG.normal(size=(20, sizes[0])), random_weights(*sizes)
    if activation == "exponential":
        weights = weights.map(lambda array: array / 4)  # or numbers leave float32's range
    passed = networks.forward_pass(X, weights, activation=activation)
    network = keras_network(weights, activation, output=["softmax", "sigmoid"][sizes[-1] == 1])
    left = keras_values(network, X, training=False)
    *hidden, output = (out for layer, out in left if not isinstance(layer, keras.layers.Dense))
    scale = max([1.0, *(np.abs(layer).max() for layer in hidden)])
    for ours, theirs in zip(passed.activations, hidden, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32 * scale)
    probability = networks.probabilities(passed.logits)
    np.testing.assert_allclose(probability, output, rtol=0, atol=FLOAT32 * scale)


def test_weights_are_read_and_written_in_the_order_of_keras():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    arrays = model.get_weights()
    weights = Weights.from_list(arrays)
    assert [kernel.shape for kernel in weights.kernels] == [(2, 3), (3, 1)]
    for ours, theirs in zip(weights.to_list(), arrays, strict=True):
        assert ours is theirs


@pytest.mark.parametrize("outputs", [1, 3])
def test_probabilities_stay_finite_for_enormous_logits(outputs):
    logits = np.array([[-1000.0] * outputs, [1000.0] * outputs])
    with np.errstate(over="raise", invalid="raise"):
        probability = networks.probabilities(logits)
    expected = [[0.0], [1.0]] if outputs == 1 else np.full((2, 3), 1 / 3)
    np.testing.assert_array_equal(probability, expected)


def test_the_predicted_class_is_the_most_probable_one():
    two, many = RNG.normal(size=(4, 30, 1)), RNG.normal(size=(4, 30, 3))
    np.testing.assert_array_equal(
        networks.predicted_classes(two), networks.probabilities(two)[..., 0] > 0.5
    )
    np.testing.assert_array_equal(
        networks.predicted_classes(many), networks.probabilities(many).argmax(axis=-1)
    )


def keras_values(model, X, *, training):
    """Return what leaves each layer, as in training or as in inference."""
    values, left = X.astype(np.float32), []
    for layer in model.layers:
        norm = isinstance(layer, keras.layers.BatchNormalization)
        values = layer(values, training=training) if norm else layer(values)
        left.append((layer, values.numpy()))
    return left


@pytest.mark.parametrize("training", [False, True])
@WHERE
@pytest.mark.parametrize("layers", [None, (1,)], ids=["every", "second"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_batch_norm_is_the_one_of_keras_in_training_and_in_inference(
    activation, layers, after, training
):
    weights = normalized_weights(3, 6, 5, 4, 2, after=after, layers=layers)
    X = RNG.normal(size=(20, 3))
    left = keras_values(keras_network(weights, activation), X, training=training)
    if training:
        passed = networks.batch_pass(X, weights, activation=activation).forward
    else:
        passed = networks.forward_pass(X, weights, activation=activation)
    # What leaves a hidden layer enters the next Dense layer, or has left the last one.
    dense = [i for i, (layer, _) in enumerate(left) if isinstance(layer, keras.layers.Dense)]
    theirs = [left[i - 1][1] for i in dense[1:]] + [left[-1][1]]
    scale = max(np.abs(values).max() for _, values in left)
    # Small deviations enlarge the rounding of what they divide.
    enlarged = 1 / min(_least_deviation(weights, X, activation, training), 1)
    for ours, other in zip((*passed.outputs, passed.logits), theirs, strict=True):
        assert ours.shape == other.shape
        np.testing.assert_allclose(ours, other, rtol=0, atol=FLOAT32 * scale * enlarged)
    functions = [values for layer, values in left if isinstance(layer, keras.layers.Activation)]
    for ours, other in zip(passed.activations, functions, strict=True):
        np.testing.assert_allclose(ours, other, rtol=0, atol=FLOAT32 * scale * enlarged)


def _least_deviation(weights, X, activation, training):
    if training:
        weights = networks.with_batch_moments(X, weights, activation=activation)
    return min(norm.deviation.min() for norm in weights.norms if norm is not None)


@WHERE
def test_inference_with_the_moments_of_a_batch_is_training_on_it(after):
    weights, X = normalized_weights(3, 6, 5, 1, after=after), RNG.normal(size=(9, 3))
    batch = networks.batch_pass(X, weights, activation="tanh")
    with_moments = networks.with_batch_moments(X, weights, activation="tanh")
    again = networks.forward_pass(X, with_moments, activation="tanh")
    np.testing.assert_array_equal(again.logits, batch.forward.logits)
    for seen, norm, entered in zip(
        with_moments.norms, weights.norms, batch.forward.entered, strict=True
    ):
        np.testing.assert_array_equal(seen.moving_mean, entered.mean(axis=0))
        np.testing.assert_array_equal(seen.moving_variance, entered.var(axis=0))
        assert seen.gamma is norm.gamma
        assert (seen.epsilon, seen.after_activation) == (0.01, after)


def test_a_batch_passes_through_a_network_without_batch_norm_as_any_examples():
    some = normalized_weights(3, 6, 5, 1, after=False, layers=(1,))
    assert some.norm(0) is some.norm(2) is None
    assert networks.batch_pass(np.eye(3), some, activation="relu").forward.entered[0] is None
    weights, X = random_weights(3, 6, 1), RNG.normal(size=(9, 3))
    batch = networks.batch_pass(X, weights, activation="relu")
    passed = networks.forward_pass(X, weights, activation="relu")
    np.testing.assert_array_equal(batch.forward.logits, passed.logits)
    assert batch.forward.entered == batch.weights.norms == ()


@pytest.mark.parametrize("function", [networks.batch_pass, networks.with_batch_moments])
def test_a_batch_of_one_example_is_refused(function):
    weights = normalized_weights(2, 3, 1, after=False)
    with pytest.raises(ValueError, match=r"X must hold at least two examples.*got \(1, 2\)"):
        function(np.zeros((1, 2)), weights, activation="relu")


@WHERE
def test_weights_with_batch_norm_are_listed_in_the_order_of_keras(after):
    weights = normalized_weights(3, 6, 5, 1, after=after, layers=(1,))
    model = keras_network(weights, "relu")
    shapes = [array.shape for array in weights.to_list()]
    assert shapes == [array.shape for array in model.get_weights()]
    names = [variable.path.split("/")[-1] for variable in model.weights]
    expected = ["kernel", "bias", "kernel", *(["bias"] if after else []), *NORM_ARRAYS]
    assert names == [*expected, "kernel", "bias"]
    norm = weights.norms[1]
    start = len(expected) - 4
    for ours, name in zip(weights.to_list()[start : start + 4], NORM_ARRAYS, strict=True):
        assert ours is getattr(norm, name)


@WHERE
def test_a_list_is_read_back_into_the_same_layers(after):
    weights = normalized_weights(3, 6, 5, 1, after=after, layers=(0,))
    arrays = [array + 1 for array in weights.to_list()]
    read = weights.with_list(arrays)
    for ours, given in zip(read.to_list(), arrays, strict=True):
        assert ours is given
    assert read.norms[1] is None
    assert (read.norms[0].epsilon, read.norms[0].after_activation) == (0.01, after)
    if not after:
        np.testing.assert_array_equal(read.biases[0], np.zeros(6))


def test_a_list_of_another_length_is_refused():
    weights = normalized_weights(3, 6, 1, after=False)
    with pytest.raises(ValueError, match="arrays must be the 7 of these layers, got 6"):
        weights.with_list(weights.to_list()[:-1])
    with pytest.raises(ValueError, match="arrays must be the 7 of these layers, got 8"):
        weights.with_list([*weights.to_list(), np.zeros(1)])


def test_a_function_meets_every_array_with_those_in_its_place():
    first, second = (normalized_weights(3, 6, 5, 1, after=True, layers=(1,)) for _ in "ab")
    mixed = first.map(lambda a, b: a - 2 * b, second)
    for ours, a, b in zip(mixed.to_list(), first.to_list(), second.to_list(), strict=True):
        np.testing.assert_array_equal(ours, a - 2 * b)
    assert mixed.norms[0] is None
    assert mixed.norms[1].after_activation


def test_an_index_picks_networks_from_every_array():
    weights = normalized_weights(2, 3, 1, after=False, draws=(4,))
    for picked, array in zip(weights[1:3].to_list(), weights.to_list(), strict=True):
        np.testing.assert_array_equal(picked, array[1:3])
    assert weights[2].biases[0].shape == (3,)
