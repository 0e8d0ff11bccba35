"""Zones of the activations: borders against closed forms, shares against counts by hand."""

import itertools

import numpy as np
import pytest

from nnhelpers import measures
from nnhelpers.activations import ACTIVATIONS, find_activation
from nnhelpers.measures import FLAT, FLAT_BELOW, NEAR_LINEAR, STRAIGHT_BELOW, USEFUL

# The slope of exponential has no largest value, of which the zones are shares.
EVERY = pytest.mark.parametrize("activation", sorted({*ACTIVATIONS} - {"exponential"}))
# Where softsign is bent, and where it is not yet flat.
BENT = [FLAT, NEAR_LINEAR, USEFUL]
BEND, FLATTENING = STRAIGHT_BELOW ** (-1 / 3) - 1, FLAT_BELOW**-0.5 - 1


def borders(activation):
    return [interval.stop for interval in measures.zone_intervals(activation)[:-1]]


def order(activation):
    return [interval.zone for interval in measures.zone_intervals(activation)]


def test_the_threshold_is_the_articles_for_the_sigmoid():
    sigmoid = find_activation("sigmoid")
    assert STRAIGHT_BELOW * sigmoid.largest_curvature == pytest.approx(0.02, abs=1e-7)
    outer, inner, *_ = borders("sigmoid")
    # The largest curvature, from a grid, is right to 1e-7, and f'' is not steeper than 1/8.
    at_border = sigmoid.second_derivative(np.array([outer, inner]))
    np.testing.assert_allclose(at_border, 0.02, rtol=0, atol=1e-6)
    assert order("sigmoid") == [FLAT, USEFUL, NEAR_LINEAR, USEFUL, FLAT]
    assert [round(border, 2) for border in borders("sigmoid")] == [-3.83, -0.16, 0.16, 3.83]


@pytest.mark.parametrize(
    ("activation", "zones", "expected"),
    [
        ("linear", [NEAR_LINEAR], []),
        ("relu", [FLAT, NEAR_LINEAR], [0]),
        ("leaky_relu", [NEAR_LINEAR], []),
        ("prelu", [NEAR_LINEAR], []),
        ("elu", [*BENT, NEAR_LINEAR], [np.log(FLAT_BELOW), np.log(STRAIGHT_BELOW), 0]),
        ("softsign", [*BENT, NEAR_LINEAR, FLAT], [-FLATTENING, -BEND, BEND, FLATTENING]),
    ],
)
def test_borders_are_where_the_formula_puts_them(activation, zones, expected):
    assert order(activation) == zones
    # The largest values come from points 1e-12 beside the peak, borders from halving to 1e-12.
    np.testing.assert_allclose(borders(activation), expected, rtol=0, atol=1e-10)


def test_tanh_and_selu_have_the_zones_of_what_they_are_made_of():
    assert order("tanh") == order("sigmoid")
    # tanh(z) = 2 sigmoid(2 z) - 1
    np.testing.assert_allclose(2 * np.array(borders("tanh")), borders("sigmoid"), atol=1e-5)
    np.testing.assert_allclose(borders("selu"), borders("elu"), atol=1e-10)


@EVERY
def test_every_point_between_borders_is_named_by_the_definition(activation):
    record = ACTIVATIONS[activation]
    z = np.random.default_rng(0).uniform(-40, 40, 20_000)
    z = z[np.all(np.abs(np.subtract.outer(z, [*borders(activation), 0])) > 1e-6, axis=1)]
    straight = np.abs(record.second_derivative(z)) <= STRAIGHT_BELOW * record.largest_curvature
    flat = straight & (np.abs(record.derivative(z)) < FLAT_BELOW * record.largest_slope)
    named = measures.zones(z, activation=activation)
    np.testing.assert_array_equal(named == FLAT, flat)
    np.testing.assert_array_equal(named == USEFUL, ~straight)


@EVERY
def test_intervals_cover_the_line_without_a_gap(activation):
    intervals = measures.zone_intervals(activation)
    assert (intervals[0].start, intervals[-1].stop) == (-np.inf, np.inf)
    for left, right in itertools.pairwise(intervals):
        assert left.stop == right.start
        assert left.zone != right.zone


def test_names_keep_the_shape_and_reach_to_infinity():
    z = np.array([[-np.inf, -1.0, 0.0], [0.1, 2.0, np.inf]])
    expected = [[FLAT, USEFUL, NEAR_LINEAR], [NEAR_LINEAR, USEFUL, FLAT]]
    np.testing.assert_array_equal(measures.zones(z, activation="sigmoid"), expected)
    # A border belongs to the zone on its left.
    assert measures.zones([0.0], activation="relu") == FLAT
    assert measures.zones([0.0], activation="elu") == USEFUL


def test_shares_are_counted_in_every_zone():
    shares = measures.zone_shares([-9, -1, 0, 0.1, 9], activation="sigmoid")
    assert shares == {FLAT: 0.4, NEAR_LINEAR: 0.4, USEFUL: 0.2}
    assert measures.zone_shares([5.0], activation="relu")[USEFUL] == 0


@EVERY
def test_a_profile_holds_the_function_and_both_derivatives(activation):
    z, record = np.linspace(-5, 5, 11), ACTIVATIONS[activation]
    profile = measures.profile(z, activation=activation)
    np.testing.assert_array_equal(profile.value, record.value(z))
    np.testing.assert_array_equal(profile.slope, record.derivative(z))
    np.testing.assert_array_equal(profile.curvature, record.second_derivative(z))
    z += 1
    assert profile.z.tolist() == list(range(-5, 6))


def test_a_profile_says_in_words_where_it_lies_and_how_flat_it_is():
    text = measures.profile(np.arange(-4, 5), activation="relu").summary()
    assert text == "relu for z from -4 to 4: value 0 to 4, slope 0 to 1, flat on 56% of them"
