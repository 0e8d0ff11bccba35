"""Drawings of variances by layer, measured beside their laws."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnhelpers.figures import _layers, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_FORWARD, _BACKWARD = style.SERIES_COLORS[5], style.INK
_PLAIN, _RESIDUAL = style.SERIES_COLORS[5], style.INK
_OFF, _PERHAPS = style.SERIES_COLORS[4], style.RULE
_RULER = (1e-4, 1e4)
_RESIDUAL_RULER = (1e-4, 1e8)
_LAW = {"linestyle": (0, (4, 2)), "linewidth": 1.3, "zorder": 1.5}


@styled
def plot_variances(result, *, most_layers: int = 1, ax: Axes | None = None) -> Drawn:
    """Draw forward and backward variance by layer: means of the networks, and the laws dashed.

    Bands reach from the 10th to the 90th percentile over the networks. A ring marks a layer whose
    mean is more than 10 % off its law, a grey one where that may be chance: within 3 standard
    errors. What lies beyond the ruler is written beside an arrow.

    Parameters
    ----------
    result : nnhelpers.simulations.LayerVariances
    most_layers : int
        On the ruler, so that a slider over the depth does not move it; always as many as shown.
    """
    ax = new_axes(ax, width=7.2, height=4.2)
    subtitle = style.headline(ax, title="Variance by layer")
    ax.axhline(1, color=style.GRID, linewidth=1, zorder=0)
    series = [
        _Compared(ax, "forward: z", "o", color=_FORWARD, ruler=_RULER),
        _Compared(ax, "back: error", "s", color=_BACKWARD, ruler=_RULER),
    ]
    _explain_marks(ax)
    _set_ruler(ax, _RULER)
    _layers.name_layers(ax)

    def draw(result) -> None:
        _layers.show_layers(ax, max(most_layers, result.depth))
        for one, part in zip(series, (result.pre_activations, result.errors), strict=True):
            one.draw(part)
        _layers.place_names([one.name for one in series], [one.end for one in series])
        subtitle.set_text(result.verdict())

    return Drawn(ax, draw, result)


@styled
def plot_residual(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the variance after each block, with residual connections and without.

    Marks are those of `plot_variances`.

    Parameters
    ----------
    result : nnhelpers.simulations.ResidualVariances
    """
    ax = new_axes(ax, width=6.8, height=4.0)
    subtitle = style.headline(ax, title="Variance after each block")
    series = [
        _Compared(ax, "x + block", "o", color=_RESIDUAL, ruler=_RESIDUAL_RULER),
        _Compared(ax, "without x +", "s", color=_PLAIN, ruler=_RESIDUAL_RULER),
    ]
    _explain_marks(ax)
    _set_ruler(ax, _RESIDUAL_RULER)
    ax.set_xlabel("block", x=0, ha="left")

    def draw(result) -> None:
        _layers.show_layers(ax, result.depth)
        ax.set_xlim(-0.04 * result.depth)
        ax.set_xticks([0, *ax.get_xticks()[1:]])
        for one, part in zip(series, (result.residual, result.plain), strict=True):
            one.draw(part, first=0)
        _layers.place_names([one.name for one in series], [one.end for one in series])
        subtitle.set_text(result.verdict())

    return Drawn(ax, draw, result)


class _Compared:
    """Measured means with their band, the law dashed, and rings where the two disagree."""

    def __init__(self, ax: Axes, name: str, marker: str, *, color: str, ruler) -> None:
        self._law = ax.plot([], [], color=color, **_LAW)[0]
        self._series = _layers.Series(ax, name, marker, color=color, line="", ruler=ruler)
        self._off, self._perhaps = (_ring(ax, color) for color in (_OFF, _PERHAPS))

    @property
    def name(self):
        return self._series.name

    @property
    def end(self) -> tuple[float, float]:
        return self._series.end

    def draw(self, comparison, *, first: int = 1) -> None:
        numbers = first + np.arange(len(comparison.law))
        self._law.set_data(numbers, comparison.law)
        self._series.draw(comparison.measured, middle=comparison.mean, first=first)
        doubt = comparison.uncertain
        for ring, shown in ((self._off, comparison.disagrees & ~doubt), (self._perhaps, doubt)):
            ring.set_data(numbers[shown], comparison.mean[shown])


def _ring(ax: Axes, color: str) -> Line2D:
    return ax.plot(
        [], [], "o", color=color, markersize=11, fillstyle="none", markeredgewidth=1.6, zorder=3
    )[0]


def _set_ruler(ax: Axes, ruler: tuple[float, float]) -> None:
    low, high = np.log10(ruler)
    ax.set(yscale="log", ylim=ruler, ylabel="variance")
    ax.set_yticks(10.0 ** np.arange(low, high + 1, 2))
    ax.minorticks_off()


def _explain_marks(ax: Axes) -> None:
    """Say what marks mean, beside the names of the layers."""
    ax.annotate(
        "ring: 10 % off\ndashed: law",
        (1, 0), xycoords="axes fraction", xytext=(0, -7), textcoords="offset points",
        ha="right", va="top", fontsize=9, color=style.QUIET, annotation_clip=False,
    )  # fmt: skip
