"""Colours by role, the style sheet, and small helpers that all figures share.

Every colour has one meaning, which a marker, a dash or a label repeats for colour-blind readers and
grey prints.
"""

import contextlib
import functools
import threading
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.text import Annotation, Text

from nnhelpers import measures

INK = "#1b1b1b"
QUIET = "#6e6e6e"
RULE = "#b8b8b8"
GRID = "#e6e6e6"
SLATE = "#51748f"

NEGATIVE, POSITIVE = "#e07b39", "#0072b2"
# Signs of weights.
PLUS, MINUS = "#1b1b1b", "#8a5a2b"
NEGATIVE_TINT, POSITIVE_TINT = "#f8cfae", "#a9d3ec"

STATUS_COLORS = {
    measures.SPLITTING: "#009178",
    measures.DEAD: "#a3a3a3",
    measures.ALWAYS_ACTIVE: "#b5348c",
}
STATUS_MARKERS = {measures.SPLITTING: "o", measures.DEAD: "x", measures.ALWAYS_ACTIVE: "^"}
ACTIVE = STATUS_COLORS[measures.SPLITTING]

# Zones of an activation: a colour for words and areas, a tint for shading, a hatch for grey prints.
ZONE_INKS = {measures.FLAT: "#6e6e6e", measures.NEAR_LINEAR: "#8a6d00", measures.USEFUL: "#3c5f7c"}
ZONE_TINTS = {measures.FLAT: "#e2e2e2", measures.NEAR_LINEAR: "#f6e9bd", measures.USEFUL: "#e4ecf3"}
ZONE_HATCHES = {measures.FLAT: "///", measures.NEAR_LINEAR: "..", measures.USEFUL: ""}

# Box behind words on a shaded or hatched area.
BACKDROP = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "boxstyle": "square,pad=0.12"}

# An update raises or lowers both weights of a unit, or raises one and lowers the other.
SAME_WAY, OPPOSITE = "#b0363a", SLATE
SAME_WAY_TINT, OPPOSITE_TINT = "#f7e3e3", "#ececec"
SAME_WAY_MARKER, OPPOSITE_MARKER = "^", "o"

# A bet is open and dashed, the truth filled and solid.
BET, TRUTH = "#7b4fb5", INK
BET_TINT, HIT_TINT = "#e4daf2", "#eeeeee"
BET_MARKER, TRUTH_MARKER = "D", "o"
BET_DASH = (0, (4, 2))

PROBABILITY = LinearSegmentedColormap.from_list(
    "probability", [NEGATIVE_TINT, "#fbf8f4", POSITIVE_TINT]
)

# Neither green, which means splitting, nor the colours of the classes.
SERIES_COLORS = (INK, SLATE, "#7b4fb5", "#8a6d00", "#a3485f", "#6b4a2f")
SERIES_DASHES = (
    "-",
    (0, (5, 2)),
    (0, (1.5, 1.5)),
    (0, (6, 2, 1.5, 2)),
    (0, (9, 3)),
    (0, (4, 1.5, 1, 1.5, 1, 1.5)),
)
SERIES_MARKERS = ("o", "s", "D", "v", "^", "P")

# With batch norm: black and solid; without: slate blue and dashed.
NORMALIZED, PLAIN = INK, SLATE
PLAIN_DASH = (0, (5, 2))


class ClassStyle(NamedTuple):
    """How the examples of one class are drawn."""

    color: str
    marker: str


CLASS_STYLES = ClassStyle(NEGATIVE, "^"), ClassStyle(POSITIVE, "o")


@functools.cache
def _sheet() -> dict:
    path = resources.files("nnhelpers.figures") / "nnhelpers.mplstyle"
    return dict(mpl.rc_params_from_file(path, use_default_template=False))


# matplotlib's settings are global, and a front end may use two threads.
_applying = threading.RLock()
_depth = 0


@contextlib.contextmanager
def applied() -> Iterator[None]:
    """Apply the style sheet inside a ``with`` block; nested blocks cost nothing.

    Examples
    --------
    >>> with applied():
    ...     spine = mpl.rcParams["axes.spines.top"]
    >>> spine
    False
    """
    global _depth
    with _applying:
        settings = contextlib.nullcontext() if _depth else mpl.rc_context(_sheet())
        _depth += 1
        try:
            with settings:
                yield
        finally:
            _depth -= 1


def headline(ax: Axes, *, title: str) -> Text:
    """Set the title and return the grey second line, for the main number.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> headline(Figure().subplots(), title="Loss").get_color() == QUIET
    True
    """
    ax.set_title(title)
    looks = {"color": QUIET, "fontsize": 10, "annotation_clip": False}
    return note(ax, "", (0, 1), offset=(0, 8), xycoords="axes fraction", **looks)


def note(ax: Axes, words: str, place: tuple, *, offset: tuple, **looks: Any) -> Annotation:
    """Write words at an offset (points) from a place in the data.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> note(Figure().subplots(), "start", (0, 1), offset=(9, 0)).xy
    (0, 1)
    """
    return ax.annotate(words, place, xytext=offset, textcoords="offset points", **looks)


def frameless(ax: Axes) -> None:
    """Remove the frame and the tick marks.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frameless(ax := Figure().subplots())
    >>> ax.spines["left"].get_visible()
    False
    """
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def bare(ax: Axes) -> None:
    """Remove ticks and frame.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> bare(ax := Figure().subplots())
    >>> len(ax.get_xticks())
    0
    """
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def round_up(value: float, *, least: float = 0.0) -> float:
    """Round up to 1, 2, 5, 10, 20, ..., so that small changes of data leave axis limits alone.

    Examples
    --------
    >>> round_up(0.3), round_up(31), round_up(0.3, least=1)
    (0.5, 50.0, 1.0)
    """
    value = max(value, least)
    if value <= 0:
        return 1.0
    decade = 10 ** np.floor(np.log10(value))
    return float(decade * next(step for step in (1, 2, 5, 10) if step * decade >= value * 0.999))
