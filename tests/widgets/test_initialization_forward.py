"""The panels of the dot product and of the layers' outputs: their captions hold, seed by seed."""

import numpy as np
import pytest

from nnhelpers import widgets


@pytest.fixture(scope="module")
def product():
    return widgets.explore_dot_product()


@pytest.fixture(scope="module")
def layers():
    return widgets.explore_layer_distributions()


def share_within(result, reach):
    return np.mean(np.abs(result.sums) < reach * np.sqrt(result.expected_variance))


def test_a_single_product_is_mostly_near_0_with_a_few_far_away(product, over_seeds):
    for result in over_seeds(product, "a single product"):
        assert result.expected_variance == 1
        # Of a normal curve 38 % are as near, and less than one in ten thousand as far.
        assert share_within(result, 0.5) > 0.55
        assert 0.002 < 1 - share_within(result, 4) < 0.01


def test_the_variances_of_ten_add_up_and_the_normal_curve_nearly_fits(product, over_seeds):
    for result in over_seeds(product, "ten of them"):
        assert result.expected_variance == 10
        assert abs(result.variance - 10) < 4 * result.standard_error
        assert 0.38 < share_within(result, 0.5) < 0.44
        assert 0.66 < share_within(result, 1) < 0.73


def test_a_thousand_products_have_a_variance_of_a_thousand(product, over_seeds):
    for result in over_seeds(product, "a thousand"):
        assert result.expected_variance == 1_000
        assert abs(result.variance - 1_000) < 4 * result.standard_error


def test_a_mean_of_two_makes_five_times_the_variance(product, over_seeds):
    for result in over_seeds(product, "inputs that are not centred"):
        assert (result.inputs.mean, result.expected_variance) == (2, 500)
        assert abs(result.variance - 500) < 4 * result.standard_error


def test_a_quarter_of_the_weights_leaves_a_sixteenth_of_the_variance(product, over_seeds):
    for result in over_seeds(product, "small weights"):
        assert result.expected_variance == 100 / 16
        assert abs(result.variance - 100 / 16) < 4 * result.standard_error


def test_the_panel_of_layers_offers_every_kind_of_start(layers):
    offered = set(layers.controls["initializer"].options)
    assert {"N(0, 1)", "N(0, 0.01²)", "glorot_uniform", "he_normal", "orthogonal"} <= offered
    assert list(layers.controls["width"].options) == [5, 10, 25, 50, 100]
    assert layers.controls["depth"].max == 10


def test_a_result_bears_the_name_that_was_chosen(layers):
    layers.show_scene(0)
    for name in layers.controls["initializer"].options:
        layers.controls["initializer"].value = name
        assert layers.result.initializer == name


def test_the_articles_start_has_a_spike_of_zeros_and_a_growing_spread(layers, over_seeds):
    results = over_seeds(layers, "the article's start")
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


def test_far_too_small_weights_leave_hardly_anything_of_the_first_layer(layers, over_seeds):
    for result in over_seeds(layers, "far too small"):
        middle = np.median(result.std, axis=0)
        assert 0.01 < middle[0] < 0.03
        assert (middle[1:] < 0.001).all()


def test_far_too_large_weights_put_nearly_every_tanh_at_an_end(layers, over_seeds):
    for result in over_seeds(layers, "far too large"):
        # Within 0.05 of -1 or 1: the two outermost bins on either side.
        assert (result.shares[:, [0, 1, -2, -1]].sum(axis=1) > 0.8).all()


def test_with_glorot_each_tanh_layer_is_narrower_but_alive(layers, over_seeds):
    for result in over_seeds(layers, "Glorot and tanh"):
        middle = np.median(result.std, axis=0)
        assert (np.diff(middle) < 0).all()
        assert (middle[1:] / middle[:-1] > 0.7).all()
        assert middle[-1] > 0.15


def test_with_he_half_of_the_outputs_are_zero_and_the_spread_stays(layers, over_seeds):
    for result in over_seeds(layers, "He and ReLU"):
        assert np.abs(result.zero_share.mean(axis=0) - 0.5).max() < 0.1
        middle = np.median(result.std, axis=0)
        assert 0.4 < middle[-1] / middle[0] < 2.5
