"""Drawings of the zones of an activation, and of its slope where its pre-activations fall."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.activations import find_activation
from nnhelpers.figures import style
from nnhelpers.figures.axes import Beyond
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.words import decimal

# The near-linear zone is often too narrow for a name in line with the others.
_NAME_HEIGHTS = {measures.FLAT: 0.985, measures.USEFUL: 0.985, measures.NEAR_LINEAR: 0.915}
_NAMED_TOP = 0.88

# Width of a letter (share of the width of axes that fill half a panel).
_LETTER = 0.018
_HATCH_STRENGTH = 0.22

_TICKS_WIDTH = 0.54

# Dash of a level to compare with.
LEVEL_DASH = (0, (4, 3))
# Two points so close to a jump of f or f' are drawn one above the other.
_JUMP = np.array([-1e-9, 1e-9])


class Shading:
    """The zones of one activation, shaded over the height of axes whose limits along x are set.

    If `named`, the zones' names take the topmost tenth of the axes.
    """

    def __init__(self, ax: Axes, *, named: bool) -> None:
        self._ax, self._names = ax, named
        self._artists: list[Artist] = []
        self._shown: tuple | None = None

    def draw(self, activation: str) -> None:
        """Shade the zones of an activation in place of earlier ones."""
        asked = (activation, self._ax.get_xlim())
        if asked == self._shown:
            return
        for artist in self._artists:
            artist.remove()
        seen = list(_visible_intervals(activation, self._ax.get_xlim()))
        self._artists = [self._area(interval) for interval in seen]
        if self._names:
            self._artists += [self._name(interval) for interval in self._named(seen)]
        self._shown = asked

    def _area(self, interval: measures.Interval) -> Artist:
        look = zone_look(interval.zone) | {"ymax": _NAMED_TOP if self._names else 1.0}
        return self._ax.axvspan(interval.start, interval.stop, zorder=0, linewidth=0, **look)

    def _named(self, intervals: list[measures.Interval]) -> list[measures.Interval]:
        """Pick the intervals wide enough for a name, at least one for each visible zone."""
        low, high = self._ax.get_xlim()
        chosen = []
        for zone in measures.ZONES:
            same = [interval for interval in intervals if interval.zone == zone]
            room = _LETTER * len(zone) * (high - low)
            fitting = [interval for interval in same if _width(interval) >= room]
            # The right one of two equally narrow intervals.
            chosen += fitting or sorted(same, key=lambda each: round(_width(each), 6))[-1:]
        return chosen

    def _name(self, interval: measures.Interval) -> Artist:
        zone, middle = interval.zone, (interval.start + interval.stop) / 2
        looks = {"ha": "center", "va": "center", "fontsize": 9, "color": style.ZONE_INKS[zone]}
        place = {"transform": self._ax.get_xaxis_transform()}
        return self._ax.text(middle, _NAME_HEIGHTS[zone], zone, **place, **looks)


def _visible_intervals(activation: str, limits: tuple[float, float]) -> Iterator[measures.Interval]:
    """Yield the zones of an activation, cut at limits."""
    low, high = limits
    for interval in measures.zone_intervals(activation):
        start, stop = max(interval.start, low), min(interval.stop, high)
        if start < stop:
            yield measures.Interval(start=start, stop=stop, zone=interval.zone)


def upright(z: NDArray, *, activation: str) -> NDArray[np.float64]:
    """Sort points and put one on either side of every kink, so that jumps are drawn vertical.

    Examples
    --------
    >>> upright(np.array([1.0, 0.0, -1.0]), activation="relu").round(1) + 0
    array([-1.,  0.,  0.,  1.])
    """
    kinks = np.array(find_activation(activation).kinks)
    seen = kinks[(z.min() < kinks) & (kinks < z.max())]
    return np.sort(np.append(np.setdiff1d(z, seen), np.add.outer(seen, _JUMP)))


def fix_label(ax: Axes) -> None:
    """Fix the place of the vertical axis's label, whatever the length of the tick labels.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fix_label(Figure().subplots())
    """
    aside = ScaledTranslation(-_TICKS_WIDTH, 0, ax.figure.dpi_scale_trans)
    ax.yaxis.set_label_coords(0, 0.5, transform=ax.transAxes + aside)


def zone_look(zone: str) -> dict[str, object]:
    """Return the fill of a zone's area.

    Examples
    --------
    >>> zone_look(measures.FLAT)["hatch"]
    '///'
    """
    return {
        "facecolor": style.ZONE_TINTS[zone],
        "edgecolor": (style.ZONE_INKS[zone], _HATCH_STRENGTH),
        "hatch": style.ZONE_HATCHES[zone],
    }


def _width(interval: measures.Interval) -> float:
    return interval.stop - interval.start


_LIMITS = (-10.0, 10.0)
_Z = np.linspace(*_LIMITS, 400)
# Base and height of the density of pre-activations, below the slope.
_FOOT, _DENSITY = -0.95, 0.58
_SHARES = -0.24
_SIDES = ("left", "center", "right")


@drawing(size=(6.0, 4.4))
def plot_slopes(result, *, ax: Axes) -> Draw:
    """Draw the slope f'(z), the density of the pre-activations beneath it, and their mean slope.

    The density, scaled to its peak, is coloured by zone, with the zones' shares above. The slope is
    scaled to its largest value; the ticks are labelled with values. Shows a ``simulations.Slopes``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_slopes(simulations.simulate_slopes("tanh", draws=500))
    tanh at z with mean 0 and standard deviation 1: 6% flat, 5% near-linear, 89% useful; mean
    slope 0.600, expected 0.606
    """
    ax.set(xlim=_LIMITS, ylim=(-1.05, 1.5), xlabel="pre-activation z")
    ax.set_xticks(np.linspace(*_LIMITS, 5))
    ax.set_ylabel("slope f′(z); below: where z falls")
    fix_label(ax)
    shading = Shading(ax, named=True)
    ax.axhline(0, color=style.RULE, linewidth=0.8, zorder=1)
    ax.axhline(_FOOT, color=style.RULE, linewidth=0.8, zorder=1)
    slope = ax.plot([], [], color=style.INK, zorder=3)[0]
    level = ax.axhline(0, color=style.TRUTH, linestyle=LEVEL_DASH, linewidth=1.8, zorder=4)
    looks = {"ha": "right", "va": "bottom", "color": style.INK, "bbox": style.BACKDROP}
    words = style.note(ax, "", (_LIMITS[1], 0), offset=(-4, 3), fontsize=10, zorder=5, **looks)
    draw_density = _density(ax)
    looks = {"va": "center", "fontsize": 9, "bbox": style.BACKDROP, "zorder": 4}
    looks |= {"transform": ax.get_yaxis_transform()}
    shares = {}
    for zone, x, side in zip(measures.ZONES, (0.02, 0.5, 0.98), _SIDES, strict=True):
        shares[zone] = ax.text(x, _SHARES, "", ha=side, color=style.ZONE_INKS[zone], **looks)

    def draw(result) -> str:
        record = find_activation(result.activation)
        largest = record.largest_slope
        shading.draw(result.activation)
        z = upright(_Z, activation=result.activation)
        slope.set_data(z, record.derivative(z) / largest)
        level.set_ydata([result.expected / largest] * 2)
        words.xy = (_LIMITS[1], max(result.expected, 0.0) / largest)
        words.set_text(f"E[f′(z)] = {decimal(result.expected, 3)}")
        draw_density(result)
        _scale(ax, record)
        for zone, text in shares.items():
            text.set_text(f"{result.shares[zone]:.0%} {zone}")
        return f"measured {decimal(result.measured, 3)} over {len(result.z):,} draws"

    return draw


def _density(ax: Axes) -> Callable[[Any], None]:
    """Return how to draw the density of the pre-activations, coloured by zone."""
    outline = ax.plot([], [], color=style.INK, linewidth=1.2, zorder=3)[0]
    ends, looks = (_LIMITS[0] + 0.15, _LIMITS[1] - 0.15), {"va": "bottom", "fontsize": 9}
    beyond = Beyond(ax, ends, _FOOT + 0.05, form=".0%", zorder=4, **looks)
    areas: list[Artist] = []

    def draw(result) -> None:
        while areas:
            areas.pop().remove()
        for interval in _visible_intervals(result.activation, _LIMITS):
            z = np.unique(np.clip(_Z, interval.start, interval.stop))
            looks = {"color": style.ZONE_INKS[interval.zone], "alpha": 0.75, "linewidth": 0}
            areas.append(ax.fill_between(z, _FOOT, _heights(z, result), zorder=2, **looks))
        outline.set_data(_Z, _heights(_Z, result))
        low, high = np.mean(result.z < _LIMITS[0]), np.mean(result.z > _LIMITS[1])
        beyond.draw(low=low, high=high)

    return draw


def _heights(z: NDArray, result) -> NDArray[np.float64]:
    return _FOOT + _DENSITY * np.exp(-0.5 * ((z - result.mean) / result.std) ** 2)


def _scale(ax: Axes, record) -> None:
    """Set title and ticks, unless only the pre-activations have moved."""
    title = f"Slope of {record.name}"
    if ax.get_title(loc="left") == title:
        return
    ax.set_title(title)
    values = np.array([0, 0.5, 1]) * record.largest_slope
    ax.set_yticks([0, 0.5, 1], [f"{value:.3g}" for value in values])
