"""Drawings of random units: how many are active, and on which share of the data."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import NDArray

from nnhelpers import measures, theory
from nnhelpers.figures import style
from nnhelpers.figures.axes import Bars
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.words import whole_percent

_BINS = np.linspace(0, 1, 22)
_MOST_DOTS = 1_200
# Most folds drawn, and the margin around the square of the data.
_MOST_LINES, _MARGIN = 60, 1.6


@redrawing("How many units are active?")
def plot_active_count(result, *, ax: Axes) -> str:
    """Draw the distribution of the number of active units, with the exact law as black dots.

    Shows a ``simulations.ActiveCount``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_active_count(simulations.simulate_active_count(draws=100))
    data at 0: share of draws with so many active units 0: 24%, 1: 51%, 2: 24%
    """
    counts = np.arange(result.units + 1)
    ax.bar(counts, result.counts, width=0.6, color=style.SLATE, label="simulated")
    ax.plot(counts, result.law, "o", color=style.INK, markersize=6, label="exact law")
    ax.set(xlabel="active units", ylabel="share of (draw, example) pairs", ylim=(0, 1))
    ax.set_xticks(counts if result.units <= 16 else counts[:: result.units // 8])
    ax.legend(loc="upper right")
    mean_share = result.counts @ counts / result.units
    return f"data at {result.center:g}: on average {mean_share:.0%} of them"


@drawing("On which share of the data?")
def plot_active_fraction(result, *, ax: Axes) -> Draw:
    """Draw the distribution of the share of data that activates a unit, with its law.

    Dead and always active units have bars of their own. Shows a ``simulations.ActiveFraction`` or
    ``simulations.LayerOffset``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_active_fraction(simulations.simulate_active_fraction(draws=100))
    data at 0: 100% of units split the data, 0% dead, 0% always active
    """
    width = _BINS[1] - _BINS[0]
    middles = (_BINS[:-1] + _BINS[1:]) / 2
    color, *colors = style.STATUS_COLORS.values()
    splitting = Bars(ax, middles, width=width, color=color)
    splitting.law.set_label(result.law_name)
    places, sides = (-width, 1 + width), ("left", "right")
    ends = ax.bar(places, [0, 0], width=0.9 * width, linewidth=0, color=colors)
    names = [
        style.note(ax, name, (x, 0), offset=(0, 6), ha=side, color=style.STATUS_COLORS[name])
        for name, x, side in zip(("dead", "always active"), places, sides, strict=True)
    ]
    ax.set(xlim=(-0.13, 1.13), ylim=(0, 1), xlabel="share of the data on which the unit is active")
    ax.set(ylabel="share of units", xticks=np.linspace(0, 1, 5))
    ax.legend(loc="upper left", handlelength=1.2)

    def draw(result) -> str:
        inside = result.fraction[(result.fraction > 0) & (result.fraction < 1)]
        heights = np.histogram(inside, _BINS)[0] / result.draws
        by_law = _law_points(result, middles, width)
        splitting.draw(heights, law=np.reshape(list(by_law.items()), (-1, 2)).T)
        shares = (result.dead_share, result.always_active_share)
        for bar, name, place, share in zip(ends, names, places, shares, strict=True):
            bar.set_height(share)
            name.xy = (place, max(share, by_law.get(place, 0)))
            name.set_visible(share > 0)
        return f"{result.place}: {whole_percent(result.splitting_share)} split"

    return draw


@drawing("Which weights split the data?", size=(4.4, 4.4))
def plot_wedge(result, *, ax: Axes) -> Draw:
    """Draw units at their two weights; those in the wedge split the data.

    Shows a ``simulations.ActiveFraction``; raises ``ValueError`` unless its units have two weights.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_wedge(simulations.simulate_active_fraction(center=9, draws=100))
    data at 9: 14% of units split the data, 50% dead, 36% always active
    """
    if result.weights.shape[1] != 2:
        raise ValueError(f"result must be of two features, got {result.weights.shape[1]}")
    looks = {"markersize": 2.6, "linestyle": "none", "alpha": 0.8}
    dots = {}
    for status, color in style.STATUS_COLORS.items():
        marker = style.STATUS_MARKERS[status]
        dots[status] = ax.plot([], [], marker=marker, color=color, label=status, **looks)[0]
    corners = np.zeros((3, 2))
    wedges = [ax.add_patch(Polygon(corners, fill=False, edgecolor=style.INK)) for _ in "12"]
    ax.set(xlim=(-1, 1), xticks=[-1, 0, 1], xlabel="weight w₁", aspect="equal")
    ax.set(ylim=(-1, 1), yticks=[-1, 0, 1], ylabel="weight w₂")

    def draw(result) -> str:
        status = result.status[:_MOST_DOTS]
        for name, line in dots.items():
            line.set_data(*result.weights[:_MOST_DOTS][status == name].T)
        for wedge, corners in zip(wedges, _wedge_corners(result), strict=True):
            wedge.set_xy(corners)
        said = f"{whole_percent(result.splitting_share)} split"
        if result.law([0]) is None:
            return said
        exact = theory.splitting_share(result.center, width=result.cloud.width)
        return f"{said}, exact {whole_percent(exact)}"

    return draw


@drawing("Overlap of two units")
def plot_overlap(result, *, ax: Axes) -> Draw:
    """Draw the distribution of the share of data on which two units are active together.

    Shows a ``simulations.Overlap``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_overlap(simulations.simulate_overlap(draws=100))
    2 features at 0: overlap 0.25 on average, std 0.15
    """
    edges = np.linspace(0, 1, 41)
    middles, width = (edges[:-1] + edges[1:]) / 2, edges[1] - edges[0]
    bars = Bars(ax, middles, width=width, color=style.SLATE, top=0.45)
    bars.law.set(markersize=7, label="exact law: even on (0, ½)")
    ax.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), np.square))
    ax.set(xlim=(0, 1), ylim=(0, 0.45), xlabel="share of the data on which both are active")
    ax.set(ylabel="share of pairs (axis: square root)", yticks=(0, 0.01, 0.05, 0.1, 0.2, 0.4))
    ax.set_yticks([], minor=True)

    def draw(result) -> str:
        # A share of 1, possible with few examples, belongs in the last bar.
        heights = np.histogram(np.minimum(result.shares, edges[-1]), edges)[0]
        known = result.law(edges) is not None
        possible = edges[:-1] < 0.5
        law = (middles[possible], np.diff(result.law(edges))[possible]) if known else ((), ())
        bars.draw(heights / len(result.shares), law=law)
        ax.legend(loc="upper right", handlelength=1.2).set_visible(known)
        return f"mean {result.shares.mean():.2f}, standard deviation {result.shares.std():.3f}"

    return draw


def _law_points(result, middles: NDArray, width: float) -> dict[float, float]:
    """Heights of the bars by the exact law, by place: the two ends, then the bins between."""
    below = result.law(_BINS)
    if below is None:
        return {}
    none, everything = result.law([0.0])[0], 1 - result.law([np.nextafter(1, 0)])[0]
    heights = np.diff([none, *below[1:-1], 1 - everything])
    shown = heights > 0.002
    between = dict(zip(middles[shown], heights[shown], strict=True))
    points = {-width: none, 1 + width: everything} | between
    return {x: y for x, y in points.items() if y > 0}


def _wedge_corners(result) -> list[NDArray]:
    """Corners of both wedges, all at the origin if no law is known or all units split."""
    known = result.law([0]) is not None
    slopes = theory.splitting_slopes(result.center, width=result.cloud.width) if known else None
    if slopes is None:
        return [np.zeros((3, 2))] * 2
    steep, flat = slopes
    end = np.array([[0, 0], [1 / steep, 1], [-1, 1], [-1, -flat]])
    return [end, -end]


@redrawing("Which folds meet the data?", size=(4.4, 4.4))
def plot_folds(result, *, ax: Axes) -> str:
    """Draw the square of the data and the folds (z = 0) of the first 60 units, coloured by status.

    Dashed lines run from the origin through the outer corners of the square. Shows a
    ``simulations.ActiveFraction`` of units without biases; raises ``ValueError`` unless they have
    two weights.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_folds(simulations.simulate_active_fraction(center=9, draws=100))
    data at 9: 14% of units split the data, 50% dead, 36% always active
    """
    if result.weights.shape[1] != 2:
        raise ValueError(f"result must be of two features, got {result.weights.shape[1]}")
    half, center = result.cloud.width / 2, result.center
    square = Rectangle((center - half, center - half), 2 * half, 2 * half, facecolor=style.GRID)
    ax.add_patch(square).set_edgecolor(style.INK)
    far = 2 * (center + half + _MARGIN)
    # Unit vectors along the lines w1 x1 + w2 x2 = 0.
    w1, w2 = result.weights[:_MOST_LINES].T
    along = np.stack([-w2, w1], axis=1)
    ends = far * (along / np.linalg.norm(along, axis=1, keepdims=True))
    for status, color in style.STATUS_COLORS.items():
        mine = ends[result.status[:_MOST_LINES] == status]
        lines = np.stack([-mine, mine], axis=1)
        ax.add_collection(LineCollection(lines, colors=color, linewidths=0.9))
        ax.plot([], [], color=color, label=status)
    if center > half:
        sides = np.array([center - half, center + half])
        seen = far * sides / np.hypot(*sides)
        ax.plot([seen[0], 0, seen[1]], [seen[1], 0, seen[0]], "--", color=style.INK, linewidth=1.2)
    ax.plot([0], [0], "o", color=style.INK, markersize=4)
    limits = (-_MARGIN, center + half + _MARGIN)
    ax.set(xlim=limits, ylim=limits, xlabel="x₁", ylabel="x₂", aspect="equal")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, handlelength=1.2)
    return f"{result.place}: {whole_percent(result.splitting_share)} split"


@redrawing("What becomes of the units?")
def plot_status_by_offset(results, *, ax: Axes) -> str:
    """Draw the shares of units that are dead, split the data or are always active, by offset.

    Shows a dict of str to ``simulations.ActiveFraction`` in the order of their offsets.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> near, far = (simulations.simulate_active_fraction(center=c, draws=100) for c in (0, 9))
    >>> print(figures.plot_status_by_offset({"near": near, "far": far}).summary[:45])
    near: data at 0: 100% of units split the data
    """
    *_, last = every = list(results.values())
    offsets = [each.center for each in every]
    shares = [(u.dead_share, u.splitting_share, u.always_active_share) for u in every]
    shares = np.transpose(shares)
    order = (measures.DEAD, measures.SPLITTING, measures.ALWAYS_ACTIVE)
    ax.stackplot(offsets, shares, colors=[style.STATUS_COLORS[name] for name in order])
    middles = np.cumsum(shares[:, -1]) - shares[:, -1] / 2
    for name, height in zip(order, middles, strict=True):
        color = style.STATUS_COLORS[name]
        ax.text(offsets[-1], height, f" {name}", va="center", color=color)
    ax.set(xlim=(offsets[0], offsets[-1]), ylim=(0, 1))
    ax.set(xlabel="offset of the data", ylabel="share of units")
    split = whole_percent(last.splitting_share)
    return f"{last.draws:,} random units each; at {last.center:g} {split} split"
