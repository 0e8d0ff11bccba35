"""Drawing of the gradient by layer, with batch norm and without."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import _layers, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_NORMALIZED, _PLAIN = style.INK, style.SERIES_COLORS[5]
_RULER = (1e-4, 1e8)
# As many as leave room for the law to be seen between them.
_MARKERS = 13
_LAW = {"linestyle": (0, (4, 2)), "linewidth": 1.3, "zorder": 1.5}


@styled
def plot_gradient_growth(result, *, most_layers: int = 1, ax: Axes | None = None) -> Drawn:
    """Draw the gradient for the pre-activations by layer, in units of the last layer's.

    Dots and squares are medians over the networks, bands reach from the 10th to the 90th
    percentile. The dashed line multiplies by the law of batch norm, layer by layer on the way
    back, from the last layer but one. What lies beyond the ruler is written beside an arrow.

    Parameters
    ----------
    result : nnhelpers.simulations.GradientGrowth
    most_layers : int
        On the ruler, so that a slider over the depth does not move it; always as many as shown.
    """
    ax = new_axes(ax, width=7.2, height=4.2)
    subtitle = style.headline(ax, title="The gradient on its way back")
    ax.axhline(1, color=style.GRID, linewidth=1, zorder=0)
    law = ax.plot([], [], color=_NORMALIZED, **_LAW)[0]
    series = [
        _layers.Series(ax, "without", "s", color=_PLAIN, line="", ruler=_RULER),
        _layers.Series(ax, "batch norm", "o", color=_NORMALIZED, line="", ruler=_RULER),
    ]
    _set_ruler(ax)

    def draw(result) -> None:
        _layers.show_layers(ax, max(most_layers, result.depth))
        for one, part in zip(series, (result.plain, result.normalized), strict=True):
            one.thin(-(-result.depth // _MARKERS))
            one.draw(part.relative)
        law.set_data(np.arange(1, result.depth), _law(result))
        _layers.place_names([one.name for one in series], [one.end for one in series])
        subtitle.set_text(result.verdict())

    return Drawn(ax, draw, result)


def _set_ruler(ax: Axes) -> None:
    low, high = np.log10(_RULER)
    ax.set(yscale="log", ylim=_RULER, ylabel="gradient for z (rms), last layer's = 1")
    ax.set_yticks(10.0 ** np.arange(low, high + 1, 2))
    ax.minorticks_off()
    _layers.name_layers(ax)
    ax.annotate(
        "dashed: law\nbands: 10–90 %",
        (1, 0), xycoords="axes fraction", xytext=(0, -7), textcoords="offset points",
        ha="right", va="top", fontsize=9, color=style.QUIET, annotation_clip=False,
    )  # fmt: skip


def _law(result) -> np.ndarray:
    """Start from the median of the last layer but one, into which a hidden layer leads."""
    start = np.median(result.normalized.relative[:, -2])
    return start * np.sqrt(result.law) ** np.arange(result.depth - 2, -1, -1)
