"""Mean slopes of the activations: closed forms, brute force, and simulations held to both."""

from statistics import NormalDist

import numpy as np
import pytest

from nnhelpers import measures, simulations, theory
from nnhelpers.activations import ACTIVATIONS, LEAKY_SLOPE, PRELU_SLOPE

# The slopes of exponential have no largest value, and a finite mean of few spreads alone.
EVERY = pytest.mark.parametrize("activation", sorted({*ACTIVATIONS} - {"exponential"}))
SETTINGS = pytest.mark.parametrize(
    ("mean", "std"), [(0, 1), (-4, 1), (0.3, 0.25), (-2, 8), (1, 50), (0.1, 1e-4)]
)
SMOOTH = pytest.mark.parametrize("activation", ["sigmoid", "tanh", "gelu"])
LAWS = pytest.mark.parametrize("law", [theory.expected_slope, theory.expected_square_slope])
# Twenty-four nodes a piece leave rounding alone, of f divided by the smallest std.
ROUNDING = 1e-11


def phi(ratio):
    return NormalDist().cdf(ratio)


def both(activation, mean, std):
    laws = (theory.expected_slope, theory.expected_square_slope)
    return [law(activation, mean=mean, std=std) for law in laws]


def brute_force(function, mean, std):
    """Average over the normal density by a fine sum, which is exact for smooth functions."""
    x, step = np.linspace(-12, 12, 400_001, retstep=True)
    return float(np.sum(function(mean + std * x) * np.exp(-0.5 * x**2)) * step / np.sqrt(2 * np.pi))


@SETTINGS
@pytest.mark.parametrize(
    ("activation", "below"),
    [("linear", 1), ("relu", 0), ("leaky_relu", LEAKY_SLOPE), ("prelu", PRELU_SLOPE)],
)
def test_two_straight_pieces_pass_the_slope_of_each_by_its_share(activation, below, mean, std):
    active = phi(mean / std)
    expected, square = both(activation, mean, std)
    assert expected == pytest.approx(below + (1 - below) * active, abs=ROUNDING)
    assert square == pytest.approx(below**2 + (1 - below**2) * active, abs=ROUNDING)


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (-3, 1.5), (2, 0.25)])
def test_exponential_has_the_moments_of_the_lognormal_distribution(mean, std):
    expected, square = both("exponential", mean, std)
    assert expected == pytest.approx(np.exp(mean + std**2 / 2), rel=1e-9)
    assert square == pytest.approx(np.exp(2 * mean + 2 * std**2), rel=1e-9)


@LAWS
@pytest.mark.parametrize("std", [6.0, 100.0, 1e6])
def test_a_spread_over_which_exponential_has_no_mean_is_refused(law, std):
    with pytest.raises(ValueError, match=r"std must be small enough .* exponential, .* and std"):
        law("exponential", std=std)


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (0.3, 0.25), (-2, 8), (1, 50)])
def test_a_jump_is_no_slope(mean, std):
    # hard_shrink passes all beyond 0.5 on either side.
    outside = phi((-0.5 - mean) / std) + phi((mean - 0.5) / std)
    for law in (theory.expected_slope, theory.expected_square_slope):
        assert law("hard_shrink", mean=mean, std=std) == pytest.approx(outside, abs=ROUNDING)


@pytest.mark.parametrize(
    ("activation", "slope", "low", "high"),
    [("relu6", 1, 0, 6), ("hard_sigmoid", 1 / 6, -3, 3), ("hard_tanh", 1, -1, 1)],
)
@SETTINGS
def test_a_slope_between_two_kinks_passes_by_their_share(activation, slope, low, high, mean, std):
    share = phi((high - mean) / std) - phi((low - mean) / std)
    expected, square = both(activation, mean, std)
    assert expected == pytest.approx(slope * share, abs=ROUNDING)
    assert square == pytest.approx(slope**2 * share, abs=ROUNDING)


@SMOOTH
@SETTINGS
def test_the_laws_agree_with_the_derivative_summed_up(activation, mean, std):
    derivative = ACTIVATIONS[activation].derivative
    for law, function in (
        (theory.expected_slope, derivative),
        (theory.expected_square_slope, lambda z: derivative(z) ** 2),
    ):
        expected = brute_force(function, mean, std)
        assert law(activation, mean=mean, std=std) == pytest.approx(expected, abs=1e-6)


@LAWS
@EVERY
@pytest.mark.parametrize("std", [1e-6, 1e6])
def test_tiny_and_enormous_spreads_give_the_slopes_at_the_mean_and_at_infinity(
    law, activation, std
):
    power = 2 if law is theory.expected_square_slope else 1
    derivative = ACTIVATIONS[activation].derivative
    ends = [-1e6, 1e6] if std > 1 else [2.0]
    expected = np.mean(derivative(np.array(ends)) ** power)
    found = law(activation, mean=0.0 if std > 1 else 2.0, std=std)
    # The curvature, 2 at most, times std; or the share of a range of 10 around zero.
    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (-3, 4)])
@EVERY
def test_simulated_slopes_agree_with_the_law(activation, mean, std):
    result = simulations.simulate_slopes(activation, mean=mean, std=std, draws=40_000, seed=1)
    expected, square = both(activation, mean, std)
    assert result.expected == expected
    error = np.sqrt(max(square - expected**2, 0) / len(result.z))
    assert abs(result.measured - expected) <= 4 * error + ROUNDING


@EVERY
def test_simulated_shares_are_those_of_the_normal_distribution(activation):
    result = simulations.simulate_slopes(activation, mean=1, std=2, draws=40_000)
    exact = dict.fromkeys(measures.ZONES, 0.0)
    for interval in measures.zone_intervals(activation):
        low, high = (phi((end - 1) / 2) for end in (interval.start, interval.stop))
        exact[interval.zone] += high - low
    for zone, share in result.shares.items():
        allowed = 4 * np.sqrt(max(exact[zone] * (1 - exact[zone]), 0) / len(result.z))
        assert abs(share - exact[zone]) <= allowed + 1e-12


def test_the_summary_says_where_z_lies_and_what_is_left():
    first = simulations.simulate_slopes(draws=50)
    assert len(first.z) == 50
    assert first.measured == np.mean(ACTIVATIONS["sigmoid"].derivative(first.z))
    result = simulations.simulate_slopes("relu", mean=-6)
    assert result.summary() == (
        "relu at z with mean -6 and standard deviation 1: 100% flat, 0% near-linear, 0% useful; "
        "mean slope 0.000, expected 0.000"
    )
