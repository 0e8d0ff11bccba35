"""Panels of batch norm: the captions hold, for their own seed and for others."""

import numpy as np
import pytest
from stopwatch import least_processor_seconds


def test_the_smallest_batch_is_of_two_and_epsilon_never_0(opened):
    panel = opened("batch_norm")
    assert min(panel.controls["n_examples"].options) == 2
    assert {0.0, 0.001} <= set(panel.controls["std"].options)
    assert min(panel.controls["epsilon"].options) > 0


def test_wherever_the_batch_lies_mean_0_and_spread_1_come_out(computed, shown):
    results = shown("batch_norm", "mean 0, standard deviation 1", seeds=31)
    far = computed("batch_norm", center=-6, distribution="relu")
    for result in [*results, far]:
        assert result.outputs.mean() == pytest.approx(0, abs=1e-12)
        # What epsilon takes is half of its share of a variance of 1 or more.
        assert result.output_std == pytest.approx(1, abs=5e-4)
    assert np.ptp([result.values.mean() for result in results]) > 1


def test_gamma_and_beta_make_another_mean_and_spread_upside_down(shown):
    for result in shown("batch_norm", "gamma and beta", seeds=31):
        assert result.outputs.mean() == pytest.approx(-2, abs=1e-12)
        assert result.output_std == pytest.approx(2, abs=1e-3)
        assert result.outputs.argmin() == result.values.argmax()


def test_a_thousandth_is_spread_to_about_three_hundredths(shown):
    spreads = [
        result.output_std for result in shown("batch_norm", "hardly any difference", seeds=31)
    ]
    # A spread of 32 numbers is off by one part in sqrt(64) in one batch of three.
    assert np.mean(spreads) == pytest.approx(1e-3 / np.sqrt(1e-3), abs=0.002)
    assert 0.02 < min(spreads) < max(spreads) < 0.04


def test_an_epsilon_of_10_lets_half_of_the_spread_through(shown):
    for result in shown("batch_norm", "a large epsilon", seeds=31):
        assert result.values.var() == pytest.approx(4, abs=1.2)
        assert result.output_std == pytest.approx(np.sqrt(4 / 14), abs=0.05)
        assert result.output_std == pytest.approx(0.5, abs=0.07)


def test_two_examples_land_near_minus_one_and_one(shown):
    for result in shown("batch_norm", "a batch of two", seeds=31):
        np.testing.assert_allclose(np.sort(result.normalized), [-1, 1], atol=0.02)


def near_an_end(result):
    """Share of each layer's outputs in the outermost tenth of the ruler, at either end."""
    tenth = len(result.edges) // 10
    return result.shares[:, :tenth].sum(axis=1) + result.shares[:, -tenth:].sum(axis=1)


def spread(result):
    return np.median(result.std, axis=0)


CHOICES = {
    "none": [],
    "every": [1, 2, 3, 4, 5],
    "every second": [2, 4],
    "the last": [5],
    "the third": [3],
}


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_choice_puts_batch_norm_where_it_says(computed, place):
    for choice, layers in CHOICES.items():
        result = computed("normalized_layers", layers=choice, place=place, depth=5)
        assert [layer + 1 for layer in result.spec.normalized_layers] == layers
        assert result.place == (place if layers else "")


def test_without_batch_norm_more_than_half_of_all_sigmoids_lie_near_an_end(shown):
    for result in shown("normalized_layers", "weights far too large"):
        assert (near_an_end(result) > 0.5).all()
        assert (result.activation, result.initializer) == ("sigmoid", "N(0, 1)")


def test_with_batch_norm_two_or_three_in_a_hundred_do(shown):
    for result in shown("normalized_layers", "too large, with batch norm"):
        assert ((near_an_end(result) > 0.015) & (near_an_end(result) < 0.035)).all()


def test_the_usual_start_leaves_a_quarter_from_layer_to_layer(shown):
    for result in shown("normalized_layers", "the usual start"):
        left = np.median(result.unit_std, axis=0)
        assert ((left[1:] > 0.2 * left[:-1]) & (left[1:] < 0.3 * left[:-1])).all()
        assert result.initializer == "glorot_uniform"


def test_with_batch_norm_the_last_layer_tells_as_much_as_the_first(shown):
    for result in shown("normalized_layers", "batch norm in every layer"):
        left = np.median(result.unit_std, axis=0)
        assert 0.9 < left[-1] / left[0] < 1.1


