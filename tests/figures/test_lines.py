"""What holds for every line with a band, wherever it is drawn."""

import itertools

import numpy as np
import pytest
from looking import ends_of_band
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from nnhelpers.figures import axes, lines
from nnhelpers.figures.lines import Band, Course, Look
from nnhelpers.simulations import ByLayer

LOOK = Look(color="#0072b2", marker="o")
X = np.arange(1, 4)
VALUES = np.array([0.5, 0.8, 1.0, 1.2, 3.0])[:, np.newaxis] * [1.0, 10.0, 100.0]


def band_of(course, *, look=LOOK, most_markers=None, **settings):
    ax = Figure().subplots()
    settings = {"law": True} | settings
    band = Band(ax, "one", look, **settings)
    band.draw(course, most_markers=most_markers)
    return band, ax


def test_a_line_of_medians_lies_in_a_band_of_percentiles_over_its_law_in_dashes():
    _, ax = band_of(Course.of_networks(X, VALUES, law=np.array([2.0, 3.0])))
    law, line = ax.lines
    np.testing.assert_array_equal(line.get_xydata().T, [X, [1, 10, 100]])
    ends = np.percentile(VALUES, (10, 90), axis=0).T
    np.testing.assert_allclose(ends_of_band(ax), ends)
    np.testing.assert_array_equal(law.get_xydata(), [[1, 2], [2, 3]])
    assert law.is_dashed()
    assert law.get_color() == line.get_color() == LOOK.color
    assert law.get_zorder() < line.get_zorder()


def test_a_comparison_has_means_with_rings_where_they_are_off_the_law_or_may_be():
    off, doubtful = [2.0, 2.0, 2.0], [0.5, 0.8, 2.3]
    measured = np.transpose([[1.0, 1.0, 1.0], off, doubtful])
    _, ax = band_of(Course.of_comparison(X, ByLayer(measured=measured, law=np.ones(3))))
    law, line, clear, perhaps = ax.lines
    np.testing.assert_array_equal(line.get_ydata(), measured.mean(axis=0))
    np.testing.assert_array_equal(law.get_xydata().T, [X, [1, 1, 1]])
    assert clear.get_xydata().tolist() == [[2, 2]]
    assert perhaps.get_xydata().tolist() == [[3, np.mean(doubtful)]]
    assert clear.get_color() != perhaps.get_color()


@pytest.mark.parametrize(
    ("heights", "name"),
    [
        ([0.1, 1, 10], "one"),
        ([3e-10, 1, 10], "one ↓ 3·10⁻¹⁰"),
        ([0, 1, 2_123], "one ↓ 0 ↑ 2,000"),
        ([np.nan, 1, 1e3], "one ↑ 1,000"),
    ],
)
def test_what_lies_beyond_the_axis_is_written_beside_an_arrow(heights, name):
    band, _ = band_of(Course(X, np.array(heights)), limits=(1e-8, 100))
    assert band.name.get_text() == name


@pytest.mark.parametrize(
    ("heights", "end"), [([1, 2, 3], (3, 3)), ([1, 2, np.nan], (2, 2)), ([np.nan] * 3, None)]
)
def test_a_name_stands_where_its_line_ends_if_there_is_one(heights, end):
    band, _ = band_of(Course(X, np.array(heights, dtype=float)))
    assert band.name.get_visible() == (end is not None)
    assert end is None or band.end == end


@pytest.mark.parametrize("number", [3, 13, 14, 50])
def test_the_last_marker_is_shown_and_no_more_than_asked_for(number):
    course = Course(np.arange(number), np.ones(number))
    _, ax = band_of(course, most_markers=13)
    start, step = ax.lines[1].get_markevery()
    marked = np.arange(number)[start::step]
    assert len(marked) <= 13
    assert marked[-1] == number - 1


def test_a_band_drawn_again_leaves_nothing_behind_and_none_is_see_through_unless_asked_for():
    band, ax = band_of(Course.of_networks(X, VALUES))
    band.draw(Course.of_networks(X, VALUES[:, :3] / 2))
    assert len(ax.collections) == 1
    tint = 1 - 0.15 * (1 - np.array(to_rgb(LOOK.color)))
    np.testing.assert_allclose(ax.collections[0].get_facecolor()[0], [*tint, 1])
    seen = Look(color=LOOK.color, shade=0.2, opaque=False)
    _, ax = band_of(Course.of_networks(X, VALUES), look=seen)
    np.testing.assert_allclose(ax.collections[0].get_facecolor()[0], [*to_rgb(seen.color), 0.2])


