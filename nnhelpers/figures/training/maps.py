"""Drawings of many trained networks: by depth and gain, by width, by dead units, and by loss."""

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import NullLocator, PercentFormatter
from numpy.typing import NDArray

from nnhelpers.figures import axes, style
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.figures.lines import kind_look

_ACCURACY = LinearSegmentedColormap.from_list("accuracy", ["#f3efe6", "#7fc4b5", "#00483c"])
_MOST_DOTS = 300
_MOST_NUMBERS = 24
_LOSSES = (0.003, 30.0)


@drawing("Which depths can be trained?", size=(7.4, 4.0))
def plot_depth_map(result, *, ax: Axes) -> Draw:
    """Draw the accuracy of trained networks over gain and depth, and the law's depth as a line.

    Colors start at the accuracy of guessing; maps of up to 24 cells show numbers. Shows a
    ``training.DepthMap``.

    Examples
    --------
    >>> from nnhelpers import training
    >>> axes = {"depths": np.array([2, 8]), "gains": np.array([0.5, 1.0])}
    >>> accuracy = np.array([[0.5, 0.9], [0.1, 0.8]])
    >>> plot_depth_map(training.DepthMap(**axes, accuracy=accuracy, networks=8, chance=0.1))
    8 networks of 2 to 8 layers; the deepest learn best near gain 1, 80%
    """
    gain_edges, depth_edges = _edges(result.gains), _edges(result.depths)
    ax.set(xscale="log", yscale="log")
    looks = {"cmap": _ACCURACY, "vmin": result.chance, "vmax": 1, "rasterized": True}
    image = ax.pcolormesh(gain_edges, depth_edges, result.accuracy, **looks)
    bar = ax.figure.colorbar(image, ax=ax, pad=0.02, format=PercentFormatter(1))
    bar.set_label("median accuracy")
    bar.outline.set_visible(False)
    ax.set(xlim=gain_edges[[0, -1]], ylim=depth_edges[[0, -1]])
    ax.set_xticks(result.gains[::2], labels=[f"{gain:.2g}" for gain in result.gains[::2]])
    ax.set_yticks(result.depths, labels=[str(depth) for depth in result.depths])
    ax.minorticks_off()
    ax.set(xlabel="gain of the initial kernels", ylabel="hidden layers")
    halo = ax.plot([], [], color="white", linewidth=4.5, solid_capstyle="round")[0]
    law = ax.plot([], [], color=style.INK, linewidth=2.2)[0]
    rows, columns = result.accuracy.shape
    legible = rows * columns <= _MOST_NUMBERS
    middles = itertools.product(result.depths, result.gains) if legible else ()
    look = {"ha": "center", "va": "center", "fontsize": 9}
    numbers = [ax.text(gain, depth, "", **look) for depth, gain in middles]

    def draw(result) -> str:
        image.set_array(result.accuracy)
        for number, accuracy in zip(numbers, result.accuracy.flat, strict=False):
            dark = accuracy > (1 + result.chance) / 2 + 0.2 * (1 - result.chance)
            number.set(text=f"{accuracy:.0%}", color="white" if dark else style.INK)
        known = result.law is not None
        for line in (halo, law):
            line.set_data(result.gains if known else [], result.law if known else [])
        said = ", black: depth that the law expects" if known else ""
        return f"{result.networks} networks{said}"

    return draw


@redrawing("Where does training end?", size=(6.8, 3.9))
def plot_losses_by_width(result, *, ax: Axes) -> str:
    """Draw the networks' final losses, a column for each width, with median and 5–95 %.

    Of each width 300 networks at most are drawn as dots. Shows a ``training.WidthLosses``.

    Examples
    --------
    >>> from nnhelpers import training
    >>> losses = np.array([0.1, 0.2]), np.array([0.05, 0.06])
    >>> plot_losses_by_width(training.WidthLosses(widths=(2, 16), loss=losses, diverged=0))
    final loss, 90 % of the networks: 0.1 to 0.2 with 2 units, 0.05 to 0.06 with 16
    """
    places, spans = np.arange(len(result.widths)), result.percentiles()
    looks = {"markersize": 2.6, "markeredgewidth": 0, "alpha": 0.35}
    for place, losses, (low, _, high) in zip(places, result.loss, spans, strict=True):
        shown = losses[:_MOST_DOTS]
        x = place + 0.08 + 0.3 * np.linspace(0, 1, len(shown))
        ax.plot(x, shown, "o", color=style.SERIES_COLORS[1], **looks)
        ax.plot([place - 0.12] * 2, [low, high], color=style.INK, linewidth=2.4)
    looks = {"markersize": 16, "markeredgewidth": 2.4}
    ax.plot(places - 0.12, spans[:, 1], "_", color=style.INK, **looks)
    ax.set_xticks(places, labels=[str(width) for width in result.widths])
    ax.set(xlim=(-0.6, len(places) - 0.4), yscale="log", ylim=(0.01, 1.2))
    ax.set(xlabel="hidden units", ylabel="loss at the end")
    ax.set_yticks([0.01, 0.03, 0.1, 0.3, 1], labels=["0.01", "0.03", "0.1", "0.3", "1"])
    ax.yaxis.set_minor_locator(NullLocator())
    left = f", {result.diverged} diverged" if result.diverged else ""
    return f"a dot for each network, black: median and 5 to 95 %{left}"


