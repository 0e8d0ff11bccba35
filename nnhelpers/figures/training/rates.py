"""Drawings of which learning rates train, and of updates relative to the weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from nnhelpers import words
from nnhelpers.figures import axes, style
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.figures.lines import Band, Course, kind_look

# The lower dot is larger, so that both are visible where they overlap.
_DOT_SIZES = {False: 13, True: 8}


@drawing("Which learning rates train?", size=(7.2, 4.2))
def plot_rate_range(ranges: Mapping[str, Any], *, ax: Axes) -> Draw:
    """Draw the share of networks that train against the learning rate.

    Bands are two standard errors to each side; bars above cover the rates that train at least half
    of the networks. Shows a dict of str to ``training.RateRange`` of the same rates.

    Examples
    --------
    >>> from nnhelpers import training
    >>> counted = {"networks": 20, "level": 0.2, "epochs": 40, "batch_norm": True}
    >>> shares = {"share": np.array([0.9, 0.2]), "standard_error": np.array([0.1, 0.1])}
    >>> plot_rate_range({"one": training.RateRange(rates=np.array([1, 10]), **shares, **counted)})
    one: at least half of 20 networks train at rates from 1 to 1
    """
    return _shares(ranges, ax)


def _shares(ranges: Mapping[str, Any], ax: Axes) -> Draw:
    rates = next(iter(ranges.values())).rates
    axes.decades(ax, which="x", limits=(rates[0] / 1.15, rates[-1] * 1.15))
    ax.set(xlabel="learning rate", ylabel="share of networks that train", ylim=(-0.03, 1.28))
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    axes.level(ax, height=0.5)
    rows = enumerate(ranges.items())
    shares = [_Share(ax, name, 1.2 - 0.1 * i, batch_norm=one.batch_norm) for i, (name, one) in rows]

    def draw(ranges) -> str:
        for share, each in zip(shares, ranges.values(), strict=True):
            share.draw(each)
        one = next(iter(ranges.values()))
        known = [(name, each.largest) for name, each in ranges.items()]
        largest = ", ".join(f"{name} {rate:g}" if rate else f"{name} none" for name, rate in known)
        trained = f"loss below {one.level:g} after {one.epochs:,} epochs"
        return f"{trained}; largest that works: {largest}"

    return draw


@drawing("Which learning rates train?", size=(7.2, 4.2))
def plot_rate_choice(choice, *, ax: Axes) -> Draw:
    """Draw which learning rates train, with a dot for each kind of network at the chosen rate.

    `choice` has ``ranges`` as in `plot_rate_range` and their ``origin`` in words; a ``rate``, and
    ``shares``: dict of str to the share of networks that train at it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from nnhelpers import training
    >>> counted = {"networks": 20, "level": 0.2, "epochs": 40, "batch_norm": True}
    >>> shares = {"share": np.array([0.9, 0.2]), "standard_error": np.array([0.1, 0.1])}
    >>> ranges = {"one": training.RateRange(rates=np.array([1, 10]), **shares, **counted)}
    >>> at = {"rate": 1, "shares": {"one": 0.9}, "summary": lambda: "90% train"}
    >>> plot_rate_choice(SimpleNamespace(ranges=ranges, origin="by hand", **at))
    90% train
    """
    draw_shares = _shares(choice.ranges, ax)
    cursor = ax.axvline(1, zorder=0, color=style.RULE, linewidth=1.2)
    dots = {name: _dot(ax, each.batch_norm) for name, each in choice.ranges.items()}

    def draw(choice) -> str:
        draw_shares(choice.ranges)
        cursor.set_xdata([choice.rate] * 2)
        for name, dot in dots.items():
            dot.set_data([choice.rate], [choice.shares[name]])
        said = ", ".join(f"{name} {share:.0%}" for name, share in choice.shares.items())
        return f"large: these networks, {said}; curves: {choice.origin}"

    return draw


def _dot(ax: Axes, batch_norm: bool):
    look = kind_look(batch_norm)
    dot = ax.plot([], [], marker=look.marker, color=look.color, linestyle="", clip_on=False)[0]
    dot.set(markeredgecolor="white", markersize=_DOT_SIZES[batch_norm], zorder=4 + batch_norm)
    return dot


class _Share:
    """Shares with their band, and above them a named bar over the rates that work."""

    def __init__(self, ax: Axes, name: str, height: float, *, batch_norm: bool) -> None:
        look = kind_look(batch_norm, shade=0.14)
        self._name, self._height = name, height
        self._band = Band(ax, "", look)
        self._bar = ax.plot([], [], "|-", color=look.color, linewidth=5, markersize=11)[0]
        self._bar.set(solid_capstyle="butt", markeredgewidth=2.5)
        looks = {"color": look.color, "fontsize": 9.5, "va": "center"}
        self._words, self._largest = (ax.text(1, 1, "", **looks) for _ in range(2))

    def draw(self, result) -> None:
        """Show another range."""
        error = 2 * result.standard_error
        low, high = (np.clip(result.share + sign * error, 0, 1) for sign in (-1, 1))
        self._band.draw(Course(result.rates, result.share, low, high))
        known = result.largest is not None
        ends = result.working[[0, -1]] if known else []
        self._bar.set_data(ends, [self._height] * len(ends))
        if known:
            said = {"x": ends[0] / 1.25, "text": self._name, "ha": "right"}
        else:
            middle = np.sqrt(result.rates[0] * result.rates[-1])
            said = {"x": middle, "text": f"{self._name}: no rate works", "ha": "center"}
        self._words.set(y=self._height, **said)
        self._largest.set_text(f"up to {ends[1]:g}" if known else "")
        self._largest.set_position((1.25 * ends[1] if known else 1, self._height))


_LIMITS = (1e-8, 10.0)
_RULE_OF_THUMB = 1e-3
# Half a power of ten to either side; the rule says only "around 1e-3".
_AROUND = np.sqrt(10)
# From the first layer (pale) to the output (dark).
_DEPTH_COLORS = LinearSegmentedColormap.from_list("depth", ["#b79ad9", "#7b4fb5", "#24123d"])
_BAND = "#ececec"


@redrawing("Update relative to the weights", size=(6.6, 4.0))
def plot_update_ratios(history, *, ax: Axes) -> str:
    """Draw rms(update) / rms(weight) of each kernel, with a band around 1/1,000.

    The deeper the layer, the darker its line. Ratios beyond the axis are drawn at its end; a median
    beyond it is written with an arrow. Shows a ``training.UpdateHistory``.

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
    ends = _RULE_OF_THUMB / _AROUND, _RULE_OF_THUMB * _AROUND
    ax.axhspan(*ends, color=_BAND, linewidth=0, zorder=0)
    axes.note_above(ax, text="band: rule of thumb, around 10⁻³", color=style.QUIET)
    axes.decades(ax, which="y", limits=_LIMITS, step=2)
    last = int(history.epochs[-1])
    step = max(1, -(-last // 6))
    ax.set_xlim(0, 1.34 * last)
    ax.set_xticks(sorted({1, *range(step, last + 1, step)}))
    ax.set_ylabel("rms(update) / rms(weight)")
    ax.set_xlabel("step", **axes.AT_LEFT)
    ends = {}
    for layer, values in enumerate(history.update_to_weight_ratio.T):
        color = _DEPTH_COLORS(layer / max(1, history.layers - 1))
        shown = np.isfinite(values)
        epochs, heights = history.epochs[shown], np.clip(values[shown], *_LIMITS)
        ax.plot(epochs, heights, color=color, linewidth=1.5)
        if len(heights):
            _number(ax, layer, history, epochs, heights, color)
        name = axes.end_name(ax, color=color)
        name.set_text(_name(layer, history, values[shown]))
        ends[name] = last, heights[-1] if len(heights) else _LIMITS[0]
    axes.place_names(ends)
    return _extremes_in_words(history.median)


def _number(ax: Axes, layer: int, history, epochs: NDArray, heights: NDArray, color: tuple) -> None:
    """Write a layer's number on its line, each layer's at a different place along the axis."""
    at = int((layer + 0.5) / history.layers * len(epochs))
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    looks = {"ha": "center", "va": "center", "fontsize": 9, "color": color, "bbox": paper}
    words = "out" if layer == history.layers - 1 else str(layer + 1)
    ax.text(epochs[at], heights[at], words, clip_on=False, **looks)


def _name(layer: int, history, ratios: NDArray) -> str:
    name = "output" if layer == history.layers - 1 else f"layer {layer + 1}"
    if not len(ratios):
        return f"{name}: all zero"
    return name + axes.beyond(np.median(ratios)[np.newaxis], limits=_LIMITS)


def _extremes_in_words(median: NDArray) -> str:
    known = median[np.isfinite(median)]
    if not len(known):
        return "all weights are zero"
    return f"medians from {words.power(known.min())} to {words.power(known.max())}"
