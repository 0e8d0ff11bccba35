"""A drawing of a training's first steps: how large updates are, compared with the weights."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.text import Text
from numpy.typing import NDArray

from nnhelpers import words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, beyond, decades, end_name, note_above, place_names
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_LIMITS = (1e-8, 10.0)
_RULE_OF_THUMB = 1e-3
# Half a power of ten to either side: "around 1e-3" is all that the rule says.
_AROUND = np.sqrt(10)
# From the first layer, pale, to the output, dark.
_DEPTH_COLORS = LinearSegmentedColormap.from_list("depth", ["#b79ad9", "#7b4fb5", "#24123d"])
_BAND = "#ececec"


@styled
def plot_update_ratios(history, *, ax: Axes | None = None) -> Drawn:
    """Draw rms(update) / rms(weight) of each kernel, with the band around 1/1,000.

    The deeper the layer, the darker its line; each carries its number. A ratio below the axis
    lies on its floor, and an arrow says how small its median is.

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
    ax.axhspan(*ends, color=_BAND, linewidth=0, zorder=0)
    note_above(ax, text="band: rule of thumb, around 10⁻³", color=style.QUIET)
    decades(ax, which="y", limits=_LIMITS, step=2, plain=False)
    ax.set_ylabel("rms(update) / rms(weight)")
    ax.set_xlabel("step", **AT_LEFT)
    colors = [_DEPTH_COLORS(share) for share in np.linspace(0, 1, history.layers)]
    ratios = [ax.plot([], [], color=color, linewidth=1.5)[0] for color in colors]
    numbers = [_number(ax, color) for color in colors]
    names = [end_name(ax, color=color) for color in colors]

    def draw(history) -> None:
        last = int(history.epochs[-1])
        step = max(1, -(-last // 6))
        ax.set_xlim(0, 1.34 * last)
        ax.set_xticks(sorted({1, *range(step, last + 1, step)}))
        ends = []
        for layer, values in enumerate(history.update_to_weight_ratio.T):
            shown = np.isfinite(values)
            epochs, heights = history.epochs[shown], np.clip(values[shown], *_LIMITS)
            ratios[layer].set_data(epochs, heights)
            _place(numbers[layer], epochs, heights, share=(layer + 0.5) / history.layers)
            numbers[layer].set_text(_short_name(layer, history))
            names[layer].set_text(_name(layer, history, values[shown]))
            ends.append((last, heights[-1] if len(heights) else _LIMITS[0]))
        place_names(dict(zip(names, ends, strict=True)))
        subtitle.set_text(_extremes_in_words(history.median))

    return Drawn(ax, draw, history)


def _number(ax: Axes, color) -> Text:
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    looks = {"ha": "center", "va": "center", "fontsize": 9, "color": color, "bbox": paper}
    return ax.text(1, _RULE_OF_THUMB, "", clip_on=False, **looks)


def _place(number: Text, epochs: NDArray, heights: NDArray, *, share: float) -> None:
    """Put a number on its line, after a share of its steps; away where there is no line."""
    number.set_visible(len(epochs) > 0)
    if len(epochs):
        at = int(share * len(epochs))
        number.set_position((epochs[at], heights[at]))


def _short_name(layer: int, history) -> str:
    return "out" if layer == history.layers - 1 else str(layer + 1)


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
