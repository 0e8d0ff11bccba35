"""Lines with a band and a name at the end, used by most drawings of many networks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike, NDArray

from nnhelpers.figures import style
from nnhelpers.figures.axes import ABOVE_NOTES, beyond, end_name, place_names

_LAW = {"linestyle": (0, (4, 2)), "linewidth": 1.3, "zorder": 1.5}
_RING = {"markersize": 11, "fillstyle": "none", "markeredgewidth": 1.6, "zorder": 3}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a line, its band and its name are drawn.

    Attributes
    ----------
    dash : str or tuple
        Line style of matplotlib; "none" shows markers alone.
    caps : str
        Ends of the line: "round" or "butt".
    shade : float
        Darkness of the band, from 0 to 1.
    opaque : bool
        Whether the band hides what is below; overlapping transparent ones make many colors.
    marker_size, width, font_size, gap : float
        Sizes of marker, line and name, and the name's distance from the line (points).
    """

    color: str
    dash: str | tuple = "none"
    marker: str = ""
    marker_size: float = 4.5
    width: float = 1.4
    caps: str = "round"
    shade: float = 0.15
    opaque: bool = True
    font_size: float = 9
    gap: float = 9

    @property
    def fill(self) -> dict[str, Any]:
        """Color of the band."""
        if self.opaque:
            return {"color": 1 - self.shade * (1 - np.array(to_rgb(self.color)))}
        return {"color": self.color, "alpha": self.shade}


def series(number: int) -> dict[str, Any]:
    """Return color, dash and marker of one of several lines, for its `Look`.

    Examples
    --------
    >>> series(0)["marker"], series(1)["marker"]
    ('o', 's')
    """
    looks = {
        "color": style.SERIES_COLORS,
        "dash": style.SERIES_DASHES,
        "marker": style.SERIES_MARKERS,
    }
    return {name: values[number % len(values)] for name, values in looks.items()}


def kind_look(batch_norm: bool, *, shade: float = 0.16) -> Look:
    """Return the look of networks with or without batch norm.

    Examples
    --------
    >>> kind_look(True).marker, kind_look(False).marker
    ('o', 's')
    """
    color = style.NORMALIZED if batch_norm else style.PLAIN
    dash, marker = ("-", "o") if batch_norm else (style.PLAIN_DASH, "s")
    seen = {"width": 2, "shade": shade, "opaque": False, "font_size": 10}
    return Look(color=color, dash=dash, marker=marker, **seen)


class Course(NamedTuple):
    """What a line shows: heights at `x`, band, law, and masks of where it is off the law."""

    x: ArrayLike
    middle: NDArray
    low: NDArray | None = None
    high: NDArray | None = None
    law: NDArray | None = None
    off: NDArray | None = None
    doubtful: NDArray | None = None

    @classmethod
    def of_networks(cls, x: ArrayLike, values: NDArray, *, law: NDArray | None = None) -> "Course":
        """Medians and 10th to 90th percentiles of values of shape (networks, n)."""
        low, middle, high = percentiles(values)
        return cls(x, middle, low, high, law)

    @classmethod
    def of_comparison(cls, x: ArrayLike, part: Any) -> "Course":
        """Means with percentiles and law, and where the means are, or may be, 10 % off the law."""
        low, _, high = percentiles(part.measured)
        doubtful = part.uncertain
        return cls(x, part.mean, low, high, part.law, part.disagrees & ~doubtful, doubtful)


