"""Bets of a reader and of a room, and the truth among them, with names that never meet."""

import itertools

import numpy as np
import pytest
from looking import words
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nnhelpers import figures
from nnhelpers.figures import style
from nnhelpers.lessons import bets

PLACES = (0, 0.24, 0.26, 0.5, 0.98, 1)
OPTIONS = [f"{name} {'n' * 50}" for name in ("none", "half", "all", "most", "few", "one", "two")]
SHARE, CHOICE = bets.Share(bet=0.5), bets.Choice(bet=OPTIONS[0], options=OPTIONS)


def outcome(answer, **settings):
    return bets.Outcome(**{"question": "How many?", "answer": answer, "sure": 1, **settings})


def share(bet, truth=None, **settings):
    return outcome(bets.Share(bet=bet), truth=truth, **settings)


def number_answer(bet):
    return bets.Number(
        bet=bet, low=-1e6, high=1e6, step=1, within=10, unit="gradient descent steps"
    )


def number(bet, truth=None, **settings):
    return outcome(number_answer(bet), truth=truth, **settings)


def choice(bet, truth=None, *, options=OPTIONS, **settings):
    truth = None if truth is None else options[truth]
    return outcome(bets.Choice(bet=options[bet], options=options), truth=truth, **settings)


def sketch(*bet, truth=None, **settings):
    x = tuple(range(len(bet)))
    labels = {"x_label": "offset", "y_label": "share"}
    answer = bets.Sketch(bet=bet, x=x, low=0, high=1, within=0.1, **labels)
    return outcome(answer, truth=truth, **settings)


def room(answer, *placed, truth=None):
    return bets.RoomBets(question="How many?", answer=answer, bets=placed, truth=truth)


def plot(found):
    is_room = isinstance(found, bets.RoomBets)
    return figures.plot_room_bets(found) if is_room else figures.plot_bet(found)


# Before and after the reveal.
PAIRS = {
    "number": (number(400), number(-1e6, 1e6)),
    "share": (share(0.4), share(0.1, 0.97, recorded=True)),
    "choice": (choice(0), choice(2, 1)),
    "sketch": (sketch(1, 0.5, 0), sketch(0, 0.2, 1, truth=(1, 0.2, 0))),
    "nobody yet": (room(SHARE), room(SHARE, 0.9, 0.1, 0.95, truth=0.97)),
    "a room's number": (
        room(number_answer(0), 4, 4, 1e6),
        room(number_answer(0), *range(100), truth=-1e6),
    ),
    "a room's choice": (room(CHOICE, *OPTIONS[:3]), room(CHOICE, *OPTIONS[2:], truth=OPTIONS[1])),
}
EVERY = pytest.mark.parametrize("kind", PAIRS)


@pytest.mark.parametrize("first", [0, 1])
@EVERY
def test_an_update_draws_what_a_fresh_plot_draws(kind, first, assert_same_drawing, assert_finite):
    pair = PAIRS[kind]
    drawn = plot(pair[first])
    before = drawn.ax.get_position().bounds, drawn.ax.get_xlim(), drawn.ax.get_ylim()
    drawn.update(pair[1 - first])
    assert_same_drawing(drawn, plot(pair[1 - first]))
    assert_finite(drawn)
    assert before == (drawn.ax.get_position().bounds, drawn.ax.get_xlim(), drawn.ax.get_ylim())


@EVERY
def test_before_the_reveal_nothing_tells_the_truth(kind):
    ax = plot(PAIRS[kind][0]).ax
    assert not [text for text in words(ax) if "truth" in text]
    inks = [line for line in ax.lines if line.get_color() == style.TRUTH]
    assert not [line for line in inks if len(line.get_xdata())]


def test_a_drawing_is_wide_and_low_and_a_list_of_options_as_high_as_it_is_long():
    for kind, height in (("share", 1.9), ("sketch", 3.6), ("nobody yet", 2.6)):
        assert plot(PAIRS[kind][0]).figure.get_size_inches().tolist() == [7.0, height]
    heights = [plot(choice(0, options=OPTIONS[:n])).figure.get_figheight() for n in (2, 4, 7)]
    assert heights[0] == 1.9 < heights[1] < heights[2]


