"""Weights before batch norm, multiplied and shrunk by L2: outputs, gradients, rates by law."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import datasets, networks, theory
from nnhelpers.checks import generator
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import simulate_scale_invariance, simulate_weight_decay

EPS = np.finfo(float).eps
RATE = 0.1
X = np.random.default_rng(0).normal(size=(12, 5))
Y = np.arange(12) % 3
SPEC = MLPSpec(units=(3,), batch_normalization=True, n_outputs=3)
LAYERS = networks.draw(SPEC, n_features=5, draws=4)


def back(kernel, *, epsilon=0.0):
    norm = replace(LAYERS.norms[0], epsilon=epsilon)
    layers = replace(LAYERS, kernels=(kernel, LAYERS.kernels[1]), norms=(norm,))
    return networks.backward_pass(X, Y, layers, activation="linear")


def test_without_epsilon_weights_of_any_size_make_one_output_and_gradients_shrink_as_they_grow():
    result = simulate_scale_invariance()
    # With small weights the biases, about as large as 4, cost as many digits as the factor takes.
    allowed = 1e3 * EPS * np.maximum(1, 1 / result.factors)
    assert (result.change.max(axis=1) < allowed).all()
    np.testing.assert_allclose(result.gradient * result.factors[:, np.newaxis], 1, rtol=1e-10)
    assert 0 < result.alignment.max() < 1e3 * EPS * 100
    kernel, rate = LAYERS.kernels[0], 0.1
    slope = back(kernel).kernels[0]
    after, before, gradient = (np.sum(each**2) for each in (kernel - rate * slope, kernel, slope))
    assert after == pytest.approx(before + rate**2 * gradient, rel=10 * EPS)
    words = "outputs equal, gradient × factor constant (to 1e-9)"
    right = "gradient at right angles to the weights"
    assert result.summary() == f"100 layers, weights × 0.01 to 100, epsilon 0: {words}; {right}"
    off = replace(result, change=np.array([[0.1, 0.5]]))
    assert off.verdict().startswith("outputs change by up to 0.500, gradient × factor by ")


@pytest.mark.parametrize("factor", [0.03, 5.0])
def test_weights_times_a_have_the_gradient_of_epsilon_over_a_squared(factor):
    kernel, epsilon = LAYERS.kernels[0], 0.01
    scaled = back(factor * kernel, epsilon=epsilon).kernels[0]
    gradient = back(kernel, epsilon=epsilon / factor**2).kernels[0]
    np.testing.assert_allclose(scaled, gradient / factor, rtol=1e-9, atol=1e-13)


@pytest.fixture(scope="module")
def decay(circles):
    return simulate_weight_decay(circles, l2=(0.0, 1e-2, 3e-2))


def logits_of(runs, X):
    return networks.forward_pass(X, runs.weights, activation="relu").logits[..., 0]


def losses_of(runs, dataset):
    return np.logaddexp(0, logits_of(runs, dataset.X) * (1 - 2 * dataset.y)).mean(axis=-1)


# Keras rounds l2 to float32, which keeps powers of two.
@pytest.mark.parametrize("name", ["plain", "normalized"])
def test_the_descent_is_that_of_keras_with_its_regularizer(circles, name):
    import keras
    import tensorflow as tf

    l2, steps = 2.0**-6, 5
    runs = getattr(simulate_weight_decay(circles, l2=(l2,), steps=steps), name)
    start = generator(0).normal(size=(10, 2, 16))[0]
    common, batch_norm = {"dtype": "float64"}, name == "normalized"
    dense = keras.layers.Dense(
        16, use_bias=not batch_norm, kernel_regularizer=keras.regularizers.L2(l2), **common
    )
    norm = [keras.layers.BatchNormalization(epsilon=0.0, **common)] if batch_norm else []
    output = keras.layers.Dense(1, use_bias=False, trainable=False, **common)
    layers = (dense, *norm, keras.layers.ReLU(**common), output)
    model = keras.Sequential([keras.Input((2,), dtype="float64"), *layers])
    dense.kernel.assign(start / np.linalg.norm(start, axis=0))
    output.kernel.assign(np.where(np.arange(16) % 2, -1.0, 1.0)[:, np.newaxis])
    X, y = tf.constant(circles.X), tf.constant(circles.y[:, np.newaxis], dtype=tf.float64)
    losses = []
    for _ in range(steps + 1):
        with tf.GradientTape() as tape:
            logits = model(X, training=True)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, logits))
            penalized = loss + sum(model.losses)
        losses.append(float(loss))
        variables = model.trainable_variables
        if len(losses) <= steps:
            for variable, slope in zip(variables, tape.gradient(penalized, variables), strict=True):
                variable.assign_sub(RATE * slope)
    np.testing.assert_allclose(runs.loss[0, 0], losses, rtol=1e-12)
    length = np.sqrt(np.sum(np.square(dense.kernel), axis=0).mean())
    assert runs.length[0, 0, -1] == pytest.approx(length, rel=1e-12)
    ours = logits_of(runs, circles.X)[0, 0]
    np.testing.assert_allclose(ours, np.squeeze(logits), rtol=1e-10, atol=1e-12)


def test_l2_is_a_growing_rate_at_every_step(decay):
    # Rounding of a loss of order 1 in 300 updates that forget it rather than amplify it.
    assert (np.diff(decay.normalized.loss, axis=2) < 0).all()
    np.testing.assert_allclose(decay.growing.loss, decay.normalized.loss, atol=300 * EPS)
    keep = 1 - 2 * RATE * decay.l2[:, np.newaxis, np.newaxis]
    assert (np.diff(decay.normalized.length[0], axis=1) >= -EPS).all()
    scaled = decay.growing.length * keep ** np.arange(301)
    np.testing.assert_allclose(scaled, decay.normalized.length, rtol=300 * EPS)


def test_lengths_follow_shrinking_by_l2_and_growth_by_gradients(circles):
    # |w'|² = k² |w|² + rate² |g|², checked without the gradient: a second run whose kernel does
    # not shrink takes the same first step, and their difference is the shrinking alone.
    free, shrunk = simulate_weight_decay(circles, l2=(0, 0.3), steps=1).normalized.length ** 2
    keep = 1 - 2 * RATE * 0.3
    expected = keep**2 * free[:, 0] + free[:, 1] - free[:, 0]
    np.testing.assert_allclose(shrunk[:, 1], expected, rtol=1e-12)


def test_with_batch_norm_l2_leaves_the_function_and_without_it_shrinks_it(decay, circles):
    for dataset in (circles, datasets.make_circles(3_000, seed=7)):
        both = (decay.normalized, decay.plain)
        sizes = [np.sqrt(np.mean(logits_of(runs, dataset.X) ** 2, axis=-1)) for runs in both]
        losses = [losses_of(runs, dataset) for runs in both]
        for normalized in np.median([sizes[0], losses[0]], axis=2):
            assert np.ptp(normalized) < 0.05 * normalized[0]
        size, loss = np.median([sizes[1], losses[1]], axis=2)
        assert size[-1] < 0.5 * size[0]
        assert loss[-1] > 2 * loss[0]


def test_networks_give_their_last_loss_again(decay, circles):
    for runs in (decay.normalized, decay.growing, decay.plain):
        np.testing.assert_allclose(losses_of(runs, circles), runs.loss[..., -1], rtol=1e-11)
        correct = (logits_of(runs, circles.X) > 0) == circles.y
        assert correct.shape == (3, 10, len(circles.y))
        assert (correct.mean(axis=-1) >= 0.9).all()


def test_all_settings_start_alike_and_a_setting_does_not_depend_on_others(decay, circles):
    for runs in (decay.normalized, decay.growing, decay.plain):
        assert (runs.loss[:, :, 0] == runs.loss[:1, :, 0]).all()
        np.testing.assert_allclose(runs.length[..., 0], 1, rtol=1e-12)
    alone = simulate_weight_decay(circles, l2=(0.01,), steps=60).normalized.loss[0]
    np.testing.assert_allclose(alone, decay.normalized.loss[1, :, :61], rtol=1e-11)
    assert simulate_weight_decay(circles, steps=1).l2.tolist() == [0, 1e-3, 3e-3, 1e-2, 3e-2]


def test_words_hold_certain_digits_and_say_how_far_the_losses_are_apart(decay):
    rates = theory.growing_rate(0.5, l2=0.1, step=[0, 1, 2])
    np.testing.assert_allclose(rates, 0.5 / np.array([0.9, 0.9**3, 0.9**5]))
    assert decay.summary() == (
        "l2 0 to 0.03, loss after 300 steps with batch norm 0.142 to 0.145, without 0.147 to "
        "0.318; growing rate = L2 at every step (to 1e-9)"
    )
    off = replace(decay, growing=decay.growing._replace(loss=decay.growing.loss + 0.1))
    assert off.verdict() == "growing rate = L2 to 1e-01"
