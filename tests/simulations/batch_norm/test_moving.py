"""Moving statistics: Keras's updates, and the laws of their start, their lag and their noise."""

import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import theory
from nnhelpers.simulations import UnitStream, simulate_moving_statistics
from nnhelpers.simulations.batch_norm.moving import _EPSILON, _moving_average

MOMENTA = (0.0, 0.5, 0.9, 0.99)
SETTING = {"data": UnitStream(drift=0.02), "batch_size": 5, "steps": 60}


@pytest.fixture(scope="module")
def many():
    """Two thousand runs for each momentum."""
    return {m: simulate_moving_statistics(m, **SETTING, draws=2_000, seed=1) for m in MOMENTA}


def assert_spread_is(law, samples):
    """Hold the runs' standard deviation to the law within 4 standard errors, at each step."""
    variance = samples.var(axis=0, ddof=1)
    error = np.var((samples - samples.mean(axis=0)) ** 2, axis=0) ** 0.5 / np.sqrt(len(samples))
    assert (np.abs(variance - law**2) <= 4 * error + 1e-12).all()


def test_a_whole_run_is_keras_s_for_the_same_values():
    import keras

    found = simulate_moving_statistics(0.9, **SETTING, draws=2, seed=4)
    rng = np.random.default_rng(4)
    values = rng.standard_normal((SETTING["steps"], 2, 5)) * 2 + 3
    values += 0.02 * np.arange(1, 61)[:, np.newaxis, np.newaxis]
    layer = keras.layers.BatchNormalization(momentum=0.9)
    assert layer.epsilon == _EPSILON
    assert keras.layers.BatchNormalization().momentum == simulate_moving_statistics().momentum
    np.testing.assert_allclose(found.batch_mean, values.mean(axis=2).T, rtol=1e-12)
    np.testing.assert_allclose(found.batch_variance, values.var(axis=2).T, rtol=1e-9)
    for step, batch in enumerate(values.astype(np.float32), start=1):
        layer(batch.T, training=True)
        # Float32 has 24 bits, and each of the steps rounds a few times.
        rounding = 4 * step * 2.0**-24
        mean, variance = layer.moving_mean.numpy(), layer.moving_variance.numpy()
        np.testing.assert_allclose(mean, found.moving_mean[:, step], rtol=rounding)
        np.testing.assert_allclose(variance, found.moving_variance[:, step], rtol=rounding)
    # Inference with the same statistics, about the last truth: mean and spread as we say.
    about = (found.truth[-1] + 2 * np.array([[-1.0, -1.0], [1.0, 1.0]])).astype(np.float32)
    inferred = layer(about, training=False).numpy()
    mean, std = inferred[:, 0].mean(), inferred[:, 0].std()
    np.testing.assert_allclose(found.inference, (mean, std), atol=1e-5)
    assert found.inference_in_words() == f"mean {mean:.2f} and standard deviation {std:.2f}"


@pytest.mark.parametrize("momentum", MOMENTA)
def test_moving_statistics_and_their_noise_follow_their_laws_at_every_step(momentum, many):
    found = many[momentum]
    assert_mean_is(found.expected_mean, found.moving_mean, slack=1e-12)
    assert_mean_is(found.expected_variance, found.moving_variance, slack=1e-12)
    assert_spread_is(found.mean_noise, found.moving_mean)
    assert_spread_is(found.variance_noise, found.moving_variance)


def test_after_a_hundred_steps_a_third_of_the_start_is_left():
    assert theory.start_share(0.99, steps=100) == pytest.approx(0.366, abs=5e-4)
    published = theory.start_share(0.99, steps=[32, 100, 320])
    np.testing.assert_allclose(published, [0.725, 0.366, 0.040], atol=5e-4)
    assert simulate_moving_statistics().start_share == pytest.approx(0.99**100)
    settled = theory.expected_moving_variance(0, steps=1, variance=4.0, batch_size=2)
    assert settled == 2
    # 0 forgets at once.
    assert theory.start_share(0, steps=[0, 1, np.inf]).tolist() == [1, 0, 0]


@pytest.mark.parametrize("momentum", [0.0, 0.9, 0.99])
def test_the_mean_and_its_lag_are_those_of_the_updates_without_noise(momentum):
    steps = np.arange(1_001)
    truth = 3 + 0.5 * steps
    moving = _moving_average(truth[np.newaxis, 1:], momentum=momentum, start=0.0)[0]
    law = theory.expected_moving_mean(momentum, steps=steps, center=3.0, drift=0.5)
    np.testing.assert_allclose(moving, law, atol=1e-9)
    lag = 0.5 * theory.drift_lag(momentum, steps=steps)
    left = 3 * theory.start_share(momentum, steps=steps)
    np.testing.assert_allclose(truth - moving, lag + left, atol=1e-9)
    settled = theory.drift_lag(momentum)
    assert settled == pytest.approx(momentum / (1 - momentum))
    # The weights are one step ahead of the last batch.
    assert settled + 1 == pytest.approx(1 / (1 - momentum))


def test_noise_settles_to_the_closed_form_and_falls_with_batch_and_momentum():
    settled = theory.moving_mean_noise(0.99, std=2.0, batch_size=32)
    assert settled == pytest.approx(np.sqrt(0.01 / 1.99) * 2 / np.sqrt(32))
    momenta = theory.moving_mean_noise([0, 0.5, 0.9, 0.99], std=1.0, batch_size=4)
    assert momenta[0] == 0.5
    assert (np.diff(momenta) < 0).all()
    assert theory.moving_variance_noise(0, std=3.0, batch_size=2) == pytest.approx(9 / 2**0.5)


def test_the_untrained_layer_is_step_zero_and_normalizes_nothing():
    found = simulate_moving_statistics(steps=1)
    assert (found.moving_mean[0, 0], found.moving_variance[0, 0]) == (0, 1)


def test_momenta_are_compared_by_lag_and_noise_in_spreads():
    found = simulate_moving_statistics(0.9, **SETTING)
    errors = found.errors_by_momentum()
    place = np.argmin(np.abs(errors.momentum - 0.9))
    like = simulate_moving_statistics(float(errors.momentum[place]), **SETTING)
    assert errors.noise[place] == pytest.approx(like.mean_noise[-1] / 2)
    assert errors.off[place] == pytest.approx(abs(like.truth[-1] - like.expected_mean[-1]) / 2)
    np.testing.assert_allclose(errors.total**2, errors.off**2 + errors.noise**2)
    assert errors.total.min() == errors.total[errors.momentum == errors.best]
    assert errors.momentum[0] == 0
    assert 0.999 < errors.momentum[-1] < 1


def test_more_steps_begin_with_the_same_batches():
    short, long = (simulate_moving_statistics(steps=n, draws=3) for n in (4, 9))
    np.testing.assert_array_equal(short.moving_mean, long.moving_mean[:, :5])
    assert (short.batch_mean.shape, short.steps) == ((3, 4), 4)


def test_the_summary_says_what_is_left_of_the_start_and_what_inference_gets():
    found = simulate_moving_statistics(0.5, data=UnitStream(center=0.0, drift=0.5), steps=2)
    assert found.summary().startswith(
        "values at 0 ± 2, moving by 0.5 per step, batches of 32, momentum 0.5, step 2: "
        "25% of the start is left, inference normalizes to mean "
    )
    assert "moving" not in simulate_moving_statistics(steps=2).summary()
