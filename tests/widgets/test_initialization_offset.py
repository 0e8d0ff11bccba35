"""The panel of depth as an offset: its captions hold, for its own seed and for others."""

import numpy as np
import pytest
from stopwatch import least_processor_seconds

from nnhelpers.activations import COMMON
from nnhelpers.widgets.explore import layers

PANEL, SEEDS = "explore_depth_offset", 5


def test_all_activations_can_be_chosen(panel):
    assert list(panel.controls["activation"].options) == list(COMMON)


def test_in_the_first_layer_every_unit_is_active_on_about_half(shown):
    for layer in shown("first layer"):
        assert (layer.number, layer.place) == (1, "layer 1, like centred data")
        assert np.abs(layer.fraction - 0.5).max() < 0.2


def test_in_the_third_sigmoid_layer_one_unit_in_five_splits_the_data(shown):
    for layer in shown("third sigmoid layer"):
        assert layer.place == "layer 3, like data moved by 11 σ"
        assert layer.network.activation == "sigmoid"
        assert 0.15 < layer.splitting_share < 0.25
        assert layer.network.law_splitting_share[2] == pytest.approx(0.2, abs=0.01)


def test_twelve_tanh_layers_build_up_no_offset(shown):
    for layer in shown("twelfth tanh layer"):
        assert layer.place == "layer 12, like centred data"
        assert layer.network.offset.max() < 0.1
        assert layer.splitting_share == 1


def test_in_the_twelfth_relu_layer_two_units_in_three_still_split_the_data(shown):
    for layer in shown("twelfth ReLU layer, He"):
        assert (np.diff(layer.network.offset) > 0).all()
        assert layer.network.offset[-1] < 3
        assert layer.splitting_share == pytest.approx(2 / 3, abs=0.08)


def test_batch_normalization_keeps_every_unit_of_twelve_layers_splitting_about_in_half(shown):
    for layer in shown("batch normalization"):
        assert layer.network.spec.batch_normalization
        np.testing.assert_array_equal(layer.network.splitting_share, np.ones(12))
        assert np.abs(layer.network.fraction - 0.5).max() < 0.15


def test_the_switch_is_all_that_the_last_scene_moves_at_layer_twelve(panel):
    panel.show_scene(len(panel.scenes) - 1)
    panel.controls["batch_normalization"].value = False
    assert panel.result.splitting_share < 0.01


def test_a_new_network_is_computed_in_a_twentieth_of_a_second_and_another_layer_at_once(panel):
    def compute(setting):
        panel._picture.compute(**panel.settings | setting).network.law_splitting_share  # noqa: B018

    panel.show_scene(0)
    layers._network.cache_clear()
    new = ({"seed": seed} for seed in range(20, 32))
    assert least_processor_seconds(compute, new) < 0.06
    other = ({"seed": 31, "layer": layer} for layer in range(1, 13))
    assert least_processor_seconds(compute, other) < 0.005
