"""Drawings of random units: how many are active, on which share of the data, and why."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from nnhelpers import measures, theory
from nnhelpers.figures import style
from nnhelpers.figures.axes import Bars
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.words import whole_percent

_BINS = np.linspace(0, 1, 22)
_MOST_DOTS = 1_200


@drawing("How many units are active?")
def plot_active_count(result, *, ax: Axes) -> Draw:
    """Draw the distribution of the number of active units, the exact law as black dots.

    Parameters
    ----------
    result : nnhelpers.simulations.ActiveCount

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_active_count(simulations.simulate_active_count(draws=100))
    data at 0: share of draws with so many active units 0: 24%, 1: 51%, 2: 24%
    """
    counts = np.arange(result.units + 1)
    bars = Bars(ax, counts, width=1.0, filled=0.6, color=style.ACTIVE)
    bars.bars.set_label("simulated")
    bars.law.set(marker="o", markersize=6, markeredgewidth=1, label="exact law")
    ax.set(xlabel="active units", ylabel="share of (draw, example) pairs", ylim=(0, 1))
    ax.set_xticks(counts if result.units <= 16 else counts[:: result.units // 8])
    ax.legend(loc="upper right")

    def draw(result) -> str:
        bars.draw(result.counts, law=(counts, result.law))
        return f"data at {result.center:g}: on average {result.mean_share:.0%} of them"

    return draw


@drawing("On which share of the data?")
def plot_active_fraction(result, *, ax: Axes) -> Draw:
    """Draw the distribution of the share of data that activates a unit, with its law.

    Dead and always active units stand apart from the units that split the data.

    Parameters
    ----------
    result : nnhelpers.simulations.ActiveFraction or LayerOffset

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_active_fraction(simulations.simulate_active_fraction(draws=100))
    data at 0: 100% of units split the data, 0% dead, 0% always active
    """
    width = _BINS[1] - _BINS[0]
    middles = (_BINS[:-1] + _BINS[1:]) / 2
    splitting = Bars(ax, middles, width=width, color=_color(measures.SPLITTING))
    splitting.law.set_label(result.law_name)
    ends = ax.bar([-width, 1 + width], [0, 0], width=0.9 * width, linewidth=0)
    ends[0].set_color(_color(measures.DEAD))
    ends[1].set_color(_color(measures.ALWAYS_ACTIVE))
    names = [
        style.note(ax, name, (x, 0), offset=(0, 6), ha=side, color=_color(name))
        for name, x, side in (("dead", -width, "left"), ("always active", 1 + width, "right"))
    ]
    ax.set(xlim=(-0.13, 1.13), ylim=(0, 1), xlabel="share of the data on which the unit is active")
    ax.set(ylabel="share of units", xticks=np.linspace(0, 1, 5))
    ax.legend(loc="upper left", handlelength=1.2)

    def draw(result) -> str:
        inside = result.fraction[(result.fraction > 0) & (result.fraction < 1)]
        heights = np.histogram(inside, _BINS)[0] / result.draws
        law = _law_points(result, middles, width)
        splitting.draw(heights, law=law)
        by_law = dict(zip(*law, strict=True))
        shares = (result.dead_share, result.always_active_share)
        for bar, name, share in zip(ends, names, shares, strict=True):
            bar.set_height(share)
            name.xy = (name.xy[0], max(share, by_law.get(name.xy[0], 0)))
            name.set_visible(share > 0)
        return f"{result.place}: {whole_percent(result.splitting_share)} split"

    return draw


@drawing("Which weights split the data?", size=(4.4, 4.4))
def plot_wedge(result, *, ax: Axes) -> Draw:
    """Draw the units in the square of their two weights; those in the wedge split the data.

    Parameters
    ----------
    result : nnhelpers.simulations.ActiveFraction
        Of data with two features.

    Raises
    ------
    ValueError
        If the units have not two weights.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_wedge(simulations.simulate_active_fraction(center=9, draws=100))
    data at 9: 14% of units split the data, 50% dead, 36% always active
    """
    check_two_weights(result)
    dots = {
        status: ax.plot([], [], style.STATUS_MARKERS[status], color=color, label=status)[0]
        for status, color in style.STATUS_COLORS.items()
    }
    for line in dots.values():
        line.set(markersize=2.6, linestyle="none", alpha=0.8)
    wedges = [
        ax.add_patch(Polygon(np.zeros((3, 2)), closed=True, fill=False, edgecolor=style.INK))
        for _ in range(2)
    ]
    ax.set(xlim=(-1, 1), ylim=(-1, 1), xlabel="weight w₁", ylabel="weight w₂", aspect="equal")
    ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])

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

    Parameters
    ----------
    result : nnhelpers.simulations.Overlap

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_overlap(simulations.simulate_overlap(draws=100))
    2 features at 0: overlap 0.25 on average, std 0.15
    """
    edges = np.linspace(0, 1, 41)
    middles, width = (edges[:-1] + edges[1:]) / 2, edges[1] - edges[0]
    bars = Bars(ax, middles, width=width, color=style.ACTIVE, top=0.45)
    bars.law.set(markersize=7, label="exact law: even on (0, ½)")
    ax.set(xlim=(0, 1), ylim=(0, 0.45), xlabel="share of the data on which both are active")
    ax.set(ylabel="share of pairs")

    def draw(result) -> str:
        # Where only a few overlaps are possible, a share of 1 belongs in the last bar.
        heights = np.histogram(np.minimum(result.shares, edges[-1]), edges)[0]
        known = result.law(edges) is not None
        possible = edges[:-1] < 0.5
        law = (middles[possible], np.diff(result.law(edges))[possible]) if known else ((), ())
        bars.draw(heights / len(result.shares), law=law)
        ax.legend(loc="upper right", handlelength=1.2).set_visible(known)
        mean, std = result.shares.mean(), result.shares.std()
        return f"mean {mean:.2f}, standard deviation {std:.3f}"

    return draw


def check_two_weights(result) -> None:
    """Refuse, by a ``ValueError``, units that are no points and no lines in a plane.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> check_two_weights(SimpleNamespace(weights=np.ones((5, 3))))
    Traceback (most recent call last):
    ValueError: result must be of two features, got 3
    """
    if result.weights.shape[1] != 2:
        raise ValueError(f"result must be of two features, got {result.weights.shape[1]}")


def _law_points(result, middles, width):
    """Where the exact law puts each bar: the two ends first, then the bins between."""
    below = result.law(_BINS)
    if below is None:
        return [], []
    none, everything = result.law([0.0])[0], 1 - result.law([np.nextafter(1, 0)])[0]
    inner = below.copy()
    inner[0], inner[-1] = none, 1 - everything
    heights = np.diff(inner)
    shown = heights > 0.002
    x = np.concatenate([[-width, 1 + width], middles[shown]])
    y = np.concatenate([[none, everything], heights[shown]])
    return x[y > 0], y[y > 0]


def _wedge_corners(result) -> list[np.ndarray]:
    slopes = None
    if result.law([0]) is not None:
        slopes = theory.splitting_slopes(result.center, width=result.cloud.width)
    if slopes is None:
        return [np.zeros((3, 2))] * 2
    steep, flat = slopes
    end = np.array([[0, 0], [1 / steep, 1], [-1, 1], [-1, -flat]])
    return [end, -end]


def _color(status: str) -> str:
    return style.STATUS_COLORS[status]
