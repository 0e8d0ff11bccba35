"""The map of networks that are dead before training, over depth and width."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing

_SHADE = LinearSegmentedColormap.from_list("dead", ["white", style.STATUS_COLORS[measures.DEAD]])
# Columns and rows with room for a number each.
_MOST_COLUMNS, _MOST_ROWS = 22, 14
_DASHED = {"linestyle": (0, (4, 2)), "linewidth": 1.4, "clip_on": False}


@drawing("How many ReLU networks are born dead? (%)", size=(8.4, 3.9))
def plot_born_dead(architecture, *, ax: Axes) -> Draw:
    """Draw the share of untrained ReLU networks that are dead, over depth and width, in percent.

    The frame is around the architecture. By law half of the networks are dead somewhere between
    the dashed lines, or on the one line where the law is exact.

    Parameters
    ----------
    architecture : nnhelpers.simulations.Architecture

    Examples
    --------
    >>> from nnhelpers import figures, networks, simulations
    >>> spec = networks.MLPSpec(units=(3,) * 10, kernel_initializer="he_normal")
    >>> deaths = simulations.simulate_born_dead(spec=spec, draws=100)
    >>> figures.plot_born_dead(deaths.at(width=2, depth=10))
    10 layers of 2: 91% of networks are born dead, by law between 89% and 92%
    """
    looks = {"xycoords": "axes fraction", "ha": "right", "fontsize": 9}
    note = style.note(ax, "", (1, 1), offset=(0, 8), **looks)
    ax.set(xlabel="hidden layers", ylabel="units in each layer")
    style.frameless(ax)
    artists: list[Artist] = []

    def draw(architecture) -> str:
        while artists:
            artists.pop().remove()
        whole = architecture.map
        _show_sizes(ax, whole)
        looks = {"cmap": _SHADE, "vmin": 0, "vmax": 1, "origin": "lower", "aspect": "auto"}
        artists.append(ax.imshow(whole.share.T, zorder=0, **looks))
        artists.extend(_numbers(ax, whole.share.T))
        stairs = [_half_dead(bound) for bound in (whole.lowest, whole.highest)]
        artists.extend(ax.plot(*line, color=style.INK, **_DASHED)[0] for line in stairs)
        artists.append(_frame(ax, architecture))
        note.set_text(_law_in_words(whole, stairs))
        return architecture.verdict()

    return draw


def _show_sizes(ax: Axes, whole) -> None:
    columns, rows = len(whole.depths), len(whole.widths)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(-0.5, rows - 0.5))
    ax.set_xticks(range(columns), [str(depth) for depth in whole.depths])
    ax.set_yticks(range(rows), [str(width) for width in whole.widths])


def _numbers(ax: Axes, share: NDArray) -> list[Artist]:
    if share.shape[0] > _MOST_ROWS or share.shape[1] > _MOST_COLUMNS:
        return []
    looks, cells = {"ha": "center", "va": "center", "fontsize": 9}, np.ndenumerate(share)
    return [ax.text(column, row, _percent(value), **looks) for (row, column), value in cells]


def _percent(share: float) -> str:
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _half_dead(bound: NDArray) -> tuple[list[float], list[float]]:
    """Stairs along the cells' edges, left of those in which a bound is one half or more."""
    end, x, y = len(bound) - 0.5, [], []
    for row, start in enumerate(np.sum(bound < 0.5, axis=0) - 0.5):
        if start < end:
            x += [start, start]
            y += [row - 0.5, row + 0.5]
    # Wider rows would begin right of the map.
    beyond = 0 < len(x) < 2 * bound.shape[1]
    return x + [end] * beyond, y + y[-1:] * beyond


def _law_in_words(whole, stairs: list[tuple]) -> str:
    if not any(x for x, _ in stairs):
        return ""
    exact = np.array_equal(whole.lowest, whole.highest)
    return "dashed: half are dead, by law" if exact else "dashed: a bound reaches ½"


def _frame(ax: Axes, architecture) -> Artist:
    column = architecture.map.depths.index(architecture.depth)
    row = architecture.map.widths.index(architecture.width)
    corner = (column - 0.5, row - 0.5)
    frame = Rectangle(corner, 1, 1, fill=False, edgecolor=style.INK, linewidth=2.2, clip_on=False)
    return ax.add_patch(frame)
