"""What bets of one reader and of a room are drawn with: axes, a ruler, marks."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from nnhelpers.figures import style

_WIDTH, _LOW_HEIGHT, _HIGH_HEIGHT = 7.0, 1.9, 3.6
_ROW_HEIGHT = 0.27
# Left, right, bottom and top (inches).
_MARGINS = {
    "number": (0.25, 0.25, 0.5, 0.55),
    "share": (0.25, 0.25, 0.3, 0.55),
    "choice": (0.25, 0.25, 0.1, 0.6),
    "sketch": (0.72, 0.1, 0.55, 0.62),
}


def bet_axes(answer, *, low: float = _LOW_HEIGHT) -> Axes:
    """Return axes in fixed margins: nothing moves when a label gets longer."""
    left, right, bottom, top = _MARGINS[answer.kind]
    height = _HIGH_HEIGHT if answer.kind == "sketch" else low
    if answer.kind == "choice":
        height = max(height, _ROW_HEIGHT * (len(answer.options) + 1) + (bottom + top))
    figure = Figure(figsize=(_WIDTH, height))
    figure.subplots_adjust(left / _WIDTH, bottom / height, 1 - right / _WIDTH, 1 - top / height)
    return figure.subplots()


def rule(ax: Axes, answer) -> None:
    """Turn axes into a ruler of what can be answered, from 0 to 1 high."""
    low, high = answer.low, answer.high
    margin = 0.02 * (high - low)
    style.bare(ax)
    ax.spines["bottom"].set_visible(True)
    ax.spines["bottom"].set_bounds(low, high)
    ax.set(xlim=(low - margin, high + margin), ylim=(0, 1))
    ticks = MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ax.set_xticks(ticks[(ticks >= low) & (ticks <= high)])
    is_share = answer.kind == "share"
    ax.xaxis.set_major_formatter(PercentFormatter(1) if is_share else FuncFormatter(tick))
    ax.set_xlabel(answer.unit)


def tick(value: float, _: int) -> str:
    """Write a number beside a ruler."""
    return f"{value:,.6g}"


def line(ax: Axes, color: str, **looks) -> Line2D:
    """Add a line without points yet."""
    return ax.plot([], [], color=color, **looks)[0]


def bet_marks(ax: Axes, *, linestyle="none") -> Line2D:
    """Add open diamonds."""
    looks = {"markersize": 9, "markerfacecolor": "white", "markeredgewidth": 2, "zorder": 4}
    looks |= {"marker": style.BET_MARKER, "clip_on": False}
    return line(ax, style.BET, linestyle=linestyle, **looks)


def truth_marks(ax: Axes) -> Line2D:
    """Add filled dots."""
    looks = {"linestyle": "none", "markersize": 6, "zorder": 5}
    return line(ax, style.TRUTH, marker=style.TRUTH_MARKER, clip_on=False, **looks)