@pytest.mark.parametrize("kind", ["number", "share", "choice", "sketch"])
def test_the_title_says_whose_bet_it_is_and_the_second_line_what_came_out(kind):
    before, after = PAIRS[kind]
    drawn = plot(before)
    assert drawn.ax.get_title(loc="left") == "Your bet"
    assert before.bet_words() in words(drawn.ax)
    drawn.update(after)
    whose = "Recorded bet" if after.recorded else "Your bet"
    assert drawn.ax.get_title(loc="left") == f"{whose} and the truth"
    assert after.truth_words() in words(drawn.ax)


def test_a_number_line_holds_the_bet_its_interval_and_the_truth():
    interval, plumb, bet, truth = plot(share(0.95, 0.2)).ax.lines
    np.testing.assert_allclose(interval.get_xdata(), [0.85, 1])
    assert plumb.get_xdata() == [0.2, 0.2]
    assert (bet.get_xdata(), truth.get_xdata()) == ([0.95], [0.2])
    assert bet.get_ydata() != truth.get_ydata()


@pytest.mark.parametrize(
    "outcome", [share(0.4, 0.7), number(3, 5), choice(1, 1), sketch(0, 1, truth=(0, 1))]
)
def test_bet_and_truth_differ_in_colour_and_marker(outcome):
    lines = plot(outcome).ax.lines
    looks = {(line.get_color(), line.get_marker()) for line in lines if line.get_marker() != "None"}
    assert looks == {(style.BET, "D"), (style.TRUTH, "o")}


def test_options_are_rows_with_marks_in_front():
    drawn = plot(choice(2, 1))
    bet, truth = drawn.ax.lines
    rows = {text.get_text(): text.get_position()[1] for text in drawn.ax.texts}
    assert bet.get_ydata() == [rows[OPTIONS[2]]]
    assert truth.get_ydata() == [rows[OPTIONS[1]]]
    assert bet.get_xdata() != truth.get_xdata()
    inks = {text.get_text(): text.get_color() for text in drawn.ax.texts}
    assert [inks[option] == style.INK for option in OPTIONS[:4]] == [False, True, True, False]


def test_a_sketch_holds_both_curves_and_the_distances_that_are_averaged():
    found = sketch(1, 0.5, 0, truth=([-1, 0, 0.5, 2, 3], [0, 1, 0.9, 0.3, 0]))
    *gaps, truth, handles, bet = plot(found).ax.lines
    np.testing.assert_allclose(truth.get_xydata(), [[0, 1], [0.5, 0.9], [2, 0.3]])
    np.testing.assert_allclose(handles.get_xydata(), [[0, 1], [1, 0.7], [2, 0.3]])
    np.testing.assert_allclose(bet.get_xydata(), [[0, 1], [1, 0.5], [2, 0]])
    lengths = [abs(np.diff(gap.get_ydata())[0]) for gap in gaps]
    assert np.mean(lengths) == pytest.approx(found.distance)


@pytest.mark.parametrize("end", [0, 0.02, 0.98, 1])
def test_names_at_the_edge_of_a_sketch_are_moved_inwards(end):
    ax = plot(sketch(0.5, end, truth=(0.5, end))).ax
    heights = [text.xy[1] for text in ax.texts if text.get_text() in ("your bet", "truth")]
    assert 0 <= min(heights) < max(heights) <= 1


