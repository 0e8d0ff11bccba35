"""Panels of variances: the captions hold, for their own seed and for others."""

import numpy as np
import pytest

from nnhelpers.activations import COMMON


def share_within(result, reach):
    return np.mean(np.abs(result.sums) < reach * np.sqrt(result.expected_variance))


def test_a_single_product_is_mostly_near_0_with_a_few_far_away(shown):
    for result in shown("dot_product", "a single product"):
        assert result.expected_variance == 1
        # Of a normal curve 38 % are as near, and less than one in ten thousand as far.
        assert share_within(result, 0.5) > 0.55
        assert 0.002 < 1 - share_within(result, 4) < 0.01


def test_the_variances_of_ten_add_up_and_the_normal_curve_nearly_fits(shown):
    for result in shown("dot_product", "ten of them"):
        assert result.expected_variance == 10
        assert abs(result.variance - 10) < 4 * result.standard_error
        assert 0.38 < share_within(result, 0.5) < 0.44
        assert 0.66 < share_within(result, 1) < 0.73


def test_a_thousand_products_have_a_variance_of_a_thousand(shown):
    for result in shown("dot_product", "a thousand"):
        assert result.expected_variance == 1_000
        assert abs(result.variance - 1_000) < 4 * result.standard_error


def test_a_mean_of_two_makes_five_times_the_variance(shown):
    for result in shown("dot_product", "inputs that are not centred"):
        assert (result.inputs.mean, result.expected_variance) == (2, 500)
        assert abs(result.variance - 500) < 4 * result.standard_error


def test_a_quarter_of_the_weights_leaves_a_sixteenth_of_the_variance(shown):
    for result in shown("dot_product", "small weights"):
        assert result.expected_variance == 100 / 16
        assert abs(result.variance - 100 / 16) < 4 * result.standard_error


def pooled(results, name):
    """Mean over the networks of all seeds, of shape (depth,), and its standard error."""
    measured = np.concatenate([getattr(each, name).measured for each in results])
    return measured.mean(axis=0), measured.std(axis=0, ddof=1) / np.sqrt(len(measured))


def test_every_activation_can_be_chosen_and_the_gain_moves_first(opened):
    panel = opened("variances")
    assert list(panel.controls) == [
        "gain", "initializer", "activation", "widths", "depth", "seed"
    ]  # fmt: skip
    assert list(panel.controls["activation"].options) == list(COMMON)
    assert {"glorot_uniform", "he_normal", "orthogonal", "N(0, 1)"} <= set(
        panel.controls["initializer"].options
    )


def test_layers_are_as_wide_as_the_control_says(computed):
    for widths, units in {
        "all 50": (50,) * 5,
        "64 to 16": (64, 45, 32, 23, 16),
        "64 and 16 in turn": (64, 16, 64, 16, 64),
    }.items():
        assert computed("variances", widths=widths, depth=5).spec.units == units


def test_glorots_tanh_layers_shrink_as_their_law_says(shown):
    results = shown("variances", "Glorot and tanh")
    for result in results:
        variance = result.pre_activations
        assert (np.diff(variance.mean) < 0).all()
        # A mean of 11 networks strays by a tenth now and then, not further.
        np.testing.assert_allclose(variance.mean, variance.law, rtol=0.25)
    mean, error = pooled(results, "pre_activations")
    law = results[0].pre_activations.law
    # Digits are not equally long, and a layer of 50 is not endless: 10 % is the panel's own bar.
    assert (np.abs(mean - law) <= 4 * error + 0.1 * law).all()


def test_hes_law_is_flat_and_single_networks_stray_further_at_each_layer(shown):
    results = shown("variances", "He and ReLU")
    for part in ("pre_activations", "errors"):
        law = getattr(results[0], part).law
        np.testing.assert_allclose(law, law[0], rtol=1e-9)
        mean, error = pooled(results, part)
        assert (np.abs(mean - law) <= 4 * error + 0.1 * law).all()
    forward = np.log(np.concatenate([each.pre_activations.measured for each in results]))
    spread = forward.std(axis=0)
    assert (np.diff(spread[[0, 3, 6, 9]]) > 0).all()
    assert spread[-1] > 2 * spread[0]


@pytest.mark.parametrize(
    ("scene", "stays", "jumps"),
    [
        ("1/fan_in, widths alternate", "pre_activations", "errors"),
        ("1/fan_out, widths alternate", "errors", "pre_activations"),
    ],
)
def test_one_condition_keeps_one_way_and_the_other_jumps_by_four(scene, stays, jumps, shown):
    results = shown("variances", scene)
    np.testing.assert_allclose(getattr(results[0], stays).law, 1, rtol=1e-9)
    mean, error = pooled(results, stays)
    # The error comes back through the weights that made it: one part in the narrow width a layer.
    assert (np.abs(mean - 1) <= 4 * error + 0.25).all()
    mean, _ = pooled(results, jumps)
    steps = np.abs(np.diff(np.log2(mean)))
    assert np.allclose(steps, 2, atol=0.25)
    assert (np.diff(np.sign(np.diff(mean))) != 0).all()


def test_glorot_stands_between_but_every_pair_of_layers_loses_a_third(shown):
    results = shown("variances", "Glorot, widths alternate")
    for part in ("pre_activations", "errors"):
        mean, _ = pooled(results, part)
        towards = mean if part == "pre_activations" else mean[::-1]
        law = getattr(results[0], part).law
        steps = np.abs(np.log2(law[1:] / law[:-1]))[1:]
        assert ((steps > 0) & (steps < 2)).all()
        pairs = towards[2:] / towards[:-2]
        assert np.exp(np.log(pairs).mean()) == pytest.approx(0.64, abs=0.06)
