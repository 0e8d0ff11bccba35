"""Which units split the data, layer by layer."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, LAYERS
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_STACK = (measures.SPLITTING, measures.DEAD, measures.ALWAYS_ACTIVE)
_NAME_HEIGHTS = (0.16, 0.5, 0.84)
_BAR = 0.78
# The row of numbers above the bars.
_ROW, _MOST_NUMBERS = 1.07, 12


@styled
def plot_splitting_by_layer(layer, *, ax: Axes | None = None) -> Drawn:
    """Draw the shares of each layer's units that split the data, are dead or always active.

    Black dashes are the law of wide layers for those that split. The numbers above say how many
    standard deviations data would have to be moved for units to see them alike. The frame is
    around the layer at hand.

    Parameters
    ----------
    layer : nnhelpers.simulations.LayerOffset

    Examples
    --------
    >>> from nnhelpers import figures, networks, simulations
    >>> spec = networks.MLPSpec(units=(20,) * 3)
    >>> figures.plot_splitting_by_layer(simulations.simulate_depth_offset(spec, draws=2).layer(1))
    3 relu layers of 20 units, glorot_uniform: layer 1, like centred data: 100% of units split
    the data, 0% dead, 0% always active
    """
    ax = new_axes(ax, width=6.4, height=4.0)
    subtitle = style.headline(ax, title="Which units split the data, by layer?")
    bars = [
        ax.add_collection(PolyCollection([], color=style.STATUS_COLORS[status], linewidth=0))
        for status in _STACK
    ]
    law = ax.plot([], [], "_", color=style.INK, markersize=9, markeredgewidth=2)[0]
    frame = ax.add_patch(Rectangle((0, 0), 0.96, 1, fill=False, linewidth=2, clip_on=False))
    frame.set_edgecolor(style.INK)
    words = {"va": "center", "fontsize": 9}
    numbers = [ax.text(0, _ROW, "", ha="center", **words) for _ in range(_MOST_NUMBERS)]
    row_name = ax.text(0, _ROW, "as if moved by (σ)", **words)
    names = [
        ax.text(0, height, status, color=style.STATUS_COLORS[status], **words)
        for status, height in zip(_STACK, _NAME_HEIGHTS, strict=True)
    ]
    names.append(ax.text(0, 0.07, "━ by law", **words))
    ax.set(ylim=(0, 1.14), yticks=np.linspace(0, 1, 5), ylabel="share of units")
    ax.set_xlabel(LAYERS, **AT_LEFT)

    def draw(layer) -> None:
        network = layer.network
        _show_layers(ax, network.depth, [row_name, *names])
        _stack(bars, [network.splitting_share, network.dead_share, network.always_active_share])
        law.set_data(np.arange(1, network.depth + 1), network.law_splitting_share)
        frame.set_x(layer.number - 0.48)
        _show_offsets(numbers, network.offsets_in_words())
        subtitle.set_text(network.first_and_last())

    return Drawn(ax, draw, layer)


def _show_layers(ax: Axes, depth: int, names: list[Text]) -> None:
    ax.set_xlim(0.4, 1.4 * depth + 0.6)
    step = int(np.ceil(depth / _MOST_NUMBERS))
    ax.set_xticks(range(1, depth + 1, step))
    for name in names:
        name.set_x(1.03 * depth + 0.6)


def _stack(bars: list[PolyCollection], shares: list[NDArray]) -> None:
    """Stand the shares of each layer on one another."""
    edges = np.cumsum([np.zeros_like(shares[0]), *shares], axis=0)
    for bar, lows, highs in zip(bars, edges[:-1], edges[1:], strict=True):
        ends = enumerate(zip(lows, highs, strict=True), start=1)
        bar.set_verts([_box(layer, low, high) for layer, (low, high) in ends])


def _box(layer: int, low: float, high: float) -> list[tuple[float, float]]:
    left, right = layer - _BAR / 2, layer + _BAR / 2
    return [(left, low), (right, low), (right, high), (left, high)]


def _show_offsets(texts: list[Text], words: list[str]) -> None:
    """Write every layer's offset where there is room, else every second one's, and so on."""
    step = int(np.ceil(len(words) / _MOST_NUMBERS))
    for number, text in enumerate(texts):
        layer = number * step
        text.set(x=layer + 1, text=words[layer]) if layer < len(words) else text.set(x=0, text="")
