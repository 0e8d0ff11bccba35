"""The bets of a room: stacks on a ruler or shaded options, and the truth among them."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nnhelpers import figures
from nnhelpers.figures import style
from nnhelpers.lessons import bets

SHARE = bets.Share(bet=0.5)
NUMBER = bets.Number(bet=0, low=-1e6, high=1e6, step=1, within=10, unit="gradient descent steps")
OPTIONS = [f"{name} {'n' * 50}" for name in ("none", "half", "all", "most", "few", "one", "two")]
CHOICE = bets.Choice(bet=OPTIONS[0], options=OPTIONS)


def room(answer, *placed, truth=None):
    return bets.RoomBets(question="How many?", answer=answer, bets=placed, truth=truth)


PAIRS = {
    "nobody yet": (room(SHARE), room(SHARE, 0.9, 0.1, 0.95, truth=0.97)),
    "number": (room(NUMBER, 4, 4, 1e6), room(NUMBER, *range(100), truth=-1e6)),
    "choice": (room(CHOICE, *OPTIONS[:3]), room(CHOICE, *OPTIONS[2:], truth=OPTIONS[1])),
}


def words(drawn):
    return {text.get_text() for text in drawn.ax.texts if text.get_visible()}


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("kind", PAIRS)
def test_an_update_draws_what_a_fresh_plot_draws(kind, first, assert_same_drawing, assert_finite):
    pair = PAIRS[kind]
    drawn = figures.plot_room_bets(pair[first])
    drawn.frame()
    drawn.update(pair[1 - first])
    assert_same_drawing(drawn, figures.plot_room_bets(pair[1 - first]))
    assert_finite(drawn)


def test_bets_stand_where_they_were_placed_and_on_each_other_where_they_are_alike():
    stacks, truth, median, plumb = figures.plot_room_bets(
        room(SHARE, 0.5, 0.2, 0.5, 0.5, 1, 0.999, truth=0.4)
    ).ax.lines
    np.testing.assert_allclose(stacks.get_xdata(), [0.2, 0.5, 0.5, 0.5, 0.999, 1])
    levels = np.array(stacks.get_ydata())
    assert levels[0] == levels[1] == levels[4] < levels[2] == levels[5] < levels[3]
    assert (list(truth.get_xdata()), list(plumb.get_xdata())) == ([0.4], [0.4, 0.4])
    assert list(median.get_xdata()) == [0.5, 0.5]


def test_however_many_bets_are_alike_they_stay_below_the_names():
    drawn = figures.plot_room_bets(room(SHARE, *[0.3] * 2_000, truth=0.3))
    heights = [text.xy[1] for text in drawn.ax.texts if text.get_text().startswith(("me", "truth"))]
    assert len(heights) == 2
    assert max(drawn.ax.lines[0].get_ydata()) < min(heights)


def test_what_counts_as_a_hit_is_shaded_once_the_truth_is_known_and_ends_with_the_ruler():
    (shade,) = figures.plot_room_bets(room(SHARE, 0.5, truth=0.95)).ax.patches
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx((0.85, 1))
    (shade,) = figures.plot_room_bets(room(SHARE, 0.5)).ax.patches
    assert shade.get_width() == 0


def test_an_option_is_shaded_by_its_share_of_the_bets_and_the_right_one_is_marked():
    drawn = figures.plot_room_bets(room(CHOICE, *OPTIONS[:1] * 3, OPTIONS[1], truth=OPTIONS[1]))
    widths = np.array([bar.get_width() for bar in drawn.ax.patches])
    np.testing.assert_allclose(widths / widths.sum(), [0.75, 0.25, 0, 0, 0, 0, 0])
    assert {"3", "1", "0"} <= words(drawn)
    assert list(drawn.ax.lines[0].get_ydata()) == [1]
    bold = [text.get_text() for text in drawn.ax.texts if text.get_fontweight() == "bold"]
    assert bold == [OPTIONS[1]]


@pytest.mark.parametrize("found", [room(SHARE, 0.4), room(NUMBER, 3), room(CHOICE, OPTIONS[1])])
def test_before_the_reveal_nothing_tells_the_truth(found):
    drawn = figures.plot_room_bets(found)
    assert not [text for text in words(drawn) if "truth" in text]
    inks = [line for line in drawn.ax.lines if line.get_color() == style.TRUTH]
    assert not [line for line in inks if len(line.get_xdata())]


def test_names_stay_in_the_figure_and_off_each_other():
    for bet, truth in itertools.product((0, 0.49, 0.51, 1), repeat=2):
        found = room(NUMBER, 2e6 * bet - 1e6, truth=2e6 * truth - 1e6)
        drawn = figures.plot_room_bets(found)
        canvas = FigureCanvasAgg(drawn.figure)
        with style.applied():
            canvas.draw()
        shown = [text for text in (*drawn.ax.texts, drawn.ax._left_title) if text.get_text()]
        boxes = [text.get_window_extent(canvas.get_renderer()) for text in shown]
        whole = drawn.figure.bbox
        for box in boxes:
            assert whole.x0 <= box.x0 <= box.x1 <= whole.x1
            assert whole.y0 <= box.y0 <= box.y1 <= whole.y1
        assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