def test_bets_of_a_room_stand_where_they_were_placed_on_each_other_where_they_are_alike():
    found = room(SHARE, 0.5, 0.2, 0.5, 0.5, 1, 0.999, truth=0.4)
    stacks, truth, median, plumb = plot(found).ax.lines
    np.testing.assert_allclose(stacks.get_xdata(), [0.2, 0.5, 0.5, 0.5, 0.999, 1])
    levels = np.array(stacks.get_ydata())
    assert levels[0] == levels[1] == levels[4] < levels[2] == levels[5] < levels[3]
    assert (list(truth.get_xdata()), list(plumb.get_xdata())) == ([0.4], [0.4, 0.4])
    assert list(median.get_xdata()) == [0.5, 0.5]


def test_however_many_bets_are_alike_they_stay_below_the_names():
    ax = plot(room(SHARE, *[0.3] * 2_000, truth=0.3)).ax
    heights = [text.xy[1] for text in ax.texts if text.get_text().startswith(("me", "truth"))]
    assert len(heights) == 2
    assert max(ax.lines[0].get_ydata()) < min(heights)


def test_what_counts_as_a_hit_is_shaded_once_the_truth_is_known_and_ends_with_the_ruler():
    (shade,) = plot(room(SHARE, 0.5, truth=0.95)).ax.patches
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx((0.85, 1))
    (shade,) = plot(room(SHARE, 0.5)).ax.patches
    assert shade.get_width() == 0


def test_an_option_is_shaded_by_its_share_of_the_bets_and_the_right_one_is_marked():
    ax = plot(room(CHOICE, *OPTIONS[:1] * 3, OPTIONS[1], truth=OPTIONS[1])).ax
    widths = np.array([bar.get_width() for bar in ax.patches])
    np.testing.assert_allclose(widths / widths.sum(), [0.75, 0.25, 0, 0, 0, 0, 0])
    assert {"3", "1", "0"} <= set(words(ax))
    assert list(ax.lines[0].get_ydata()) == [1]
    bold = [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"]
    assert bold == [OPTIONS[1]]


def every_pair():
    for bet, truth in itertools.product(PLACES, (None, *PLACES[::2], 1)):
        recorded = bet > 0.25
        scaled = None if truth is None else 2e6 * truth - 1e6
        yield number(2e6 * bet - 1e6, scaled, recorded=recorded)
        heights = None if truth is None else (0.5, 0.5, truth)
        yield sketch(0.5, 0.5, bet, truth=heights, recorded=recorded)
    yield from (choice(bet, truth) for bet, truth in ((0, None), (6, 0), (0, 6), (6, 3)))
    for bet, truth in itertools.product((0, 0.49, 0.51, 1), repeat=2):
        yield room(number_answer(0), 2e6 * bet - 1e6, truth=2e6 * truth - 1e6)


def test_names_stay_in_the_figure_and_off_each_other_and_off_the_marks_of_one_bet():
    for found in every_pair():
        drawn = plot(found)
        FigureCanvasAgg(drawn.figure)
        with style.applied():
            drawn.figure.draw_without_rendering()
        ax, whole = drawn.ax, drawn.figure.bbox
        texts = [t for t in (*ax.texts, ax._left_title) if t.get_visible() and t.get_text()]
        boxes = {text.get_text(): text.get_window_extent() for text in texts}
        marks = [line for line in ax.lines if line.get_marker() != "None"]
        places = np.concatenate(
            [ax.transData.transform(line.get_xydata().reshape(-1, 2)) for line in marks]
        )
        for text, box in boxes.items():
            inside = box.x0 >= 0 and box.x1 <= whole.x1 and box.y0 >= 0 and box.y1 <= whole.y1
            assert inside, (found.summary(), text)
            off = isinstance(found, bets.RoomBets) or not box.count_contains(places)
            assert off, (found.summary(), text)
        for one, other in itertools.combinations(boxes, 2):
            assert not boxes[one].overlaps(boxes[other]), (found.summary(), one, other)


def test_shares_are_read_in_percent_and_numbers_in_full():
    for found, expected in ((share(0.5), "40%"), (number(400), "500,000")):
        ax = plot(found).ax
        FigureCanvasAgg(ax.figure).draw()
        assert expected in [label.get_text() for label in ax.get_xticklabels()]
