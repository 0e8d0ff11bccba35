"""L2 before batch norm: the growing rate, scaled starts, and what is left of it without."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import datasets, networks, theory
from nnhelpers.checks import generator
from nnhelpers.simulations import simulate_weight_decay

EPS = np.finfo(float).eps
RATE = 0.1


@pytest.fixture(scope="module")
def result(circles):
    return simulate_weight_decay(circles)


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


def test_l2_is_a_growing_rate_at_every_step(result):
    # Rounding of a loss of order 1 in 300 updates that forget it rather than amplify it.
    assert (np.diff(result.normalized.loss, axis=2) < 0).all()
    np.testing.assert_allclose(result.growing.loss, result.normalized.loss, atol=300 * EPS)
    keep = 1 - 2 * RATE * result.l2[:, np.newaxis, np.newaxis]
    scaled = result.growing.length * keep ** np.arange(301)
    np.testing.assert_allclose(scaled, result.normalized.length, rtol=300 * EPS)


def test_lengths_follow_shrinking_by_l2_and_growth_by_gradients(circles):
    # |w'|² = k² |w|² + rate² |g|², checked without the gradient: a second run whose kernel does
    # not shrink takes the same first step, and their difference is the shrinking alone.
    free, shrunk = simulate_weight_decay(circles, l2=(0, 0.3), steps=1).normalized.length ** 2
    keep = 1 - 2 * RATE * 0.3
    expected = keep**2 * free[:, 0] + free[:, 1] - free[:, 0]
    np.testing.assert_allclose(shrunk[:, 1], expected, rtol=1e-12)


def test_without_l2_lengths_never_shrink(result):
    assert (np.diff(result.normalized.length[0], axis=1) >= -EPS).all()


def test_with_batch_norm_l2_leaves_the_function_and_without_it_shrinks_it(result, circles):
    for dataset in (circles, datasets.make_circles(3_000, seed=7)):
        both = (result.normalized, result.plain)
        sizes = [np.sqrt(np.mean(logits_of(runs, dataset.X) ** 2, axis=-1)) for runs in both]
        losses = [losses_of(runs, dataset) for runs in both]
        for normalized in np.median([sizes[0], losses[0]], axis=2):
            assert np.ptp(normalized) < 0.05 * normalized[0]
        size, loss = np.median([sizes[1], losses[1]], axis=2)
        assert size[-1] < 0.5 * size[0]
        assert loss[-1] > 2 * loss[0]


def test_networks_give_their_last_loss_again(result, circles):
    for runs in (result.normalized, result.growing, result.plain):
        np.testing.assert_allclose(losses_of(runs, circles), runs.loss[..., -1], rtol=1e-11)
        correct = (logits_of(runs, circles.X) > 0) == circles.y
        assert correct.shape == (5, 10, len(circles.y))
        assert (correct.mean(axis=-1) >= 0.9).all()


def test_all_settings_start_alike_and_a_setting_does_not_depend_on_others(result, circles):
    for runs in (result.normalized, result.growing, result.plain):
        assert (runs.loss[:, :, 0] == runs.loss[:1, :, 0]).all()
        np.testing.assert_allclose(runs.length[..., 0], 1, rtol=1e-12)
    alone = simulate_weight_decay(circles, l2=(0.01,))
    np.testing.assert_allclose(alone.normalized.loss[0], result.normalized.loss[3], rtol=1e-11)


def test_laws_at_their_first_steps():
    rates = theory.growing_rate(0.5, l2=0.1, step=[0, 1, 2])
    np.testing.assert_allclose(rates, 0.5 / np.array([0.9, 0.9**3, 0.9**5]))
    np.testing.assert_array_equal(theory.growing_rate(0.5, l2=0, step=np.arange(9)), 0.5)


def test_words_hold_certain_digits_and_say_how_far_the_losses_are_apart(result):
    assert result.summary() == (
        "l2 0 to 0.03, loss after 300 steps with batch norm 0.142 to 0.145, without 0.147 to "
        "0.318; growing rate = L2 at every step (to 1e-9)"
    )
    off = replace(result, growing=result.growing._replace(loss=result.growing.loss + 0.1))
    assert off.verdict() == "growing rate = L2 to 1e-01"
