"""Panels of untrained networks: the captions hold, for their own seed and for others."""

import numpy as np
import pytest
from stopwatch import least_processor_seconds

from nnhelpers.activations import COMMON
from nnhelpers.widgets.explore import layers as panels


def weights_ratio(signal):
    return np.median(signal.kernel_ratio)


def test_eight_sigmoids_pass_back_less_than_a_quarter_each(shown):
    for signal in shown("depth", "eight sigmoids"):
        assert (signal.depth, signal.activation, signal.gain) == (8, "sigmoid", 1)
        assert (signal.factors[:, :-1] < 0.25).all()
        assert weights_ratio(signal) < 1e-4


def test_four_times_the_weights_bring_thousands_of_times_more_but_under_a_tenth(shown):
    plain = [np.median(s.kernel_gradient_rms[:, 0]) for s in shown("depth", "eight sigmoids")]
    for before, signal in zip(plain, shown("depth", "sigmoids, gain 4"), strict=True):
        # The output's kernel is four times as large too: 3,700 to 7,500 over the panel's 31 seeds.
        assert 2_000 < np.median(signal.kernel_gradient_rms[:, 0]) / before < 10_000
        assert weights_ratio(signal) < 0.1


def test_eight_tanh_layers_lose_hardly_anything(shown):
    for signal in shown("depth", "eight tanh"):
        assert 2 / 3 < weights_ratio(signal) < 3 / 2
        # Mostly in the steep middle.
        assert np.median(signal.mean_square_slope) > 0.7


def test_twenty_relu_layers_lose_nothing_with_the_weights_of_he(shown):
    for signal in shown("depth", "twenty ReLUs, He"):
        assert signal.depth == 20
        assert signal.factor == pytest.approx(1, abs=0.03)
        assert 0.4 < np.median(signal.delta_ratio) < 2.5
        assert weights_ratio(signal) > 2 / 3


def test_a_gain_a_little_too_large_lets_signal_and_error_grow_hundreds_of_times(shown):
    for signal in shown("depth", "twenty ReLUs, 1.4 × He"):
        grown = signal.pre_activation_std[:, -1] / signal.pre_activation_std[:, 0]
        assert 200 < np.median(grown) < 1_000
        assert 200 < np.median(signal.delta_ratio) < 1_000


def test_the_panel_of_layers_offers_every_kind_of_start(opened):
    layers = opened("layer_distributions")
    offered = set(layers.controls["initializer"].options)
    assert {"N(0, 1)", "N(0, 0.01²)", "glorot_uniform", "he_normal", "orthogonal"} <= offered
    assert list(layers.controls["width"].options) == [5, 10, 25, 50, 100]
    assert layers.controls["depth"].max == 10


def test_a_result_bears_the_name_that_was_chosen(opened, computed):
    for name in opened("layer_distributions").controls["initializer"].options:
        assert computed("layer_distributions", initializer=name).initializer == name


def test_the_articles_start_has_a_spike_of_zeros_and_a_growing_spread(shown):
    results = shown("layer_distributions", "the article's start")
    for result in results:
        assert (result.spec.units, result.initializer) == ((5,) * 4, "N(0, 1)")
        assert (result.zero_share.mean(axis=0) > 0.4).all()
        middle = np.median(result.std, axis=0)
        assert middle[-1] > 1.5 * middle[0]
    # So narrow a layer is now and then narrower than the one before: in fewer than half of the
    # networks, by 4 standard errors.
    spread = np.concatenate([result.std for result in results])
    assert (np.mean(np.diff(spread) > 0, axis=0) > 0.5 + 4 * 0.5 / np.sqrt(len(spread))).all()
    assert (np.diff(np.median(spread, axis=0)) > 0).all()


def test_far_too_small_weights_leave_hardly_anything_of_the_first_layer(shown):
    for result in shown("layer_distributions", "far too small"):
        middle = np.median(result.std, axis=0)
        assert 0.01 < middle[0] < 0.03
        assert (middle[1:] < 0.001).all()


def test_far_too_large_weights_put_nearly_every_tanh_at_an_end(shown):
    for result in shown("layer_distributions", "far too large"):
        # Within 0.05 of -1 or 1: the two outermost bins on either side.
        assert (result.shares[:, [0, 1, -2, -1]].sum(axis=1) > 0.8).all()


def test_with_glorot_each_tanh_layer_is_narrower_but_alive(shown):
    for result in shown("layer_distributions", "Glorot and tanh"):
        middle = np.median(result.std, axis=0)
        assert (np.diff(middle) < 0).all()
        assert (middle[1:] / middle[:-1] > 0.7).all()
        assert middle[-1] > 0.15


def test_with_he_half_of_the_outputs_are_zero_and_the_spread_stays(shown):
    for result in shown("layer_distributions", "He and ReLU"):
        assert np.abs(result.zero_share.mean(axis=0) - 0.5).max() < 0.1
        middle = np.median(result.std, axis=0)
        assert 0.4 < middle[-1] / middle[0] < 2.5


def test_all_activations_can_be_chosen(opened):
    assert list(opened("depth_offset").controls["activation"].options) == list(COMMON)


def test_in_the_first_layer_every_unit_is_active_on_about_half(shown):
    for layer in shown("depth_offset", "first layer"):
        assert (layer.number, layer.place) == (1, "layer 1, like centred data")
        assert np.abs(layer.fraction - 0.5).max() < 0.2


def test_in_the_third_sigmoid_layer_one_unit_in_five_splits_the_data(shown):
    for layer in shown("depth_offset", "third sigmoid layer"):
        assert layer.place == "layer 3, like data moved by 11 σ"
        assert layer.network.activation == "sigmoid"
        assert 0.15 < layer.splitting_share < 0.25
        assert layer.network.law_splitting_share[2] == pytest.approx(0.2, abs=0.01)


def test_twelve_tanh_layers_build_up_no_offset(shown):
    for layer in shown("depth_offset", "twelfth tanh layer"):
        assert layer.place == "layer 12, like centred data"
        assert layer.network.offset.max() < 0.1
        assert layer.splitting_share == 1


def test_in_the_twelfth_relu_layer_two_units_in_three_still_split_the_data(shown):
    for layer in shown("depth_offset", "twelfth ReLU layer, He"):
        assert (np.diff(layer.network.offset) > 0).all()
        assert layer.network.offset[-1] < 3
        assert layer.splitting_share == pytest.approx(2 / 3, abs=0.08)


def test_batch_normalization_keeps_every_unit_of_twelve_layers_splitting_about_in_half(shown):
    for layer in shown("depth_offset", "batch normalization"):
        assert layer.network.spec.batch_normalization
        np.testing.assert_array_equal(layer.network.splitting_share, np.ones(12))
        assert np.abs(layer.network.fraction - 0.5).max() < 0.15


def test_the_switch_is_all_that_the_last_scene_moves_at_layer_twelve(opened, computed):
    settings = opened("depth_offset").scene_settings[-1] | {"batch_normalization": False}
    assert computed("depth_offset", **settings).splitting_share < 0.01


def test_a_new_network_is_computed_in_a_twentieth_of_a_second_and_another_layer_at_once(opened):
    panel = opened("depth_offset")

    def compute(setting):
        panel._picture.compute(**panel.settings | setting).network.law_splitting_share  # noqa: B018

    panels._network.cache_clear()
    new = ({"seed": seed} for seed in range(20, 32))
    assert least_processor_seconds(compute, new) < 0.06
    other = ({"seed": 31, "layer": layer} for layer in range(1, 13))
    assert least_processor_seconds(compute, other) < 0.005
