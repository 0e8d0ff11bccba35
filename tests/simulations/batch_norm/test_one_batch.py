"""The layer itself: mean and standard deviation that leave it are those of the law."""

import numpy as np
import pytest

from nnhelpers import simulations
from nnhelpers.simulations import UNIT_DISTRIBUTIONS, UnitBatch

simulate = simulations.simulate_batch_norm

SETTINGS = [
    (UnitBatch(), {}),
    (UnitBatch(distribution="relu", n_examples=256), {"gamma": -2.5, "beta": 3.0}),
    (UnitBatch(n_examples=2), {"epsilon": 10.0}),
    (UnitBatch(std=1e-3), {"gamma": 2.0}),
    (UnitBatch(std=0.0, center=-6.0), {"gamma": 2.0, "beta": 1.0}),
    (UnitBatch(center=100.0, std=3.0), {"epsilon": 1e-5, "gamma": 0.0}),
    ([1.0, 2.0, 6.0], {"gamma": 3.0, "beta": -1.0}),
]


@pytest.mark.parametrize(("data", "settings"), SETTINGS, ids=range(len(SETTINGS)))
def test_mean_and_spread_of_the_outputs_are_those_of_the_law(data, settings):
    result = simulate(data, **settings)
    # A mean of n numbers rounds n times; epsilon magnifies what is lost in front of it.
    size = np.abs(result.values).max() / np.sqrt(result.variance + result.epsilon)
    rounding = len(result.values) * np.finfo(float).eps * (1 + size) * (1 + abs(result.gamma))
    assert result.outputs.mean() == pytest.approx(result.beta, abs=4 * rounding)
    assert result.output_std == pytest.approx(result.law_std, abs=4 * rounding)


def test_three_numbers_by_hand():
    result = simulate([1.0, 2.0, 6.0], gamma=3.0, beta=-1.0, epsilon=2 / 3)
    assert (result.mean, result.variance) == pytest.approx((3.0, 14 / 3), rel=1e-15)
    root = np.sqrt(16 / 3)
    np.testing.assert_allclose(result.normalized, [-2 / root, -1 / root, 3 / root], rtol=1e-14)
    np.testing.assert_allclose(result.outputs, 3 * result.normalized - 1, rtol=1e-14)


def test_keras_computes_the_same():
    keras = pytest.importorskip("keras")
    result = simulate(gamma=-2.0, beta=0.5, epsilon=0.01)
    gamma, beta = (keras.initializers.Constant(number) for number in (-2.0, 0.5))
    layer = keras.layers.BatchNormalization(
        epsilon=0.01, gamma_initializer=gamma, beta_initializer=beta
    )
    theirs = layer(result.values[:, np.newaxis].astype(np.float32), training=True)
    # Single precision: eight roundings of outputs up to 6.
    rounding = 8 * 6 * float(np.finfo(np.float32).eps)
    np.testing.assert_allclose(result.outputs, np.asarray(theirs)[:, 0], atol=rounding)


@pytest.mark.parametrize("distribution", UNIT_DISTRIBUTIONS)
def test_numbers_have_the_mean_and_spread_that_were_asked_for(distribution):
    batch = UnitBatch(n_examples=40_000, center=-2.0, std=3.0, distribution=distribution)
    values = batch.draw(np.random.default_rng(0))
    assert abs(values.mean() + 2) <= 4 * 3 / np.sqrt(len(values))
    squares = (values - values.mean()) ** 2
    assert abs(squares.mean() - 9) <= 4 * squares.std() / np.sqrt(len(values))


def test_half_of_a_relus_numbers_are_its_lowest():
    values = UnitBatch(n_examples=40_000, distribution="relu").draw(np.random.default_rng(0))
    assert abs(np.mean(values == values.min()) - 0.5) <= 4 * 0.5 / np.sqrt(len(values))


def test_a_batch_without_spread_gives_beta_and_stays_finite():
    for center in (0.0, 3.0, 1e6, 0.1):
        result = simulate(UnitBatch(std=0.0, center=center), beta=2.0, epsilon=1e-5)
        # The mean of equal numbers may round, and what it is off is magnified 316 times.
        rounding = 400 * np.finfo(float).eps * center
        np.testing.assert_allclose(result.outputs, 2.0, atol=rounding)


@pytest.mark.parametrize("std", [1e-9, 1e-6, 1e-3])
def test_epsilon_bounds_how_far_differences_are_magnified(std):
    result = simulate(UnitBatch(std=std, center=0.0))
    magnified = np.ptp(result.normalized) / np.ptp(result.values)
    assert magnified <= 1 / np.sqrt(1e-3) * (1 + 1e-9)
    assert result.output_std < 32 * 1.5 * std


def test_a_seed_repeats_the_batch_and_given_numbers_are_kept_apart():
    np.testing.assert_array_equal(simulate(seed=3).values, simulate(seed=3, gamma=2.0).values)
    assert (simulate(seed=3).values != simulate(seed=4).values).all()
    numbers = np.array([1.0, 2.0])
    result = simulate(numbers)
    numbers[0] = 9
    assert result.values[0] == 1


def test_the_summary_says_what_mean_and_spread_became():
    result = simulate([1.0, 5.0], gamma=-3.0, beta=2.0, epsilon=1e-3)
    assert result.summary() == (
        "batch of 2, gamma -3, beta 2, epsilon 0.001: mean 3.00 and std 2.00 become 2.00 and 3.00"
    )
    assert simulate(UnitBatch(std=0)).verdict() == "mean 3.00 and std 0 become 0 and 0"
