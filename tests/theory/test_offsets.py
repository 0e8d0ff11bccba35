"""The law of counted examples, and the offset that stands for a correlation."""

from math import comb

import numpy as np
import pytest

from nnhelpers import theory


@pytest.mark.parametrize("r", [0.05, 0.3, 1.0, 2.4, 30.0])
def test_the_offset_of_a_layer_is_that_of_data_that_pass_linear_layers(r):
    passed = {"weight_variance": 1, "depth": 4, "input_correlation": r**2 / (1 + r**2)}
    correlations = theory.layer_correlations("linear", **passed)
    assert theory.equivalent_offset(correlations) == pytest.approx(np.full(4, r), rel=1e-9)


def test_no_correlation_is_no_offset_and_a_full_one_has_no_end():
    np.testing.assert_array_equal(theory.equivalent_offset([0, 1]), [0, np.inf])


@pytest.mark.parametrize("n", [1, 7, 200, 900])
@pytest.mark.parametrize("r", [0.0, 0.02, 0.09, 0.1, 0.5, 1.0, 2.4, 50.0, np.inf])
def test_counts_of_active_examples_have_the_moments_of_the_exact_law(r, n):
    pmf = theory.active_examples_pmf(n, mean_over_std=r)
    shares = np.arange(n + 1) / n
    # E[Phi(r Z)^2] is the probability that two normal numbers of correlation c are both positive.
    c = 1.0 if np.isinf(r) else r**2 / (1 + r**2)
    variance = np.arcsin(c) / (2 * np.pi) * (1 - 1 / n) + 1 / (4 * n)
    assert pmf.shape == (n + 1,)
    assert pmf.sum() == pytest.approx(1, abs=1e-9)
    assert pmf @ shares == pytest.approx(0.5, abs=1e-9)
    assert pmf @ (shares - 0.5) ** 2 == pytest.approx(variance, rel=1e-6)
    np.testing.assert_allclose(pmf, pmf[::-1], atol=1e-12)


def test_counts_are_even_for_an_offset_of_one_and_coins_for_none():
    np.testing.assert_allclose(theory.active_examples_pmf(50, mean_over_std=1), 1 / 51, rtol=1e-7)
    coins = np.array([comb(12, k) for k in range(13)]) / 2**12
    np.testing.assert_allclose(theory.active_examples_pmf(12, mean_over_std=0), coins, rtol=1e-12)


def test_with_many_examples_counts_follow_the_law_of_notebook_one():
    pmf = theory.active_examples_pmf(4_000, mean_over_std=2.0)
    counted = (np.cumsum(pmf) - pmf / 2)[[200, 1_000, 2_000, 3_800]]
    law = theory.active_fraction_cdf_normal([0.05, 0.25, 0.5, 0.95], mean_over_std=2.0)
    # Counting adds (f p (1 - p))' / (2 n), f the density, whose product bends by less than 1 here.
    np.testing.assert_allclose(counted, law, atol=1 / (2 * 4_000))


@pytest.mark.parametrize("n", [20, 200])
def test_as_many_normal_numbers_lie_above_their_mean_as_the_law_says(n):
    numbers = np.random.default_rng(0).normal(size=(20_000, n))
    counts = np.sum(numbers > numbers.mean(axis=1, keepdims=True), axis=1)
    pmf, k = theory.above_mean_pmf(n), np.arange(n + 1)
    assert pmf.sum() == pytest.approx(1, rel=1e-12)
    assert abs(counts.mean() - pmf @ k) < 4 * counts.std() / np.sqrt(20_000)
    # Good to 1 % by its docstring.
    spread = np.sqrt(pmf @ (k - n / 2) ** 2)
    assert abs(counts.std() - spread) < 0.01 * spread + 4 * spread / np.sqrt(2 * 20_000)
