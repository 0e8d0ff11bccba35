"""Pictures of random units, looked at bar by bar."""

from dataclasses import replace

import numpy as np
import pytest
from looking import second_line

from nnhelpers import figures, simulations, theory
from nnhelpers.simulations import ActiveCount, ActiveFraction, Cloud, Overlap


@pytest.fixture
def fractions() -> ActiveFraction:
    """Ten units by hand: two dead, three always active, five that split."""
    return ActiveFraction(
        center=3,
        cloud=None,
        fraction=np.array([0, 0, 1, 1, 1, 0.001, 0.25, 0.5, 0.5, 0.999]),
        weights=np.linspace(-1, 1, 20).reshape(10, 2),
        has_exact_law=False,
    )


def heights(ax):
    return np.array([bar.get_height() for bar in ax.patches])


def test_bars_are_the_counted_shares_and_dots_the_law():
    result = ActiveCount(
        center=9, counts=np.array([0.3, 0.4, 0.3]), law=np.array([0.25, 0.5, 0.25])
    )
    ax = figures.plot_active_count(result).ax
    np.testing.assert_array_equal(heights(ax), [0.3, 0.4, 0.3])
    np.testing.assert_array_equal(ax.lines[0].get_xydata().T, [[0, 1, 2], [0.25, 0.5, 0.25]])
    assert second_line(ax) == "data at 9: on average 50% of them"
    named = {text.get_text() for text in ax.get_legend().get_texts()}
    assert named == {"simulated", "exact law"}


def test_every_unit_stands_in_one_bar(fractions):
    ax = figures.plot_active_fraction(fractions).ax
    *splitting, dead, always = heights(ax)
    assert (dead, always) == (0.2, 0.3)
    assert sum(splitting) == pytest.approx(0.5, rel=1e-12)
    assert splitting[0] == splitting[-1] == 0.1
    assert splitting[10] == 0.2
    assert second_line(ax) == "data at 3: 50% split"


def test_dead_and_always_active_are_named_above_bars_and_law_where_there_are_any(fractions):
    drawn = figures.plot_active_fraction(fractions)
    names = {text.get_text(): text for text in drawn.ax.texts}
    ends = [names[name] for name in ("dead", "always active")]
    assert [name.xy[1] for name in ends] == [0.2, 0.3]
    drawn.update(replace(fractions, fraction=np.full(10, 0.5)))
    assert not any(name.get_visible() for name in ends)
    result, law = simulations.simulate_active_fraction(center=3, draws=100), theory.dead_share(3)
    drawn.update(result)
    expected = [max(share, law) for share in (result.dead_share, result.always_active_share)]
    np.testing.assert_allclose([name.xy[1] for name in ends], expected, rtol=1e-6)


@pytest.mark.parametrize("center", [0, 0.5, 1, 3])
def test_the_law_over_the_bars_adds_up_to_the_exact_probability(center):
    result = simulations.simulate_active_fraction(center=center, draws=100)
    x, y = figures.plot_active_fraction(result).ax.lines[0].get_data()
    ends = (x < 0) | (x > 1)
    np.testing.assert_allclose(y[ends], theory.dead_share(center), atol=1e-12)
    assert ends.sum() == (2 if center >= 1 else 0)
    # Marks lower than 0.002 would lie on the axis and are left out: at most one a bin.
    assert 1 - 21 * 0.002 <= y.sum() <= 1 + 1e-12


def test_the_law_is_drawn_only_where_it_is_known(fractions):
    assert not len(figures.plot_active_fraction(fractions).ax.lines[0].get_xdata())
    wide = simulations.simulate_overlap(data=Cloud(n_features=5), draws=10)
    ax = figures.plot_overlap(wide).ax
    assert not len(ax.lines[0].get_xdata())
    assert not ax.get_legend().get_visible()


def test_dots_of_the_wedge_carry_colour_and_marker_of_their_status(fractions):
    ax = figures.plot_wedge(fractions).ax
    dots = {line.get_label(): line for line in ax.lines}
    assert len({line.get_color() for line in ax.lines}) == 3
    assert len({line.get_marker() for line in ax.lines}) == 3
    for status, line in dots.items():
        expected = fractions.weights[fractions.status == status]
        np.testing.assert_array_equal(line.get_xydata(), expected)


@pytest.mark.parametrize("center", [1, 1.5, 3, 9])
def test_the_wedge_has_the_area_of_the_splitting_share(center):
    result = simulations.simulate_active_fraction(center=center, draws=300)
    ax = figures.plot_wedge(result).ax
    areas = []
    for wedge in ax.patches:
        x, y = wedge.get_xy()[:-1].T
        areas.append(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)
    assert sum(areas) / 4 == pytest.approx(theory.splitting_share(center), rel=1e-12)
    assert f"exact {theory.splitting_share(center):.0%}" in second_line(ax)


def test_the_wedge_holds_the_units_that_split_and_no_other():
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    result = simulations.simulate_active_fraction(center=3, data=corners, draws=400)
    # The corners stand for the square, so their law is that of the square.
    result = replace(result, cloud=Cloud(), has_exact_law=True)
    ax = figures.plot_wedge(result).ax
    inside = np.any(
        [wedge.get_path().contains_points(result.weights) for wedge in ax.patches], axis=0
    )
    np.testing.assert_array_equal(inside, result.status == "splitting")


def test_there_is_no_wedge_around_the_origin_or_without_the_law(fractions):
    for result in (simulations.simulate_active_fraction(draws=10), fractions):
        assert all((wedge.get_xy() == 0).all() for wedge in figures.plot_wedge(result).ax.patches)


def test_the_wedge_needs_two_features():
    result = simulations.simulate_active_fraction(data=Cloud(n_features=3), draws=10)
    with pytest.raises(ValueError, match="result must be of two features, got 3"):
        figures.plot_wedge(result)


def test_bars_of_the_overlap_hold_every_pair_and_the_law_is_level():
    shares = np.array([0, 0.25, 0.25, 1.0])
    result = Overlap(center=0, cloud=Cloud(), shares=shares, has_exact_law=True)
    ax = figures.plot_overlap(result).ax
    assert heights(ax).sum() == 1
    assert heights(ax)[[0, 10, -1]].tolist() == [0.25, 0.5, 0.25]
    x, y = ax.lines[0].get_data()
    np.testing.assert_allclose(y, 1 / 20, rtol=1e-12)
    assert (len(x), x.max() < 0.5) == (20, True)
    assert second_line(ax) == f"mean {shares.mean():.2f}, standard deviation {shares.std():.3f}"


@pytest.mark.parametrize("center", [0, 0.001, 10, 1e6])
def test_extreme_settings_are_drawn_without_a_hitch(center, assert_finite):
    for cloud in (Cloud(n_examples=1), Cloud(width=1e-9), Cloud(kind="normal")):
        settings = {"center": center, "data": cloud, "draws": 30}
        fraction = simulations.simulate_active_fraction(**settings)
        assert_finite(figures.plot_active_fraction(fraction))
        assert_finite(figures.plot_wedge(fraction))
        assert_finite(figures.plot_overlap(simulations.simulate_overlap(**settings)))
        assert_finite(figures.plot_active_count(simulations.simulate_active_count(**settings)))


@pytest.mark.parametrize("units", [1, 16, 17, 200])
def test_any_number_of_units_gets_readable_ticks(units):
    result = simulations.simulate_active_count(units=units, draws=20, data=Cloud(n_examples=5))
    ticks = figures.plot_active_count(result).ax.get_xticks()
    assert 2 <= len(ticks) <= 17
    assert set(ticks) <= set(range(units + 1))
