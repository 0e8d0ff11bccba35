"""Simulations held to closed forms within four computed standard errors."""

import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from simulations import held
from stopwatch import least_processor_seconds

from nnhelpers import theory
from nnhelpers.initializers import Constant
from nnhelpers.simulations import NORMAL, UNIFORM, Cloud
from nnhelpers.simulations import simulate_active_count as active_count
from nnhelpers.simulations import simulate_active_fraction as active_fraction
from nnhelpers.simulations import simulate_overlap as overlap

DRAWS = 40_000
TAIL = 6.3e-5  # chance of a normal variable beyond four standard errors
SHARES = np.array([0.0, 0.02, 0.1, 0.25, 0.45, 0.55, 0.75, 0.9, 0.98])
allowed = partial(held.allowed, draws=DRAWS)


def corners(width=2.0):
    """A linear function is largest and smallest at corners: four of them stand for the square."""
    return width / 2 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])


def uniform_gap(n_examples, *, boundaries):
    """How far a share counted on examples may be off for any direction of the boundary at once.

    Each boundary of an arc of directions adds the largest error of a distribution function
    (Dvoretzky, Kiefer and Wolfowitz).
    """
    return boundaries * np.sqrt(np.log(2 / TAIL) / (2 * n_examples))


def assert_within(shares, law, *, gap, slack=0.0):
    """Hold counted shares to the law a gap below and above, with four errors to either side.

    The law itself may be off by the slack.
    """
    counted = np.mean(shares[:, np.newaxis] <= SHARES, axis=0)
    low = np.clip(law(SHARES - gap) - slack, 0, 1)
    high = np.clip(law(SHARES + gap) + slack, 0, 1)
    assert (counted >= low - allowed(low, draws=len(shares))).all()
    assert (counted <= high + allowed(high, draws=len(shares))).all()


@pytest.mark.parametrize(
    ("half_widths", "width"), [(0, 2.0), (0.9, 0.5), (1.5, 6.0), (-3, 2.0), (9, 6.0)]
)
def test_as_many_units_split_the_square_as_the_wedge_holds(half_widths, width):
    center = half_widths * width / 2
    result = active_fraction(center=center, data=corners(width), draws=DRAWS)
    splitting = theory.splitting_share(center, width=width)
    dead = theory.dead_share(center, width=width)
    assert abs(result.splitting_share - splitting) <= allowed(splitting) + 1e-12
    assert abs(result.dead_share - dead) <= allowed(dead) + 1e-12
    assert abs(result.always_active_share - dead) <= allowed(dead) + 1e-12


def test_one_biased_unit_in_six_does_not_split_centred_data():
    result = active_fraction(data=corners(), bias=UNIFORM, draws=DRAWS)
    # It splits the square when |b| < S = |w0| + |w1|; P(S < s) = s^2 / 2 for s <= 1, so that
    # P(no split) = E[b^2] / 2 = 1/6.
    splitting = 5 / 6
    assert abs(result.splitting_share - splitting) <= allowed(splitting)
    assert abs(result.dead_share - (1 - splitting) / 2) <= allowed((1 - splitting) / 2)


@pytest.mark.parametrize(("center", "width"), [(0, 2), (0.5, 2), (0.9, 2), (2, 2), (3, 6)])
def test_active_fractions_follow_the_exact_law(center, width):
    cloud = Cloud(n_examples=50_000, width=width)
    result = active_fraction(center=center, data=cloud, draws=1_000)
    assert_within(result.fraction, result.law, gap=uniform_gap(50_000, boundaries=2))


@pytest.mark.parametrize(("center", "width"), [(1, 2), (3, 1)])
def test_in_many_dimensions_only_mean_over_spread_matters(center, width):
    features, examples = 400, 4_000
    cloud = Cloud(n_examples=examples, n_features=features, width=width, kind="normal")
    result = active_fraction(center=center, data=cloud, weights=NORMAL, draws=1_000)
    law = partial(theory.active_fraction_cdf_normal, mean_over_std=center / cloud.std)
    # Hoeffding's bound for the share of examples that activate one unit.
    gap = np.sqrt(np.log(2 / TAIL) / (2 * examples))
    # A coordinate of a random direction is normal up to this (Diaconis and Freedman, 1987).
    assert_within(result.fraction, law, gap=gap, slack=8 / (features - 4))


