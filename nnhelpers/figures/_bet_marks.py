"""Parts of drawings of bets: axes, marks, and a list of options."""

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from nnhelpers.figures import style

_WIDTH, _SKETCH_HEIGHT, _ROW_HEIGHT = 7.0, 3.6, 0.27
# Left, right, bottom and top (inches).
_MARGINS = {
    "number": (0.25, 0.25, 0.5, 0.55),
    "share": (0.25, 0.25, 0.3, 0.55),
    "choice": (0.25, 0.25, 0.1, 0.6),
    "sketch": (0.72, 0.1, 0.55, 0.62),
}
# Columns in a list of options: bets, truth, and the option's name.
BET, TRUTH, OPTION = 0.035, 0.105, 0.16


def bet_axes(answer, height: float) -> Axes:
    """Return axes with fixed margins, so that nothing moves when a label gets longer."""
    left, right, bottom, top = _MARGINS[answer.kind]
    if answer.kind == "choice":
        height = max(height, _ROW_HEIGHT * (len(answer.options) + 1) + (bottom + top))
    height = _SKETCH_HEIGHT if answer.kind == "sketch" else height
    figure = Figure(figsize=(_WIDTH, height))
    figure.subplots_adjust(left / _WIDTH, bottom / height, 1 - right / _WIDTH, 1 - top / height)
    return figure.subplots()


def line(ax: Axes, color: str, **looks: Any) -> Line2D:
    return ax.plot([], [], color=color, **looks)[0]


def bet_marks(ax: Axes, **looks: Any) -> Line2D:
    settings = {"markersize": 9, "markeredgewidth": 2, "linestyle": "none"} | looks
    settings |= {"marker": style.BET_MARKER, "markerfacecolor": "white", "zorder": 4}
    return line(ax, style.BET, clip_on=False, **settings)


def truth_marks(ax: Axes) -> Line2D:
    looks = {"linestyle": "none", "markersize": 6, "zorder": 5, "clip_on": False}
    return line(ax, style.TRUTH, marker=style.TRUTH_MARKER, **looks)


def rule(ax: Axes, answer) -> None:
    """Show the range of answers on the horizontal axis; heights are from 0 to 1."""
    low, high = answer.low, answer.high
    margin = 0.02 * (high - low)
    style.bare(ax)
    ax.spines["bottom"].set_visible(True)
    ax.spines["bottom"].set_bounds(low, high)
    ax.set(xlim=(low - margin, high + margin), ylim=(0, 1), xlabel=answer.unit)
    ticks = MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ax.set_xticks(ticks[(ticks >= low) & (ticks <= high)])
    is_share = answer.kind == "share"
    ax.xaxis.set_major_formatter(PercentFormatter(1) if is_share else FuncFormatter(tick))


def frame(ax: Axes, answer) -> None:
    """Set up axes for a sketch, with room for names on the right."""
    first, last = answer.x[0], answer.x[-1]
    width, height = last - first, answer.high - answer.low
    ax.set(xlim=(first - 0.02 * width, last + 0.2 * width), xlabel=answer.x_label)
    ax.set(ylim=(answer.low - 0.03 * height, answer.high + 0.03 * height), ylabel=answer.y_label)
    ax.set_xticks(answer.x)
    ax.xaxis.set_major_formatter(FuncFormatter(tick))
    ax.spines["bottom"].set_bounds(first, last)


def tick(value: float, _: int) -> str:
    return f"{value:,.6g}"


def show_truth(marks: Line2D, plumb: Line2D, truth: float | None, heights: tuple) -> None:
    """Show the truth as a mark and a vertical line, up to the two `heights`."""
    places = [] if truth is None else [truth]
    marks.set_data(places, heights[: len(places)])
    plumb.set_data(places * 2, [0, heights[1]] if places else [])


def name_beside(name: Annotation, answer, what: str, value: float | None, *, gap: float) -> None:
    """Write a value beside its place, on the inner side; nothing if it is None."""
    place = answer.low if value is None else value
    left = place > (answer.low + answer.high) / 2
    name.xy = (place, name.xy[1])
    name.set_text("" if value is None else f"{what} {answer.spoken(value)}")
    name.set(position=(-gap if left else gap, 0), ha="right" if left else "left")


def list_options(
    ax: Axes, options: tuple[str, ...], *, head: str
) -> tuple[dict[str, Text], Callable]:
    """List options one per row; return their texts and a function that marks the truth."""
    looks, truth = {"ha": "center", "va": "center"}, truth_marks(ax)
    ax.text(BET, -1, head, color=style.BET, **looks)
    truth_head = ax.text(TRUTH, -1, "truth", color=style.TRUTH, **looks)
    names = {name: ax.text(OPTION, row, name, va="center") for row, name in enumerate(options)}
    style.bare(ax)
    ax.set(xlim=(0, 1), ylim=(len(options) - 0.5, -1.5))

    def mark(option: str | None) -> None:
        rows = [] if option is None else [options.index(option)]
        truth.set_data([TRUTH] * len(rows), rows)
        truth_head.set_visible(len(rows) > 0)

    return names, mark
