"""Drawings, by layer, of where pre-activations fall and which units split the data."""

from itertools import zip_longest

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnhelpers import measures, words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, LAYERS, Stacks, layers_axis, note_above
from nnhelpers.figures.drawn import Draw, drawing

# Ends of the axis of pre-activations, and the row of numbers above it.
_FAR, _SLOPES = 6.0, 6.6
_NUMBERS = 10
_WORDS = {"va": "center", "fontsize": 9}


@drawing("What goes forward", size=(6.8, 4.0))
def plot_signal_by_layer(signal, *, most_layers: int = 1, ax: Axes) -> Draw:
    """Draw where each hidden layer's pre-activations fall, on grey where the activation is flat.

    Bars are 10th to 90th percentiles, dots medians. The numbers above are the slopes' root mean
    squares, which with the weights give the law of the error signal. Shows a
    ``simulations.DepthSignal``; `most_layers` is that of `plot_variances`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, simulations
    >>> spec, circles = networks.MLPSpec(units=(8, 8)), datasets.load_circles()
    >>> plot_signal_by_layer(simulations.simulate_depth(spec, circles, draws=2)).ax.get_ylabel()
    'pre-activation z'
    """
    flat = [ax.axhspan(0, 0, color=style.ZONE_TINTS[measures.FLAT], linewidth=0) for _ in "123"]
    flat_names = [ax.text(0.99, 0, "flat", **_WORDS, ha="right") for _ in flat]
    for name in flat_names:
        name.set(transform=ax.get_yaxis_transform(), color=style.ZONE_INKS[measures.FLAT])
    bars = ax.vlines([], [], [], color=style.INK, linewidth=4)
    medians = ax.plot([], [], "o", color="white", markeredgecolor=style.INK, markersize=4)[0]
    looks = {"ha": "center", "va": "center", "fontsize": 8}
    slopes = [ax.text(0, _SLOPES, "", **looks) for _ in range(_NUMBERS)]
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
        rms = np.sqrt(np.median(signal.mean_square_slope, axis=0))
        chosen = range(signal.depth - 1, -1, -int(np.ceil(last / _NUMBERS)))
        _write_row(slopes, {i + 1: f"{rms[i]:.2f}".removeprefix("0") for i in chosen})
        row_name.set_x(signal.depth + 0.045 * last)
        for text, said in zip(reach, _beyond(low.min(), high.max()), strict=True):
            text.set(x=signal.depth + 0.035 * last, text=said)
        return _law_in_words(signal)

    return draw


def _write_row(texts: list[Text], said: dict[int, str]) -> None:
    """Write words at some layers; many layers leave no room for all."""
    for text, (layer, each) in zip_longest(texts, said.items(), fillvalue=(0, "")):
        text.set(x=layer, text=each)


def _show_flat(areas: list[Rectangle], names: list[Text], activation: str) -> None:
    """Shade the flat parts of the axis and name those that are large enough."""
    intervals = [i for i in measures.zone_intervals(activation) if i.zone == measures.FLAT]
    edges = [np.clip((i.start, i.stop), -_FAR, _FAR) for i in intervals]
    edges += [np.zeros(2)] * (len(areas) - len(edges))
    for area, name, (start, stop) in zip(areas, names, edges, strict=True):
        area.set(y=start, height=stop - start)
        name.set(y=(start + stop) / 2, visible=bool(stop - start > 0.1 * _FAR))


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


# Heights of the names of splitting, dead and always active units.
_NAME_HEIGHTS = (0.16, 0.5, 0.84)
# The row of numbers above the bars.
_ROW, _MOST_NUMBERS = 1.07, 12


@drawing("Which units split the data, by layer?", size=(6.4, 4.0))
def plot_splitting_by_layer(layer, *, ax: Axes) -> Draw:
    """Draw the shares of each layer's units that split the data, are dead or always active.

    Dashes are the law of wide layers for the splitting share. The numbers are equivalent offsets of
    the data in standard deviations. A frame marks the layer shown. Shows a
    ``simulations.LayerOffset``.

    Examples
    --------
    >>> from nnhelpers import figures, networks, simulations
    >>> spec = networks.MLPSpec(units=(20,) * 3)
    >>> figures.plot_splitting_by_layer(simulations.simulate_depth_offset(spec, draws=2).layer(1))
    3 relu layers of 20 units, glorot_uniform: layer 1, like centred data: 100% of units split
    the data, 0% dead, 0% always active
    """
    stacks = Stacks(ax, style.STATUS_COLORS.values())
    law = ax.plot([], [], "_", color=style.INK, markersize=9, markeredgewidth=2)[0]
    frame = ax.add_patch(Rectangle((0, 0), 0.96, 1, fill=False, linewidth=2, clip_on=False))
    frame.set_edgecolor(style.INK)
    numbers = [ax.text(0, _ROW, "", ha="center", **_WORDS) for _ in range(_MOST_NUMBERS)]
    names = [ax.text(0, _ROW, "as if moved by (σ)", **_WORDS)]
    names.append(ax.text(0, 0.07, "━ by law", **_WORDS))
    for height, (status, color) in zip(_NAME_HEIGHTS, style.STATUS_COLORS.items(), strict=True):
        names.append(ax.text(0, height, status, color=color, **_WORDS))
    ax.set(ylim=(0, 1.14), yticks=np.linspace(0, 1, 5), ylabel="share of units")
    ax.set_xlabel(LAYERS, **AT_LEFT)

    def draw(layer) -> str:
        network, depth = layer.network, layer.network.depth
        shares = network.splitting_share, network.dead_share, network.always_active_share
        step = int(np.ceil(depth / _MOST_NUMBERS))
        stacks.draw(np.array(shares))
        law.set_data(np.arange(1, depth + 1), network.law_splitting_share)
        frame.set_x(layer.number - 0.48)
        _write_row(numbers, dict(list(enumerate(network.offsets_in_words(), start=1))[::step]))
        ax.set_xlim(0.4, 1.4 * depth + 0.6)
        ax.set_xticks(range(1, depth + 1, step))
        for name in names:
            name.set_x(1.03 * depth + 0.6)
        return network.first_and_last()

    return draw
