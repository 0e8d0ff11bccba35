"""Drawings of dropout before batch norm: what its learned variance is worth in inference."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import _layers, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_SPREAD, _OFFSET = style.SERIES_COLORS[4], style.SERIES_COLORS[5]
_LAW = {"linestyle": (0, (4, 2)), "linewidth": 1.3, "zorder": 1.5}
_PROMISE = {"color": style.QUIET, "linestyle": (0, (1, 2)), "linewidth": 1.2, "zorder": 0.8}


@styled
def plot_variance_shift(results: Mapping[str, object], *, ax: Axes | None = None) -> Drawn:
    """Draw the variance of inference over that of training by the rate of dropout.

    Markers are medians over the units, bands reach from the 10th to the 90th percentile, the law's
    median over the same units is dashed.

    Parameters
    ----------
    results : dict of str to nnhelpers.simulations.VarianceShift
        Each is drawn under its name.
    """
    ax = new_axes(ax, width=6.4, height=4.0)
    subtitle = style.headline(ax, title="Dropout's variance shift")
    series = [_Line(ax, name, number) for number, name in enumerate(results)]
    ax.axhline(1, **_PROMISE)
    ax.set(xlim=(-0.03, 1.32), ylim=(0, 1.25), yticks=np.linspace(0, 1, 6))
    ax.set_xticks(np.linspace(0, 0.9, 10).round(1))
    ax.set_xlabel("rate of dropout; dashed: law", x=0, ha="left")
    ax.set_ylabel("variance: inference / training")

    def draw(results) -> None:
        for line, result in zip(series, results.values(), strict=True):
            line.draw(result)
        _layers.place_names([line.name for line in series], [line.end for line in series])
        subtitle.set_text(_first_in_words(results))

    return Drawn(ax, draw, results)


@styled
def plot_layer_shift(result, *, ax: Axes | None = None) -> Drawn:
    """Draw, by layer, the spread and the offset of normalized values in inference.

    Markers are medians over the networks, bands reach from the 10th to the 90th percentile, the
    law of wide layers is dashed. Batch norm promised a spread of 1 and no offset.

    Parameters
    ----------
    result : nnhelpers.simulations.LayerShift
    """
    ax = new_axes(ax, width=6.4, height=4.0)
    subtitle = style.headline(ax, title="In inference, after each batch norm")
    ruler = (-0.1, 1.25)
    laws = [ax.plot([], [], color=color, **_LAW)[0] for color in (_SPREAD, _OFFSET)]
    series = [
        _layers.Series(ax, "spread", "o", color=_SPREAD, line="", ruler=ruler),
        _layers.Series(ax, "offset of a unit", "s", color=_OFFSET, line="", ruler=ruler),
    ]
    promise = ax.plot([], [], **_PROMISE)[0]
    ax.text(0.01, 1.02, "promised spread", transform=ax.get_yaxis_transform(), va="bottom",
            fontsize=9, color=style.QUIET)  # fmt: skip
    ax.set(ylim=(0, 1.25), yticks=np.linspace(0, 1, 6), ylabel="of the normalized values")
    ax.set_xlabel("layer (dense, ReLU, dropout, batch norm); dashed: law", x=0, ha="left")

    def draw(result) -> None:
        _layers.show_layers(ax, result.depth)
        ax.set_xlim(0.8, 1.45 * result.depth)
        promise.set_data([0.8, result.depth], [1, 1])
        for line, one, part in zip(laws, series, (result.std, result.offset), strict=True):
            line.set_data(np.arange(1, result.depth + 1), part.law)
            one.draw(part.measured)
        _layers.place_names([one.name for one in series], [one.end for one in series])
        subtitle.set_text(f"dropout {result.rate:g}: {result.verdict()}")

    return Drawn(ax, draw, result)


class _Line:
    """One result's ratios by rate, measured and by law, with a name at the end."""

    def __init__(self, ax: Axes, name: str, number: int) -> None:
        color = style.SERIES_COLORS[number % len(style.SERIES_COLORS)]
        marker = style.SERIES_MARKERS[number % len(style.SERIES_MARKERS)]
        self._ax, self._color = ax, color
        self._law = ax.plot([], [], color=color, **_LAW)[0]
        self._dots = ax.plot([], [], marker, color=color, markersize=5)[0]
        self._band = ax.fill_between([], [])
        self.name = _layers.line_name(ax, color)
        self.name.set_text(name)
        self.end = (1.0, 0.0)

    def draw(self, result) -> None:
        low, middle, high = _layers.spread(result.ratio.T)
        self._law.set_data(result.rates, result.law)
        self._dots.set_data(result.rates, middle)
        self._band.remove()
        self._band = self._ax.fill_between(
            result.rates, low, high, color=self._color, alpha=0.15, linewidth=0, zorder=0.5
        )
        self.end = (result.rates[-1], middle[-1])


def _first_in_words(results: Mapping[str, object]) -> str:
    name, result = next(iter(results.items()))
    place = int(np.argmin(np.abs(result.rates - 0.5)))
    return (
        f"{name}, dropout {result.rates[place]:g}: batch norm's variance is "
        f"{1 / np.median(result.ratio[place]):.1f} times too large"
    )
