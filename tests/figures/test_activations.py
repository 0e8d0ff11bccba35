"""Pictures of activations and of the slopes that pre-activations meet, looked at part by part."""

from dataclasses import replace

import numpy as np
import pytest
from looking import assert_apart, assert_nothing_is_cut_off, assert_words_apart, second_line
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from nnhelpers import figures, measures, simulations
from nnhelpers.activations import ACTIVATIONS, COMMON
from nnhelpers.figures import style

# One that is straight, bounded, kinked, kinked and curved, not monotonic, and one that jumps.
KINDS = pytest.mark.parametrize(
    "activation", ["linear", "sigmoid", "relu", "selu", "gelu", "hard_shrink"]
)
EXTREMES = pytest.mark.parametrize("activation", ["linear", "sigmoid", "hard_shrink"])
OFFERED = pytest.mark.parametrize("activation", COMMON)
Z = np.arange(-5, 5, 0.1)  # as in the articles


def profile(activation, z=Z):
    return measures.profile(z, activation=activation)


def shaded(ax):
    """Return where each zone is shaded: (start, stop, tint) from left to right."""
    areas = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [(a.get_x(), a.get_x() + a.get_width(), a.get_facecolor()) for a in areas]


def names_of_zones(ax):
    return [text.get_text() for text in ax.texts if text.get_text() in measures.ZONES]


def black_lines(ax):
    """Lines that are drawn through in ink."""
    return [line for line in ax.lines if line.get_color() == style.INK and line.get_lw() == 2]


@pytest.fixture
def slopes():
    """Ten pre-activations by hand, two of them beyond the axis to the right."""
    return simulations.Slopes(
        activation="sigmoid",
        mean=1.0,
        std=2.0,
        z=np.array([-9.0, 0, 0.1, 1, 1, 1, 2, 2, 11, 12]),
        shares={"flat": 0.3, "near-linear": 0.2, "useful": 0.5},
        measured=0.1234,
        expected=0.125,
    )


@KINDS
def test_zones_are_shaded_from_border_to_border_and_named_in_words(activation):
    activity = figures.plot_activation(profile(activation)).ax
    slope = figures.plot_slopes(simulations.simulate_slopes(activation, draws=10)).ax
    for ax in (activity, slope):
        low, high = ax.get_xlim()
        zones = measures.zone_intervals(activation)
        seen = [i for i in zones if i.start < high and i.stop > low]
        areas = shaded(ax)
        assert [tint for *_, tint in areas] == [to_rgba(style.ZONE_TINTS[i.zone]) for i in seen]
        ends = [(max(i.start, low), min(i.stop, high)) for i in seen]
        np.testing.assert_allclose([area[:2] for area in areas], ends, rtol=0, atol=1e-12)
        assert set(names_of_zones(ax)) == {i.zone for i in zones}


@OFFERED
def test_names_of_zones_do_not_overlap(activation):
    plot = figures.compose("AB", {"A": figures.plot_activation}, size=(11.4, 4.6))
    drawn = plot(profile(activation, np.linspace(-10, 10, 41)))
    (ax, _) = drawn.figure.axes
    assert_words_apart(ax, [text for text in ax.texts if text.get_text() in measures.ZONES])


@KINDS
def test_each_curve_fills_its_lane_and_keeps_its_shape_and_ticks_tell_its_values(activation):
    ax = figures.plot_activation(profile(activation)).ax
    z, record = black_lines(ax)[0].get_xdata(), ACTIVATIONS[activation]
    value, slope, bend = lanes = [line.get_ydata() for line in black_lines(ax)]
    curves = record.value(z), record.derivative(z), record.second_derivative(z)
    for heights, values in zip(lanes, curves, strict=True):
        # A straight line from values to heights: the curve is only moved and stretched.
        scale, start = np.polyfit(values, heights, 1) if np.ptp(values) else (0, heights[0])
        np.testing.assert_allclose(heights, start + scale * values, rtol=0, atol=1e-9)
        assert scale >= 0
    assert value.min() > slope.max() > slope.min() > bend.max() or activation == "linear"
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert f"{record.largest_slope:.2g}" in labels
    assert f"{record.largest_curvature:.2g}" in labels or not record.largest_curvature
    assert not any(label.startswith("-") for label in labels)


