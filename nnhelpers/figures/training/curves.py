"""Drawings of the loss of one network and of the training of many."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from nnhelpers.figures import style
from nnhelpers.figures.axes import level
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.figures.lines import Band, Course, Look, draw_bands, place_bands, series
from nnhelpers.measures import Curve

# These lines have larger names and transparent bands.
_LOOK = {"width": 2, "marker_size": 5, "shade": 0.12, "opaque": False, "font_size": 10, "gap": 8}


@drawing("Loss", size=(4.6, 3.4))
def plot_loss(run, *, ax: Axes) -> Draw:
    """Draw one network's loss, with the loss of guessing; shows a ``training.TrainingRun``.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=9)
    >>> plot_loss(run).ax.get_ylabel()
    'cross-entropy'
    """
    return _loss(run, ax)


def _loss(run, ax: Axes) -> Draw:
    chance = float(np.log(max(2, run.spec.n_outputs)))
    line = ax.plot([], [], color=style.INK)[0]
    level(ax, height=chance, name=f"chance: ln {max(2, run.spec.n_outputs)}")
    ax.set(xlabel="epoch", ylabel="cross-entropy", ylim=(0, 1.25 * chance))

    def draw(run) -> str:
        line.set_data(run.epochs, run.loss)
        ax.set_xlim(0, max(1, run.epochs[-1]))
        if run.diverged:
            return f"diverged at step {run.diverged_step:,}" if run.diverged_step else "diverged"
        return f"after {run.epochs[-1]:,} epochs: {run.loss[-1]:.2f}"

    return draw


@drawing("Loss", size=(4.6, 3.4))
def plot_loss_at(moment, *, ax: Axes) -> Draw:
    """Draw one network's loss with a dot at one epoch; `moment` has a ``run`` and its ``snapshot``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=9)
    >>> end = SimpleNamespace(run=run, snapshot=run.snapshot(), summary=lambda: "at the end")
    >>> plot_loss_at(end)
    at the end
    """
    draw_loss = _loss(moment.run, ax)
    dot = ax.plot([], [], "o", color=style.INK, markersize=8, clip_on=False)[0]

    def draw(moment) -> str:
        said = draw_loss(moment.run)
        epoch, loss = moment.snapshot.epoch, moment.snapshot.loss
        dot.set_data([epoch], [loss])
        return f"epoch {epoch:,}: {loss:.2f}" if np.isfinite(loss) else said

    return draw


@redrawing()
def plot_ensembles(ensembles: Mapping[str, object], *, quantity: str = "accuracy", ax: Axes) -> str:
    """Draw the median over many networks with a band from the 10th to the 90th percentile.

    Shows a dict of str to ``training.TrainingEnsemble``; raises ``ValueError`` unless the quantity
    is "accuracy" or "loss".

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> runs = {"epochs": np.array([0, 9]), "loss": np.ones((2, 2)), "draws": 2}
    >>> two = SimpleNamespace(**runs, diverged_share=0, summary=lambda: "at 1")
    >>> plot_ensembles({"two networks": two}, quantity="loss")
    two networks: at 1
    """
    if quantity not in ("accuracy", "loss"):
        raise ValueError(f"quantity must be 'accuracy' or 'loss', got {quantity!r}")
    lines = {}
    for i, (name, ensemble) in enumerate(ensembles.items()):
        look = Look(**series(i) | {"marker": ""}, **_LOOK)
        lines[name] = look, Course.of_networks(ensemble.epochs, getattr(ensemble, quantity))
    every = ensembles.values()
    ax.set(title=f"Training {quantity}", xlim=(0, max(e.epochs[-1] for e in every)))
    ax.set(xlabel="epoch", ylabel=f"training {quantity}")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if quantity == "accuracy":
        binary = all(ensemble.spec.n_outputs == 1 for ensemble in every)
        ax.set_ylim(0.4 if binary else 0, 1.02)
    else:
        ax.set(yscale="log", ylim=(0.01, 30), ylabel="training loss (each step: 10 times)")
    draw_bands(ax, lines=lines, within=(0, 1))
    lost = max(ensemble.diverged_share for ensemble in every)
    left = f", up to {lost:.0%} diverged and left out" if lost else ""
    draws = min(ensemble.draws for ensemble in every)
    return f"median and 10th to 90th percentile of {draws:,} networks{left}"


@drawing("Many seeds", size=(4.6, 3.4))
def plot_seeds(ensemble, *, reference: float, ax: Axes) -> Draw:
    """Draw every network's final accuracy: a black dot above the dashed `reference`, else a cross.

    Shows a ``training.TrainingEnsemble``; None, during training, dims the last marks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ends = {"final_accuracy": np.array([0.6, 0.9]), "diverged_share": 0, "draws": 2}
    >>> two = SimpleNamespace(**ends, share_above=lambda level: 0.5, summary=lambda: "one learned")
    >>> plot_seeds(two, reference=0.7)
    one learned
    """
    above = ax.plot([], [], "o", color=style.INK, markersize=3.5)[0]
    below = ax.plot([], [], "x", color=style.STATUS_COLORS["dead"], markersize=3.5)[0]
    ax.axvline(reference, color=style.INK, linestyle=(0, (4, 3)), linewidth=1.4)
    style.bare(ax)
    ax.spines["bottom"].set_visible(True)
    ax.set(xlim=(0.4, 1.02), ylim=(-0.03, 1.03), xticks=[0.4, 0.6, 0.8, 1.0])
    ax.set_xlabel("accuracy; dashed: the best straight line")

    def draw(ensemble) -> str:
        for dots in (above, below):
            dots.set_alpha(0.15 if ensemble is None else 1)
        if ensemble is None:
            return "training …"
        accuracy = ensemble.final_accuracy
        heights = (np.arange(len(accuracy)) * 0.618034) % 1
        learned = accuracy > reference
        above.set_data(accuracy[learned], heights[learned])
        below.set_data(accuracy[~learned], heights[~learned])
        diverged = ensemble.diverged_share
        lost = f", {diverged:.0%} diverged" if diverged else ""
        share = ensemble.share_above(reference)
        return f"{share:.0%} of {ensemble.draws:,} beat the best line{lost}"

    return draw


@redrawing(size=(6.6, 3.9))
def plot_curves(curves: Mapping[str, Curve], *, ax: Axes) -> str:
    """Draw named curves with bands of two standard errors to each side.

    Shows a dict of str to ``measures.Curve``.

    Examples
    --------
    >>> from nnhelpers import measures
    >>> numbers = dict.fromkeys(("x", "y", "standard_error"), np.array([0.1, 0.9]))
    >>> words = dict.fromkeys(("title", "caption", "x_label", "y_label"), "learned")
    >>> plot_curves({"four units": measures.Curve(**numbers, **words)})
    four units: learned 10% at 0.1, 90% at 0.9
    """
    first, *_ = every = list(curves.values())
    x, y = (np.concatenate([getattr(curve, name) for curve in every]) for name in "xy")
    ax.set(title=first.title, xlabel=first.x_label, ylabel=first.y_label)
    if first.x_logarithmic:
        ax.set_xscale("log", base=2)
        ax.set_xticks(first.x, labels=[f"{place:g}" for place in first.x])
    ax.set_xlim(x.min(), x.max())
    if first.logarithmic:  # whole powers of ten around all curves
        lowest, highest = np.floor(np.log10([y.min(), y.max()]))
        ax.set(yscale="log", ylim=(10**lowest, 10 ** (highest + 1)))
    else:
        ax.set_ylim(-0.02, 1.02)
        ax.yaxis.set_major_formatter(PercentFormatter(1))
    bands = []
    for i, (name, curve) in enumerate(curves.items()):
        error = 2 * curve.standard_error
        bands.append(Band(ax, name, Look(**series(i) | _LOOK), clipped=False))
        bands[-1].draw(Course(curve.x, curve.y, curve.y - error, curve.y + error))
    place_bands(bands, within=(0, 1))
    return first.caption
