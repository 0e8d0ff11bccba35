"""The backward pass against Keras's gradients and against differences of its own loss."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from random_networks import (
    RNG,
    WHERE,
    keras_network,
    normalized_weights,
    random_weights,
)

from nnhelpers import models, networks
from nnhelpers.activations import ACTIVATIONS
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import tf
from nnhelpers.networks import Weights

N_EXAMPLES, SIZES = 30, (5, 7, 6)
OUTPUTS = pytest.mark.parametrize("n_outputs", [1, 10])
# Central differences in float64: the step's square, and rounding divided by the step.
STEP = 1e-5


def tame(weights, activation):
    """Keep numbers in float32's range, which two layers of the exponential function leave."""
    return weights.map(lambda array: array / 8 if activation == "exponential" else array)


def examples(n_outputs):
    classes = np.arange(N_EXAMPLES) % max(2, n_outputs)
    return RNG.normal(size=(N_EXAMPLES, SIZES[0])), classes


def assert_slopes_of(loss, arrays, gradients):
    """Compare gradients at two corners of each array with central differences of the loss."""
    for array, gradient in zip(arrays, gradients, strict=True):
        for index in [(0,) * array.ndim, (-1,) * array.ndim]:
            value, ends = array[index], []
            for step in (STEP, -STEP):
                array[index] = value + step
                ends.append(loss())
            array[index] = value
            assert (ends[0] - ends[1]) / (2 * STEP) == pytest.approx(gradient[index], abs=1e-7)


def gradients_of(passed):
    pairs = zip(passed.kernels, passed.biases, strict=True)
    return [gradient for pair in pairs for gradient in pair]


@OUTPUTS
@pytest.mark.parametrize("activation", ["linear", "tanh", "relu", "gelu", "exponential"])
def test_gradients_are_those_of_keras(activation, n_outputs):
    (X, y), weights = examples(n_outputs), tame(random_weights(*SIZES, n_outputs), activation)
    spec = MLPSpec(units=SIZES[1:], activation=activation, n_outputs=n_outputs)
    theirs = models.gradients(models.model_from_weights(spec, weights), X, y)
    ours = gradients_of(networks.backward_pass(X, y, weights, activation=activation))
    # Keras rounds every product of the longest path to float32: forward, back, over examples.
    roundings = 2 * sum(SIZES) + 2 * n_outputs + N_EXAMPLES
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        assert np.abs(mine).max() > 1e-3
        tolerance = roundings * np.finfo(np.float32).eps * np.abs(mine).max()
        np.testing.assert_allclose(mine, other, rtol=0, atol=tolerance)


@OUTPUTS
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_slopes_of_the_loss(activation, n_outputs):
    (X, y), weights = examples(n_outputs), tame(random_weights(*SIZES, n_outputs), activation)
    # A step across a kink is no slope.
    z = networks.forward_pass(X, weights, activation=activation).pre_activations
    kinks = ACTIVATIONS[activation].kinks
    near = [np.abs(np.subtract.outer(each, kinks)).min((1, 2), initial=1) < 1e-3 for each in z]
    X, y = X[~np.any(near, axis=0)], y[~np.any(near, axis=0)]

    def passed():
        return networks.backward_pass(X, y, weights, activation=activation)

    assert_slopes_of(lambda: passed().loss, weights.to_list(), gradients_of(passed()))


@OUTPUTS
def test_a_delta_is_what_the_bias_of_an_example_on_its_own_would_get(n_outputs):
    (X, y), weights = examples(n_outputs), random_weights(*SIZES, n_outputs)
    passed = networks.backward_pass(X, y, weights, activation="tanh")
    for i in (0, N_EXAMPLES - 1):
        alone = networks.backward_pass(X[[i]], y[[i]], weights, activation="tanh")
        for delta, bias in zip(passed.deltas, alone.biases[:-1], strict=True):
            np.testing.assert_allclose(delta[i], bias, rtol=1e-12)


def test_the_pass_forward_and_its_slopes_come_along():
    (X, y), weights = examples(10), random_weights(*SIZES, 10)
    passed = networks.backward_pass(X, y, weights, activation="sigmoid")
    expected = networks.forward_pass(X, weights, activation="sigmoid")
    np.testing.assert_array_equal(passed.forward.logits, expected.logits)
    for slope, a in zip(passed.slopes, expected.activations, strict=True):
        np.testing.assert_allclose(slope, a * (1 - a), rtol=0, atol=4 * np.finfo(float).eps)


