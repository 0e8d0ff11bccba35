"""Drawings of the bets of a reader and of a room, with the truth once it is revealed."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures._bet_marks import (
    BET,
    OPTION,
    bet_axes,
    bet_marks,
    frame,
    line,
    list_options,
    name_beside,
    rule,
    show_truth,
    truth_marks,
)
from nnhelpers.figures.drawn import Drawn, styled

# Different heights of a single bet and of the truth, so that they never overlap.
_BET_HEIGHT, _TRUTH_HEIGHT = 0.6, 0.2
# Heights of a room's bets, and their largest step; the names are above.
_LOWEST, _HIGHEST, _STEP = 0.08, 0.62, 0.07
_TRUTH_NAME, _MEDIAN_NAME = 0.77, 0.93
# Bets in the same column are stacked.
_COLUMNS = 50
# Least distance between the names of two curves (share of the height).
_LINE_SPACING = 0.09

# Shows an outcome or a room's bets in prepared axes.
_Show = Callable[[Any], None]


@styled
def plot_bet(outcome, *, ax: Axes | None = None) -> Drawn:
    """Draw a bet as an open diamond and, once it is revealed, the truth as a filled dot.

    Shows a ``lessons.bets.Outcome``; updates must be of the same question.

    Examples
    --------
    >>> from nnhelpers.lessons import bets
    >>> plot_bet(bets.Outcome(question="How many?", answer=bets.Share(bet=0.25), sure=0.8))
    your bet: 25%, 80% sure of being within 10 points; not revealed
    """
    kinds = {"choice": _options, "sketch": _curves}
    make = kinds.get(outcome.answer.kind, _number_line)

    def say(outcome) -> tuple[str, str]:
        return outcome.bettor[0].upper() + outcome.bettor[1:], outcome.bet_words()

    return _plot(outcome, ax, make=make, say=say, height=1.9)


@styled
def plot_room_bets(room, *, ax: Axes | None = None) -> Drawn:
    """Draw a room's bets as open diamonds or bars and, once it is revealed, the truth.

    Hits are shaded. Shows a ``lessons.bets.RoomBets``; updates must be of the same question.

    Examples
    --------
    >>> from nnhelpers.lessons import bets
    >>> answer = bets.Share(bet=0.25)
    >>> room = bets.RoomBets(question="How many?", answer=answer, bets=(0.1, 0.4, 0.5), truth=0.45)
    >>> plot_room_bets(room)
    the room: 3 bets, median 40%; the truth: 45%, 2 of 3 bets within 10 points (67%)
    """
    make = _shaded_options if room.answer.kind == "choice" else _stacks

    def say(room) -> tuple[str, str]:
        return "The room's bets", room.middle_words()

    return _plot(room, ax, make=make, say=say, height=2.6)


def _plot(
    found, ax: Axes | None, *, make: Callable[..., _Show], say: Callable, height: float
) -> Drawn:
    """Draw bets; `say` returns the title, and the second line before the reveal."""
    ax = ax or bet_axes(found.answer, height)
    second_line = style.headline(ax, title=" ")
    show = make(ax, found.answer)

    def draw(found) -> None:
        title, words = say(found)
        ax.set_title(f"{title} and the truth" if found.revealed else title)
        second_line.set_text(found.truth_words() if found.revealed else words)
        show(found)

    return Drawn(ax, draw, found)


def _number_line(ax: Axes, answer) -> _Show:
    """Prepare an axis with the bet and its interval above the truth."""
    interval = line(ax, style.BET, linestyle=style.BET_DASH, linewidth=1.6)
    plumb = line(ax, style.TRUTH, linewidth=1.2)
    bet, truth = bet_marks(ax), truth_marks(ax)
    name = style.note(ax, "", (0, _BET_HEIGHT), offset=(0, 9), color=style.BET, va="bottom")
    looks = {"color": style.TRUTH, "va": "center"}
    truth_name = style.note(ax, "", (0, _TRUTH_HEIGHT), offset=(0, 0), **looks)
    rule(ax, answer)
    low, high = answer.low, answer.high

    def show(outcome) -> None:
        answer = outcome.answer
        reach = np.clip([answer.bet - answer.within, answer.bet + answer.within], low, high)
        interval.set_data(reach, [_BET_HEIGHT] * 2)
        bet.set_data([answer.bet], [_BET_HEIGHT])
        show_truth(truth, plumb, outcome.truth, (_TRUTH_HEIGHT, _BET_HEIGHT + 0.06))
        name.xy, place = (answer.bet, _BET_HEIGHT), (answer.bet - low) / (high - low)
        name.set_ha("left" if place < 0.25 else "right" if place > 0.75 else "center")
        name.set_text(f"{outcome.bettor} {answer.spoken_bet()}")
        name_beside(truth_name, answer, "truth", outcome.truth, gap=9)

    return show


def _stacks(ax: Axes, answer) -> _Show:
    """Prepare an axis of a room's bets, stacked where they are close."""
    bets, truth = bet_marks(ax, markersize=5, markeredgewidth=1.2), truth_marks(ax)
    median = line(ax, style.BET, linewidth=1.6, linestyle=style.BET_DASH)
    plumb = line(ax, style.TRUTH, linewidth=1.2)
    low, high, hits = answer.low, answer.high, ax.axvspan(0, 0, color=style.HIT_TINT, linewidth=0)
    hits.set_zorder(0)
    looks = {"offset": (0, 0), "va": "center", "bbox": style.BACKDROP | {"alpha": 0.9}, "zorder": 6}
    median_name = style.note(ax, "", (0, _MEDIAN_NAME), color=style.BET, **looks)
    truth_name = style.note(ax, "", (0, _TRUTH_NAME), color=style.TRUTH, **looks)
    rule(ax, answer)

    def show(room) -> None:
        bets.set_data(_stacked(room))
        middle = [room.middle] if room.n else []
        median.set_data(middle * 2, [0, _MEDIAN_NAME] if middle else [])
        show_truth(truth, plumb, room.truth, (0, _TRUTH_NAME))
        ends, within = [low, low], room.answer.within
        if room.revealed:
            ends = np.clip([room.truth - within, room.truth + within], low, high)
        hits.set(x=ends[0], width=ends[1] - ends[0])
        name_beside(median_name, room.answer, "median", room.middle, gap=6)
        name_beside(truth_name, room.answer, "truth", room.truth, gap=6)

    return show