@pytest.mark.parametrize(
    ("weights", "bias"),
    [(UNIFORM, "zeros"), (NORMAL, UNIFORM), ("he_normal", "random_normal")],
    ids=str,
)
@pytest.mark.parametrize(
    "cloud",
    [
        Cloud(n_examples=1),
        Cloud(n_examples=40, n_features=1, width=0.5),
        Cloud(n_examples=40, n_features=7, kind="normal"),
        Cloud(n_examples=40, width=50),
    ],
    ids=str,
)
def test_dead_and_always_active_units_are_equally_likely_for_any_data(cloud, weights, bias):
    draws = 2_000
    result = active_fraction(center=2, data=cloud, weights=weights, bias=bias, draws=draws)
    dead, always = result.dead_share, result.always_active_share
    assert abs(dead - always) <= 4 * np.sqrt((dead + always) / draws)
    # Turning a unit's signs mirrors its share, so the mean is one half whatever the data.
    assert abs(result.fraction.mean() - 0.5) <= 4 * result.fraction.std() / np.sqrt(draws)


@pytest.mark.parametrize(("units", "center"), [(1, 9), (2, 0), (5, 1)])
def test_the_number_of_active_units_is_binomial_for_any_data(units, center):
    # With one example every draw is a toss of its own, so the error is that of a counted share.
    for data in ([[0.3, -0.7]], [[0.2, 0.1, -0.4]]):
        result = active_count(units=units, center=center, data=data, draws=DRAWS, seed=4)
        law = theory.active_count_pmf(units)
        np.testing.assert_array_equal(result.law, law)
        assert (np.abs(result.counts - law) <= allowed(law)).all()


def test_the_number_of_active_units_is_averaged_over_examples():
    result = active_count(units=2, data=Cloud(n_examples=300), draws=DRAWS)
    # Examples that always agree would make the error as large as that of one example.
    assert (np.abs(result.counts - [0.25, 0.5, 0.25]) <= allowed(result.law)).all()
    assert result.counts.sum() == pytest.approx(1, rel=1e-12)
    assert result.units == 2


def test_on_the_origin_a_unit_is_active_where_its_bias_is_positive():
    result = active_count(units=3, data=[[0.0, 0.0]], draws=100)
    np.testing.assert_array_equal(result.counts, [1, 0, 0, 0])
    for bias, share in ((0.5, 1), (-0.5, 0)):
        result = active_fraction(data=[[0.0, 0.0]], bias=Constant(value=bias), draws=10)
        assert (result.fraction == share).all()


def test_counted_fractions_are_those_of_the_given_weights():
    X = np.random.default_rng(5).normal(size=(37, 3))
    before = X.copy()
    result = active_fraction(center=0.3, data=X, draws=600)
    expected = np.mean((X + 0.3) @ result.weights.T > 0, axis=0)
    np.testing.assert_array_equal(result.fraction, expected)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("kind", "weights"), [("uniform", UNIFORM), ("normal", NORMAL)], ids=["square", "round"]
)
def test_the_overlap_of_two_units_is_even_between_none_and_one_half(kind, weights):
    cloud = Cloud(n_examples=10_000, kind=kind)
    result = overlap(data=cloud, weights=weights, draws=1_000)
    # The overlap is an arc between two boundaries, each of which falls on directions of the data.
    assert_within(result.shares, result.law, gap=uniform_gap(10_000, boundaries=2))


@pytest.mark.parametrize("n_features", [2, 10])
def test_the_overlap_spreads_less_in_more_dimensions(n_features):
    examples, draws = 500, 4_000
    cloud = Cloud(n_examples=examples, n_features=n_features, kind="normal")
    shares = overlap(data=cloud, weights=NORMAL, draws=draws).shares
    exact = theory.overlap_std(n_features) ** 2
    # Counting on n examples mixes in the variance of one: P(both) - 1/16 = 1/4 - 1/16.
    expected = (1 - 1 / examples) * exact + (3 / 16) / examples
    deviations = (shares - 0.25) ** 2
    error = np.hypot(deviations.std() / np.sqrt(draws), np.sqrt(2) * (3 / 16) / examples)
    assert abs(deviations.mean() - expected) <= 4 * error