def straight(logits):
    """Make a network without hidden layers that gives these logits for the example (1,)."""
    return Weights(kernels=(np.atleast_2d(logits).astype(float),), biases=(np.zeros(len(logits)),))


@pytest.mark.parametrize(
    ("logits", "y", "loss", "error"),
    [
        ([1000.0], 0, 1000, [1]),
        ([-1000.0], 1, 1000, [-1]),
        ([1000.0], 1, 0, [0]),
        ([1000.0, 0.0, -1000.0], 2, 2000, [1, 0, -1]),
        ([1000.0, 0.0, -1000.0], 0, 0, [0, 0, 0]),
    ],
)
def test_enormous_logits_overflow_nowhere(logits, y, loss, error):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        passed = networks.backward_pass(np.ones((1, 1)), [y], straight(logits), activation="relu")
    assert passed.loss == loss
    np.testing.assert_array_equal(passed.biases[0], error)
    assert passed.deltas == passed.slopes == ()


@pytest.mark.parametrize(("logits", "y"), [([50.0], 1), ([-50.0], 0), ([50.0, 0.0], 0)])
def test_an_error_too_small_for_a_rounded_probability_is_kept(logits, y):
    passed = networks.backward_pass(np.ones((1, 1)), [y], straight(logits), activation="relu")
    assert abs(passed.biases[0][0]) == pytest.approx(np.exp(-50), rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("y", "n_outputs", "message"),
    [
        ([0, 1], 1, r"y must hold one class for each .*got shape \(2,\) for 3 examples"),
        ([[0], [1], [0]], 1, r"y must hold one class for each .*got shape \(3, 1\)"),
        ([0, 1, 2], 1, r"y must hold classes 0 to 1, .*1 output, got \[0 1 2\]"),
        ([0, 1, 4], 4, r"y must hold classes 0 to 3, .*4 outputs, got \[0 1 4\]"),
        ([0, -1, 1], 4, r"y must hold classes 0 to 3, .*got \[-1  0  1\]"),
        ([0, 0.5, 1], 4, r"y must hold classes 0 to 3"),
        ([0, np.nan, 1], 4, r"y must hold classes 0 to 3"),
        ([], 4, "y must hold one class for each of at least one"),
    ],
)
def test_classes_that_do_not_fit_are_refused(y, n_outputs, message):
    X = np.ones((3 if y else 0, 2))
    with pytest.raises(ValueError, match=message):
        networks.backward_pass(X, y, random_weights(2, 3, n_outputs), activation="relu")


def trainable_gradients(passed, *, after):
    """Write gradients, or weights, in the order of Keras's trainable variables."""
    found = []
    for layer, (kernel, bias) in enumerate(zip(passed.kernels, passed.biases, strict=True)):
        norm = passed.norms[layer] if layer < len(passed.norms) else None
        found += [kernel] if norm is not None and not after else [kernel, bias]
        found += [] if norm is None else [norm.gamma, norm.beta]
    return found


def assert_gradients_are_those_of(model, X, y, passed, weights, *, after):
    # Keras rounds every product of the longest path to float32, and three sums over examples in
    # each batch norm; where a deviation is small, what it divides was rounded before.
    roundings = 2 * sum(SIZES) + 2 * passed.errors.shape[-1] + 7 * N_EXAMPLES
    seen = networks.with_batch_moments(X, weights, activation="tanh")
    enlarged = 1 / min(1, *(norm.deviation.min() for norm in seen.norms if norm is not None))
    ours = trainable_gradients(passed, after=after)
    for mine, other in zip(ours, models.gradients(model, X, y), strict=True):
        assert mine.shape == other.shape
        assert np.abs(mine).max() > 1e-3
        tolerance = enlarged * roundings * np.finfo(np.float32).eps * np.abs(mine).max()
        np.testing.assert_allclose(mine, other, rtol=0, atol=tolerance)


@OUTPUTS
@WHERE
@pytest.mark.parametrize("layers", [(0, 1), (1,)], ids=str)
def test_gradients_through_batch_norm_are_those_of_keras(layers, after, n_outputs):
    (X, y), weights = (
        examples(n_outputs),
        normalized_weights(*SIZES, n_outputs, after=after, layers=layers),
    )
    passed = networks.backward_pass(X, y, weights, activation="tanh")
    output = "sigmoid" if n_outputs == 1 else "softmax"
    model = keras_network(weights, "tanh", output=output)
    assert_gradients_are_those_of(model, X, y, passed, weights, after=after)


