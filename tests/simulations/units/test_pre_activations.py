"""Sums of products: their variance against the law, and a layer written out by hand."""

import numpy as np
import pytest

from nnhelpers import simulations, theory
from nnhelpers.initializers import RandomNormal
from nnhelpers.simulations import DenseLayer
from nnhelpers.simulations.units import pre_activations as module

simulate = simulations.simulate_dot_product


def normal(mean, stddev):
    return RandomNormal(mean=mean, stddev=stddev)


SETTINGS = [
    {"n": 1},
    {"n": 10},
    {"n": 300, "draws": 2_000},
    {"n": 30, "inputs": normal(0, 0.5), "weights": normal(0, 3)},
    {"n": 1, "inputs": normal(2, 1), "weights": normal(1, 1.5)},
    {"n": 50, "inputs": normal(-2, 0.2), "weights": normal(0.3, 1)},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_mean_and_variance_are_those_of_the_law_after_every_product(settings):
    result = simulate(**settings)
    mean_error = np.sqrt(result.expected_variance / len(result.sums))
    assert abs(result.sums.mean() - result.expected_mean) <= 4 * mean_error
    off = np.abs(result.variances - result.law(result.terms))
    assert (off <= 4 * result.standard_errors).all()


def test_the_articles_product_has_the_variance_12_25():
    law = theory.dot_product_variance(1, mean_y=2.0, mean_w=1.0, std_w=1.5)
    assert law == 2.0**2 * 1.5**2 + 1.0**2 * 1.0 + 1.0 * 1.5**2 == 12.25
    law = theory.dot_product_variance([1, 7], std_y=0.5, std_w=3.0)
    np.testing.assert_allclose(law, [2.25, 7 * 2.25], rtol=1e-12)


def test_the_standard_error_is_the_spread_of_the_variance_over_seeds():
    seeds = 200
    results = [simulate(n=3, draws=500, seed=seed) for seed in range(seeds)]
    spread = np.std([result.variance for result in results], ddof=1)
    told = np.sqrt(np.mean([result.standard_errors[-1] ** 2 for result in results]))
    # A spread over so many seeds is known to one part in sqrt(2 seeds), told from heavy tails
    # less well: the fourth moment of a sum of three is 5, not 3.
    assert abs(spread / told - 1) <= 4 * np.sqrt(5 / (2 * seeds))


def test_the_sum_is_looked_at_after_one_product_and_after_all():
    for n in (1, 2, 3, 25, 26, 1_000):
        result = simulate(n=n, draws=3)
        assert (result.terms[0], result.terms[-1]) == (1, n)
        assert (np.diff(result.terms) > 0).all()
        assert len(result.terms) <= 25
        assert result.variances.shape == result.standard_errors.shape == result.terms.shape
        assert result.variance == pytest.approx(result.sums.var(ddof=1), rel=1e-12)


def test_more_draws_begin_with_the_same_sums_and_blocks_change_nothing(monkeypatch):
    few, many, other = simulate(draws=7), simulate(draws=20), simulate(draws=7, seed=1)
    np.testing.assert_array_equal(many.sums[:7], few.sums)
    assert (few.sums != other.sums).all()
    monkeypatch.setattr(module, "_BLOCK", 30)
    np.testing.assert_array_equal(simulate(draws=20).sums, many.sums)


def test_the_summary_says_what_was_measured_and_what_is_exact():
    result = simulate(n=1_000, draws=1_000, inputs=normal(0.5, 1))
    assert result.summary() == (
        "sum of 1,000 products, inputs of mean 0.5 and standard deviation 1, weights of 0 and 1: "
        "variance 1,290 ± 60, exactly 1,250"
    )
    assert simulate(n=1).summary().startswith("sum of 1 product, ")


def test_units_with_the_same_weights_are_twins_of_the_first_of_them():
    layer = DenseLayer(kernel=[[1, 2, 1, 1], [3, 3, 3, 4]])
    assert layer.twins.tolist() == [0, 1, 0, 3]
    assert layer.verdict() == "4 units compute only 3 sums"


def test_a_layer_keeps_a_kernel_of_its_own():
    kernel = np.ones((2, 2))
    layer = DenseLayer(kernel=kernel)
    kernel[0, 0] = 9
    assert layer.kernel[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        layer.kernel[0, 0] = 9


def test_a_layer_says_how_many_sums_it_computes():
    assert DenseLayer(kernel=[[1.0]]).summary() == "dense layer of 1 input: one unit, one sum"
    equal = DenseLayer(kernel=[[0.5, 0.5], [2, 2]])
    assert equal.summary() == "dense layer of 2 inputs: 2 units compute only 1 sum"
    assert DenseLayer(kernel=np.eye(3)).verdict() == "3 units compute 3 different sums"
