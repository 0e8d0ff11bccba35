"""Drawings of a descent in two weights: its path, its updates and the error left."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.words import counted

_HALF_WIDTH = 1.5
_FIRST = 15
_MIDDLE = (0.75, -0.25)
# Losses of the contours, as shares of the loss at the start.
_LEVELS = 4.0 ** np.arange(2, -6, -1)
_MOST_OF_A_KIND = 150
# The smallest update drawn (share of the largest), and the lengths of the shortest and longest ray.
_SMALLEST, _SHORTEST, _LONGEST = 1e-3, 0.2, 0.78
_QUADRANTS = {
    "both up": (1, 1),
    "both down": (-1, -1),
    "w₁ up, w₂ down": (1, -1),
    "w₁ down, w₂ up": (-1, 1),
}
_DASHED = {"linestyle": (0, (4, 3)), "linewidth": 1.6}


@drawing("Down the bowl of the loss", size=(4.6, 4.8))
def plot_descent(path, *, ax: Axes) -> Draw:
    """Draw the path of two weights over the contours of the loss, until it has arrived.

    From each contour to the next outer one, the loss grows fourfold. The first 15 updates are red
    with a triangle at the end if they move both weights the same way, else slate with a dot; later
    ones are a pale line. Shows a ``simulations.DescentPath``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_descent(simulations.simulate_descent(center=3.0))
    inputs around 3, batches of 1: 100% of the updates move both weights the same way, 10% of
    the error left after 122 steps
    """
    contours = ax.add_collection(LineCollection([], colors=style.RULE, linewidths=0.8, zorder=1))
    move = _ways(ax)
    later = ax.plot([], [], color=style.QUIET, linewidth=0.6, alpha=0.5, zorder=1.5)[0]
    ends = ax.plot([], [], "o", color=style.INK, markersize=7, zorder=4)[0]
    ends.set(markerfacecolor="white", markeredgewidth=1.8)
    names = [_end_name(ax, name, side) for name, side in (("start", -1), ("optimum", 1))]
    (x, y), reach = _MIDDLE, _HALF_WIDTH
    ax.set(xlim=(x - reach, x + reach), ylim=(y - reach, y + reach), aspect="equal")
    ax.set(ylabel="weight w₂", xticks=[0, 1, 2], yticks=[-1, 0, 1])
    ax.set_xlabel(f"weight w₁; bold: the first {_FIRST} steps")

    def draw(path) -> str:
        contours.set_segments(_contours(path))
        first = min(_FIRST, path.travel)
        starts, tips = path.weights[:first], path.weights[1 : first + 1]
        move(starts, tips, path.same_direction[:first])
        later.set_data(*path.weights[_FIRST : path.travel + 1].T)
        places = path.weights[0], path.teacher
        ends.set_data(*np.transpose(places))
        for name, place in zip(names, places, strict=True):
            name.xy = tuple(place)
        return _arrival(path)

    return draw


@drawing("Directions of the updates", size=(4.6, 4.8))
def plot_update_directions(path, *, ax: Axes) -> Draw:
    """Draw every update as a ray from the middle, and the share of updates in each quadrant.

    Rays have logarithmic lengths: one sixth of a quadrant's side means a factor of about seven.
    Shows a ``simulations.DescentPath``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> drawn = figures.plot_update_directions(simulations.simulate_descent(center=3.0))
    >>> drawn.ax.texts[0].get_text()
    '100% move both weights the same way'
    """
    counts = {name: _quadrant(ax, name, side) for name, side in _QUADRANTS.items()}
    move = _ways(ax)
    wanted = ax.plot([], [], color=style.INK, zorder=4, **_DASHED)[0]
    ax.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xticks=[], yticks=[])
    ax.set(xlabel="change of weight w₁; dashed: to the optimum", ylabel="change of weight w₂")

    def draw(path) -> str:
        updates = np.diff(path.weights, axis=0)[: path.travel]
        move(np.zeros_like(updates), _rays(updates), path.same_direction[: path.travel])
        for text, (label, side) in zip(counts.values(), _QUADRANTS.items(), strict=True):
            share = np.mean((updates * side > 0).all(axis=1))
            text.set_text(f"{label}\n{share:.0%}")
        target = path.teacher - path.weights[0]
        tip = 0.95 * target / np.abs(target).max()
        wanted.set_data([0, tip[0]], [0, tip[1]])
        return f"{path.same_direction_share:.0%} move both weights the same way"

    return draw


@drawing("How much error is left?", size=(4.6, 4.8))
def plot_weight_error(path, *, ax: Axes) -> Draw:
    """Draw the share of the weight error left against the steps, with the average path dashed.

    On average, batches move the weights like the full batch. Shows a ``simulations.DescentPath``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_weight_error(simulations.simulate_descent(center=3.0)).ax.get_ylabel()
    'weight error left'
    """
    law = ax.plot([], [], color=style.QUIET, label="the average path", **_DASHED)[0]
    line = ax.plot([], [], color=style.INK, label="this path")[0]
    level = ax.axhline(0, color=style.RULE, linewidth=1.2, zorder=1)
    dot = ax.plot([], [], "o", color=style.INK, markersize=7)[0]
    ax.set(xscale="log", xlim=(1, max(2, path.steps)), ylim=(0, 1.3), yticks=[0.1, 0.5, 1])
    ax.set(xlabel="steps", ylabel="weight error left")
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_box_aspect(1)
    ax.legend(loc="upper right")

    def draw(path) -> str:
        steps = np.arange(1, path.steps + 1)
        line.set_data(steps, path.remaining[1:])
        law.set_data(steps, path.expected_remaining[1:])
        level.set_ydata([path.error, path.error])
        arrived = path.steps_to_arrive
        shown = [] if arrived is None else [arrived]
        dot.set_data(shown, path.remaining[shown])
        return _arrival(path)

    return draw


def _ways(ax: Axes) -> Callable[[NDArray, NDArray, NDArray], None]:
    """Make two kinds of lines that end in a marker; return the function that moves them.

    It takes both ends, of shape (updates, 2), and whether each moves both weights the same way.
    """
    lines, dots = [], []
    for color, marker in (
        (style.SAME_WAY, style.SAME_WAY_MARKER),
        (style.OPPOSITE, style.OPPOSITE_MARKER),
    ):
        lines.append(LineCollection([], colors=color, linewidths=0.9, alpha=0.7, zorder=2))
        ax.add_collection(lines[-1], autolim=False)
        dots.append(ax.plot([], [], marker, color=color, markersize=3.5, zorder=3)[0])

    def move(starts: NDArray, tips: NDArray, same: NDArray) -> None:
        for kind, line, dot in zip((same, ~same), lines, dots, strict=True):
            shown = np.flatnonzero(kind)[:_MOST_OF_A_KIND]
            line.set_segments(np.stack([starts[shown], tips[shown]], axis=1))
            dot.set_data(*tips[shown].T)

    return move


def _contours(path) -> list[NDArray]:
    """Ellipses on which the loss is the loss at the start times a power of four."""
    curvatures, directions = np.linalg.eigh(path.hessian)
    start = path.weights[0] - path.teacher
    radius = np.sqrt(_LEVELS * (start @ path.hessian @ start))
    angle = np.linspace(0, 2 * np.pi, 181)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) / np.sqrt(curvatures)
    return [path.teacher + r * circle @ directions.T for r in radius]


def _rays(updates: NDArray) -> NDArray:
    """Tips of rays in the directions of updates, with logarithmic lengths."""
    size = np.linalg.norm(updates, axis=1)
    share = np.clip(size / size.max(), _SMALLEST, 1)
    length = _LONGEST + (_LONGEST - _SHORTEST) * np.log(share) / -np.log(_SMALLEST)
    return updates * (length / np.where(size > 0, size, 1))[:, np.newaxis]


def _quadrant(ax: Axes, name: str, side: tuple[int, int]):
    x, y = side
    same = x == y
    tint = style.SAME_WAY_TINT if same else style.OPPOSITE_TINT
    ax.add_patch(Rectangle((min(x, 0), min(y, 0)), 1, 1, color=tint, linewidth=0, zorder=0))
    looks = {"ha": "right" if x > 0 else "left", "va": "top" if y > 0 else "bottom"}
    looks |= {"color": style.SAME_WAY if same else style.OPPOSITE, "linespacing": 1.3}
    return ax.text(0.96 * x, 0.95 * y, name, fontsize=9, zorder=5, **looks)


def _end_name(ax: Axes, name: str, side: int):
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}
    looks = {"ha": "left" if side > 0 else "right", "va": "center", "bbox": paper}
    return style.note(ax, name, (0, 0), offset=(9 * side, 0), fontsize=9, zorder=5, **looks)


def _arrival(path) -> str:
    left = path.remaining[-1] if path.steps_to_arrive is None else path.error
    return f"{left:.0%} of the error left after {counted(path.travel, 'step')}"
