"""Drawings of what other examples of a batch do to the normalized value of one of them."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers import theory
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, end_name, place_names
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.lines import Band, Course, Look, series
from nnhelpers.measures import BATCH, GROUP, LAYER

_MOST_VALUES = 5
_LAW = {"linewidth": 1.4, "linestyle": "-"}
_LARGE = {"linewidth": 1.2, "linestyle": (0, (3, 2))}
_SHOWN = 50
_REACH = 4.0
# Around the name of a column: half the room that its strips of dots take.
_COLUMN = 0.36
_KINDS = {LAYER: "layer\nnorm", GROUP: "group\nnorm"}


@drawing("What the other examples do to one", size=(6.6, 4.4))
def plot_batch_noise(result, *, ax: Axes) -> Draw:
    """Draw how far one example's normalized value strays, against the size of the batch.

    Markers are simulated, lines the exact law, and dashes what it comes to in large batches.

    Parameters
    ----------
    result : nnhelpers.simulations.BatchNoise
        Of up to five values.

    Raises
    ------
    ValueError
        If there are more values.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_batch_noise(simulations.simulate_batch_noise(batch_sizes=(2, 8), batches=20))
    values 0, 1, 2 of one example in 20 batches: std 0.96, 0.71, 0.00 in batches of 2, 0.55, 0.35,
    0.24 in batches of 8; with layer norm and group norm 0
    """
    _check(result)
    looks = [Look(**series(i) | {"dash": "none"}, marker_size=6) for i in range(_MOST_VALUES)]
    values = range(len(result.values))
    large = [ax.plot([], [], color=looks[i].color, **_LARGE)[0] for i in values]
    bands = [Band(ax, "", looks[i], law=_LAW) for i in values]
    names = [end_name(ax, color=looks[i].color, gap=-9) for i in values]
    color = style.SLATE
    still = ax.plot([], [], "x", color=color, markersize=6, markeredgewidth=2, zorder=4)[0]
    still_name = ax.text(0, -0.035, "layer norm, group norm", va="top", fontsize=9, color=color)
    ax.plot([], [], color=style.INK, label="exact law", **_LAW)
    ax.plot([], [], color=style.INK, label="large batches: √((1 + x²/2) / m)", **_LARGE)
    ax.set(xscale="log", ylim=(-0.13, 1.35), xlabel="examples in the batch, m")
    ax.set_ylabel("standard deviation of its normalized value")
    ax.legend(loc="upper right", handlelength=1.8)

    def draw(result) -> str:
        _check(result)
        sizes = result.batch_sizes
        for i, (band, line, name) in enumerate(zip(bands, large, names, strict=True)):
            band.draw(Course(sizes, result.std()[:, i], law=result.law_std[:, i]))
            law = theory.batch_noise_variance(result.values[i], batch_size=sizes)
            line.set_data(sizes, np.sqrt(law))
            name.set_text(f"x = {_written(result.values[i])} σ")
        others = np.maximum(*(result.std(kind).max(axis=1) for kind in _KINDS))
        still.set_data(sizes, others)
        still_name.set_x(0.9 * sizes.min())
        low, high = sizes.min(), sizes.max()
        # A quarter of the axis is for the names at the lines' beginnings.
        ax.set_xlim(low / max(1.5, (high / low) ** 0.24), 1.2 * high)
        ax.set_xticks(sizes, [str(size) for size in sizes])
        ax.minorticks_off()
        ends = [(sizes[0], height) for height in result.law_std[0]]
        place_names(dict(zip(names, ends, strict=True)), within=(0, 1))
        first, last = result.std()[[0, -1], 0]
        spreads = f"{first:.2f} in batches of {sizes[0]}, {last:.2f} in batches of {sizes[-1]}"
        return f"x = {_written(result.values[0])} σ: {spreads}"

    return draw


@drawing("One example, normalized in many batches", size=(8.6, 4.4))
def plot_example_in_batches(result, *, ax: Axes) -> Draw:
    """Draw what one example is normalized to in fifty batches of each size, as dots.

    Black dashes are the exact means, grey lines what endless batches would give. No value of a
    batch of m passes the short lines at ±sqrt(m - 1). The last two columns are other norms.

    Parameters
    ----------
    result : nnhelpers.simulations.BatchNoise
        Of up to five values.

    Raises
    ------
    ValueError
        If there are more values.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_example_in_batches(simulations.simulate_batch_noise(batch_sizes=(2, 8), batches=20))
    values 0, 1, 2 of one example in 20 batches: std 0.96, 0.71, 0.00 in batches of 2, 0.55, 0.35,
    0.24 in batches of 8; with layer norm and group norm 0
    """
    _check(result)
    columns = [*(str(size) for size in result.batch_sizes), *_KINDS.values()]
    strips = [_Strip(ax, number) for number in range(len(result.values))]
    limits = ax.plot([], [], "_", color=style.RULE, markersize=44, zorder=0)[0]
    ax.axvline(len(columns) - 2.5, color=style.GRID, linewidth=1)
    looks = {"ha": "center", "va": "top", "fontsize": 9, "color": style.QUIET}
    place = {"x": len(columns) - 1.5, "y": 0.97, "transform": ax.get_xaxis_transform()}
    ax.text(s="the same in\nevery batch", **place, **looks)
    ax.set(xlim=(-0.6, len(columns) - 0.4), ylabel="normalized value (σ)")
    ax.set_xticks(range(len(columns)), columns)
    lines = "short lines: ±√(m − 1), which no value passes"
    ax.set_xlabel(f"batch norm: examples in the batch, m; {lines}", **AT_LEFT)

    def draw(result) -> str:
        _check(result)
        reach = max(_REACH, 1.2 * np.abs(result.values).max())
        ax.set_ylim(-reach, reach)
        for number, strip in enumerate(strips):
            strip.draw(result, number)
        farthest = np.sqrt(result.batch_sizes - 1)
        limits.set_data(np.tile(np.arange(len(farthest)), 2), [*-farthest, *farthest])
        places = ", ".join(_written(value) for value in result.values)
        return f"the example stays at {places} σ; the others change from batch to batch"

    return draw


class _Strip:
    """Dots of one value in each column, beside those of the other values."""

    def __init__(self, ax: Axes, number: int) -> None:
        color, marker = style.SERIES_COLORS[number], style.SERIES_MARKERS[number]
        self._level = ax.plot([], [], color=style.RULE, linewidth=1, zorder=0)[0]
        self._dots = ax.plot([], [], marker, color=color, markersize=4, alpha=0.45)[0]
        self._dots.set_markeredgewidth(0)
        self._law = ax.plot([], [], "_", color=style.INK, markersize=8, zorder=4)[0]
        self._name = ax.text(-0.58, 0, "", color=color, fontsize=9, va="bottom")

    def draw(self, result, number: int) -> None:
        value = result.values[number]
        self._name.set(y=value, text=f"{_written(value)} σ")
        sizes, values = len(result.batch_sizes), len(result.values)
        middles = np.arange(sizes + 2) + _COLUMN * (2 * number + 1 - values) / values
        kinds = [result.normalized[BATCH], *(result.normalized[k][-1:] for k in _KINDS)]
        heights = np.concatenate(kinds)[:, :_SHOWN, number]
        step = 0.7 * _COLUMN / values * np.linspace(-1, 1, heights.shape[1])
        self._dots.set_data((middles[:, np.newaxis] + step).ravel(), heights.ravel())
        self._law.set_data(middles[:sizes], result.law_mean[:, number])
        self._level.set_data([-0.5, sizes - 0.5], [result.values[number]] * 2)


def _check(result) -> None:
    if len(result.values) > _MOST_VALUES:
        raise ValueError(f"result must have {_MOST_VALUES} values at most, got {result.values}")


def _written(value: float) -> str:
    return f"{value:g}".replace("-", "−")
