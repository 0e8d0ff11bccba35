"""The slope of an activation over the place where its pre-activations fall."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.activations import find_activation
from nnhelpers.figures import style
from nnhelpers.figures.bars import Beyond
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.figures.units.zones import LEVEL_DASH, Shading, fix_label, visible_intervals
from nnhelpers.words import decimal

_LIMITS = (-10.0, 10.0)
_Z = np.linspace(*_LIMITS, 400)
# Where f' jumps two points so close stand one above the other.
_JUMP = np.array([-1e-9, 1e-9])
# The density of pre-activations stands below the slope.
_FOOT, _DENSITY = -0.95, 0.58
_SHARES = -0.24
_SIDES = ("left", "center", "right")


@styled
def plot_slopes(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the slope f'(z), the density of the pre-activations beneath it, and their mean slope.

    The density, scaled to its peak, is coloured by zone, whose shares stand over it. The slope is
    drawn in shares of its largest value, so that the axis is one for all activations; the ticks
    tell the values.

    Parameters
    ----------
    result : nnhelpers.simulations.Slopes

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_slopes(simulations.simulate_slopes("tanh", draws=500))
    tanh at z with mean 0 and standard deviation 1: 6% flat, 5% near-linear, 89% useful; mean
    slope 0.600, expected 0.606
    """
    ax = new_axes(ax, width=6.0, height=4.4)
    subtitle = style.headline(ax, title="")
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
    density = _Density(ax)
    shares = {
        zone: ax.text(
            x, _SHARES, "", transform=ax.get_yaxis_transform(), ha=side, va="center", fontsize=9,
            color=style.ZONE_INKS[zone], bbox=style.BACKDROP, zorder=4,
        )
        for zone, x, side in zip(measures.ZONES, (0.02, 0.5, 0.98), _SIDES, strict=True)
    }  # fmt: skip

    def draw(result) -> None:
        record = find_activation(result.activation)
        largest = record.largest_slope
        shading.draw(result.activation)
        z = _beside(record.kinks)
        slope.set_data(z, record.derivative(z) / largest)
        level.set_ydata([result.expected / largest] * 2)
        words.xy = (_LIMITS[1], max(result.expected, 0.0) / largest)
        words.set_text(f"E[f′(z)] = {decimal(result.expected, 3)}")
        density.draw(result)
        _scale(ax, record)
        for zone, text in shares.items():
            text.set_text(f"{result.shares[zone]:.0%} {zone}")
        subtitle.set_text(f"measured {decimal(result.measured, 3)} over {result.draws:,} draws")

    return Drawn(ax, draw, result)


class _Density:
    """The density of the pre-activations, each zone in its color."""

    def __init__(self, ax: Axes) -> None:
        self._ax = ax
        self._outline = ax.plot([], [], color=style.INK, linewidth=1.2, zorder=3)[0]
        self._areas: list[Artist] = []
        ends, looks = (_LIMITS[0] + 0.15, _LIMITS[1] - 0.15), {"va": "bottom", "fontsize": 9}
        self._beyond = Beyond(ax, ends, _FOOT + 0.05, form=".0%", zorder=4, **looks)

    def draw(self, result) -> None:
        for area in self._areas:
            area.remove()
        intervals = list(visible_intervals(result.activation, limits=_LIMITS))
        self._areas = [self._area(interval, result) for interval in intervals]
        self._outline.set_data(_Z, _heights(_Z, result))
        low, high = np.mean(result.z < _LIMITS[0]), np.mean(result.z > _LIMITS[1])
        self._beyond.draw(low=low, high=high)

    def _area(self, interval: measures.Interval, result) -> Artist:
        z = np.unique(np.clip(_Z, interval.start, interval.stop))
        color = style.ZONE_INKS[interval.zone]
        return self._ax.fill_between(
            z, _FOOT, _heights(z, result), color=color, alpha=0.75, linewidth=0, zorder=2
        )


def _beside(kinks: Sequence[float]) -> NDArray[np.float64]:
    """Points over the axis, and one on either side of every kink."""
    return np.sort(np.append(np.setdiff1d(_Z, kinks), np.add.outer(kinks, _JUMP)))


def _heights(z: NDArray, result) -> NDArray[np.float64]:
    return _FOOT + _DENSITY * np.exp(-0.5 * ((z - result.mean) / result.std) ** 2)


def _scale(ax: Axes, record) -> None:
    """Title and ticks of the activation; they stay while only the pre-activations move."""
    title = f"Slope of {record.name}"
    if ax.get_title(loc="left") == title:
        return
    ax.set_title(title)
    values = np.array([0, 0.5, 1]) * record.largest_slope
    ax.set_yticks([0, 0.5, 1], [f"{value:.3g}" for value in values])
