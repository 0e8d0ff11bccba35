"""A bet, and once it is revealed the truth beside it."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter

from nnhelpers.figures import style
from nnhelpers.figures._bet_marks import bet_axes, bet_marks, line, rule, tick, truth_marks
from nnhelpers.figures.drawn import Drawn, styled

# Bet and truth have a height of their own on a number line, so that they never meet.
_BET_HEIGHT, _TRUTH_HEIGHT = 0.6, 0.2
# Columns of the bet, the truth and the option's name in a list of options.
_COLUMNS = (0.035, 0.105, 0.16)
# Names at the ends of two curves keep this distance (share of the height).
_LINE_SPACING = 0.09

_Draw = Callable[[object], None]


@styled
def plot_bet(outcome, *, ax: Axes | None = None) -> Drawn:
    """Draw a bet as an open diamond; once it is revealed, the truth as a filled dot as well.

    Parameters
    ----------
    outcome : nnhelpers.lessons.bets.Outcome
        Of a number, a share, a choice or a sketch; updates must be of the same question.

    Examples
    --------
    >>> from nnhelpers import figures
    >>> from nnhelpers.lessons import bets
    >>> bet = bets.Outcome(question="How many?", answer=bets.Share(bet=0.25), sure=0.8)
    >>> figures.plot_bet(bet)
    your bet: 25%, 80% sure of being within 10 points; not revealed
    """
    answer = outcome.answer
    ax = ax or bet_axes(answer)
    subtitle = style.headline(ax, title=" ")
    show = _KINDS[answer.kind](ax, answer)

    def draw(outcome) -> None:
        whose = outcome.bettor[0].upper() + outcome.bettor[1:]
        ax.set_title(f"{whose} and the truth" if outcome.revealed else whose)
        subtitle.set_text(outcome.truth_words() if outcome.revealed else outcome.bet_words())
        show(outcome)

    return Drawn(ax, draw, outcome)


def _number_line(ax: Axes, answer) -> _Draw:
    """An axis with the bet and its interval above the truth."""
    interval = line(ax, style.BET, linestyle=style.BET_DASH, linewidth=1.6)
    plumb = line(ax, style.TRUTH, linewidth=1.2)
    bet, truth = bet_marks(ax), truth_marks(ax)
    names = _names(ax)
    rule(ax, answer)

    def show(outcome) -> None:
        answer = outcome.answer
        reach = np.clip([answer.bet - answer.within, answer.bet + answer.within], *_ends(answer))
        interval.set_data(reach, [_BET_HEIGHT] * 2)
        bet.set_data([answer.bet], [_BET_HEIGHT])
        place = [outcome.truth] if outcome.revealed else []
        truth.set_data(place, [_TRUTH_HEIGHT] * len(place))
        plumb.set_data(place * 2, [0, _BET_HEIGHT + 0.06] if place else [])
        _put_above(names[0], answer, f"{outcome.bettor} {answer.spoken_bet()}")
        _put_beside(names[1], answer, outcome)

    return show


def _blank(name: Annotation) -> None:
    name.xy = (0, 0)
    name.set(text="", position=(0, 0))


def _put_above(name: Annotation, answer, text: str) -> None:
    """Write above the bet, turned inwards where it stands near an end."""
    low, high = _ends(answer)
    place = (answer.bet - low) / (high - low)
    name.set_ha("left" if place < 0.25 else "right" if place > 0.75 else "center")
    name.xy = (answer.bet, _BET_HEIGHT)
    name.set(text=text, position=(0, 9), va="bottom")


def _put_beside(name: Annotation, answer, outcome) -> None:
    """Write beside the truth, on the side where there is more room."""
    if not outcome.revealed:
        _blank(name)
        return
    low, high = _ends(answer)
    left = outcome.truth > (low + high) / 2
    name.xy = (outcome.truth, _TRUTH_HEIGHT)
    name.set(text=f"truth {answer.spoken(outcome.truth)}", va="center")
    name.set(position=(-9 if left else 9, 0), ha="right" if left else "left")


def _options(ax: Axes, answer) -> _Draw:
    """One row for each option, marks of the bet and the truth in front."""
    bet_column, truth_column, name_column = _COLUMNS
    rows = {option: row for row, option in enumerate(answer.options)}
    bet, truth = bet_marks(ax), truth_marks(ax)
    looks = {"ha": "center", "va": "center"}
    ax.text(bet_column, -1, "bet", color=style.BET, **looks)
    truth_head = ax.text(truth_column, -1, "truth", color=style.TRUTH, **looks)
    names = {option: ax.text(name_column, row, option, va="center") for option, row in rows.items()}
    style.bare(ax)
    ax.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -1.5))

    def show(outcome) -> None:
        answer = outcome.answer
        bet.set_data([bet_column], [rows[answer.bet]])
        place = [rows[outcome.truth]] if outcome.revealed else []
        truth.set_data([truth_column] * len(place), place)
        truth_head.set_visible(outcome.revealed)
        for option, name in names.items():
            named = option in (answer.bet, outcome.truth)
            name.set_color(style.INK if named else style.QUIET)

    return show


def _curves(ax: Axes, answer) -> _Draw:
    """Two curves, and at the handles the distances that are averaged."""
    gaps = [line(ax, style.RULE, linewidth=1.2) for _ in answer.x]
    truth = line(ax, style.TRUTH)
    truth_at_handles = truth_marks(ax)
    bet = bet_marks(ax, linestyle=style.BET_DASH)
    names = _names(ax)
    _frame(ax, answer)

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


def _frame(ax: Axes, answer) -> None:
    """Axes with room for names on the right."""
    first, last = answer.x[0], answer.x[-1]
    low, high = _ends(answer)
    width, height = last - first, high - low
    ax.set(xlim=(first - 0.02 * width, last + 0.2 * width), xlabel=answer.x_label)
    ax.set(ylim=(low - 0.03 * height, high + 0.03 * height), ylabel=answer.y_label)
    ax.set_xticks(answer.x)
    ax.xaxis.set_major_formatter(FuncFormatter(tick))
    ax.spines["bottom"].set_bounds(first, last)


def _between(answer, truth) -> tuple[np.ndarray, np.ndarray]:
    """The truth from the first handle to the last."""
    x, y = (np.asarray(values) for values in truth)
    inside = (x > answer.x[0]) & (x < answer.x[-1])
    ends = answer.at_handles(truth)[[0, -1]]
    x = np.concatenate([answer.x[:1], x[inside], answer.x[-1:]])
    return x, np.concatenate([ends[:1], y[inside], ends[1:]])


def _name_ends(names: list[Annotation], outcome, truth_end: float) -> None:
    """Name both curves where they end, apart from each other and inside the axes."""
    low, high = _ends(outcome.answer)
    spacing = _LINE_SPACING * (high - low)
    heights = [outcome.answer.bet[-1]]
    if outcome.revealed:
        heights = _apart(heights[0], truth_end, spacing=spacing)
        shift = max(0, low - min(heights)) - max(0, max(heights) - high)
        heights = [height + shift for height in heights]
    _blank(names[1])
    for name, height, text in zip(names, heights, (outcome.bettor, "truth"), strict=False):
        name.xy = (outcome.answer.x[-1], height)
        name.set(text=text, position=(9, 0), ha="left", va="center")


def _apart(one: float, other: float, *, spacing: float) -> list[float]:
    """Move two heights apart until they keep a distance."""
    missing = max(0.0, spacing - abs(one - other)) / 2
    sign = 1 if one >= other else -1
    return [one + sign * missing, other - sign * missing]


_KINDS = {"number": _number_line, "share": _number_line, "choice": _options, "sketch": _curves}


def _ends(answer) -> tuple[float, float]:
    return answer.low, answer.high


def _names(ax: Axes) -> list[Annotation]:
    """Make room for the names of the bet and of the truth."""
    colors = style.BET, style.TRUTH
    return [style.note(ax, "", (0, 0), offset=(0, 0), color=color) for color in colors]