def test_thresholds_cross_the_curves_at_the_borders():
    shown = profile("sigmoid", np.linspace(-6, 6, 4_001))
    ax = figures.plot_activation(shown).ax
    flat, low, high = (line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--")
    _, slope, bend = black_lines(ax)
    outer = measures.zone_intervals("sigmoid")[0].stop
    at_border = np.interp(outer, bend.get_xdata(), bend.get_ydata())
    assert at_border == pytest.approx(high, abs=1e-5)
    assert np.interp(-outer, bend.get_xdata(), bend.get_ydata()) == pytest.approx(low, abs=1e-5)
    assert np.interp(outer, slope.get_xdata(), slope.get_ydata()) < flat


def test_a_kink_has_no_threshold():
    drawn = figures.plot_activation(profile("relu"))
    dashed = [line for line in drawn.ax.lines if line.get_linestyle() == "--"]
    assert [line.get_visible() for line in dashed] == [False] * 3
    drawn.update(profile("elu"))
    assert [line.get_visible() for line in dashed] == [True] * 3


@pytest.mark.parametrize("activation", ["relu", "selu", "hard_silu", "hard_shrink", "relu6"])
def test_every_kink_is_drawn_upright_wherever_it_lies(activation):
    z = np.linspace(-8, 8, 9)
    lines = black_lines(figures.plot_activation(profile(activation, z)).ax)
    lines += black_lines(figures.plot_slopes(simulations.simulate_slopes(activation, draws=5)).ax)
    for ax in figures.plot_activations(z, names=[activation]).figure.axes:
        lines += black_lines(ax)
    for line in lines:
        places = line.get_xdata()
        if len(places) > 2:  # not an axis
            assert (np.diff(places) < 1e-8).sum() == len(ACTIVATIONS[activation].kinks)
            assert not {*places} & {*ACTIVATIONS[activation].kinks}


def test_the_articles_call_gives_the_articles_picture():
    axes = figures.plot_activations(Z).figure.axes
    assert len(axes) == 6
    names = ("sigmoid", "tanh", "relu")
    for name, left, right in zip(names, axes[::2], axes[1::2], strict=True):
        assert left.get_title(loc="left") == name
        assert right.get_title(loc="left") == f"derivative of {name}"
        z, value = black_lines(left)[0].get_data()
        np.testing.assert_array_equal(value, ACTIVATIONS[name].value(z))
        slope = black_lines(right)[0].get_ydata()
        np.testing.assert_array_equal(slope, ACTIVATIONS[name].derivative(z))
        assert len(shaded(left)) == len(shaded(right)) == len(measures.zone_intervals(name))


def test_the_table_is_told_in_words_and_its_colours_in_a_key():
    drawn = figures.plot_activations(Z, names=["relu", "tanh"])
    assert drawn.summary == f"{profile('relu').summary()}; {profile('tanh').summary()}"
    words = " ".join(text.get_text() for text in drawn.figure.legends[0].get_texts())
    assert all(zone in words for zone in ("flat", "near-linear", "between"))


def test_more_names_make_more_rows_of_one_height():
    three, ten = (figures.plot_activations(Z, names=["relu"] * n).figure for n in (3, 10))
    assert (len(three.axes), len(ten.axes)) == (6, 20)
    axes = [(ax.get_position().height, figure) for figure in (three, ten) for ax in figure.axes]
    assert np.ptp([share * figure.get_figheight() for share, figure in axes]) < 0.15


@pytest.mark.parametrize("names", [["sigmoid", "tanh", "relu"], [*COMMON]])
def test_nothing_of_the_table_is_cut_off_or_overlaps(names, assert_finite):
    drawn = figures.plot_activations(Z, names=names)
    assert_nothing_is_cut_off(drawn)
    boxes = [ax.get_tightbbox() for ax in drawn.figure.axes]
    boxes.append(drawn.figure.legends[0].get_window_extent())
    assert_apart(boxes)
    assert_finite(drawn)


@pytest.mark.parametrize("z", [[0.0], [3.0, -2.0, 1.0], [-1e3, 1e3], [7.0, 8.0]], ids=str)
@EXTREMES
def test_any_points_in_a_row_can_be_drawn(activation, z, assert_finite):
    assert_finite(figures.plot_activation(profile(activation, z)))
    assert_finite(figures.plot_activations(z, names=[activation]))


@pytest.mark.parametrize(
    ("z", "names", "message"),
    [
        ([], ("relu",), r"z must be one or more finite numbers, got \[\]"),
        ([[0.0, 1.0]], ("relu",), "z must be one or more finite numbers"),
        ([0.0, np.nan], ("relu",), "z must be one or more finite numbers"),
        ([0.0, 1.0], ("relu", "swoosh"), r"activation must be one of .*'relu'.*got 'swoosh'"),
        ([0.0, 1.0], (), r"names must be a sequence of at least one name, got \(\)"),
        ([0.0, 1.0], "relu", "names must be a sequence of at least one name, got 'relu'"),
    ],
)
def test_a_table_of_nothing_is_refused(z, names, message):
    with pytest.raises(ValueError, match=message):
        figures.plot_activations(z, names=names)


def test_the_dashed_level_is_the_law_beside_what_was_measured_and_shares_in_their_inks(slopes):
    ax = figures.plot_slopes(slopes).ax
    (level,) = [line for line in ax.lines if line.get_linestyle() == "--"]
    # Heights are shares of the largest slope, 1/4, which the ticks tell.
    assert level.get_ydata()[0] == pytest.approx(0.125 / 0.25, abs=1e-9)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "0.125", "0.25"]
    assert "E[f′(z)] = 0.125" in [text.get_text() for text in ax.texts]
    assert second_line(ax) == "measured 0.123 over 10 draws"
    shown = {text.get_text(): text.get_color() for text in ax.texts}
    for zone, share in (("flat", "30%"), ("near-linear", "20%"), ("useful", "50%")):
        assert shown[f"{share} {zone}"] == style.ZONE_INKS[zone]