@pytest.mark.parametrize("clipped", [True, False])
def test_a_line_leaves_the_axes_only_where_it_may(clipped):
    _, ax = band_of(Course(X, X), clipped=clipped)
    assert ax.lines[1].get_clip_on() == clipped


def test_percentiles_leave_out_what_is_not_finite():
    values = np.array([[0.0, 1.0], [10.0, np.nan], [np.inf, np.nan]])
    np.testing.assert_allclose(lines.percentiles(values), [[1, 1], [5, 1], [9, 1]])
    values[:, 1] = np.nan
    assert np.isnan(lines.percentiles(values)[:, 1]).all()


def test_names_give_way_evenly_in_the_order_of_their_lines():
    wanted = np.array([100.0, 101.0, 99.0, 200.0])
    placed = axes._apart(wanted, within=(0, 300))
    np.testing.assert_allclose(placed, [100, 113, 87, 200])
    placed = axes._apart(wanted, within=(150, 300))
    np.testing.assert_allclose(placed, [163, 176, 150, 200])
    placed = axes._apart(wanted, within=(0, 100))
    np.testing.assert_allclose(placed, [74, 87, 61, 100])


@pytest.mark.parametrize("scale", [0.0, 1e-6, 0.3, 1e9])
@pytest.mark.parametrize("number", [2, 8])
def test_names_stand_apart_inside_the_picture_in_the_order_of_their_lines(scale, number):
    ax = Figure().subplots()
    ax.set(ylim=(-1, 1), xlim=(0, 4))
    heights = scale * np.random.default_rng(0).uniform(-1, 1, number)
    bands = [Band(ax, f"number {i}", LOOK) for i in range(number)]
    for band, height in zip(bands, heights, strict=True):
        band.draw(Course(X, np.full(3, height)))
    lines.place_bands(bands)
    ax.figure.draw_without_rendering()
    boxes = [band.name.get_window_extent() for band in bands]
    ordered = [boxes[i] for i in np.argsort(np.clip(heights, -1, 1), kind="stable")]
    assert all(low.y1 <= high.y0 + 1 for low, high in itertools.pairwise(ordered))
    assert all(ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1 for box in boxes)
    assert all(box.x1 <= ax.figure.bbox.x1 for box in boxes)


def test_looks_of_several_lines_differ_in_color_dash_and_marker():
    looks = [lines.series(number) for number in range(6)]
    for kind in ("color", "dash", "marker"):
        assert len({str(look[kind]) for look in looks}) == 6


@pytest.mark.parametrize(
    ("last", "ticks"), [(1, [1]), (3, [1, 2, 3]), (20, [1, 5, 10, 15, 20]), (50, [1, 15, 30, 45])]
)
def test_an_axis_of_layers_has_few_ticks_and_room_for_names(last, ticks):
    ax = Figure().subplots()
    axes.layers_axis(ax, last=last)
    assert ax.get_xticks().tolist() == ticks
    assert ax.get_xlim() == pytest.approx((1 - 0.04 * last, 1.4 * last))


@pytest.mark.parametrize("which", ["x", "y"])
@pytest.mark.parametrize(
    ("limits", "step", "ticks"),
    [((1e-4, 1e2), 2, [1e-4, 1e-2, 1, 100]), ((0.03, 30), 1, [0.1, 1, 10])],
)
def test_powers_of_ten_within_the_limits_have_ticks(which, limits, step, ticks):
    ax = Figure().subplots()
    axes.decades(ax, which=which, limits=limits, step=step)
    axis = getattr(ax, f"{which}axis")
    assert axis.get_scale() == "log"
    assert tuple(axis.get_view_interval()) == pytest.approx(limits)
    np.testing.assert_allclose(axis.get_ticklocs(), ticks, rtol=1e-12)
    assert not len(axis.get_ticklocs(minor=True))
    labels = [label.get_text() for label in axis.get_ticklabels()]
    assert (labels == [f"{t:g}" for t in ticks]) == (step == 1)
