"""Drawings of activations with their derivatives and zones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from nnhelpers import measures
from nnhelpers.activations import Activation, find_activation
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, Drawn, drawing, styled
from nnhelpers.figures.units.zones import LEVEL_DASH, Shading, fix_label, upright, zone_look
from nnhelpers.measures import Profile

_WIDTH, _ROW_HEIGHT = 8.6, 1.7
_NAMES = (("f", 3.5), ("f′", 2.2), ("f″", 0.95))
_MEANINGS = {
    measures.FLAT: "flat: the derivative is near 0",
    measures.NEAR_LINEAR: "near-linear: straight, not flat",
    measures.USEFUL: "between: bent",
}


@dataclass(frozen=True, kw_only=True)
class _Lane:
    """A strip of the drawing in which one curve has its own scale."""

    bottom: float
    top: float
    low: float
    high: float

    def place(self, values: ArrayLike) -> NDArray[np.float64]:
        share = (np.asarray(values) - self.low) / (self.high - self.low)
        return self.bottom + share * (self.top - self.bottom)


@drawing(size=(6.0, 4.4))
def plot_activation(profile: Profile, *, ax: Axes) -> Draw:
    """Draw an activation, its slope and its curvature, one above the other, over its zones.

    Each curve has its own scale, on which the dashed thresholds of the zones have the same height
    for all activations. Shows a ``measures.Profile``.

    Examples
    --------
    >>> from nnhelpers import figures, measures
    >>> figures.plot_activation(measures.profile(np.linspace(-6, 6, 99), activation="tanh"))
    tanh for z from -6 to 6: value -1 to 1, slope 0 to 1, flat on 69% of them
    """
    ax.set(ylim=(-0.1, 4.2), xlabel="pre-activation z", ylabel="each scaled to its largest")
    fix_label(ax)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    shading = Shading(ax, named=True)
    lines = [ax.plot([], [], color=style.INK, zorder=3)[0] for _ in _NAMES]
    zeros = [ax.axhline(0, color=style.RULE, linewidth=0.8, zorder=1) for _ in _NAMES]
    dashes = {"color": style.QUIET, "linestyle": LEVEL_DASH, "linewidth": 1.1, "zorder": 2}
    levels = [ax.axhline(0, **dashes) for _ in range(3)]
    for name, height in _NAMES:
        ax.text(0.015, height, name, transform=ax.get_yaxis_transform(), va="top", fontsize=13)

    looks = {"ha": "right", "va": "bottom", "color": style.QUIET, "fontsize": 8, "zorder": 4}
    looks |= {"xycoords": ax.get_yaxis_transform(), "bbox": style.BACKDROP}
    notes = [style.note(ax, words, (1, 0), offset=(-5, 3), **looks) for words in ("10%", "±21%")]

    def draw(profile: Profile) -> str:
        profile = _upright(profile)
        record, lanes = find_activation(profile.activation), _lanes(profile)
        ax.set_xlim(_span(profile.z))
        shading.draw(profile.activation)
        curves = (profile.value, profile.slope, profile.curvature)
        for lane, line, zero, values in zip(lanes, lines, zeros, curves, strict=True):
            line.set_data(profile.z, lane.place(values))
            zero.set_ydata([lane.place(0)] * 2)
        for level, height in zip(levels, _thresholds(record, lanes), strict=True):
            level.set(ydata=[height] * 2, visible=record.largest_curvature > 0)
        for note, level in zip(notes, (levels[0], levels[2]), strict=True):
            note.xy = (1, level.get_ydata()[0])
            note.set_visible(level.get_visible())
        places, values = _ticks(lanes)
        if ax.get_title(loc="left") != profile.activation or list(ax.get_yticks()) != places:
            ax.set_yticks(places, [f"{value:.2g}".replace("-", "−") for value in values])
        ax.set_title(profile.activation)
        return _largest(record)

    return draw


@styled
def plot_activations(z: ArrayLike, *, names: Sequence[str] = ("sigmoid", "tanh", "relu")) -> Drawn:
    """Draw activations and their derivatives side by side, a row each, over their zones.

    The names are Keras's, the pre-activations z of shape (n_points,). Raises ``ValueError`` if z is
    empty, not one-dimensional or not finite, or a name is missing or unknown.

    Examples
    --------
    >>> from nnhelpers import figures
    >>> len(figures.plot_activations(np.linspace(-6, 6, 99)).figure.axes)
    6
    """
    if isinstance(names, str) or not len(names):
        raise ValueError(f"names must be a sequence of at least one name, got {names!r}")
    table = _Table(profiles=tuple(measures.profile(z, activation=name) for name in names))
    figure, grid = _grid(len(names))

    def draw(table: _Table) -> None:
        for (left, right), profile in zip(grid, table.profiles, strict=True):
            name, profile = profile.activation, _upright(profile)
            _draw_half(left, profile, profile.value, title=name)
            _draw_half(right, profile, profile.slope, title=f"derivative of {name}")
        for ax in grid[-1]:
            ax.tick_params(labelbottom=True)
            ax.set_xlabel("pre-activation z")

    return Drawn(figure, draw, table)


@dataclass(frozen=True, kw_only=True)
class _Table:
    """Profiles in the order of their rows."""

    profiles: tuple[Profile, ...]

    def summary(self) -> str:
        return "; ".join(profile.summary() for profile in self.profiles)


def _draw_half(ax: Axes, profile: Profile, values: NDArray, *, title: str) -> None:
    ax.clear()
    ax.plot(profile.z, values, color=style.INK)
    ax.set(xlim=_span(profile.z), ylim=_with_margin(values))
    Shading(ax, named=False).draw(profile.activation)
    ax.set_title(title, pad=5, fontsize=11)
    ax.axhline(0, color=style.RULE, linewidth=0.8, zorder=1)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=3, steps=[1, 2, 2.5, 5, 10]))
    ax.tick_params(labelbottom=False)


def _grid(n_rows: int) -> tuple[Figure, NDArray]:
    height = _ROW_HEIGHT * n_rows + 0.8
    figure = Figure(figsize=(_WIDTH, height))
    margins = {"left": 0.55 / _WIDTH, "right": 1 - 0.2 / _WIDTH, "wspace": 0.16, "hspace": 0.36}
    margins |= {"bottom": 0.55 / height, "top": 1 - 0.68 / height}
    grid = figure.subplots(n_rows, 2, squeeze=False, gridspec_kw=margins)
    keys = [Patch(label=_MEANINGS[z], linewidth=0, **zone_look(z)) for z in measures.ZONES]
    corner = (0.4 / _WIDTH, 1 - 0.06 / height)
    place = {"loc": "upper left", "bbox_to_anchor": corner, "ncols": 3, "columnspacing": 1.6}
    figure.legend(handles=keys, **place)
    return figure, grid


def _lanes(profile: Profile) -> tuple[_Lane, _Lane, _Lane]:
    record = find_activation(profile.activation)
    low, high = min(0.0, profile.value.min()), max(0.0, profile.value.max())
    slope, bend = record.largest_slope, record.largest_curvature or 1.0
    return (
        _Lane(bottom=2.6, top=3.5, low=low, high=high if high > low else low + 1),
        _Lane(bottom=1.2, top=2.2, low=-0.15 * slope, high=slope),
        _Lane(bottom=0.0, top=0.95, low=-bend, high=bend),
    )


def _thresholds(record: Activation, lanes: tuple[_Lane, ...]) -> list[float]:
    bend = measures.STRAIGHT_BELOW * record.largest_curvature
    flat = measures.FLAT_BELOW * record.largest_slope
    return [lanes[1].place(flat), *lanes[2].place([-bend, bend])]


def _ticks(lanes: tuple[_Lane, ...]) -> tuple[list[float], list[float]]:
    """Return places and values of ticks: zero, the largest value of each scale, the smallest f."""
    value, slope, bend = lanes
    marks = [(bend, 0.0), (bend, bend.high), (slope, 0.0), (slope, slope.high)]
    marks += [(value, value.low), (value, value.high)]
    if min(-value.low, value.high) > 0.25 * (value.high - value.low):
        marks.append((value, 0.0))
    return [float(lane.place(number)) for lane, number in marks], [number for _, number in marks]


def _largest(record: Activation) -> str:
    if record.largest_curvature == 0:
        return f"largest slope {record.largest_slope:.3g}, no curvature"
    return f"largest slope {record.largest_slope:.3g}, curvature {record.largest_curvature:.3g}"


def _upright(profile: Profile) -> Profile:
    z = upright(profile.z, activation=profile.activation)
    return measures.profile(z, activation=profile.activation)


def _span(z: NDArray) -> tuple[float, float]:
    low, high = float(z.min()), float(z.max())
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def _with_margin(values: NDArray) -> tuple[float, float]:
    low, high = min(0.0, values.min()), max(0.0, values.max())
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin
