"""Where the pre-activations of deep networks fall, and which units split the data."""

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from nnhelpers import measures, words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, LAYERS, layers_axis, note_above
from nnhelpers.figures.drawn import Draw, drawing

# Ends of the axis of pre-activations, and the row of numbers above it.
_FAR, _SLOPES = 6.0, 6.6
_NUMBERS = 10
_WORDS = {"va": "center", "fontsize": 9}


@drawing("What goes forward", size=(6.8, 4.0))
def plot_signal_by_layer(signal, *, most_layers: int = 1, ax: Axes) -> Draw:
    """Draw where each hidden layer's pre-activations fall, on grey where f is flat.

    Bars reach from the 10th to the 90th percentile, with a dot at the median; above stand the
    slopes' root mean squares, which with the weights make the law for the error signal.

    Parameters
    ----------
    signal : nnhelpers.simulations.DepthSignal
    most_layers : int
        As in `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_signal_by_layer(simulations.simulate_depth(spec, circles, draws=2))
    2 relu layers, glorot_uniform, gain 1: the gradient of the first layer's weights is 2 times
    the last's, its error signal as large as the last's
    """
    flat = [ax.axhspan(0, 0, color=style.ZONE_TINTS[measures.FLAT], linewidth=0) for _ in "123"]
    flat_names = [ax.text(0.99, 0, "flat", **_WORDS, ha="right") for _ in flat]
    for name in flat_names:
        name.set(transform=ax.get_yaxis_transform(), color=style.ZONE_INKS[measures.FLAT])
    bars = ax.vlines([], [], [], color=style.INK, linewidth=4)
    medians = ax.plot([], [], "o", color="white", markeredgecolor=style.INK, markersize=4)[0]
    slopes = [
        ax.text(0, _SLOPES, "", ha="center", va="center", fontsize=8) for _ in range(_NUMBERS)
    ]
    row_name = ax.text(0, _SLOPES, "slope f′ (rms)", **_WORDS)
    note_above(ax, text="bar: 10–90 % of z; dot: median")
    reach = [ax.text(0, 0.9 * end, "", **_WORDS) for end in (-_FAR, _FAR)]
    ax.set(ylim=(-_FAR, 1.2 * _FAR), ylabel="pre-activation z", yticks=[-6, -3, 0, 3, 6])
    ax.set_xlabel(LAYERS, **AT_LEFT)

    def draw(signal) -> str:
        last = max(most_layers, signal.depth)
        layers_axis(ax, last=last)
        low, middle, high = np.median(signal.pre_activation_percentiles, axis=0).T
        numbers = np.arange(1, signal.depth + 1)
        ends = np.clip([low, high], -_FAR, _FAR)
        bars.set_segments(np.stack([np.stack([numbers, end], axis=1) for end in ends], axis=1))
        medians.set_data(numbers, np.clip(middle, -_FAR, _FAR))
        _show_flat(flat, flat_names, signal.activation)
        _show_slopes(slopes, signal, last)
        row_name.set_x(signal.depth + 0.045 * last)
        for text, said in zip(reach, _beyond(low.min(), high.max()), strict=True):
            text.set(x=signal.depth + 0.035 * last, text=said)
        return _law_in_words(signal)

    return draw


def _show_flat(areas: list[Rectangle], names: list[Text], activation: str) -> None:
    """Shade the flat parts of the axis, and name those with room for a word."""
    intervals = [i for i in measures.zone_intervals(activation) if i.zone == measures.FLAT]
    edges = [np.clip((i.start, i.stop), -_FAR, _FAR) for i in intervals]
    edges += [np.zeros(2)] * (len(areas) - len(edges))
    for area, name, (start, stop) in zip(areas, names, edges, strict=True):
        area.set(y=start, height=stop - start)
        name.set(y=(start + stop) / 2, visible=bool(stop - start > 0.1 * _FAR))


def _show_slopes(texts: list[Text], signal, last: int) -> None:
    """Write every layer's slope where there is room, else every second one's, and so on."""
    rms = np.sqrt(np.median(signal.mean_square_slope, axis=0))
    step = int(np.ceil(last / _NUMBERS))
    chosen = np.arange(signal.depth)[::-step]
    for text, layer in itertools.zip_longest(texts, chosen):
        text.set(x=0, text="")
        if layer is not None:
            text.set(x=layer + 1, text=f"{rms[layer]:.2f}".removeprefix("0"))


def _beyond(lowest: float, highest: float) -> tuple[str, str]:
    down = f"↓ −{words.power(-lowest)}" if lowest < -_FAR else ""
    return down, f"↑ {words.power(highest)}" if highest > _FAR else ""


def _law_in_words(signal) -> str:
    if signal.depth == 1:
        return "a single hidden layer: nothing to multiply"
    weights = signal.weight_factor
    slope = signal.factor / weights if weights else 0.0
    product = f"slope {slope:.2g} × weights {weights:.2g} = {signal.factor:.2g}"
    return f"{product} per layer on the way back"


_STACK = (measures.SPLITTING, measures.DEAD, measures.ALWAYS_ACTIVE)
_NAME_HEIGHTS = (0.16, 0.5, 0.84)
_BAR = 0.78
# The row of numbers above the bars.
_ROW, _MOST_NUMBERS = 1.07, 12


@drawing("Which units split the data, by layer?", size=(6.4, 4.0))
def plot_splitting_by_layer(layer, *, ax: Axes) -> Draw:
    """Draw the shares of each layer's units that split the data, are dead or always active.

    Dashes are the law of wide layers for those that split; numbers how many standard deviations
    data would have to be moved for units to see them alike. The frame is around the layer at hand.

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
    colors = [style.STATUS_COLORS[status] for status in _STACK]
    bars = [ax.add_collection(PolyCollection([], color=c, linewidth=0)) for c in colors]
    law = ax.plot([], [], "_", color=style.INK, markersize=9, markeredgewidth=2)[0]
    frame = ax.add_patch(Rectangle((0, 0), 0.96, 1, fill=False, linewidth=2, clip_on=False))
    frame.set_edgecolor(style.INK)
    numbers = [ax.text(0, _ROW, "", ha="center", **_WORDS) for _ in range(_MOST_NUMBERS)]
    names = [ax.text(0, _ROW, "as if moved by (σ)", **_WORDS)]
    for status, height, color in zip(_STACK, _NAME_HEIGHTS, colors, strict=True):
        names.append(ax.text(0, height, status, color=color, **_WORDS))
    names.append(ax.text(0, 0.07, "━ by law", **_WORDS))
    ax.set(ylim=(0, 1.14), yticks=np.linspace(0, 1, 5), ylabel="share of units")
    ax.set_xlabel(LAYERS, **AT_LEFT)

    def draw(layer) -> str:
        network = layer.network
        _show_layers(ax, network.depth, names)
        _stack(bars, [network.splitting_share, network.dead_share, network.always_active_share])
        law.set_data(np.arange(1, network.depth + 1), network.law_splitting_share)
        frame.set_x(layer.number - 0.48)
        _show_offsets(numbers, network.offsets_in_words())
        return network.first_and_last()

    return draw


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