@OFFERED
def test_words_stay_apart_in_small_multiples(activation):
    result = simulations.simulate_slopes(activation, mean=-3, std=2, draws=1_000)
    drawn = figures.small_multiples(figures.plot_slopes, {"one": result, "other": result})
    for ax in drawn.figure.axes:
        assert_words_apart(ax, [*ax.texts, ax.yaxis.label, *ax.get_yticklabels()])


def test_the_hill_is_the_density_each_zone_in_its_ink(slopes):
    ax = figures.plot_slopes(slopes).ax
    intervals = measures.zone_intervals("sigmoid")
    assert len(ax.collections) == len(intervals)
    area = dict.fromkeys(measures.ZONES, 0.0)
    for piece, interval in zip(ax.collections, intervals, strict=True):
        ink = to_rgba(style.ZONE_INKS[interval.zone], piece.get_alpha())
        np.testing.assert_allclose(piece.get_facecolor()[0], ink)
        x, y = piece.get_paths()[0].vertices.T
        area[interval.zone] += abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    z = np.random.default_rng(0).normal(1, 2, 40_000)
    shares = measures.zone_shares(z, activation="sigmoid")
    for zone, size in area.items():
        allowed = 4 * np.sqrt(shares[zone] * (1 - shares[zone]) / len(z)) + 1e-3
        assert abs(size / sum(area.values()) - shares[zone]) < allowed


def test_what_lies_beyond_the_axis_is_told_in_figures(slopes):
    drawn = figures.plot_slopes(slopes)
    words = [text.get_text() for text in drawn.ax.texts]
    assert "20% →" in words
    assert not any("←" in word for word in words)
    drawn.update(replace(slopes, z=np.array([-11.0, 0.0])))
    words = [text.get_text() for text in drawn.ax.texts]
    assert "← 50%" in words
    assert not any("→" in word for word in words)


@pytest.mark.parametrize(("mean", "std"), [(0, 1e-6), (100, 1), (-8, 0.25), (8, 8), (0, 1e6)])
@EXTREMES
def test_extreme_pre_activations_are_drawn_without_a_hitch(activation, mean, std, assert_finite):
    result = simulations.simulate_slopes(activation, mean=mean, std=std, draws=20)
    assert_finite(figures.plot_slopes(result))