def test_deltas_are_the_gradient_for_what_enters_the_activation_function():
    # A small step of one pre-activation, sent on through the rest of the network by hand.
    (X, y), weights = examples(10), normalized_weights(*SIZES, 10, after=True, layers=(0,))
    passed = networks.backward_pass(X, y, weights, activation="tanh")
    norm, z = weights.norms[0], passed.forward.pre_activations[0]

    def total_loss(z):
        a = np.tanh(z)
        a = (a - a.mean(axis=0)) / np.sqrt(a.var(axis=0) + norm.epsilon) * norm.gamma + norm.beta
        a = np.tanh(a @ weights.kernels[1] + weights.biases[1])
        logits = a @ weights.kernels[2] + weights.biases[2]
        right = logits[np.arange(len(y)), y]
        return np.sum(np.logaddexp.reduce(logits, axis=1) - right)

    for index in [(0, 0), (4, 2), (N_EXAMPLES - 1, 6)]:
        step = np.zeros_like(z)
        step[index] = STEP
        slope = (total_loss(z + step) - total_loss(z - step)) / (2 * STEP)
        # A sum of examples' losses is so many times as large as their mean.
        assert slope == pytest.approx(passed.deltas[0][index], abs=N_EXAMPLES * 1e-7)


def test_in_front_of_batch_norm_a_bias_has_no_gradient_and_a_kernel_none_along_itself():
    (X, y), weights = examples(10), normalized_weights(*SIZES, 10, after=False)
    exact = replace(weights, norms=tuple(replace(norm, epsilon=0.0) for norm in weights.norms))
    passed = networks.backward_pass(X, y, exact, activation="tanh")
    for bias, kernel, gradient in zip(
        passed.biases[:-1], weights.kernels[:-1], passed.kernels[:-1], strict=True
    ):
        np.testing.assert_array_equal(bias, 0)
        along = np.sum(kernel * gradient, axis=0)
        size = np.linalg.norm(kernel, axis=0) * np.linalg.norm(gradient, axis=0)
        np.testing.assert_allclose(along / size, 0, atol=1e-12)


@WHERE
def test_many_normalized_networks_go_back_as_each_of_them(after):
    (X, y), weights = examples(10), normalized_weights(*SIZES, 10, after=after, draws=(3,))
    together = networks.backward_pass(X, y, weights, activation="tanh")
    assert together.norms[0].gamma.shape == (3, SIZES[1])
    assert [delta.shape for delta in together.deltas] == [(3, N_EXAMPLES, n) for n in SIZES[1:]]
    for i in range(3):
        alone = networks.backward_pass(X, y, weights[i], activation="tanh")
        np.testing.assert_allclose(together.loss[i], alone.loss, rtol=1e-12)
        for ours, theirs in zip(together.deltas, alone.deltas, strict=True):
            np.testing.assert_allclose(ours[i], theirs, rtol=1e-9, atol=1e-12)
        pairs = (trainable_gradients(passed, after=after) for passed in (together, alone))
        for ours, theirs in zip(*pairs, strict=True):
            np.testing.assert_allclose(ours[i], theirs, rtol=1e-9, atol=1e-12)


