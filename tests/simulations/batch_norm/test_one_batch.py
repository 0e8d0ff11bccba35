"""The layer itself, and what a batch's other examples do to one: simulated and by exact laws."""

from functools import cache
from statistics import NormalDist

import numpy as np
import pytest

from nnhelpers import simulations, theory
from nnhelpers.measures import BATCH, GROUP, LAYER
from nnhelpers.simulations import UNIT_DISTRIBUTIONS, UnitBatch
from nnhelpers.theory import batch_norm as law_module

simulate = simulations.simulate_batch_norm
noise = simulations.simulate_batch_noise
moments = theory.normalized_moments
VALUES = (0.0, 1.0, -2.0, 4.0)

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
    size = np.abs(result.values).max() / np.sqrt(result.values.var() + result.epsilon)
    rounding = len(result.values) * np.finfo(float).eps * (1 + size) * (1 + abs(result.gamma))
    assert result.outputs.mean() == pytest.approx(result.beta, abs=4 * rounding)
    assert result.output_std == pytest.approx(result.law_std, abs=4 * rounding)


def test_three_numbers_by_hand():
    result = simulate([1.0, 2.0, 6.0], gamma=3.0, beta=-1.0, epsilon=2 / 3)
    assert result.std == pytest.approx(np.sqrt(14 / 3), rel=1e-15)
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
    off = 0.5 if distribution == "relu" else 0.0
    assert abs(np.mean(values == values.min()) - off) <= 4 * 0.5 / np.sqrt(len(values))


def test_a_batch_without_spread_gives_beta_and_epsilon_bounds_how_far_others_are_magnified():
    for center in (0.0, 3.0, 1e6, 0.1):
        result = simulate(UnitBatch(std=0.0, center=center), beta=2.0, epsilon=1e-5)
        # The mean of equal numbers may round, and what it is off is magnified 316 times.
        rounding = 400 * np.finfo(float).eps * center
        np.testing.assert_allclose(result.outputs, 2.0, atol=rounding)
    result = simulate(UnitBatch(std=1e-6, center=0.0))
    magnified = np.ptp(result.normalized) / np.ptp(result.values)
    assert magnified <= 1 / np.sqrt(1e-3) * (1 + 1e-9)


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


@pytest.fixture(scope="module")
def result():
    return noise(VALUES, batch_sizes=(2, 3, 4, 8, 64), n_units=4, batches=4_000)


def test_mean_and_spread_are_those_of_the_exact_law(result):
    numbers = result.normalized[BATCH]
    error = numbers.std(axis=1, ddof=1) / np.sqrt(numbers.shape[1])
    # A rare sign in batches of two may not have come up among these.
    rare = np.sqrt(result.law_std**2 / numbers.shape[1])
    assert (np.abs(numbers.mean(axis=1) - result.law_mean) <= 4 * np.maximum(error, rare)).all()
    squares = (numbers - result.law_mean[:, np.newaxis]) ** 2
    fourth = squares.std(axis=1) / np.sqrt(numbers.shape[1])
    # Where nearly all squares are nearly 0, they say little of the others: 4 (m - 1) at most.
    largest = 4 * (result.batch_sizes[:, np.newaxis] - 1)
    rare = np.sqrt(largest * result.law_std**2 / numbers.shape[1])
    off = np.abs(result.std() ** 2 - result.law_std**2)
    assert (off <= 4 * np.where(result.law_std < 0.05, rare, fourth)).all()


def test_no_value_passes_the_root_of_the_others(result):
    farthest = np.abs(result.normalized[BATCH]).max(axis=(1, 2))
    assert (farthest <= np.sqrt(result.batch_sizes - 1)).all()
    # Four standard deviations out, it comes close.
    assert (farthest[:3] > 0.99 * np.sqrt(result.batch_sizes - 1)[:3]).all()


@pytest.mark.parametrize("value", [0.3, -1.0])
def test_in_batches_of_two_it_is_a_coin_that_falls_as_the_normal_law_says(value):
    mean, variance = moments(value, batch_size=2, epsilon=1e-8)
    # Epsilon takes a part of 1e-4 at most: the other one lies within 1e-4 as often.
    assert mean == pytest.approx(2 * NormalDist().cdf(value) - 1, abs=4e-4)
    assert variance == pytest.approx(1 - mean**2, abs=4e-4)


def test_the_law_of_large_batches_closes_in_as_one_over_the_size():
    for value in (0.0, 1.0, 3.0):
        off = []
        for size in (64, 128, 256, 512):
            exact = moments(value, batch_size=size, epsilon=1e-6)[1]
            off.append(theory.batch_noise_variance(value, batch_size=size) / exact - 1)
        # Twice the batch, half of what it is off; the next order is another 20 % at 64.
        np.testing.assert_allclose(np.array(off[:-1]) / off[1:], 2, rtol=0.2)


@pytest.mark.parametrize(("epsilon", "accuracy"), [(1e-3, 1e-8), (1e-8, 5e-4)], ids=str)
def test_a_finer_grid_changes_no_decimal_that_is_promised(epsilon, accuracy, monkeypatch):
    settings = [(0.3, 2), (2.0, 3), (0.3, 4), (2.0, 64)]
    coarse = [law_module._moments.__wrapped__(x, m, epsilon) for x, m in settings]
    for name, finer in (("_NODES", 300), ("_POINTS", 1_201), ("_POINTS_OF_TWO", 60_001)):
        monkeypatch.setattr(law_module, name, finer)
    monkeypatch.setattr(law_module, "_gauss", cache(law_module._gauss.__wrapped__))
    fine = [law_module._moments.__wrapped__(x, m, epsilon) for x, m in settings]
    np.testing.assert_allclose(coarse, fine, atol=accuracy)


def test_layer_norm_and_group_norm_give_the_same_in_every_batch(result):
    for kind in (LAYER, GROUP):
        np.testing.assert_array_equal(result.std(kind), 0)
        assert np.ptp(result.normalized[kind], axis=(0, 1)).max() == 0
    assert (result.std()[:, 0] > 0).all()


def test_layer_norm_and_group_norm_are_of_the_examples_own_units():
    values = np.array([0.5, -1.0, 2.0, 0.0])
    result = noise(values, batch_sizes=(3,), n_units=4, batches=2)

    def standard(numbers):
        return (numbers - numbers.mean()) / np.sqrt(numbers.var() + 1e-3)

    groups = np.concatenate([standard(values[:2]), standard(values[2:])])
    np.testing.assert_allclose(result.normalized[LAYER][0, 0], standard(values), rtol=1e-12)
    np.testing.assert_allclose(result.normalized[GROUP][0, 0], groups, rtol=1e-12)


def test_the_summary_says_the_spread_and_more_batches_begin_with_the_same():
    found = noise((0.0, 2.0), batch_sizes=(2, 256), seed=1)
    words = found.summary()
    assert words.startswith("values 0, 2 of one example in 1,000 batches: std 0.9")
    assert words.endswith("with layer norm and group norm 0")
    few = noise((0.0, 2.0), batch_sizes=(2, 256), seed=1, batches=7).normalized[BATCH]
    np.testing.assert_array_equal(found.normalized[BATCH][:, :7], few)
