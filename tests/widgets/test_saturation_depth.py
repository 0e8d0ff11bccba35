"""The panel of deep networks: its captions hold, for its own seed and for others."""

import numpy as np
import pytest

PANEL, SEEDS = "explore_depth", 5


def weights_ratio(signal):
    return np.median(signal.kernel_ratio)


def test_eight_sigmoids_pass_back_less_than_a_quarter_each(shown):
    for signal in shown("eight sigmoids"):
        assert (signal.depth, signal.activation, signal.gain) == (8, "sigmoid", 1)
        assert (signal.factors[:, :-1] < 0.25).all()
        assert weights_ratio(signal) < 1e-4


def test_four_times_the_weights_bring_thousands_of_times_more_but_under_a_tenth(shown):
    plain = [np.median(s.kernel_gradient_rms[:, 0]) for s in shown("eight sigmoids")]
    for before, signal in zip(plain, shown("sigmoids, gain 4"), strict=True):
        # The output's kernel is four times as large too: 3,700 to 7,500 over the panel's 31 seeds.
        assert 2_000 < np.median(signal.kernel_gradient_rms[:, 0]) / before < 10_000
        assert weights_ratio(signal) < 0.1


def test_eight_tanh_layers_lose_hardly_anything(shown):
    for signal in shown("eight tanh"):
        assert 2 / 3 < weights_ratio(signal) < 3 / 2
        # Mostly in the steep middle.
        assert np.median(signal.mean_square_slope) > 0.7


def test_twenty_relu_layers_lose_nothing_with_the_weights_of_he(shown):
    for signal in shown("twenty ReLUs, He"):
        assert signal.depth == 20
        assert signal.factor == pytest.approx(1, abs=0.03)
        assert 0.4 < np.median(signal.delta_ratio) < 2.5
        assert weights_ratio(signal) > 2 / 3


def test_a_gain_a_little_too_large_lets_signal_and_error_grow_hundreds_of_times(shown):
    for signal in shown("twenty ReLUs, 1.4 × He"):
        grown = signal.activation_std[:, -1] / signal.activation_std[:, 0]
        assert 200 < np.median(grown) < 1_000
        assert 200 < np.median(signal.delta_ratio) < 1_000
