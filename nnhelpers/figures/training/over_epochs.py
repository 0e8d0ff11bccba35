"""Drawings of layers and of many networks over the epochs of training."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from nnhelpers import words
from nnhelpers.figures import axes, style
from nnhelpers.figures.axes import GRID_LINE
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.lines import Band, Course, Look, kind_look, place_bands

_TRAINING = {"linestyle": (0, (3, 2)), "linewidth": 1.8, "zorder": 2.1}
_MOMENTS = (-1.0, 2.0)
# To either side, the same for all pre-activations that are to be compared.
_REACH = 6.0
# Height that the name of the median takes above it (points).
_ROOM = 18
_LOSSES = (0.003, 30.0)
_IN_WORDS = {"mean": "mean", "spread": "deviation"}


def _name_kind(ax: Axes, *, batch_norm: bool) -> str:
    """Set the title of networks with batch norm, or of those without; return their color."""
    ax.set_title(f"With{'' if batch_norm else 'out'} batch norm")
    return kind_look(batch_norm).color


@drawing(size=(6.2, 3.8))
def plot_layer_moments(result, *, layer: int = -1, ax: Axes) -> Draw:
    """Draw mean and standard deviation of what leaves a layer, in inference and in training mode.

    What lies beyond the axis ends at its edge.

    Parameters
    ----------
    result : nnhelpers.training.LayerMoments
    layer : int
        0 is the first hidden layer, -1 the last.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> mode = SimpleNamespace(mean=np.zeros((2, 1)), spread=np.ones((2, 1)))
    >>> modes = {"inference": mode, "training": mode, "epochs": np.array([0, 9])}
    >>> plot_layer_moments(SimpleNamespace(**modes, summary=lambda: "normalized"))
    normalized
    """
    ax.set_title("What leaves the last layer" if layer == -1 else f"What leaves layer {layer + 1}")
    ax.set(xlabel="epoch", ylabel="of the outputs, mean of the units", ylim=_MOMENTS)
    for height in (0, 1):
        ax.axhline(height, **GRID_LINE)
    bands = {}
    for quantity, number in (("mean", 1), ("spread", 2)):
        look = Look(color=style.SERIES_COLORS[number], dash="-", width=2.2, font_size=10, gap=8)
        bands[quantity] = Band(ax, _IN_WORDS[quantity], look, law=_TRAINING)

    def draw(result) -> str:
        for quantity, band in bands.items():
            inference, training = (
                np.clip(getattr(mode, quantity)[:, layer], *_MOMENTS)
                for mode in (result.inference, result.training)
            )
            band.draw(Course(result.epochs, inference, law=training))
            band.end = result.epochs[-1], training[-1]
        place_bands(list(bands.values()), within=(0, 1))
        ax.set_xlim(0, result.epochs[-1])
        mean, spread = (words.decimal(getattr(result.inference, q)[-1, layer]) for q in bands)
        said = f"at the end mean {mean}, standard deviation {spread}"
        return f"solid: inference, {said}; dashed: training"

    return draw


@drawing(size=(5.2, 3.8))
def plot_percentiles(result, *, ax: Axes) -> Draw:
    """Draw the 15th, 50th and 85th percentile of one unit's pre-activation over training.

    What lies beyond the axis ends at its edge.

    Parameters
    ----------
    result : nnhelpers.training.PercentileHistory

    Examples
    --------
    >>> from nnhelpers import training
    >>> unit = {"layer": 0, "unit": 0, "batch_norm": True}
    >>> seen = {"epochs": np.array([0, 9]), "percentiles": np.array([[-1.0, 0, 1], [-2, 0, 2]])}
    >>> plot_percentiles(training.PercentileHistory(**unit, **seen))
    unit 1 of layer 1: the median moves by up to 0, the width from the 15th to the 85th
    percentile goes from 2 to 4
    """
    color = _name_kind(ax, batch_norm=result.batch_norm)
    ax.set(xlabel="epoch", ylabel="pre-activation of one unit", ylim=(-_REACH, _REACH))
    ax.axhline(0, **GRID_LINE)
    outer = [ax.plot([], [], color=color, linewidth=1.1)[0] for _ in range(2)]
    band = Band(ax, "", Look(color=color, dash="-", width=2.6, shade=0.16, opaque=False))
    # Names stand inside: the outer ones outside their lines, the median's above it.
    sides = (("15 %", -3, "top"), ("median", 3, "bottom"), ("85 %", 3, "bottom"))
    looks = {"ha": "right", "color": color, "fontsize": 9}
    names = [style.note(ax, name, (0, 0), offset=(-2, y), va=va, **looks) for name, y, va in sides]

    def draw(result) -> str:
        low, middle, high = levels = np.clip(result.percentiles, -_REACH, _REACH).T
        for line, heights in zip(outer, (low, high), strict=True):
            line.set_data(result.epochs, heights)
        band.draw(Course(result.epochs, middle, low, high))
        # Names stay inside the axes, whatever leaves them.
        ends = np.clip(levels[:, -1], -0.88 * _REACH, 0.88 * _REACH)
        for name, end in zip(names, ends, strict=True):
            name.xy = (result.epochs[-1], end)
        above = np.diff(ax.transData.transform([(0, end) for end in ends[1:]])[:, 1])
        names[1].set_visible(bool(above * 72 / ax.figure.dpi > _ROOM))
        ax.set_xlim(0, result.epochs[-1])
        unit = f"layer {result.layer + 1}, unit {result.unit + 1}"
        return f"{unit}: the median moves by up to {result.travel:.1f}"

    return draw


@drawing(size=(5.0, 3.6))
def plot_seed_losses(ensemble, *, level: float = 0.2, ax: Axes) -> Draw:
    """Draw the loss in training of every network as a thin line, the median as a thick one.

    What lies beyond the axis ends at its edge.

    Parameters
    ----------
    ensemble : nnhelpers.training.TrainingEnsemble
    level : float
        Loss below which a network counts as trained, drawn as a dashed line.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> runs = {"epochs": np.array([0, 9]), "loss_in_training": np.full((2, 2), 0.1), "draws": 2}
    >>> spec, fine = SimpleNamespace(normalized_layers=()), np.zeros(2, dtype=bool)
    >>> two = SimpleNamespace(**runs, spec=spec, diverged=fine, summary=lambda: "both learned")
    >>> plot_seed_losses(two)
    both learned
    """
    color = _name_kind(ax, batch_norm=bool(ensemble.spec.normalized_layers))
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
