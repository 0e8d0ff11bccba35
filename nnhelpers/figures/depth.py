"""Drawings of deep networks: what goes forward through the layers, and what comes back."""

import itertools
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnhelpers import measures
from nnhelpers.figures import _layers, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_WEIGHTS = style.SERIES_COLORS[3]
# The ruler of pre-activations, and the row of numbers above it.
_FAR, _ROW = 6.0, 6.6
_NUMBERS = 10
_WORDS = {"va": "center", "fontsize": 9}


@styled
def plot_gradient_by_layer(signal, *, most_layers: int = 1, ax: Axes | None = None) -> Drawn:
    """Draw what comes back to each hidden layer: the error signal, and the gradient of weights.

    Dots and squares are medians over the networks, the bands reach from the 10th to the 90th
    percentile. The dashed line starts from the last layer's dot and multiplies, layer by layer,
    by the slopes and weights on the way. What lies beyond the ruler is written beside an arrow.

    Parameters
    ----------
    signal : nnhelpers.simulations.DepthSignal
    most_layers : int
        On the ruler, so that a slider over the depth does not move it; always as many as shown.
    """
    ax = new_axes(ax, width=6.8, height=4.0)
    subtitle = style.headline(ax, title="What comes back")
    law = ax.plot([], [], color=style.INK, linestyle=(0, (4, 2)), linewidth=1.3)[0]
    _corner_note(ax).set_text("dashed: slopes × weights; bands: 10–90 %")
    series = [
        _layers.Series(ax, "∂loss/∂z", "o", color=style.INK, line=""),
        _layers.Series(ax, "∂loss/∂w", "s", color=_WEIGHTS, line="-"),
    ]
    _layers.show_gradients(ax)

    def draw(signal) -> None:
        _layers.show_layers(ax, max(most_layers, signal.depth))
        for one, values in zip(series, (signal.delta_rms, signal.kernel_gradient_rms), strict=True):
            one.draw(values)
        law.set_data(np.arange(1, signal.depth + 1), _layers.spread(signal.law)[1])
        _layers.place_names([one.name for one in series], [one.end for one in series])
        subtitle.set_text(signal.verdict())

    return Drawn(ax, draw, signal)


@styled
def plot_gradients(signals: Mapping[str, object], *, ax: Axes | None = None) -> Drawn:
    """Draw the gradient of the weights by layer, one line for each of up to six settings.

    Parameters
    ----------
    signals : dict of str to nnhelpers.simulations.DepthSignal

    Raises
    ------
    ValueError
        If there is no signal, or more than there are inks.
    """
    most = len(style.SERIES_COLORS)
    if not 1 <= len(signals) <= most:
        raise ValueError(f"signals must hold 1 to {most} results, got {len(signals)}")
    ax = new_axes(ax, width=7.2, height=4.2)
    subtitle = style.headline(ax, title="Which layers get a gradient?")
    looks = zip(
        signals, style.SERIES_MARKERS, style.SERIES_COLORS, style.SERIES_DASHES, strict=False
    )
    series = [
        _layers.Series(ax, name, marker, color=color, line=dash)
        for name, marker, color, dash in looks
    ]
    _layers.show_gradients(ax)
    ax.set_ylabel("gradient of a weight (root mean square)")
    note = _corner_note(ax)

    def draw(signals) -> None:
        _layers.show_layers(ax, max(signal.depth for signal in signals.values()))
        for one, signal in zip(series, signals.values(), strict=True):
            one.draw(signal.kernel_gradient_rms)
        _layers.place_names([one.name for one in series], [one.end for one in series])
        draws = min(signal.draws for signal in signals.values())
        note.set_text(f"bands: 10–90 % of {draws:,} networks")
        least = min(signals, key=lambda name: np.median(signals[name].kernel_ratio))
        subtitle.set_text(f"{least}: {signals[least].verdict()}")

    return Drawn(ax, draw, signals)


@styled
def plot_signal_by_layer(signal, *, most_layers: int = 1, ax: Axes | None = None) -> Drawn:
    """Draw where each hidden layer's pre-activations fall, on paper that is grey where f is flat.

    Bars reach from the 10th to the 90th percentile, with a dot at the median. The numbers above
    are the slopes' root mean squares: with the weights they make the law for the error signal.

    Parameters
    ----------
    signal : nnhelpers.simulations.DepthSignal
    most_layers : int
        On the ruler, so that a slider over the depth does not move it; always as many as shown.
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
    _corner_note(ax).set_text("bar: 10–90 % of z; dot: median")
    reach = [ax.text(0, 0.9 * end, "", **_WORDS) for end in (-_FAR, _FAR)]
    ax.set(ylim=(-_FAR, 1.2 * _FAR), ylabel="pre-activation z", yticks=[-6, -3, 0, 3, 6])
    _layers.name_layers(ax)

    def draw(signal) -> None:
        last = max(most_layers, signal.depth)
        _layers.show_layers(ax, last)
        low, middle, high = np.median(signal.pre_activation_percentiles, axis=0).T
        numbers = np.arange(1, signal.depth + 1)
        ends = np.clip([low, high], -_FAR, _FAR)
        bars.set_segments(np.stack([np.stack([numbers, end], axis=1) for end in ends], axis=1))
        medians.set_data(numbers, np.clip(middle, -_FAR, _FAR))
        _show_flat(flat, flat_names, signal.activation)
        _show_slopes(slopes, signal, last)
        row_name.set_x(signal.depth + 0.045 * last)
        for text, words in zip(reach, _beyond(low.min(), high.max()), strict=True):
            text.set(x=signal.depth + 0.035 * last, text=words)
        subtitle.set_text(_law_in_words(signal))

    return Drawn(ax, draw, signal)


def _show_flat(areas: list[Rectangle], names: list[Text], activation: str) -> None:
    """Shade the flat parts of the ruler, and name those with room for a word."""
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
    down = f"↓ −{_layers.power(-lowest)}" if lowest < -_FAR else ""
    return down, f"↑ {_layers.power(highest)}" if highest > _FAR else ""


def _law_in_words(signal) -> str:
    if signal.depth == 1:
        return "a single hidden layer: nothing to multiply"
    slope, weights = signal.factor / signal.weight_factor, signal.weight_factor
    product = f"slope {slope:.2g} × weights {weights:.2g} = {signal.factor:.2g}"
    return f"{product} per layer on the way back"


def _corner_note(ax: Axes) -> Text:
    return ax.annotate(
        "", (1, 1), xytext=(0, 26), ha="right", fontsize=9,
        xycoords="axes fraction", textcoords="offset points",
    )  # fmt: skip
