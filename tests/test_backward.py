"""The backward pass against Keras's gradients and against differences of its own loss."""

import itertools

import keras
import numpy as np
import pytest

from nnhelpers import backward, forward, models
from nnhelpers.activations import ACTIVATIONS
from nnhelpers.models import MLPSpec
from nnhelpers.weights import Weights

RNG = np.random.default_rng(0)
N_EXAMPLES, SIZES = 30, (5, 7, 6)
KNOWN_TO_KERAS = [name for name in ACTIVATIONS if hasattr(keras.activations, name)]
OUTPUTS = pytest.mark.parametrize("n_outputs", [1, 10])
# Central differences in float64: the step's square, and rounding divided by the step.
STEP = 1e-5


def random_weights(*sizes, draws=()):
    pairs = list(itertools.pairwise(sizes))
    return Weights(
        kernels=tuple(RNG.normal(size=(*draws, fan_in, out)) for fan_in, out in pairs),
        biases=tuple(RNG.normal(size=(*draws, out)) for _, out in pairs),
    )


def examples(n_outputs):
    classes = np.arange(N_EXAMPLES) % max(2, n_outputs)
    return RNG.normal(size=(N_EXAMPLES, SIZES[0])), classes


def gradients_of(passed):
    pairs = zip(passed.kernels, passed.biases, strict=True)
    return [gradient for pair in pairs for gradient in pair]


@OUTPUTS
@pytest.mark.parametrize("activation", KNOWN_TO_KERAS)
def test_gradients_are_those_of_keras(activation, n_outputs):
    (X, y), weights = examples(n_outputs), random_weights(*SIZES, n_outputs)
    spec = MLPSpec(units=SIZES[1:], activation=activation, n_outputs=n_outputs)
    theirs = models.gradients(models.model_from_weights(spec, weights), X, y)
    ours = gradients_of(backward.backward_pass(X, y, weights, activation=activation))
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
    (X, y), weights = examples(n_outputs), random_weights(*SIZES, n_outputs)
    passed = backward.backward_pass(X, y, weights, activation=activation)
    for array, gradient in zip(weights.to_list(), gradients_of(passed), strict=True):
        for index in [(0,) * array.ndim, (-1,) * array.ndim]:
            value, ends = array[index], []
            for step in (STEP, -STEP):
                array[index] = value + step
                ends.append(backward.backward_pass(X, y, weights, activation=activation).loss)
            array[index] = value
            assert (ends[0] - ends[1]) / (2 * STEP) == pytest.approx(gradient[index], abs=1e-7)


@OUTPUTS
def test_a_delta_is_what_the_bias_of_an_example_on_its_own_would_get(n_outputs):
    (X, y), weights = examples(n_outputs), random_weights(*SIZES, n_outputs)
    passed = backward.backward_pass(X, y, weights, activation="tanh")
    for i in (0, N_EXAMPLES - 1):
        alone = backward.backward_pass(X[[i]], y[[i]], weights, activation="tanh")
        for delta, bias in zip(passed.deltas, alone.biases[:-1], strict=True):
            np.testing.assert_allclose(delta[i], bias, rtol=1e-12)


def test_the_pass_forward_and_its_slopes_come_along():
    (X, y), weights = examples(10), random_weights(*SIZES, 10)
    passed = backward.backward_pass(X, y, weights, activation="sigmoid")
    expected = forward.forward_pass(X, weights, activation="sigmoid")
    np.testing.assert_array_equal(passed.forward.logits, expected.logits)
    for slope, a in zip(passed.slopes, expected.activations, strict=True):
        np.testing.assert_allclose(slope, a * (1 - a), rtol=0, atol=4 * np.finfo(float).eps)


@OUTPUTS
def test_many_networks_go_back_as_each_of_them(n_outputs):
    X, y = examples(n_outputs)
    weights = random_weights(*SIZES, n_outputs, draws=(4,))
    together = backward.backward_pass(X, y, weights, activation="tanh")
    assert [delta.shape for delta in together.deltas] == [(4, N_EXAMPLES, n) for n in SIZES[1:]]
    assert together.loss.shape == (4,)
    for i in range(4):
        alone = backward.backward_pass(X, y, weights[i], activation="tanh")
        np.testing.assert_allclose(together.loss[i], alone.loss, rtol=1e-12)
        pairs = zip(gradients_of(together), gradients_of(alone), strict=True)
        for ours, theirs in itertools.chain(pairs, zip(together.deltas, alone.deltas, strict=True)):
            np.testing.assert_allclose(ours[i], theirs, rtol=1e-9, atol=1e-12)


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
        passed = backward.backward_pass(np.ones((1, 1)), [y], straight(logits), activation="relu")
    assert passed.loss == loss
    np.testing.assert_array_equal(passed.biases[0], error)
    assert passed.deltas == passed.slopes == ()


@pytest.mark.parametrize(("logits", "y"), [([50.0], 1), ([-50.0], 0), ([50.0, 0.0], 0)])
def test_an_error_too_small_for_a_rounded_probability_is_kept(logits, y):
    passed = backward.backward_pass(np.ones((1, 1)), [y], straight(logits), activation="relu")
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
    ],
)
def test_classes_that_do_not_fit_are_refused(y, n_outputs, message):
    with pytest.raises(ValueError, match=message):
        backward.backward_pass(
            np.ones((3, 2)), y, random_weights(2, 3, n_outputs), activation="relu"
        )


def test_other_bad_input_is_refused_by_name():
    weights = random_weights(2, 1)
    with pytest.raises(ValueError, match=r"activation must be one of .*got 'swoosh'"):
        backward.backward_pass(np.ones((3, 2)), [0, 1, 0], weights, activation="swoosh")
    with pytest.raises(ValueError, match=r"X must have 2 features, got shape \(3, 4\)"):
        backward.backward_pass(np.ones((3, 4)), [0, 1, 0], weights, activation="relu")
    with pytest.raises(ValueError, match="y must hold one class for each of at least one"):
        backward.backward_pass(np.ones((0, 2)), [], weights, activation="relu")
