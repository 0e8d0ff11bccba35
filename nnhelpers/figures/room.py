"""The bets of a room, and once it is revealed the truth among them."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures._bet_marks import bet_axes, bet_marks, line, rule, truth_marks
from nnhelpers.figures.drawn import Drawn, styled

_HEIGHT = 2.6
# Bets in one of so many columns stand on each other.
_COLUMNS = 50
# Between these heights stand the bets, in steps at most so high; above them the names.
_LOWEST, _HIGHEST, _STEP = 0.08, 0.62, 0.07
_TRUTH_NAME, _MEDIAN_NAME = 0.77, 0.93
# Columns of the count, the truth and the option's name in a list of options.
_COUNT, _TRUTH, _OPTION = 0.035, 0.105, 0.16


@styled
def plot_room_bets(room, *, ax: Axes | None = None) -> Drawn:
    """Draw the bets of a room as open diamonds or bars; once it is revealed, the truth among them.

    What counts as a hit is shaded.

    Parameters
    ----------
    room : nnhelpers.lessons.bets.RoomBets
        Of a number, a share or a choice; updates must be of the same question.

    Examples
    --------
    >>> from nnhelpers import figures
    >>> from nnhelpers.lessons import bets
    >>> answer = bets.Share(bet=0.25)
    >>> room = bets.RoomBets(question="How many?", answer=answer, bets=(0.1, 0.4, 0.5), truth=0.45)
    >>> figures.plot_room_bets(room)
    the room: 3 bets, median 40%; the truth: 45%, 2 of 3 bets within 10 points (67%)
    """
    answer = room.answer
    ax = ax or bet_axes(answer, low=_HEIGHT)
    subtitle = style.headline(ax, title=" ")
    show = (_options if answer.kind == "choice" else _stacks)(ax, answer)

    def draw(room) -> None:
        ax.set_title("The room's bets and the truth" if room.revealed else "The room's bets")
        subtitle.set_text(room.truth_words() if room.revealed else room.middle_words())
        show(room)

    return Drawn(ax, draw, room)


def _stacks(ax: Axes, answer) -> Callable[[object], None]:
    """Bets on a ruler, on top of each other where they are close."""
    bets, truth = bet_marks(ax), truth_marks(ax)
    bets.set(markersize=5, markeredgewidth=1.2)
    median = line(ax, style.BET, linewidth=1.6, linestyle=style.BET_DASH)
    plumb = line(ax, style.TRUTH, linewidth=1.2)
    hits = ax.axvspan(answer.low, answer.low, color=style.HIT_TINT, linewidth=0, zorder=0)
    looks = {"offset": (0, 0), "va": "center", "bbox": style.BACKDROP | {"alpha": 0.9}, "zorder": 6}
    names = [
        style.note(ax, "", (0, height), color=color, **looks)
        for color, height in ((style.BET, _MEDIAN_NAME), (style.TRUTH, _TRUTH_NAME))
    ]
    rule(ax, answer)

    def show(room) -> None:
        answer = room.answer
        bets.set_data(_stacked(room))
        middle = [room.middle] if room.n else []
        median.set_data(middle * 2, [0, _MEDIAN_NAME] if middle else [])
        place = [room.truth] if room.revealed else []
        truth.set_data(place, [0.0] * len(place))
        plumb.set_data(place * 2, [0, _TRUTH_NAME] if place else [])
        low, high = _reach(room) if place else (answer.low, answer.low)
        hits.set_x(low)
        hits.set_width(high - low)
        _name(names[0], answer, "median", room.middle)
        _name(names[1], answer, "truth", room.truth)

    return show


def _reach(room) -> np.ndarray:
    """Where a bet is a hit."""
    answer = room.answer
    ends = [room.truth - answer.within, room.truth + answer.within]
    return np.clip(ends, answer.low, answer.high)


def _name(name, answer, what: str, value: float | None) -> None:
    """Write beside a line, turned inwards; nothing without a value."""
    place = answer.low if value is None else value
    left = place > (answer.low + answer.high) / 2
    name.xy = (place, name.xy[1])
    name.set_text("" if value is None else f"{what} {answer.spoken(value)}")
    name.set(position=(-6 if left else 6, 0), ha="right" if left else "left")


def _stacked(room) -> tuple[np.ndarray, np.ndarray]:
    """Places of the bets; a stack that would be too high is pressed together."""
    low, high = room.answer.low, room.answer.high
    bets = np.sort(np.array(room.bets, dtype=float))
    columns = np.minimum(np.floor((bets - low) / (high - low) * _COLUMNS), _COLUMNS - 1)
    levels = np.arange(len(bets)) - np.searchsorted(columns, columns)
    highest = levels.max(initial=1)
    return bets, _LOWEST + levels * min(_STEP, (_HIGHEST - _LOWEST) / highest)


def _options(ax: Axes, answer) -> Callable[[object], None]:
    """One row for each option, shaded as far as it is bet on, with the count in front."""
    rows = range(len(answer.options))
    bars = ax.barh(rows, [0.0] * len(rows), left=_OPTION - 0.01, height=0.8, color=style.BET_TINT)
    counts = [ax.text(_COUNT, row, "", ha="center", va="center", color=style.BET) for row in rows]
    truth = truth_marks(ax)
    names = [ax.text(_OPTION, row, answer.options[row], va="center") for row in rows]
    ax.text(_COUNT, -1, "bets", color=style.BET, ha="center", va="center")
    truth_head = ax.text(_TRUTH, -1, "truth", color=style.TRUTH, ha="center", va="center")
    style.bare(ax)
    ax.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -1.5))

    def show(room) -> None:
        for bar, count, n in zip(bars, counts, room.counts.values(), strict=True):
            bar.set_width((1 - _OPTION) * n / max(room.n, 1))
            count.set_text(f"{n:,}")
        place = [answer.options.index(room.truth)] if room.revealed else []
        truth.set_data([_TRUTH] * len(place), place)
        truth_head.set_visible(room.revealed)
        for option, name in zip(answer.options, names, strict=True):
            name.set_fontweight("bold" if option == room.truth else "normal")

    return show
