"""L2 before batch norm: the growing rate, scaled starts, and what is left of it without."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import datasets, theory
from nnhelpers.simulations import simulate_weight_decay
from nnhelpers.simulations.descent.weight_decay import _descend

EPS = np.finfo(float).eps


@pytest.fixture(scope="module")
def result(circles):
    return simulate_weight_decay(circles)


def draw_start():
    directions = np.random.default_rng(0).normal(size=(1, 2, 16))
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def one_descent(dataset, *, l2, steps, epsilon, rate=0.1):
    rates, keep = np.full((1, steps), rate), np.array([1 - 2 * rate * l2])
    return _descend(dataset.X, dataset.y, draw_start(), rates, keep, rate=rate, epsilon=epsilon)


# Keras rounds l2 and epsilon to float32, which keeps powers of two.
@pytest.mark.parametrize("epsilon", [None, 2.0**-10])
def test_the_descent_is_that_of_keras_with_its_regularizer(circles, epsilon):
    import keras
    import tensorflow as tf

    l2, steps, rate = 2.0**-6, 5, 0.1
    run = one_descent(circles, l2=l2, steps=steps, epsilon=epsilon, rate=rate)
    start = draw_start()[0]
    units, common = start.shape[1], {"dtype": "float64"}
    dense = keras.layers.Dense(
        units, use_bias=epsilon is None, kernel_regularizer=keras.regularizers.L2(l2), **common
    )
    norm = [keras.layers.BatchNormalization(epsilon=epsilon, **common)] if epsilon else []
    output = keras.layers.Dense(1, use_bias=False, trainable=False, **common)
    model = keras.Sequential(
        [
            keras.Input((2,), dtype="float64"),
            *(dense, *norm),
            *(keras.layers.ReLU(**common), output),
        ]
    )
    dense.kernel.assign(start)
    output.kernel.assign(np.where(np.arange(units) % 2, -1.0, 1.0)[:, np.newaxis])
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
                variable.assign_sub(rate * slope)
    np.testing.assert_allclose(run.loss[0, 0], losses, rtol=1e-12)
    length = np.sqrt(np.sum(np.square(dense.kernel), axis=0).mean())
    assert run.length[0, 0, -1] == pytest.approx(length, rel=1e-12)
    logits = np.squeeze(model(X, training=True))
    np.testing.assert_allclose(run.logits(circles.X)[0, 0], logits, rtol=1e-10, atol=1e-12)


def test_l2_is_a_growing_rate_at_every_step(result):
    # Rounding of a loss of order 1 in 300 updates that forget it rather than amplify it.
    assert (np.diff(result.normalized.loss, axis=2) < 0).all()
    assert result.gap.max() < 300 * EPS
    np.testing.assert_allclose(result.rescaled_length, result.normalized.length, rtol=300 * EPS)


def test_where_halving_is_exact_l2_is_a_growing_rate_to_the_last_bit(circles):
    # 1 - 2 · 0.5 · 0.5 = 1/2: powers of two, however wildly the updates overshoot.
    result = simulate_weight_decay(circles, learning_rate=0.5, l2=(0.5,), steps=100)
    assert (np.diff(result.normalized.loss, axis=2) > 0).any(axis=2).all()
    np.testing.assert_array_equal(result.normalized.loss, result.growing.loss)
    np.testing.assert_array_equal(result.normalized.length, result.rescaled_length)


def test_epsilon_takes_the_law_away(circles):
    result = simulate_weight_decay(circles, epsilon=1e-3)
    np.testing.assert_array_equal(result.gap.max(axis=1) < 1e-9, [True] + [False] * 4)
    assert (np.diff(result.gap.max(axis=1)) > 0).all()
    assert result.gap.max() < 0.01


def test_lengths_follow_shrinking_by_l2_and_growth_by_gradients(circles):
    # |w'|² = k² |w|² + rate² |g|², checked without the gradient: a second run whose kernel does
    # not shrink takes the same first step, and their difference is the shrinking alone.
    rate, l2 = 0.2, 0.3
    starts = {"steps": 1, "epsilon": 0.0, "rate": rate}
    shrunk, free = (one_descent(circles, l2=each, **starts) for each in (l2, 0.0))
    before, after = free.length[0, 0] ** 2
    keep = 1 - 2 * rate * l2
    assert shrunk.length[0, 0, 1] ** 2 == pytest.approx(keep**2 * before + after - before)


def test_without_l2_lengths_never_shrink(result):
    assert (np.diff(result.normalized.length[0], axis=1) >= -EPS).all()


def test_with_batch_norm_l2_leaves_the_function_and_without_it_shrinks_it(result, circles):
    held_out = datasets.make_circles(3_000, seed=7)
    for dataset in (circles, held_out):
        normalized, plain = (
            np.median(np.sqrt(np.mean(runs.logits(dataset.X) ** 2, axis=-1)), axis=1)
            for runs in (result.normalized, result.plain)
        )
        assert np.ptp(normalized) < 0.05 * normalized[0]
        assert plain[-1] < 0.5 * plain[0]
        normalized, plain = (
            np.median(runs.loss_on(dataset), axis=1) for runs in (result.normalized, result.plain)
        )
        assert np.ptp(normalized) < 0.05 * normalized[0]
        assert plain[-1] > 2 * plain[0]
    np.testing.assert_allclose(result.normalized.median_length[-1, -1], 0.165, atol=5e-4)
    np.testing.assert_allclose(result.effective_rate[-1, -1], 3.69, atol=5e-3)


def test_networks_give_their_last_loss_again(result, circles):
    for runs in (result.normalized, result.growing, result.plain):
        np.testing.assert_allclose(runs.loss_on(circles), runs.loss[..., -1], rtol=1e-11)
        correct = (runs.logits(circles.X) > 0) == circles.y
        assert correct.shape == (5, 10, len(circles.y))
        assert (correct.mean(axis=-1) >= 0.9).all()


def test_all_settings_start_alike_and_a_setting_does_not_depend_on_others(result, circles):
    for runs in (result.normalized, result.growing, result.plain):
        assert (runs.loss[:, :, 0] == runs.loss[:1, :, 0]).all()
        assert (runs.length[..., 0] == pytest.approx(1)) is True
    alone = simulate_weight_decay(circles, l2=(0.01,))
    np.testing.assert_allclose(alone.normalized.loss[0], result.normalized.loss[3], rtol=1e-11)


def test_laws_at_their_first_steps():
    np.testing.assert_allclose(
        theory.growing_rate(0.5, l2=0.1, step=[0, 1, 2]), 0.5 / np.array([0.9, 0.9**3, 0.9**5])
    )
    np.testing.assert_allclose(
        theory.weight_decay_factor(0.5, l2=0.1, step=[0, 1, 2]), [1, 0.9, 0.81]
    )
    np.testing.assert_array_equal(theory.growing_rate(0.5, l2=0, step=np.arange(9)), 0.5)


def test_tables_and_summaries_hold_certain_digits(result, circles):
    assert result.summary() == (
        "l2 0 to 0.03, loss after 300 steps with batch norm 0.142 to 0.145, without 0.147 to "
        "0.318; growing rate = L2 at every step (to 1e-9)"
    )
    lines = repr(result).splitlines()
    assert len(lines) == 7
    assert lines[-1].split() == ["0.03", "0.142", "0.165", "3.69", "<", "1e-9", "0.318", "0.494"]
    assert ">3.69</td>" in result._repr_html_()
    epsilon = simulate_weight_decay(circles, epsilon=1e-3, l2=(0.01,))
    assert epsilon.verdict() == f"growing rate = L2 to {epsilon.gap.max():.0e}"
    wild = simulate_weight_decay(circles, learning_rate=0.3, l2=(0.03,), steps=400)
    assert wild.verdict().endswith(" once updates overshoot")


def few(**changes):
    return SimpleNamespace(
        **{"X": np.array([[0.0], [1.0], [3.0]]), "y": np.array([0, 1, 0])} | changes
    )


BAD_INPUT = [
    (partial(simulate_weight_decay, few(), l2=()), "l2 must be one or more finite numbers"),
    (partial(simulate_weight_decay, few(), l2=(-0.1,)), "l2 must be numbers from 0 to inf"),
    (partial(simulate_weight_decay, few(), l2=(5.0,)), "l2 must stay below"),
    (partial(simulate_weight_decay, few(), l2=(4.9,), steps=99), "l2 must keep the growing rate"),
    (partial(simulate_weight_decay, few(), learning_rate=0), "learning_rate must be positive"),
    (partial(simulate_weight_decay, few(), epsilon=-1), "epsilon must be finite and not negative"),
    (partial(simulate_weight_decay, few(), steps=0), "steps must be a whole number"),
    (partial(simulate_weight_decay, few(y=np.array([0, 1, 2]))), "dataset must have classes 0"),
    (partial(simulate_weight_decay, few(X=np.ones((3, 1)))), "must keep losses finite"),
    (partial(simulate_weight_decay, few(X=np.ones(3))), "dataset.X must have shape"),
]


@pytest.mark.parametrize(("call", "message"), BAD_INPUT, ids=range(len(BAD_INPUT)))
def test_bad_input_is_named_with_what_is_allowed(call, message):
    with pytest.raises(ValueError, match=message):
        call()
