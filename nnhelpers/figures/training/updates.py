"""A drawing of a training's first steps: how large updates are, compared with the weights."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from nnhelpers import words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, beyond, decades, end_name, note_above, place_names
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_LIMITS = (1e-8, 10.0)
_RULE_OF_THUMB = 1e-3
# Half a power of ten to either side: "around 1e-3" is all that the rule says.
_AROUND = np.sqrt(10)
# From the first layer to the last, so that neighbours look alike and ends do not.
_DEPTH_COLORS = LinearSegmentedColormap.from_list("depth", ["#7b4fb5", "#1b1b1b", "#8a6d00"])


@styled
def plot_update_ratios(history, *, ax: Axes | None = None) -> Drawn:
    """Draw rms(update) / rms(weight) of each kernel, with the band around 1/1,000.

    A ratio below the axis lies on its floor, and an arrow says how small its median is.

    Parameters
    ----------
    history : nnhelpers.training.UpdateHistory

    References
    ----------
    A. Karpathy, CS231n course notes, "Ratio of weights:updates",
    https://cs231n.github.io/neural-networks-3/#ratio.

    Examples
    --------
    >>> from nnhelpers import training
    >>> steps = {"epochs": np.array([1, 2]), "update_to_weight_ratio": np.full((2, 2), 1e-3)}
    >>> plot_update_ratios(training.UpdateHistory(activation="relu", optimizer="sgd", **steps))
    relu, sgd: median update to weight 0.001 in layer 1, 0.001 in the output layer
    """
    ax = new_axes(ax, width=6.6, height=4.0)
    subtitle = style.headline(ax, title="Update relative to the weights")
    ends = _RULE_OF_THUMB / _AROUND, _RULE_OF_THUMB * _AROUND
    ax.axhspan(*ends, color=style.ZONE_TINTS["useful"], linewidth=0, zorder=0)
    note_above(ax, text="band: rule of thumb, around 10⁻³", color=style.ZONE_INKS["useful"])
    decades(ax, which="y", limits=_LIMITS, step=2, plain=False)
    ax.set_ylabel("rms(update) / rms(weight)")
    ax.set_xlabel("step", **AT_LEFT)
    colors = [_DEPTH_COLORS(share) for share in np.linspace(0, 1, history.layers)]
    ratios = [_line(ax, layer, color) for layer, color in enumerate(colors)]
    names = [end_name(ax, color=color) for color in colors]

    def draw(history) -> None:
        last = int(history.epochs[-1])
        step = max(1, -(-last // 6))
        ax.set_xlim(0, 1.34 * last)
        ax.set_xticks(sorted({1, *range(step, last + 1, step)}))
        ends = []
        for layer, values in enumerate(history.update_to_weight_ratio.T):
            shown = np.isfinite(values)
            heights = np.clip(values[shown], *_LIMITS)
            ratios[layer].set_data(history.epochs[shown], heights)
            names[layer].set_text(_name(layer, history, values[shown]))
            ends.append((last, heights[-1] if len(heights) else _LIMITS[0]))
        place_names(dict(zip(names, ends, strict=True)))
        subtitle.set_text(_extremes_in_words(history.median))

    return Drawn(ax, draw, history)


def _line(ax: Axes, layer: int, color) -> Line2D:
    dashes, markers = style.SERIES_DASHES, style.SERIES_MARKERS
    line = ax.plot([], [], color=color, linestyle=dashes[layer % len(dashes)], linewidth=1.5)[0]
    line.set(marker=markers[layer % len(markers)], markersize=4, markevery=5)
    return line


def _name(layer: int, history, ratios: NDArray) -> str:
    name = "output" if layer == history.layers - 1 else f"layer {layer + 1}"
    if not len(ratios):
        return f"{name}: all zero"
    return name + beyond(np.median(ratios)[np.newaxis], limits=_LIMITS)


def _extremes_in_words(median: NDArray) -> str:
    known = median[np.isfinite(median)]
    if not len(known):
        return "all weights are zero"
    return f"medians from {words.power(known.min())} to {words.power(known.max())}"
