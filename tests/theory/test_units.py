"""Closed forms against brute force, against each other and against known values."""

import itertools
from statistics import NormalDist

import numpy as np
import pytest

from nnhelpers import theory

DRAWS = 40_000
SHARES = np.concatenate([[0.0], np.linspace(0.01, 0.99, 50), [0.5, 1.0]])
CENTERS = (0, 0.25, 0.5, 0.9, 1, 2, 9)


def areas(weights, center):
    """Exact share of the square of half-width 1 around the center where w . x > 0, per unit.

    The boundary cuts off a triangle at a corner, or passes between two opposite sides.
    """
    small, large = np.sort(np.abs(weights), axis=1).T
    at_center = center * weights.sum(axis=1)
    distance = np.minimum(np.abs(at_center), large + small)
    triangle = (large + small - distance) ** 2 / (8 * large * small)
    minority = np.where(distance > large - small, triangle, 0.5 - distance / (2 * large))
    return np.where(at_center > 0, 1 - minority, minority)


def standard_error(probability, draws):
    return np.sqrt(probability * (1 - probability) / draws)


@pytest.mark.parametrize("units", [1, 2, 3, 6])
def test_the_number_of_active_units_is_that_of_heads(units):
    heads = [sum(toss) for toss in itertools.product((0, 1), repeat=units)]
    expected = np.bincount(heads) / 2**units
    np.testing.assert_allclose(theory.active_count_pmf(units), expected, rtol=1e-13)


def test_a_million_units_are_counted_in_a_moment():
    counts = theory.active_count_pmf(1_000_000)
    assert counts.sum() == pytest.approx(1, rel=1e-9)
    # The normal density at its mode, of variance n / 4.
    assert counts.max() == pytest.approx(np.sqrt(2 / (np.pi * 1_000_000)), rel=1e-6)


@pytest.mark.parametrize("center", [1, 2, 3, 5, 9, -9])
def test_the_splitting_share_is_one_over_center_plus_one_and_that_of_the_wedge(center):
    share = theory.splitting_share(center)
    assert share == pytest.approx(1 / (abs(center) + 1), rel=1e-15)
    assert theory.dead_share(center) == pytest.approx((1 - share) / 2, rel=1e-15)
    steep, flat = theory.splitting_slopes(center)
    # In the quarter w0 < 0 < w1 the wedge leaves two triangles of sides 1 and flat, 1 and 1/steep.
    quarter = 1 - (abs(flat) + abs(1 / steep)) / 2
    assert 2 * quarter / 4 == pytest.approx(share, rel=1e-12)


def test_every_unit_splits_data_around_the_origin():
    assert theory.splitting_share(0.99) == 1
    assert theory.dead_share(-0.5) == 0
    assert theory.splitting_slopes(0.99) is None


def test_only_the_center_in_half_widths_matters():
    assert theory.splitting_share(9, width=6) == theory.splitting_share(3)
    assert theory.splitting_slopes(9, width=6) == theory.splitting_slopes(3)
    wide, other = (
        theory.active_fraction_cdf(SHARES, center=c, width=w) for c, w in ((9, 6), (-3, 2))
    )
    np.testing.assert_array_equal(wide, other)


@pytest.mark.parametrize("center", CENTERS)
def test_the_law_of_the_active_fraction_is_that_of_many_units(center):
    weights = np.random.default_rng(7).uniform(-1, 1, size=(DRAWS, 2))
    measured = areas(weights, center)
    counted = np.mean(measured[:, np.newaxis] <= SHARES + 1e-12, axis=0)
    law = theory.active_fraction_cdf(SHARES, center=center)
    np.testing.assert_array_less(np.abs(counted - law), 4 * standard_error(law, DRAWS) + 1e-12)


@pytest.mark.parametrize("center", CENTERS)
def test_the_law_of_the_active_fraction_is_a_distribution_symmetric_about_one_half(center):
    shares = np.linspace(-0.1, 1.1, 1_201)
    law = theory.active_fraction_cdf(shares, center=center)
    assert (law[0], law[-1]) == (0, 1)
    at_none = theory.active_fraction_cdf(0.0, center=center)
    assert at_none == pytest.approx(theory.dead_share(center), abs=1e-15)
    assert (np.diff(law) >= -1e-12).all()
    below_the_mirror = theory.active_fraction_cdf(np.nextafter(1 - shares, -1), center=center)
    inside = (shares >= 0) & (shares < 1)
    # Where the triangles begin the law rises like a root, and so do the roundings of a share.
    np.testing.assert_allclose(law[inside], 1 - below_the_mirror[inside], atol=1e-6)


def test_centred_data_are_split_in_halves():
    law = theory.active_fraction_cdf([0, np.nextafter(0.5, 0), 0.5, 1], center=0)
    np.testing.assert_array_equal(law, [0, 0, 1, 1])


@pytest.mark.parametrize("mean_over_std", [0.5, 3, 10])
def test_the_law_in_many_dimensions_is_a_normal_number_over_the_ratio(mean_over_std):
    ratios = np.array([-0.4, -0.2, 0.0, 0.3])
    shares = [NormalDist().cdf(mean_over_std * ratio) for ratio in ratios]
    law = theory.active_fraction_cdf_normal(shares, mean_over_std=mean_over_std)
    np.testing.assert_allclose(law, [NormalDist().cdf(ratio) for ratio in ratios], rtol=1e-6)


def test_the_law_in_many_dimensions_starts_at_none_and_ends_at_all():
    law = theory.active_fraction_cdf_normal([-0.1, 0, 1, 1.1], mean_over_std=3)
    np.testing.assert_array_equal(law, [0, 0, 1, 1])


def test_the_overlap_is_even_between_none_and_one_half():
    law = theory.overlap_cdf([-1, 0, 0.125, 0.25, 0.5, 1])
    np.testing.assert_array_equal(law, [0, 0, 0.25, 0.5, 1, 1])


@pytest.mark.parametrize(
    ("n_features", "variance_of_angle"),
    [(2, np.pi**2 / 12), (3, np.pi**2 / 4 - 2), (4, np.pi**2 / 12 - 1 / 2)],
)
def test_the_spread_of_the_overlap_is_the_integral_by_hand(n_features, variance_of_angle):
    expected = np.sqrt(variance_of_angle) / (2 * np.pi)
    # The integral is a sum over 20,000 cells and may be wrong by the share of two of them.
    assert theory.overlap_std(n_features) == pytest.approx(expected, rel=2 / 20_000)
