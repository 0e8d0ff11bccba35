"""The panel of the layer itself: its captions hold, for its own seed and for all others."""

import numpy as np
import pytest

PANEL, SEEDS = "explore_batch_norm", 31


def test_the_smallest_batch_is_of_two_and_epsilon_never_0(panel):
    assert min(panel.controls["n_examples"].options) == 2
    assert {0.0, 0.001} <= set(panel.controls["std"].options)
    assert min(panel.controls["epsilon"].options) > 0


def test_wherever_the_batch_lies_mean_0_and_spread_1_come_out(panel, shown):
    results = shown("mean 0, standard deviation 1")
    panel.controls["center"].value, panel.controls["distribution"].value = -6, "relu"
    for result in [*results, panel.result]:
        assert result.outputs.mean() == pytest.approx(0, abs=1e-12)
        # What epsilon takes is half of its share of a variance of 1 or more.
        assert result.output_std == pytest.approx(1, abs=5e-4)
    assert np.ptp([result.mean for result in results]) > 1


def test_gamma_and_beta_make_another_mean_and_spread_upside_down(shown):
    for result in shown("gamma and beta"):
        assert result.outputs.mean() == pytest.approx(-2, abs=1e-12)
        assert result.output_std == pytest.approx(2, abs=1e-3)
        assert result.outputs.argmin() == result.values.argmax()


def test_a_thousandth_is_spread_to_about_three_hundredths(shown):
    spreads = [result.output_std for result in shown("hardly any difference")]
    # A spread of 32 numbers is off by one part in sqrt(64) in one batch of three.
    assert np.mean(spreads) == pytest.approx(1e-3 / np.sqrt(1e-3), abs=0.002)
    assert 0.02 < min(spreads) < max(spreads) < 0.04


def test_an_epsilon_of_10_lets_half_of_the_spread_through(shown):
    for result in shown("a large epsilon"):
        assert result.variance == pytest.approx(4, abs=1.2)
        assert result.output_std == pytest.approx(np.sqrt(4 / 14), abs=0.05)
        assert result.output_std == pytest.approx(0.5, abs=0.07)


def test_two_examples_land_near_minus_one_and_one(shown):
    for result in shown("a batch of two"):
        np.testing.assert_allclose(np.sort(result.normalized), [-1, 1], atol=0.02)
