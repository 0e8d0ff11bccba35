"""Drawings of how the other examples of a batch change the normalized value of one."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers import theory
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, end_name, place_names
from nnhelpers.figures.drawn import redrawing
from nnhelpers.figures.lines import Band, Course, Look, series
from nnhelpers.measures import BATCH, GROUP, LAYER

_MOST_VALUES = 5
_LAW = {"linewidth": 1.4, "linestyle": "-"}
_LARGE = {"linewidth": 1.2, "linestyle": (0, (3, 2))}
_SHOWN = 50
_REACH = 4.0
# Half the width of a column's strips of dots.
_COLUMN = 0.36
_KINDS = {LAYER: "layer\nnorm", GROUP: "group\nnorm"}


@redrawing("What the other examples do to one", size=(6.6, 4.4))
def plot_batch_noise(result, *, ax: Axes) -> str:
    """Draw the standard deviation of one example's normalized value against the batch size.

    Markers are simulated, lines the exact law, dashes its asymptote for large batches. Shows a
    ``simulations.BatchNoise``; raises ``ValueError`` if it has more than five values.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_batch_noise(simulations.simulate_batch_noise(batch_sizes=(2, 8), batches=20))
    values 0, 1, 2 of one example in 20 batches: std 0.96, 0.71, 0.00 in batches of 2, 0.55, 0.35,
    0.24 in batches of 8; with layer norm and group norm 0
    """
    _check(result)
    sizes, laws = result.batch_sizes, {}
    looks = [Look(**series(i) | {"dash": "none"}, marker_size=6) for i in range(_MOST_VALUES)]
    for look, value in zip(looks, result.values, strict=False):
        law = theory.batch_noise_variance(value, batch_size=sizes)
        ax.plot(sizes, np.sqrt(law), color=look.color, **_LARGE)
    for i, (look, value) in enumerate(zip(looks, result.values, strict=False)):
        Band(ax, "", look, law=_LAW).draw(
            Course(sizes, result.std()[:, i], law=result.law_std[:, i])
        )
        name = end_name(ax, color=look.color, gap=-9)
        name.set_text(f"x = {_written(value)} σ")
        laws[name] = sizes[0], result.law_std[0, i]
    others = np.maximum(*(result.std(kind).max(axis=1) for kind in _KINDS))
    looks = {"color": style.SLATE, "zorder": 4}
    ax.plot(sizes, others, "x", markersize=6, markeredgewidth=2, **looks)
    looks = {"va": "top", "fontsize": 9, "color": style.SLATE}
    ax.text(0.9 * sizes.min(), -0.035, "layer norm, group norm", **looks)
    ax.plot([], [], color=style.INK, label="exact law", **_LAW)
    ax.plot([], [], color=style.INK, label="large batches: √((1 + x²/2) / m)", **_LARGE)
    low, high = sizes.min(), sizes.max()
    # A quarter of the axis is left for the names at the beginnings of the lines.
    ax.set(
        xscale="log", xlim=(low / max(1.5, (high / low) ** 0.24), 1.2 * high), ylim=(-0.13, 1.35)
    )
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.set_xlabel("examples in the batch, m")
    ax.set_ylabel("standard deviation of its normalized value")
    ax.legend(loc="upper right", handlelength=1.8)
    place_names(laws, within=(0, 1))
    first, last = result.std()[[0, -1], 0]
    spreads = f"{first:.2f} in batches of {sizes[0]}, {last:.2f} in batches of {sizes[-1]}"
    return f"x = {_written(result.values[0])} σ: {spreads}"


@redrawing("One example, normalized in many batches", size=(8.6, 4.4))
def plot_example_in_batches(result, *, ax: Axes) -> str:
    """Draw one example's normalized values in fifty batches of each size as dots.

    Black dashes are the exact means, grey lines the limit for large batches. No value in a batch of
    m passes the short lines at ±sqrt(m - 1). The last two columns are layer norm and group norm.
    Shows a ``simulations.BatchNoise``; raises ``ValueError`` if it has more than five values.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> result = simulations.simulate_batch_noise(batch_sizes=(2, 8), batches=20)
    >>> plot_example_in_batches(result).ax.get_ylabel()
    'normalized value (σ)'
    """
    _check(result)
    sizes, values = result.batch_sizes, result.values
    columns = [*(str(size) for size in sizes), *_KINDS.values()]
    for number in range(len(values)):
        _draw_strips(ax, result, number)
    farthest = np.sqrt(sizes - 1)
    places, heights = np.tile(np.arange(len(sizes)), 2), [*-farthest, *farthest]
    ax.plot(places, heights, "_", color=style.RULE, markersize=44, zorder=0)
    ax.axvline(len(columns) - 2.5, color=style.GRID, linewidth=1)
    looks = {"ha": "center", "va": "top", "fontsize": 9, "color": style.QUIET}
    looks["transform"] = ax.get_xaxis_transform()
    ax.text(len(columns) - 1.5, 0.97, "the same in\nevery batch", **looks)
    reach = max(_REACH, 1.2 * np.abs(values).max())
    ax.set(xlim=(-0.6, len(columns) - 0.4), ylim=(-reach, reach), ylabel="normalized value (σ)")
    ax.set_xticks(range(len(columns)), columns)
    lines = "short lines: ±√(m − 1), which no value passes"
    ax.set_xlabel(f"batch norm: examples in the batch, m; {lines}", **AT_LEFT)
    places = ", ".join(_written(value) for value in values)
    return f"the example stays at {places} σ; the others change from batch to batch"


def _draw_strips(ax: Axes, result, number: int) -> None:
    """Draw dots of one value in each column, beside those of the other values."""
    sizes, values, value = len(result.batch_sizes), len(result.values), result.values[number]
    color, marker = style.SERIES_COLORS[number], style.SERIES_MARKERS[number]
    ax.plot([-0.5, sizes - 0.5], [value, value], color=style.RULE, linewidth=1, zorder=0)
    ax.text(-0.58, value, f"{_written(value)} σ", color=color, fontsize=9, va="bottom")
    middles = np.arange(sizes + 2) + _COLUMN * (2 * number + 1 - values) / values
    kinds = [result.normalized[BATCH], *(result.normalized[k][-1:] for k in _KINDS)]
    heights = np.concatenate(kinds)[:, :_SHOWN, number]
    places = middles[:, np.newaxis] + 0.7 * _COLUMN / values * np.linspace(-1, 1, heights.shape[1])
    looks = {"color": color, "markersize": 4, "markeredgewidth": 0, "alpha": 0.45}
    ax.plot(places.ravel(), heights.ravel(), marker, **looks)
    law = result.law_mean[:, number]
    ax.plot(middles[:sizes], law, "_", color=style.INK, markersize=8, zorder=4)


def _check(result) -> None:
    if len(result.values) > _MOST_VALUES:
        raise ValueError(f"result must have {_MOST_VALUES} values at most, got {result.values}")


def _written(value: float) -> str:
    return f"{value:g}".replace("-", "−")