def _edges(middles):
    """Bounds of cells around given middles on a logarithmic axis."""
    between = np.sqrt(middles[1:] * middles[:-1])
    ends = middles[[0, -1]] ** 2 / between[[0, -1]]
    return np.concatenate([ends[:1], between, ends[1:]])


@drawing("Many seeds", size=(4.6, 3.4))
def plot_dead_shares(ensemble, *, claimed: float | None = None, ax: Axes) -> Draw:
    """Draw every network as a dot: its share of units that no example activates, and its accuracy.

    `claimed` is a share of dead units to compare with, dashed. Shows a
    ``training.TrainingEnsemble``; None, during training, dims the last dots.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ends = {"draws": 2, "final_accuracy": np.array([0.9, 0.1])}
    >>> dead = {"dead_share": lambda: np.array([0.2, 1.0]), "summary": lambda: "one is dead"}
    >>> plot_dead_shares(SimpleNamespace(**ends, **dead))
    one is dead
    """
    if claimed is not None:
        ax.axvline(claimed, color=style.QUIET, linestyle=(0, (4, 3)), linewidth=1.2)
        ax.text(claimed + 0.02, 0.02, "claimed", color=style.QUIET, fontsize=9)
    dots = ax.plot([], [], "o", color=style.INK, markersize=5, alpha=0.6)[0]
    ax.axhline(0.1, color=style.QUIET, linestyle=(0, (4, 3)), linewidth=1.2)
    ax.text(0, 0.12, "guessing", va="bottom", color=style.QUIET, fontsize=9)
    ax.set(xlim=(-0.03, 1.03), ylim=(0, 1.03), ylabel="accuracy")
    ax.set_xlabel("units that no example activates")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))

    def draw(ensemble) -> str:
        dots.set_alpha(0.15 if ensemble is None else 0.6)
        if ensemble is None:
            return "training …"
        dead = ensemble.dead_share()
        shown = np.isfinite(dead)
        dots.set_data(dead[shown], ensemble.final_accuracy[shown])
        return _dead_in_words(ensemble, dead[shown])

    return draw


def _dead_in_words(ensemble, dead: NDArray) -> str:
    lost = f"{ensemble.draws - len(dead)} of {ensemble.draws} networks diverged"
    if not len(dead):
        return lost
    median = f"median of {len(dead)} networks: {np.median(dead):.0%}"
    return f"median {np.median(dead):.0%}; {lost}" if len(dead) < ensemble.draws else median


@drawing(size=(5.0, 3.6))
def plot_seed_losses(ensemble, *, level: float = 0.2, ax: Axes) -> Draw:
    """Draw the loss in training of every network as a thin line, the median as a thick one.

    Losses are cut at the ends of the axis. Networks whose loss ends below the dashed `level` count
    as trained. Shows a ``training.TrainingEnsemble``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> runs = {"epochs": np.array([0, 9]), "loss_in_training": np.full((2, 2), 0.1), "draws": 2}
    >>> spec, fine = SimpleNamespace(normalized_layers=()), np.zeros(2, dtype=bool)
    >>> two = SimpleNamespace(**runs, spec=spec, diverged=fine, summary=lambda: "both learned")
    >>> plot_seed_losses(two)
    both learned
    """
    batch_norm = bool(ensemble.spec.normalized_layers)
    ax.set_title(f"With{'' if batch_norm else 'out'} batch norm")
    color = kind_look(batch_norm).color
    axes.decades(ax, which="y", limits=_LOSSES)
    ax.set(xlabel="epoch", ylabel="loss in training")
    axes.level(ax, height=level, color=style.QUIET)
    seeds = LineCollection([], colors=color, linewidths=0.9, alpha=0.4)
    ax.add_collection(seeds)
    middle = ax.plot([], [], color=color, linewidth=2.8)[0]

    def draw(ensemble) -> str:
        low, high = _LOSSES
        known = np.nan_to_num(ensemble.loss_in_training, nan=high, posinf=high)
        losses = np.clip(known, low, high)
        seeds.set_segments([np.column_stack([ensemble.epochs, loss]) for loss in losses])
        middle.set_data(ensemble.epochs, np.median(losses, axis=0))
        ax.set_xlim(0, ensemble.epochs[-1])
        trained = np.mean((ensemble.loss_in_training[:, -1] < level) & ~ensemble.diverged)
        lost = int(ensemble.diverged.sum())
        diverged = f", {lost} diverged" if lost else ""
        return f"{trained:.0%} of {ensemble.draws} seeds end below {level:g}{diverged}"

    return draw
