"""A bet and the truth side by side, with names that never meet."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nnhelpers import figures
from nnhelpers.figures import style
from nnhelpers.lessons import bets

PLACES = (0, 0.24, 0.26, 0.5, 0.98, 1)
OPTIONS = [f"{name} {'n' * 50}" for name in ("none", "half", "all", "most", "few", "one", "two")]


def outcome(answer, **settings):
    return bets.Outcome(**{"question": "How many?", "answer": answer, "sure": 1, **settings})


def share(bet, truth=None, **settings):
    return outcome(bets.Share(bet=bet), truth=truth, **settings)


def number(bet, truth=None, **settings):
    answer = bets.Number(
        bet=bet, low=-1e6, high=1e6, step=1, within=10, unit="gradient descent steps"
    )
    return outcome(answer, truth=truth, **settings)


def choice(bet, truth=None, *, options=OPTIONS, **settings):
    truth = None if truth is None else options[truth]
    return outcome(bets.Choice(bet=options[bet], options=options), truth=truth, **settings)


def sketch(*bet, truth=None, **settings):
    x = tuple(range(len(bet)))
    labels = {"x_label": "offset", "y_label": "share"}
    answer = bets.Sketch(bet=bet, x=x, low=0, high=1, within=0.1, **labels)
    return outcome(answer, truth=truth, **settings)


PAIRS = {
    "number": (number(400), number(-1e6, 1e6)),
    "share": (share(0.4), share(0.1, 0.97, recorded=True)),
    "choice": (choice(0), choice(2, 1)),
    "sketch": (sketch(1, 0.5, 0), sketch(0, 0.2, 1, truth=(1, 0.2, 0))),
}


def extents(drawn):
    """Boxes of everything shown, and of the figure."""
    canvas = FigureCanvasAgg(drawn.figure)
    with style.applied():
        canvas.draw()
    renderer = canvas.get_renderer()
    ax = drawn.ax
    texts = [text for text in (*ax.texts, ax._left_title) if text.get_visible()]
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in texts}
    marks = [line for line in ax.lines if line.get_marker() != "None" and len(line.get_xdata())]
    places = [line.get_transform().transform(line.get_xydata()) for line in marks]
    return boxes, places, drawn.figure.bbox


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("kind", PAIRS)
def test_an_update_draws_what_a_fresh_plot_draws(kind, first, assert_same_drawing, assert_finite):
    pair = PAIRS[kind]
    drawn = figures.plot_bet(pair[first])
    drawn.frame()
    drawn.update(pair[1 - first])
    assert_same_drawing(drawn, figures.plot_bet(pair[1 - first]))
    assert_finite(drawn)


@pytest.mark.parametrize("kind", PAIRS)
def test_the_ruler_and_the_margins_stay_when_the_truth_is_revealed(kind):
    before, after = (figures.plot_bet(each) for each in PAIRS[kind])
    for drawn in (before, after):
        drawn.frame()
    assert before.ax.get_position().bounds == after.ax.get_position().bounds
    assert (before.ax.get_xlim(), before.ax.get_ylim()) == (
        after.ax.get_xlim(),
        after.ax.get_ylim(),
    )


@pytest.mark.parametrize(("kind", "height"), [("share", 1.9), ("sketch", 3.6)])
def test_a_drawing_is_wide_and_low(kind, height):
    assert figures.plot_bet(PAIRS[kind][0]).figure.get_size_inches().tolist() == [7.0, height]


def test_a_list_of_options_is_as_high_as_it_is_long():
    heights = [
        figures.plot_bet(choice(0, options=OPTIONS[:n])).figure.get_figheight() for n in (2, 4, 7)
    ]
    assert heights[0] == 1.9 < heights[1] < heights[2]


@pytest.mark.parametrize("kind", PAIRS)
def test_the_title_says_whose_bet_it_is_and_the_second_line_what_came_out(kind):
    before, after = PAIRS[kind]
    drawn = figures.plot_bet(before)
    assert drawn.ax.get_title(loc="left") == "Your bet"
    assert before.bet_words() in [text.get_text() for text in drawn.ax.texts]
    drawn.update(after)
    whose = "Recorded bet" if after.recorded else "Your bet"
    assert drawn.ax.get_title(loc="left") == f"{whose} and the truth"
    assert after.truth_words() in [text.get_text() for text in drawn.ax.texts]


def test_a_number_line_holds_the_bet_its_interval_and_the_truth():
    interval, plumb, bet, truth = figures.plot_bet(share(0.95, 0.2)).ax.lines
    np.testing.assert_allclose(interval.get_xdata(), [0.85, 1])
    assert plumb.get_xdata() == [0.2, 0.2]
    assert (bet.get_xdata(), truth.get_xdata()) == ([0.95], [0.2])
    assert bet.get_ydata() != truth.get_ydata()


@pytest.mark.parametrize("outcome", [share(0.4), number(3), choice(1), sketch(0, 1)])
def test_before_the_reveal_nothing_tells_the_truth(outcome):
    ax = figures.plot_bet(outcome).ax
    shown = [text.get_text() for text in ax.texts if text.get_visible()]
    assert not [text for text in shown if "truth" in text]
    assert not [
        line for line in ax.lines if line.get_color() == style.TRUTH and len(line.get_xdata())
    ]


@pytest.mark.parametrize(
    "outcome", [share(0.4, 0.7), number(3, 5), choice(1, 1), sketch(0, 1, truth=(0, 1))]
)
def test_bet_and_truth_differ_in_colour_and_marker(outcome):
    lines = figures.plot_bet(outcome).ax.lines
    looks = {(line.get_color(), line.get_marker()) for line in lines if line.get_marker() != "None"}
    assert looks == {(style.BET, "D"), (style.TRUTH, "o")}


def test_options_are_rows_with_marks_in_front():
    drawn = figures.plot_bet(choice(2, 1))
    bet, truth = drawn.ax.lines
    rows = {text.get_text(): text.get_position()[1] for text in drawn.ax.texts}
    assert bet.get_ydata() == [rows[OPTIONS[2]]]
    assert truth.get_ydata() == [rows[OPTIONS[1]]]
    assert bet.get_xdata() != truth.get_xdata()


def test_a_sketch_holds_both_curves_and_the_distances_that_are_averaged():
    found = sketch(1, 0.5, 0, truth=([-1, 0, 0.5, 2, 3], [0, 1, 0.9, 0.3, 0]))
    *gaps, truth, handles, bet = figures.plot_bet(found).ax.lines
    np.testing.assert_allclose(truth.get_xydata(), [[0, 1], [0.5, 0.9], [2, 0.3]])
    np.testing.assert_allclose(handles.get_xydata(), [[0, 1], [1, 0.7], [2, 0.3]])
    np.testing.assert_allclose(bet.get_xydata(), [[0, 1], [1, 0.5], [2, 0]])
    lengths = [abs(np.diff(gap.get_ydata())[0]) for gap in gaps]
    assert np.mean(lengths) == pytest.approx(found.distance)


@pytest.mark.parametrize("end", [0, 0.02, 0.98, 1])
def test_names_at_the_edge_of_a_sketch_are_moved_inwards(end):
    ax = figures.plot_bet(sketch(0.5, end, truth=(0.5, end))).ax
    heights = [text.xy[1] for text in ax.texts if text.get_text() in ("your bet", "truth")]
    assert 0 <= min(heights) < max(heights) <= 1


def every_outcome():
    for bet, truth in itertools.product(PLACES, (None, *PLACES)):
        recorded = bet > 0.25
        scaled = None if truth is None else 2e6 * truth - 1e6
        yield number(2e6 * bet - 1e6, scaled, recorded=recorded)
        heights = None if truth is None else (0.5, 0.5, truth)
        yield sketch(0.5, 0.5, bet, truth=heights, recorded=recorded)
    yield from (choice(bet, truth) for bet in (0, 6) for truth in (None, 0, 3, 6))


def test_names_stay_in_the_figure_and_off_each_other_and_off_the_marks():
    for found in every_outcome():
        boxes, places, whole = extents(figures.plot_bet(found))
        for text, box in boxes.items():
            inside = box.x0 >= 0 and box.x1 <= whole.x1 and box.y0 >= 0 and box.y1 <= whole.y1
            assert inside, (found.summary(), text)
            marks = np.concatenate(places)
            assert not box.count_contains(marks), (found.summary(), text)
        for one, other in itertools.combinations(boxes, 2):
            assert not boxes[one].overlaps(boxes[other]), (found.summary(), one, other)
