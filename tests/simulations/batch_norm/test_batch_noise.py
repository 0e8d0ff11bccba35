"""What a batch's other examples do to one: simulated, by the exact law, and in the large."""

from functools import cache
from statistics import NormalDist

import numpy as np
import pytest

from nnhelpers import simulations, theory
from nnhelpers.measures import BATCH, GROUP, LAYER
from nnhelpers.theory import batch_norm as law_module

simulate = simulations.simulate_batch_noise
moments = theory.normalized_moments
VALUES = (0.0, 1.0, -2.0, 4.0)


@pytest.fixture(scope="module")
def result():
    return simulate(VALUES, batch_sizes=(2, 3, 4, 5, 8, 32, 128), n_units=4, batches=4_000)


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


@pytest.mark.parametrize("value", [0.0, 0.3, -1.0, 2.0])
def test_in_batches_of_two_it_is_a_coin_that_falls_as_the_normal_law_says(value):
    mean, variance = moments(value, batch_size=2, epsilon=1e-8)
    # Epsilon takes a part of 1e-4 at most: the other one lies within 1e-4 as often.
    assert mean == pytest.approx(2 * NormalDist().cdf(value) - 1, abs=4e-4)
    assert variance == pytest.approx(1 - mean**2, abs=4e-4)


def test_in_batches_of_two_only_epsilon_keeps_it_from_one():
    few = simulate((0.0, 1.0), batch_sizes=(2,), n_units=4).normalized[BATCH]
    assert (np.abs(few) < 1).all()
    # h, half the distance of the two, becomes h / sqrt(h^2 + epsilon): below 0.9 where they lie
    # closer than 0.13, as one neighbour in ten to twenty does.
    assert 0.01 < np.mean(np.abs(few) < 0.9) < 0.1


def test_the_law_of_large_batches_closes_in_as_one_over_the_size():
    for value in (0.0, 0.5, 1.0, 2.0, 3.0):
        off = []
        for size in (64, 128, 256, 512):
            exact = moments(value, batch_size=size, epsilon=1e-6)[1]
            off.append(theory.batch_noise_variance(value, batch_size=size) / exact - 1)
        # Twice the batch, half of what it is off; the next order is another 20 % at 64.
        np.testing.assert_allclose(np.array(off[:-1]) / off[1:], 2, rtol=0.2)


def test_how_far_the_law_of_large_batches_holds():
    assert moments(3.0, batch_size=1) == (0.0, 0.0)

    def ratio(value, size):
        large = theory.batch_noise_variance(value, batch_size=size)
        return np.sqrt(large / moments(value, batch_size=size)[1])

    assert ratio(0.0, 8) == pytest.approx(0.81, abs=0.01)
    assert ratio(2.0, 8) == pytest.approx(1.81, abs=0.01)
    assert ratio(2.0, 32) == pytest.approx(1.14, abs=0.01)
    for value in (0.0, 1.0, 2.0):
        assert ratio(value, 64) == pytest.approx(1, abs=0.07)
        assert ratio(value, 256) == pytest.approx(1, abs=0.02)


def test_the_mean_is_off_by_the_term_that_the_notes_give():
    for value in (0.5, 1.0, 2.0):
        mean, _ = moments(value, batch_size=1_000, epsilon=1e-9)
        first_order = value * (1 + (0.75 - value**2 / 2) / 1_000)
        # The next order is a thousandth of the first, times a few powers of x.
        assert mean == pytest.approx(first_order, abs=1e-6 * 5 * (1 + value**5))


@pytest.mark.parametrize(("epsilon", "accuracy"), [(1e-3, 1e-8), (1e-8, 5e-4)], ids=str)
def test_a_finer_grid_changes_no_decimal_that_is_promised(epsilon, accuracy, monkeypatch):
    settings = [(x, m) for x in (0.3, 2.0) for m in (2, 3, 4, 64)]
    coarse = [law_module._moments.__wrapped__(x, m, epsilon) for x, m in settings]
    for name, finer in (("_NODES", 300), ("_POINTS", 1_201), ("_POINTS_OF_TWO", 80_001)):
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
    result = simulate(values, batch_sizes=(3,), n_units=4, batches=2)

    def standard(numbers):
        return (numbers - numbers.mean()) / np.sqrt(numbers.var() + 1e-3)

    groups = np.concatenate([standard(values[:2]), standard(values[2:])])
    np.testing.assert_allclose(result.normalized[LAYER][0, 0], standard(values), rtol=1e-12)
    np.testing.assert_allclose(result.normalized[GROUP][0, 0], groups, rtol=1e-12)


def test_more_batches_begin_with_the_same_ones():
    few, many = (simulate(batch_sizes=(2, 5), batches=count) for count in (7, 20))
    np.testing.assert_array_equal(many.normalized[BATCH][:, :7], few.normalized[BATCH])


def test_the_summary_says_the_spread_in_small_and_large_batches():
    words = simulate((0.0, 2.0), batch_sizes=(2, 256), seed=1).summary()
    assert words.startswith("values 0, 2 of one example in 1,000 batches: std 0.9")
    assert simulate(batches=20).summary().endswith("with layer norm and group norm 0")
