"""Pictures of units as columns of a kernel, from histories made by hand."""

import numpy as np
import pytest
from looking import second_line, words

from nnhelpers import figures, training


def history_of(*snapshots):
    return training.ColumnHistory(
        epochs=100 * np.arange(len(snapshots)),
        columns=np.array(snapshots, dtype=float),
    )


START = np.full((2, 4), 0.5)
TOGETHER = history_of(START, 2 * START)
PARTED = history_of(
    np.add(START, [[1e-4, 0, 0, 0], [0, 0, 0, 0]]),
    [[1, 1, 1, -3], [2, 2, 2, 0.5]],
    [[1, 1, -2, -3], [2, 2, -1, 0.5]],
)
BROKEN = history_of(START, np.full((2, 4), np.nan))


def test_arrows_end_at_the_units_and_paths_begin_at_their_start():
    ax = figures.plot_columns(PARTED).ax
    arrows, paths = ax.collections
    ends = np.array(arrows.get_segments())[:, 1]
    np.testing.assert_array_equal(ends, PARTED.columns[-1].T)
    for unit, path in enumerate(paths.get_segments()):
        np.testing.assert_array_equal(path, PARTED.columns[:, :, unit])
    starts, dots = ax.lines[-2:]
    np.testing.assert_array_equal(starts.get_xydata(), PARTED.columns[0].T)
    np.testing.assert_array_equal(dots.get_xydata(), PARTED.columns[-1].T)
    assert second_line(ax) == "epoch 200: 4 units, 3 places"


@pytest.mark.parametrize(
    ("history", "counts"),
    [
        (TOGETHER, ["4 units"]),
        (PARTED, ["2 units"]),
        (history_of(*PARTED.columns[:2]), ["3 units"]),
    ],
)
def test_units_in_one_place_are_counted_there(history, counts):
    ax = figures.plot_columns(history).ax
    assert [text for text in words(ax) if text.endswith("units")] == counts


def test_a_count_stands_away_from_the_origin_on_either_side():
    for side in (-1, 1):
        drawn = figures.plot_columns(history_of(side * START))
        drawn.frame()
        (count,) = (text for text in drawn.ax.texts if text.get_text() == "4 units")
        box = count.get_window_extent()
        place = drawn.ax.transData.transform((0.5 * side, 0.5 * side))
        assert (box.x0 > place[0]) == (box.y0 > place[1]) == (side > 0)


def test_the_ruler_of_the_plane_holds_all_units_and_never_less_than_it_was_told():
    limits = [figures.plot_columns(TOGETHER, reach=r).ax.get_xlim()[1] for r in (1, 5)]
    np.testing.assert_allclose(limits, [1.05, 5.25])
    assert figures.plot_columns(history_of(30 * START)).ax.get_ylim() == (-21, 21)


def test_units_of_other_than_two_features_are_refused():
    with pytest.raises(ValueError, match="history must be of two features, got 3"):
        figures.plot_columns(history_of(np.ones((3, 4))))


def test_a_history_that_diverged_shows_the_last_finite_weights(assert_finite):
    for plot in (figures.plot_columns, figures.plot_column_spread):
        drawn = plot(BROKEN)
        assert_finite(drawn)
        assert second_line(drawn.ax).startswith("diverged")


def test_the_spread_is_drawn_with_a_dot_where_it_passes_a_tenth():
    ax = figures.plot_column_spread(PARTED).ax
    line, dot = ax.lines[-2:]
    np.testing.assert_allclose(line.get_ydata(), PARTED.spread)
    np.testing.assert_allclose(dot.get_xydata(), [[100, PARTED.spread[1]]])
    assert second_line(ax) == "6·10⁻⁵ → 0.9: parted by epoch 100"
    assert second_line(figures.plot_column_spread(history_of(PARTED.columns[1])).ax) == (
        f"{PARTED.spread[1]:.1g} → {PARTED.spread[1]:.1g}: apart from the start"
    )


def test_exactly_equal_units_lie_on_the_floor_and_are_said_to_be_equal():
    drawn = figures.plot_column_spread(TOGETHER)
    line, dot = drawn.ax.lines[-2:]
    assert set(line.get_ydata()) == {drawn.ax.get_ylim()[0]}
    assert not len(dot.get_xdata())
    assert "↓ 0: exactly the same" in words(drawn.ax)
    assert second_line(drawn.ax) == "0 up to epoch 100: equal units stay equal"
    drawn.update(PARTED)
    assert "↓ 0: exactly the same" not in words(drawn.ax)