def _stacked(room) -> tuple[NDArray, NDArray]:
    """Places of the bets; too high a stack is compressed."""
    low, high = room.answer.low, room.answer.high
    bets = np.sort(np.array(room.bets, dtype=float))
    columns = np.minimum(np.floor((bets - low) / (high - low) * _COLUMNS), _COLUMNS - 1)
    levels = np.arange(len(bets)) - np.searchsorted(columns, columns)
    highest = levels.max(initial=1)
    return bets, _LOWEST + levels * min(_STEP, (_HIGHEST - _LOWEST) / highest)


def _options(ax: Axes, answer) -> _Show:
    """Prepare one row for each option, with marks of the bet and the truth in front."""
    bet = bet_marks(ax)
    names, mark = list_options(ax, answer.options, head="bet")

    def show(outcome) -> None:
        chosen = outcome.answer.bet
        bet.set_data([BET], [answer.options.index(chosen)])
        mark(outcome.truth)
        for option, name in names.items():
            name.set_color(style.INK if option in (chosen, outcome.truth) else style.QUIET)

    return show


def _shaded_options(ax: Axes, answer) -> _Show:
    """Prepare one row for each option, with its number of bets and a bar of their share."""
    rows = range(len(answer.options))
    bars = ax.barh(rows, [0.0] * len(rows), left=OPTION - 0.01, height=0.8, color=style.BET_TINT)
    counts = [ax.text(BET, row, "", ha="center", va="center", color=style.BET) for row in rows]
    names, mark = list_options(ax, answer.options, head="bets")

    def show(room) -> None:
        for bar, count, n in zip(bars, counts, room.counts.values(), strict=True):
            bar.set_width((1 - OPTION) * n / max(room.n, 1))
            count.set_text(f"{n:,}")
        mark(room.truth)
        for option, name in names.items():
            name.set_fontweight("bold" if option == room.truth else "normal")

    return show


def _curves(ax: Axes, answer) -> _Show:
    """Prepare two curves, and at the handles the distances that are averaged."""
    gaps = [line(ax, style.RULE, linewidth=1.2) for _ in answer.x]
    truth = line(ax, style.TRUTH)
    truth_at_handles = truth_marks(ax)
    bet = bet_marks(ax, linestyle=style.BET_DASH)
    looks = {"offset": (9, 0), "ha": "left", "va": "center"}
    names = [style.note(ax, "", (0, 0), color=c, **looks) for c in (style.BET, style.TRUTH)]
    frame(ax, answer)

    def show(outcome) -> None:
        answer = outcome.answer
        bet.set_data(answer.x, answer.bet)
        heights = answer.at_handles(outcome.truth) if outcome.revealed else []
        truth.set_data(*(_between(answer, outcome.truth) if outcome.revealed else ([], [])))
        truth_at_handles.set_data(answer.x[: len(heights)], heights)
        tops = heights if outcome.revealed else answer.bet
        for gap, x, ends in zip(gaps, answer.x, zip(answer.bet, tops, strict=True), strict=True):
            gap.set_data([x, x], ends)
        _name_ends(names, outcome, tops[-1])

    return show


def _between(answer, truth) -> tuple[NDArray, NDArray]:
    """Return the truth from the first handle to the last."""
    x, y = (np.asarray(values) for values in truth)
    inside = (x > answer.x[0]) & (x < answer.x[-1])
    ends = answer.at_handles(truth)[[0, -1]]
    x = np.concatenate([answer.x[:1], x[inside], answer.x[-1:]])
    return x, np.concatenate([ends[:1], y[inside], ends[1:]])


def _name_ends(names: list[Annotation], outcome, truth_end: float) -> None:
    """Name both curves at their ends, without overlap and inside the axes."""
    answer, heights = outcome.answer, [outcome.answer.bet[-1]] * 2
    if outcome.revealed:
        missing = _LINE_SPACING * (answer.high - answer.low) - abs(heights[0] - truth_end)
        apart = max(0.0, missing) / 2 * (1 if heights[0] >= truth_end else -1)
        heights = [heights[0] + apart, truth_end - apart]
        shift = max(0, answer.low - min(heights)) - max(0, max(heights) - answer.high)
        heights = [height + shift for height in heights]
    for name, height, text in zip(names, heights, (outcome.bettor, "truth"), strict=True):
        name.xy = (answer.x[-1], height)
        name.set_text(text)
    names[1].set_visible(outcome.revealed)
