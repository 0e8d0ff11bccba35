"""Where the folds of random units run, beside the data that they may meet."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from nnhelpers import measures
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.units.active import check_two_weights
from nnhelpers.words import whole_percent

_MOST_LINES = 60
_MARGIN = 1.6


@drawing("Which folds meet the data?", size=(4.4, 4.4))
def plot_folds(result, *, ax: Axes) -> Draw:
    """Draw the square of the data and the lines where units have z = 0, the first 60 of them.

    Lines in the colour of their unit's status; dashed where the square ends, seen from the origin.

    Parameters
    ----------
    result : nnhelpers.simulations.ActiveFraction
        Of data in a square, of units without a bias.

    Raises
    ------
    ValueError
        If the units have not two weights.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_folds(simulations.simulate_active_fraction(center=9, draws=100))
    data at 9: 14% of units split the data, 50% dead, 36% always active
    """
    check_two_weights(result)
    square = ax.add_patch(Rectangle((0, 0), 0, 0, facecolor=style.GRID, edgecolor=style.INK))
    lines = {}
    for status, color in style.STATUS_COLORS.items():
        lines[status] = ax.add_collection(LineCollection([], colors=color, linewidths=0.9))
        ax.plot([], [], color=color, label=status)
    (sight,) = ax.plot([], [], "--", color=style.INK, linewidth=1.2)
    ax.plot([0], [0], "o", color=style.INK, markersize=4)
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, handlelength=1.2)

    def draw(result) -> str:
        half, center = result.cloud.width / 2, result.center
        square.set_bounds(center - half, center - half, 2 * half, 2 * half)
        far = 2 * (center + half + _MARGIN)
        # Unit vectors along the lines w1 x1 + w2 x2 = 0.
        w1, w2 = result.weights[:_MOST_LINES].T
        along = np.stack([-w2, w1], axis=1)
        ends = far * (along / np.linalg.norm(along, axis=1, keepdims=True))
        for status, collection in lines.items():
            mine = ends[result.status[:_MOST_LINES] == status]
            collection.set_segments(np.stack([-mine, mine], axis=1))
        corner = np.array([center - half, center + half])
        seen = far * corner / np.linalg.norm(corner)
        sight.set_data([seen[0], 0, seen[1]], [seen[1], 0, seen[0]])
        sight.set_visible(center > half)
        ax.set(xlim=(-_MARGIN, center + half + _MARGIN), ylim=(-_MARGIN, center + half + _MARGIN))
        return f"{result.place}: {whole_percent(result.splitting_share)} split"

    return draw


@drawing("What becomes of the units?")
def plot_status_by_offset(results, *, ax: Axes) -> Draw:
    """Draw how many units are dead, split the data and are always active, by the data's offset.

    Parameters
    ----------
    results : dict of str to nnhelpers.simulations.ActiveFraction
        In the order of their offsets.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> near, far = (simulations.simulate_active_fraction(center=c, draws=100) for c in (0, 9))
    >>> print(figures.plot_status_by_offset({"near": near, "far": far}).summary[:45])
    near: data at 0: 100% of units split the data
    """
    ax.set(ylim=(0, 1), xlabel="offset of the data", ylabel="share of units")

    def draw(results) -> str:
        for old in (*ax.collections, *ax.texts[1:]):  # the first is the second line of the title
            old.remove()
        offsets = [each.center for each in results.values()]
        shares = np.transpose(
            [(u.dead_share, u.splitting_share, u.always_active_share) for u in results.values()]
        )
        order = (measures.DEAD, measures.SPLITTING, measures.ALWAYS_ACTIVE)
        ax.stackplot(offsets, shares, colors=[style.STATUS_COLORS[name] for name in order])
        middles = np.cumsum(shares[:, -1]) - shares[:, -1] / 2
        for name, height in zip(order, middles, strict=True):
            ax.text(offsets[-1], height, f" {name}", va="center", color=style.STATUS_COLORS[name])
        ax.set_xlim(offsets[0], offsets[-1])
        last = list(results.values())[-1]
        split = whole_percent(last.splitting_share)
        return f"{last.draws:,} random units each; at {last.center:g} {split} split"

    return draw
