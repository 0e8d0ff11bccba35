"""The map of networks that are born dead, looked at cell by cell."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import figures
from nnhelpers.simulations import BornDead, simulate_born_dead


@pytest.fixture
def deaths() -> BornDead:
    """Three depths and two widths by hand."""
    return BornDead(
        depths=(1, 5, 10),
        widths=(2, 4),
        share=np.array([[0.0, 0.0], [0.62, 0.004], [0.996, 0.35]]),
        lowest=np.array([[0.0, 0.0], [0.58, 0.07], [0.89, 0.22]]),
        highest=np.array([[0.0, 0.0], [0.68, 0.23], [0.92, 0.55]]),
        draws=100,
    )


def cells(ax):
    places = {
        text.get_position(): text.get_text() for text in ax.texts if text.get_ha() == "center"
    }
    return {(int(x), int(y)): words for (x, y), words in places.items()}


def note(ax):
    return next((text.get_text() for text in ax.texts if text.get_ha() == "right"), "")


def test_every_cell_holds_its_share_in_percent(deaths):
    ax = figures.plot_born_dead(deaths.at(width=2, depth=5)).ax
    assert cells(ax) == {
        (0, 0): "0", (1, 0): "62", (2, 0): ">99", (0, 1): "0", (1, 1): "<1", (2, 1): "35",
    }  # fmt: skip
    np.testing.assert_array_equal(ax.images[0].get_array(), deaths.share.T)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "5", "10"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2", "4"]


def test_the_frame_is_around_the_architecture_of_the_second_line(deaths):
    drawn = figures.plot_born_dead(deaths.at(width=2, depth=5))
    drawn.update(deaths.at(width=4, depth=10))
    (frame,) = drawn.ax.patches
    assert frame.get_xy() == (1.5, 0.5)
    assert drawn.summary.startswith("10 layers of 4: 35% of networks are born dead")
    assert len(drawn.ax.images) == 1
    assert len(drawn.ax.lines) == 2


def test_the_stairs_part_the_cells_whose_bound_is_below_one_half(deaths):
    lowest, highest = (
        line.get_xydata().tolist()
        for line in figures.plot_born_dead(deaths.at(width=2, depth=5)).ax.lines
    )
    # For four units the lower bound stays below one half: the stair leaves the map.
    assert lowest == [[0.5, -0.5], [0.5, 0.5], [2.5, 0.5]]
    assert highest == [[0.5, -0.5], [0.5, 0.5], [1.5, 0.5], [1.5, 1.5]]


def test_the_note_says_what_the_dashed_lines_are(deaths):
    def words(**changes):
        return note(figures.plot_born_dead(replace(deaths, **changes).at(width=2, depth=5)).ax)

    assert words() == "dashed: a bound reaches ½"
    assert words(lowest=0 * deaths.lowest) == "dashed: a bound reaches ½"
    assert words(lowest=0 * deaths.lowest, highest=0 * deaths.lowest) == ""


def test_a_large_map_is_shaded_without_numbers():
    deaths = simulate_born_dead(depth=40, draws=10)
    ax = figures.plot_born_dead(deaths.at(width=2, depth=10)).ax
    assert cells(ax) == {}
    assert ax.images[0].get_array().shape == (8, 40)


def test_numbers_fit_into_the_cells_of_the_whole_map():
    ax = figures.plot_born_dead(simulate_born_dead(draws=400).at(width=2, depth=10)).ax
    ax.figure.draw_without_rendering()
    one = ax.transData.transform([1, 1]) - ax.transData.transform([0, 0])
    for text in ax.texts:
        if text.get_ha() == "center":
            box = text.get_window_extent()
            assert box.width < one[0]
            assert box.height < one[1]
