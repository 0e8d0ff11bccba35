"""A drawing of where the pre-activations of deep networks fall."""

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnhelpers import measures, words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, LAYERS, layers_axis, note_above
from nnhelpers.figures.drawn import Drawn, new_axes, styled

# Ends of the axis of pre-activations, and the row of numbers above it.
_FAR, _ROW = 6.0, 6.6
_NUMBERS = 10
_WORDS = {"va": "center", "fontsize": 9}


@styled
def plot_signal_by_layer(signal, *, most_layers: int = 1, ax: Axes | None = None) -> Drawn:
    """Draw where each hidden layer's pre-activations fall, on grey where f is flat.

    Bars reach from the 10th to the 90th percentile, with a dot at the median. The numbers above
    are the slopes' root mean squares: with the weights they make the law for the error signal.

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
    ax = new_axes(ax, width=6.8, height=4.0)
    subtitle = style.headline(ax, title="What goes forward")
    flat = [ax.axhspan(0, 0, color=style.ZONE_TINTS[measures.FLAT], linewidth=0) for _ in "123"]
    flat_names = [ax.text(0.99, 0, "flat", **_WORDS, ha="right") for _ in flat]
    for name in flat_names:
        name.set(transform=ax.get_yaxis_transform(), color=style.ZONE_INKS[measures.FLAT])
    bars = ax.vlines([], [], [], color=style.INK, linewidth=4)
    medians = ax.plot([], [], "o", color="white", markeredgecolor=style.INK, markersize=4)[0]
    slopes = [ax.text(0, _ROW, "", ha="center", va="center", fontsize=8) for _ in range(_NUMBERS)]
    row_name = ax.text(0, _ROW, "slope f′ (rms)", **_WORDS)
    note_above(ax, text="bar: 10–90 % of z; dot: median")
    reach = [ax.text(0, 0.9 * end, "", **_WORDS) for end in (-_FAR, _FAR)]
    ax.set(ylim=(-_FAR, 1.2 * _FAR), ylabel="pre-activation z", yticks=[-6, -3, 0, 3, 6])
    ax.set_xlabel(LAYERS, **AT_LEFT)

    def draw(signal) -> None:
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
        subtitle.set_text(_law_in_words(signal))

    return Drawn(ax, draw, signal)


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
