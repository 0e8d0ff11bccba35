"""The first loss of random classifiers, against limits and the exact share of saturated units."""

from dataclasses import replace

import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import datasets, measures, simulations, theory


@pytest.fixture(scope="module")
def digits():
    every = datasets.load_digits()
    return datasets.rescale(replace(every, X=every.X[:200], y=every.y[:200]), 1 / 8)


def test_tiny_weights_cost_what_guessing_costs(digits):
    result = simulations.simulate_initial_loss(digits, std=1e-6, draws=3)
    np.testing.assert_allclose(result.loss, np.log(10), atol=1e-4)
    assert result.chance == np.log(10)
    assert not result.saturated.any()


def test_no_loss_exceeds_that_of_the_smallest_probability(digits):
    result = simulations.simulate_initial_loss(digits, std=1e4, draws=3)
    assert (result.loss <= -np.log(1e-10)).all()
    assert result.loss.min() > np.log(10)


@pytest.mark.parametrize("std", [0.3, 1.0, 3.0])
def test_the_share_of_saturated_units_obeys_the_law(digits, std):
    result = simulations.simulate_initial_loss(digits, std=std, draws=60)
    assert result.law == theory.saturated_share(digits.X, std=std)
    assert_mean_is(result.law, result.saturated)


def test_one_example_at_the_origin_follows_the_bias_alone():
    # z = b is N(0, std^2): beyond 1.96 standard deviations in one case of twenty.
    share = theory.saturated_share(np.zeros((1, 3)), std=4 / 1.959964)
    assert share == pytest.approx(0.05, abs=1e-6)


def test_the_curve_holds_mean_and_error_of_each_result(digits):
    results = [simulations.simulate_initial_loss(digits, std=s, draws=4) for s in (0.1, 1)]
    curve = simulations.initial_loss_curve(results)
    np.testing.assert_array_equal(curve.x, [0.1, 1])
    np.testing.assert_allclose(curve.y, [r.loss.mean() for r in results])
    np.testing.assert_allclose(curve.standard_error, [r.loss.std() / 2 for r in results])
    assert isinstance(curve, measures.Curve)
