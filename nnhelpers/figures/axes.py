"""Axes, notes, bars and names at the ends of lines, shared by the figures."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.text import Annotation, Text
from numpy.typing import ArrayLike, NDArray

from nnhelpers import words
from nnhelpers.figures import style

# Axis label under the ticks, not under the room for names at the right.
AT_LEFT = {"x": 0, "ha": "left"}
LAYERS = "hidden layer, from input to output"
GRID_LINE = {"color": style.GRID, "linewidth": 1, "zorder": 0}
# Distance between names at the ends of lines (points), and shares of the axes' height for them.
_SPACING = 13
ABOVE_NOTES = (0.18, 0.97)


def decades(ax: Axes, *, which: str, limits: tuple[float, float], step: int = 1) -> None:
    """Make the axis "x" or "y" logarithmic, with ticks at every `step`-th power of ten.

    With a step of 1, tick labels are written out, such as 0.1.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> decades(ax := Figure().subplots(), which="y", limits=(0.03, 30))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['0.1', '1', '10']
    """
    low, high = np.log10(limits).round(9)
    ticks = 10.0 ** np.arange(np.ceil(low), np.floor(high) + 1, step)
    labels = {f"{which}ticklabels": [f"{tick:g}" for tick in ticks]} if step == 1 else {}
    ax.set(**{f"{which}scale": "log", f"{which}lim": limits, f"{which}ticks": ticks, **labels})
    ax.minorticks_off()


def layers_axis(ax: Axes, *, last: int, first: int = 1) -> None:
    """Show layers `first` to `last` on the horizontal axis, with room for names at the right.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> layers_axis(ax := Figure().subplots(), last=20)
    >>> ax.get_xticks().tolist()
    [1, 5, 10, 15, 20]
    """
    step = 1 if last <= 10 else 5 * int(np.ceil(last / 20))
    ax.set_xlim(first - 0.04 * last, 1.4 * last)
    ax.set_xticks(sorted({first, *range(step, last + 1, step)}))


def level(ax: Axes, *, height: float, name: str = "", color: str | None = None) -> None:
    """Draw a dashed horizontal line, with its name at the right.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> level(ax := Figure().subplots(), height=0.5, name="chance")
    >>> ax.texts[0].get_text()
    'chance'
    """
    color = color or (style.QUIET if name else style.RULE)
    ax.axhline(height, color=color, linestyle=(0, (4, 3)), linewidth=1.2)
    looks = {"ha": "right", "va": "bottom", "color": color, "fontsize": 9}
    if name:
        ax.text(0.99, height, name, transform=ax.get_yaxis_transform(), **looks)


def note_above(ax: Axes, *, text: str = "", color: str = style.INK, x: float = 0) -> Text:
    """Write what marks mean beside the title, `x` points from the right end.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> note_above(Figure().subplots(), text="bar: 10–90 %").get_ha()
    'right'
    """
    return _note(ax, text, (1, 1), offset=(x, 26), color=color)


def note_below(ax: Axes, *, text: str) -> None:
    """Write what marks mean, in grey under the right end of the axes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> note_below(ax := Figure().subplots(), text="dashed: law")
    >>> ax.texts[0].get_va()
    'top'
    """
    _note(ax, text, (1, 0), offset=(0, -7), color=style.QUIET, va="top")


def _note(ax: Axes, text: str, place: tuple[float, float], **looks: Any) -> Annotation:
    looks |= {"xycoords": "axes fraction", "ha": "right", "fontsize": 9}
    return style.note(ax, text, place, **looks)


def end_name(ax: Axes, *, color: Any, font_size: float = 9, gap: float = 9) -> Annotation:
    """Return an empty name for the end of a line or, with a negative gap (points), its beginning.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> end_name(Figure().subplots(), color="black").get_text()
    ''
    """
    looks = {"ha": "left" if gap > 0 else "right", "va": "center", "annotation_clip": False}
    return style.note(ax, "", (0, 0), offset=(gap, 0), color=color, fontsize=font_size, **looks)


def place_names(
    ends: dict[Annotation, tuple[float, float]], *, within: tuple[float, float] = ABOVE_NOTES
) -> None:
    """Put names at the ends of lines (data), apart and `within` two shares of the axes' height.

    Examples
    --------
    >>> place_names({})
    """
    if not ends:
        return
    ax = next(iter(ends)).axes
    points = 72 / ax.figure.dpi
    bottom, top = (ax.transAxes.transform((0, share))[1] * points for share in within)
    inside = [(x, float(np.clip(y, *ax.get_ylim()))) for x, y in ends.values()]
    heights = np.array([ax.transData.transform(end)[1] * points for end in inside])
    placed = _apart(heights, within=(bottom, top))
    for name, end, height, shown in zip(ends, inside, heights, placed, strict=True):
        name.xy = end
        name.set_position((name.xyann[0], shown - height))


def _apart(heights: NDArray, *, within: tuple[float, float]) -> NDArray[np.float64]:
    """Move heights (points) a line of text apart, in order, about evenly up and down."""
    order = np.argsort(heights, kind="stable")
    wanted = heights[order]
    up, down = _pushed(wanted), -_pushed(-wanted[::-1])[::-1]
    placed = _pushed(np.maximum((up + down) / 2, within[0]))
    placed = -_pushed(-np.minimum(placed, within[1])[::-1])[::-1]
    return placed[np.argsort(order)]


def _pushed(rising: NDArray) -> NDArray[np.float64]:
    """Move heights up that are less than a line of text above the one before."""
    lines = _SPACING * np.arange(len(rising))
    return np.maximum.accumulate(rising - lines) + lines


def beyond(values: NDArray, *, limits: tuple[float, float]) -> str:
    """Write with arrows how far values reach beyond limits; empty if they stay within.

    Examples
    --------
    >>> beyond(np.array([3e-10, 200]), limits=(1e-8, 1e2))
    ' ↓ 3·10⁻¹⁰ ↑ 200'
    """
    low, high = (values.min(), values.max()) if len(values) else limits
    down = f" ↓ {words.power(low)}" if low < limits[0] else ""
    return down + (f" ↑ {words.power(high)}" if high > limits[1] else "")


# Smaller shares are not mentioned.
LEAST_SHARE = 0.005


class Bars:
    """Bars that redraw for other heights, and a law as dashes over them.

    They are `width` apart and fill a share of it. If the highest one passes the axis's end `top`,
    its height is written beside it in the format `form`.
    """

    def __init__(
        self,
        ax: Axes,
        middles: NDArray,
        *,
        width: float,
        color: str,
        filled: float = 0.9,
        top: float = np.inf,
        form: str = ".0%",
    ) -> None:
        self._middles, self._width, self._top, self._form = middles, width, top, form
        self.bars = ax.bar(middles, np.zeros(len(middles)), width=filled * width, color=color)
        self.law = ax.plot([], [], "_", color=style.INK, markersize=11, markeredgewidth=2)[0]
        looks = {"va": "top", "fontsize": 9, "color": color}
        self._cut = None if np.isinf(top) else ax.text(0, 0.98 * top, "", **looks)

    def draw(self, heights: ArrayLike, *, law: tuple[ArrayLike, ArrayLike] = ((), ())) -> None:
        """Set the heights of the bars, and the law (x, heights)."""
        heights = np.asarray(heights)
        for bar, height in zip(self.bars, heights, strict=True):
            bar.set_height(height)
        self.law.set_data(*law)
        if self._cut is not None:
            highest = heights.argmax()
            cut = heights[highest] > self._top
            self._cut.set_text(f"↑ {heights[highest]:{self._form}}" if cut else "")
            self._cut.set_x(self._middles[highest] + 0.6 * self._width)


def box(middle: float, *, low: float, high: float, width: float = 0.78) -> NDArray[np.float64]:
    """Corners of a box around a place on the horizontal axis, of shape (4, 2).

    Examples
    --------
    >>> box(1, low=0, high=5, width=1).tolist()
    [[0.5, 0.0], [1.5, 0.0], [1.5, 5.0], [0.5, 5.0]]
    """
    left, right = middle - width / 2, middle + width / 2
    return np.array([[left, low], [right, low], [right, high], [left, high]])


class Stacks:
    """Stacked shares of each layer, from the first color up."""

    def __init__(self, ax: Axes, colors: Iterable[str]) -> None:
        looks = ({"color": color, "linewidth": 0} for color in colors)
        self.bars = [ax.add_collection(PolyCollection([], **look)) for look in looks]

    def draw(self, shares: NDArray) -> None:
        """Show shares of shape (colors, layers)."""
        edges = np.cumsum([np.zeros_like(shares[0]), *shares], axis=0)
        for bars, lows, highs in zip(self.bars, edges[:-1], edges[1:], strict=True):
            ends = enumerate(zip(lows, highs, strict=True), start=1)
            bars.set_verts([box(layer, low=low, high=high) for layer, (low, high) in ends])


class Beyond:
    """Numbers at both ends of an axis, in a format, for how much lies beyond it."""

    def __init__(
        self, ax: Axes, ends: tuple[float, float], height: float, *, form: str, **looks: Any
    ) -> None:
        self._forms = (f"← {{:{form}}}", f"{{:{form}}} →")
        sides = zip(ends, ("left", "right"), strict=True)
        self._texts = [ax.text(x, height, "", ha=side, **looks) for x, side in sides]

    def draw(self, *, low: float, high: float) -> None:
        """Write how much lies below the lower end and above the upper one."""
        for text, number, form in zip(self._texts, (low, high), self._forms, strict=True):
            text.set_text(form.format(number) if number >= LEAST_SHARE else "")