def test_far_too_small_weights_leave_less_than_a_tenth_from_layer_to_layer(shown):
    for result in shown("normalized_layers", "weights far too small"):
        assert (spread(result)[1:] < 0.1 * spread(result)[:-1]).all()
        assert (result.depth, result.initializer) == (10, "N(0, 0.01²)")


def test_with_batch_norm_every_layer_keeps_a_spread(shown):
    for result in shown("normalized_layers", "too small, with batch norm"):
        assert ((spread(result) > 0.5) & (spread(result) < 0.65)).all()
        assert (result.depth, result.initializer) == (10, "N(0, 0.01²)")


def test_batches_go_from_two_to_256_and_momentum_from_0(opened):
    panel = opened("moving_statistics")
    assert list(panel.controls["momentum"].options) == [0, 0.5, 0.9, 0.99, 0.999]
    assert panel.controls["batch_size"].options[0] == 2
    assert panel.controls["batch_size"].options[-1] == 256


def test_scrubbing_shows_the_same_run_further_on(computed):
    short, long = (computed("moving_statistics", steps=steps) for steps in (100, 300))
    np.testing.assert_array_equal(long.moving_mean[:, :101], short.moving_mean)


def test_a_hundred_steps_leave_37_percent_of_the_start(shown):
    for result in shown("moving_statistics", "a hundred steps", seeds=10):
        assert (result.momentum, result.steps) == (0.99, 100)
        assert result.start_share == pytest.approx(0.37, abs=0.005)
        assert result.inference[0] > 0.5
        assert result.inference[1] > 1.1


def test_five_hundred_steps_leave_less_than_one_percent_and_inference_is_nearly_right(shown):
    for result in shown("moving_statistics", "five hundred steps", seeds=10):
        assert result.start_share < 0.01
        # What is left of the start at 0, and the noise, in spreads of the unit.
        off = result.start_share * result.data.center + 4 * result.mean_noise[-1]
        assert abs(result.inference[0]) < 1.1 * off / result.data.std < 0.08
        # A relative error of the variance is twice that of the spread; 31/32, and 1 % of the start.
        noise = 4 * result.variance_noise[-1] / result.data.std**2
        assert result.inference[1] == pytest.approx(1, abs=(noise + 1 / 32 + 0.01) / 2)


def test_with_momentum_0_9_the_start_is_forgotten_and_the_noise_over_three_times_as_large(shown):
    slow = shown("moving_statistics", "a hundred steps", seeds=10)[0]
    for result in shown("moving_statistics", "momentum 0.9", seeds=10):
        assert result.steps == 100
        assert result.start_share < 1e-4
        assert 3 < result.mean_noise[-1] / slow.mean_noise[-1] < 4
        assert 3 < result.variance_noise[-1] / slow.variance_noise[-1] < 4


def test_behind_a_drift_it_lags_by_about_a_hundred_steps(shown):
    for result in shown("moving_statistics", "weights that move", seeds=10):
        behind = (result.truth[-1] - result.moving_mean[0, -1]) / result.data.drift
        # Three of them are what is left of the start, and 8 the noise of four standard errors.
        assert behind == pytest.approx(100, abs=3 + 4 * result.mean_noise[-1] / result.data.drift)
        assert result.lag / result.data.drift == pytest.approx(99, abs=1)
        assert result.inference[0] > 0.4


def test_batches_of_two_have_half_the_variance_and_are_noisy(shown):
    calm = shown("moving_statistics", "five hundred steps", seeds=10)[0]
    for result in shown("moving_statistics", "batches of two", seeds=10):
        assert result.expected_variance[-1] == pytest.approx(result.data.std**2 / 2, rel=0.01)
        assert abs(result.moving_variance[0, -1] - 2) < 4 * result.variance_noise[-1]
        assert result.mean_noise[-1] == pytest.approx(4 * calm.mean_noise[-1])


def test_the_headline_says_what_inference_gets(opened):
    panel = opened("moving_statistics")
    panel.show_scene(0)
    headline = panel.drawn.figure.texts[0].get_text()
    assert headline == (
        f"Inference would get {panel.result.inference_in_words()}, promised are 0 and 1"
    )


def test_a_move_at_the_most_steps_and_largest_batches_keeps_up_with_a_hand(opened):
    panel = opened("moving_statistics")
    panel.show_scene(0)
    largest = panel.settings | {"steps": 500, "batch_size": 256}

    def compute(seed):
        panel._picture.compute(**largest | {"seed": seed}).errors_by_momentum()

    assert least_processor_seconds(compute, range(8)) < 0.02
