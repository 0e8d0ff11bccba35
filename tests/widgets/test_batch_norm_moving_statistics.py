"""The panel of the moving statistics: its captions hold, for its own seed and for others."""

import numpy as np
import pytest
from stopwatch import least_processor_seconds

PANEL, SEEDS = "explore_moving_statistics", 10


def test_batches_go_from_two_to_256_and_momentum_from_0(panel):
    assert list(panel.controls["momentum"].options) == [0, 0.5, 0.9, 0.99, 0.999]
    assert panel.controls["batch_size"].options[0] == 2
    assert panel.controls["batch_size"].options[-1] == 256


def test_scrubbing_shows_the_same_run_further_on(panel):
    panel.show_scene(0)
    short = panel.result
    panel.controls["steps"].value = 300
    np.testing.assert_array_equal(panel.result.moving_mean[:, :101], short.moving_mean)


def test_a_hundred_steps_leave_37_percent_of_the_start(shown):
    for result in shown("a hundred steps"):
        assert (result.momentum, result.steps) == (0.99, 100)
        assert result.start_share == pytest.approx(0.37, abs=0.005)
        assert result.inference_mean[0, -1] > 0.5
        assert result.inference_std[0, -1] > 1.1


def test_five_hundred_steps_leave_less_than_one_percent_and_inference_is_nearly_right(shown):
    for result in shown("five hundred steps"):
        assert result.start_share < 0.01
        # What is left of the start at 0, and the noise, in spreads of the unit.
        off = result.start_share * result.data.center + 4 * result.mean_noise[-1]
        assert abs(result.inference_mean[0, -1]) < 1.1 * off / result.data.std < 0.08
        # A relative error of the variance is twice that of the spread; 31/32, and 1 % of the start.
        noise = 4 * result.variance_noise[-1] / result.data.std**2
        assert result.inference_std[0, -1] == pytest.approx(1, abs=(noise + 1 / 32 + 0.01) / 2)


def test_with_momentum_0_9_the_start_is_forgotten_and_the_noise_over_three_times_as_large(shown):
    slow = shown("a hundred steps")[0]
    for result in shown("momentum 0.9"):
        assert result.steps == 100
        assert result.start_share < 1e-4
        assert 3 < result.mean_noise[-1] / slow.mean_noise[-1] < 4
        assert 3 < result.variance_noise[-1] / slow.variance_noise[-1] < 4


def test_behind_a_drift_it_lags_by_about_a_hundred_steps(shown):
    for result in shown("weights that move"):
        behind = (result.truth[-1] - result.moving_mean[0, -1]) / result.data.drift
        # Three of them are what is left of the start, and 8 the noise of four standard errors.
        assert behind == pytest.approx(100, abs=3 + 4 * result.mean_noise[-1] / result.data.drift)
        assert result.lag / result.data.drift == pytest.approx(99, abs=1)
        assert result.inference_mean[0, -1] > 0.4


def test_batches_of_two_have_half_the_variance_and_are_noisy(shown):
    calm = shown("five hundred steps")[0]
    for result in shown("batches of two"):
        assert result.expected_variance[-1] == pytest.approx(result.data.std**2 / 2, rel=0.01)
        assert abs(result.moving_variance[0, -1] - 2) < 4 * result.variance_noise[-1]
        assert result.mean_noise[-1] == pytest.approx(4 * calm.mean_noise[-1])


def test_the_headline_says_what_inference_gets(panel):
    panel.show_scene(0)
    headline = panel.drawn.figure.texts[0].get_text()
    assert headline == (
        f"Inference would get {panel.result.inference_in_words()}, promised are 0 and 1"
    )


def test_a_move_at_the_most_steps_and_largest_batches_keeps_up_with_a_hand(panel):
    panel.show_scene(0)
    largest = panel.settings | {"steps": 500, "batch_size": 256}

    def compute(seed):
        panel._picture.compute(**largest | {"seed": seed}).errors_by_momentum()

    assert least_processor_seconds(compute, range(8)) < 0.02
