"""Drawings of a training's first steps: how large updates are, compared with the weights."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from nnhelpers.figures import _layers, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_LOW, _HIGH = 1e-8, 10.0
_RULE_OF_THUMB = 1e-3
# Half a power of ten to either side: "around 1e-3" is all that the rule says.
_AROUND = np.sqrt(10)
# From the first layer to the last, so that neighbours look alike and ends do not.
_DEPTH_COLORS = LinearSegmentedColormap.from_list("depth", ["#7b4fb5", "#1b1b1b", "#8a6d00"])


@styled
def plot_update_ratios(history, *, ax: Axes | None = None) -> Drawn:
    """Draw rms(update) / rms(weight) of each kernel, with the band around 1/1,000.

    A ratio below the ruler lies on its floor, and an arrow says how small its median is.

    Parameters
    ----------
    history : nnhelpers.training.UpdateHistory

    References
    ----------
    A. Karpathy, CS231n course notes, "Ratio of weights:updates",
    https://cs231n.github.io/neural-networks-3/#ratio.
    """
    ax = new_axes(ax, width=6.6, height=4.0)
    subtitle = style.headline(ax, title="Update relative to the weights")
    ax.axhspan(
        _RULE_OF_THUMB / _AROUND, _RULE_OF_THUMB * _AROUND,
        color=style.ZONE_TINTS["useful"], linewidth=0, zorder=0,
    )  # fmt: skip
    ax.annotate(
        "band: rule of thumb, around 10⁻³", (1, 1), xycoords="axes fraction", xytext=(0, 26),
        textcoords="offset points", ha="right", fontsize=9, color=style.ZONE_INKS["useful"],
    )  # fmt: skip
    lines: list = []
    ax.set(yscale="log", ylim=(_LOW, _HIGH), ylabel="rms(update) / rms(weight)")
    ax.set_yticks(10.0 ** np.arange(-8, 2, 2))
    ax.minorticks_off()
    ax.set_xlabel("step", x=0, ha="left")

    def draw(history) -> None:
        while lines:
            lines.pop().remove()
        last = history.epochs[-1]
        ax.set_xlim(0, 1.34 * last)
        ax.set_xticks(_ticks(int(last)))
        names, ends = [], []
        for layer, ratios in enumerate(history.update_to_weight_ratio.T):
            color = _DEPTH_COLORS(layer / max(1, history.layers - 1))
            lines.append(_line(ax, layer, color))
            shown = np.isfinite(ratios)
            heights = np.clip(ratios[shown], _LOW, _HIGH)
            lines[-1].set_data(history.epochs[shown], heights)
            names.append(_layers.line_name(ax, color))
            names[-1].set_text(_name(layer, history, ratios[shown]))
            ends.append((last, heights[-1] if len(heights) else _LOW))
        _layers.place_names(names, ends)
        lines.extend(names)
        subtitle.set_text(_extremes_in_words(history.median))

    return Drawn(ax, draw, history)


def _line(ax: Axes, layer: int, color):
    dashes, markers = style.SERIES_DASHES, style.SERIES_MARKERS
    line = ax.plot([], [], color=color, linestyle=dashes[layer % len(dashes)], linewidth=1.5)[0]
    line.set(marker=markers[layer % len(markers)], markersize=4, markevery=5)
    return line


def _name(layer: int, history, ratios: NDArray) -> str:
    name = "output" if layer == history.layers - 1 else f"layer {layer + 1}"
    if not len(ratios):
        return f"{name}: all zero"
    return name + _layers.beyond(np.median(ratios)[np.newaxis], low=_LOW, high=_HIGH)


def _ticks(last: int) -> list[int]:
    step = max(1, -(-last // 6))
    return sorted({1, *range(step, last + 1, step)})


def _extremes_in_words(median: NDArray) -> str:
    known = np.flatnonzero(np.isfinite(median))
    if not len(known):
        return "all weights are zero"
    least, most = (int(known[pick(median[known])]) for pick in (np.argmin, np.argmax))
    ends = [_layers.power(median[layer]) for layer in (least, most)]
    return f"medians from {ends[0]} to {ends[1]}"