@pytest.mark.parametrize(
    ("center", "cloud"),
    [(0, Cloud(n_features=10)), (9, Cloud()), (9, Cloud(kind="normal"))],
    ids=str,
)
def test_two_units_share_a_quarter_of_any_data_on_average(center, cloud):
    shares = overlap(center=center, data=cloud, draws=2_000, seed=1).shares
    assert abs(shares.mean() - 0.25) <= 4 * shares.std() / np.sqrt(len(shares))


def test_the_exact_law_is_offered_only_where_it_holds():
    square, round_data, wide = Cloud(), Cloud(kind="normal"), Cloud(n_features=3)
    small = {"draws": 10}
    assert active_fraction(**small).has_exact_law
    assert active_fraction(center=3, data=square, **small).has_exact_law
    assert overlap(**small).has_exact_law
    assert overlap(data=round_data, weights=NORMAL, **small).has_exact_law
    for result in (
        active_fraction(data=round_data, **small),
        active_fraction(data=wide, **small),
        active_fraction(data=corners(), **small),
        active_fraction(weights=NORMAL, **small),
        active_fraction(bias=UNIFORM, **small),
        overlap(center=0.1, **small),
        overlap(data=wide, **small),
        # Close to even, but not exactly: off by 0.003.
        overlap(weights=NORMAL, **small),
        overlap(data=round_data, **small),
    ):
        assert not result.has_exact_law
        assert result.law([0.5]) is None


def test_summaries_hold_the_numbers():
    fraction = active_fraction(center=3, draws=200)
    for status, share in (
        ("dead", fraction.dead_share),
        ("splitting", fraction.splitting_share),
        ("always active", fraction.always_active_share),
    ):
        assert share == pytest.approx(np.mean(fraction.status == status))
    assert fraction.summary() == (
        f"data at 3: {fraction.splitting_share:.0%} of units split the data, "
        f"{fraction.dead_share:.0%} dead, {fraction.always_active_share:.0%} always active"
    )
    count = active_count(units=1, center=2, draws=200)
    for number, share in enumerate(count.counts):
        assert f"{number}: {share:.0%}" in count.summary()
    shares = overlap(center=1, draws=200)
    assert f"2 features at 1: overlap {shares.shares.mean():.2f}" in shares.summary()
    assert f"std {shares.shares.std():.2f}" in shares.summary()


@pytest.mark.parametrize(("kind", "fourth"), [("uniform", 9 / 5), ("normal", 3)])
def test_a_cloud_of_either_kind_has_the_stated_standard_deviation(kind, fourth):
    cloud = Cloud(n_examples=20_000, n_features=3, width=3, kind=kind)
    X = cloud.draw(np.random.default_rng(0))
    assert X.shape == (20_000, 3)
    error = cloud.std**2 * np.sqrt((fourth - 1) / X.size)
    assert abs(np.mean(X**2) - 3**2 / 12) <= 4 * error
    assert abs(X.mean()) <= 4 * cloud.std / np.sqrt(X.size)
    assert (np.abs(X).max() <= 1.5) == (kind == "uniform")


@pytest.mark.parametrize("draws", [1, 256, 257])
def test_any_number_of_draws_is_counted_to_the_last(draws):
    # Work goes in blocks of 256 units.
    assert len(active_fraction(draws=draws, data=corners()).fraction) == draws
    assert len(overlap(draws=draws, data=Cloud(n_examples=3)).shares) == draws
    assert active_count(draws=draws, data=corners()).counts.sum() == pytest.approx(1, rel=1e-12)


def test_ten_thousand_draws_on_a_thousand_examples_take_well_under_a_tenth_of_a_second():
    def simulate(seed):
        active_fraction(draws=10_000, data=Cloud(n_examples=1_000), seed=seed)

    assert least_processor_seconds(simulate, range(5)) < 0.1


def test_the_simulations_are_imported_in_half_a_second():
    program = (
        "import time; start = time.process_time(); import nnhelpers.simulations;"
        "print(time.process_time() - start)"
    )

    def seconds():
        command = [sys.executable, "-c", program]
        return float(subprocess.run(command, capture_output=True, check=True).stdout)

    assert any(seconds() < 0.5 for _ in range(3))