@OUTPUTS
def test_gradients_of_a_squared_error_are_those_of_keras(n_outputs):
    X, weights = examples(n_outputs)[0], random_weights(*SIZES, n_outputs)
    y = RNG.normal(size=(N_EXAMPLES, n_outputs))
    spec = MLPSpec(
        units=SIZES[1:], activation=("tanh", "elu"), n_outputs=n_outputs, loss="mean_squared_error"
    )
    model = models.model_from_weights(spec, weights)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.mean_squared_error(y, model(X)))
    theirs = tape.gradient(loss, [each.value for each in model.trainable_variables])
    passed = networks.backward_pass(X, y, weights, activation=("tanh", "elu"), loss=spec.loss)
    roundings = 2 * sum(SIZES) + 2 * n_outputs + N_EXAMPLES
    assert passed.loss == pytest.approx(
        float(loss), rel=float(roundings * np.finfo(np.float32).eps)
    )
    for mine, other in zip(gradients_of(passed), theirs, strict=True):
        tolerance = roundings * np.finfo(np.float32).eps * np.abs(mine).max()
        np.testing.assert_allclose(mine, other, rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    ("y", "changes", "message"),
    [
        (
            np.zeros(N_EXAMPLES),
            {"loss": "hinge"},
            "loss must be binary_.* got 'hinge'",
        ),
        (
            np.zeros(N_EXAMPLES),
            {"loss": "sparse_categorical_crossentropy"},
            "loss must be binary_crossentropy or mean_squared_error for 1 output",
        ),
        (np.zeros(3), {}, r"y must hold 1 number for each .*got shape \(3,\)"),
        (np.full(N_EXAMPLES, np.nan), {}, "y must hold finite numbers"),
        (np.full(N_EXAMPLES, "1"), {}, "y must hold numbers"),
        (np.zeros(N_EXAMPLES), {"activation": ("tanh",)}, "activation must be .* 2 hidden layers"),
    ],
    ids=range(6),
)
def test_what_does_not_fit_the_loss_or_the_layers_is_refused(y, changes, message):
    X, weights = examples(1)[0], random_weights(*SIZES, 1)
    settings = {"activation": "tanh", "loss": "mean_squared_error"} | changes
    with pytest.raises((ValueError, TypeError), match=message):
        networks.backward_pass(X, y, weights, **settings)


POINTS = np.random.default_rng(0).standard_normal((9, 4))
CLASSES = np.arange(9) % 3


def drawn(*, batch_norm=False, loss=None):
    spec = MLPSpec(units=(5, 3), n_outputs=3, batch_normalization=batch_norm, loss=loss)
    return networks.draw(spec, n_features=4, draws=2)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("loss", [None, "mean_squared_error"])
def test_a_small_step_lowers_the_loss_by_its_size_times_the_squared_length(batch_norm, loss):
    weights, y = drawn(batch_norm=batch_norm), CLASSES if loss is None else POINTS[:, :3]
    settings = {"activation": ("tanh", "silu"), "loss": loss}
    before, slope = networks.gradient(POINTS, y, weights, **settings)
    size = 1e-6
    after, _ = networks.gradient(POINTS, y, networks.stepped(weights, slope, size), **settings)
    # The rest is of second order, and rounding beside the step.
    np.testing.assert_allclose(
        (before - after) / size, networks.length(slope) ** 2, rtol=1e-4, atol=1e-9
    )


def test_a_length_is_over_all_arrays_and_a_difference_undoes_a_step():
    weights = drawn()
    _, slope = networks.gradient(POINTS, CLASSES, weights, activation="tanh")
    there = networks.stepped(weights, slope, 0.5)
    apart = networks.difference(weights, there)
    np.testing.assert_allclose(networks.length(apart), 0.5 * networks.length(slope), rtol=1e-9)
    squares = [np.sum(array[1] ** 2) for array in slope.to_list()]
    assert networks.length(slope)[1] == pytest.approx(np.sqrt(np.sum(squares)))


def test_gradients_of_batch_norm_are_there_where_it_is_and_leave_moving_moments_alone():
    (X, y), weights = examples(1), random_weights(*SIZES, 1)
    assert networks.backward_pass(X, y, weights, activation="relu").norms == ()
    one = normalized_weights(*SIZES, 1, after=False, layers=(1,))
    first, second = networks.backward_pass(X, y, one, activation="relu").norms
    assert first is None
    assert not (second.moving_mean.any())
    assert not (second.moving_variance.any())


def test_numbers_for_one_output_may_come_as_a_row():
    X, weights, y = examples(1)[0], random_weights(*SIZES, 1), RNG.normal(size=N_EXAMPLES)
    settings = {"activation": "tanh", "loss": "mean_squared_error"}
    row = networks.backward_pass(X, y, weights, **settings)
    column = networks.backward_pass(X, y[:, np.newaxis], weights, **settings)
    np.testing.assert_array_equal(row.kernels[0], column.kernels[0])


@OUTPUTS
@WHERE
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_gradients_through_batch_norm_are_slopes_of_the_loss(activation, after, n_outputs):
    (X, y), weights = examples(n_outputs), normalized_weights(*SIZES, n_outputs, after=after)
    learned = trainable_gradients(weights, after=after)

    def passed():
        return networks.backward_pass(X, y, weights, activation=activation)

    found = trainable_gradients(passed(), after=after)
    assert_slopes_of(lambda: passed().loss, learned, found)