class Band:
    """A line with a band around it, its law dashed, and its name at its end.

    Rings mark where the line is off its law, grey ones where that may be chance. Values beyond
    `limits` are written after the name, with an arrow. `law` is whether there is a law, or its
    looks; `clipped` whether the line, not only its band, is cut at the ends of the axes.
    """

    def __init__(
        self,
        ax: Axes,
        text: str,
        look: Look,
        *,
        limits: tuple[float, float] = (-np.inf, np.inf),
        law: bool | dict = False,
        clipped: bool = True,
    ) -> None:
        self._ax, self._limits, self._look = ax, limits, look
        law_look = {"color": look.color} | (law if isinstance(law, dict) else _LAW)
        self._law = ax.plot([], [], **law_look)[0] if law else None
        self._line = ax.plot([], [], marker=look.marker, color=look.color, linestyle=look.dash)[0]
        self._line.set(markersize=look.marker_size, linewidth=look.width)
        self._line.set(solid_capstyle=look.caps, clip_on=clipped)
        self._fill, self._rings = None, []
        self.text, self.end = text, (1.0, 1.0)
        self.name = end_name(ax, color=look.color, font_size=look.font_size, gap=look.gap)

    def draw(self, course: Course, *, most_markers: int | None = None) -> None:
        """Move the line, its band, law and name; show at most `most_markers` markers."""
        x, middle = course.x, np.asarray(course.middle)
        step = -(-len(middle) // (most_markers or len(middle)))
        self._line.set_data(x, middle)
        self._line.set_markevery(((len(middle) - 1) % step, step))
        if course.low is not None:
            if self._fill:
                self._fill.remove()
            looks = {"linewidth": 0, "zorder": 0.5} | self._look.fill
            self._fill = self._ax.fill_between(x, course.low, course.high, **looks)
        if course.law is not None:
            self._law.set_data(x[: len(course.law)], course.law)
        if course.off is not None:
            self._ring(course)
        shown = np.flatnonzero(np.isfinite(middle))
        self.name.set_visible(len(shown) > 0)
        self.name.set_text(self.text + beyond(middle[shown], limits=self._limits))
        self.end = (x[shown[-1]], middle[shown[-1]]) if len(shown) else (x[-1], 0)

    def _ring(self, course: Course) -> None:
        if not self._rings:
            colors = style.SERIES_COLORS[4], style.RULE
            self._rings = [self._ax.plot([], [], "o", color=c, **_RING)[0] for c in colors]
        for ring, at in zip(self._rings, (course.off, course.doubtful), strict=True):
            ring.set_data(course.x[at], course.middle[at])


def place_bands(bands: Iterable[Band], *, within: tuple[float, float] = ABOVE_NOTES) -> None:
    """Put the names of bands at the ends of their lines without overlap.

    Examples
    --------
    >>> place_bands([])
    """
    shown = [band for band in bands if band.name.get_visible()]
    place_names({band.name: band.end for band in shown}, within=within)


def draw_bands(
    ax: Axes,
    *,
    lines: Mapping[str, tuple[Look, Course]],
    limits: tuple[float, float] = (-np.inf, np.inf),
    law: bool | dict = False,
    within: tuple[float, float] = ABOVE_NOTES,
) -> None:
    """Draw named lines with their bands and laws, once; settings are those of a `Band`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> line = Look(color="black"), Course([0, 1], [2, 3])
    >>> draw_bands(ax := Figure().subplots(), lines={"loss": line})
    >>> ax.texts[0].get_text()
    'loss'
    """
    bands = []
    for name, (look, course) in lines.items():
        bands.append(Band(ax, name, look, limits=limits, law=law))
        bands[-1].draw(course)
    place_bands(bands, within=within)


def percentiles(values: NDArray) -> NDArray[np.float64]:
    """10th, 50th and 90th percentile of values of shape (networks, n), of shape (3, n).

    Only finite values count; a column without any gives NaN.

    Examples
    --------
    >>> percentiles(np.array([[0.0, np.nan], [10.0, np.inf]])).tolist()
    [[1.0, nan], [5.0, nan], [9.0, nan]]
    """
    finite = np.isfinite(values)
    if finite.all():
        return np.percentile(values, (10, 50, 90), axis=0)
    levels, left = np.full((3, values.shape[1]), np.nan), finite.any(axis=0)
    kept = np.where(finite, values, np.nan)[:, left]
    levels[:, left] = np.nanpercentile(kept, (10, 50, 90), axis=0)
    return levels
