"""A long plateau, epoch by epoch: the loss, and what leaves each layer."""

from types import SimpleNamespace

import numpy as np

from nnhelpers import figures, training
from nnhelpers.training import LayerHistory, TrainingRun
from nnhelpers.widgets._panel.controls import epoch_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

# A loss below this share of a guess's has left the plateau.
_LEFT = 0.9


def explore_plateau(run: TrainingRun) -> Panel:
    """Scrub through a run of a deep sigmoid network: loss, layers and their activations.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training, widgets
    >>> run = training.train(networks.MLPSpec(), datasets.load_circles(), epochs=50)
    >>> list(widgets.explore_plateau(run).controls)
    ['epoch']
    """
    history = training.layer_history(run)

    def compute(epoch: int) -> SimpleNamespace:
        index = list(run.epochs).index(epoch)
        means = ", ".join(f"{mean:.1f}" for mean in history.mean[index])
        words = f"epoch {epoch:,}: mean activation of the layers {means}"
        moment = {"run": run, "snapshot": run.snapshot(index), "history": history}
        return SimpleNamespace(**moment, summary=lambda: words)

    plots = {
        "A": figures.plot_loss_at,
        "B": figures.part("snapshot", figures.plot_layer_activations),
        "C": figures.plot_layer_history,
    }
    return connect(
        compute,
        figures.compose("AAAAA.BBB;CCCCC.BBB", plots, size=(11.4, 6.0)),
        title="A plateau, epoch by epoch",
        scenes=_scenes(history),
        given={"seed": run.seed},
        epoch=epoch_slider(run),
    )


def _scenes(history: LayerHistory) -> list[Scene]:
    """One scene for each stage of the run; a run that stays on its plateau has no way out."""
    epochs, last = history.run.epochs, len(history.run.epochs) - 1
    left = np.flatnonzero(history.run.loss < _LEFT * np.log(history.run.spec.n_outputs))
    escape = int(left[0]) if len(left) else last
    stages = {
        0: (
            "untrained",
            "the deeper the layer, the less its activations differ between examples (see the ±)",
        ),
        int(history.mean[: escape + 1, -1].argmin()): (
            "saturated",
            "where the last layer's mean activation is lowest",
        ),
        escape: ("the way out", "where the loss has just left the level of guessing"),
        last: ("the end", "after the last epoch"),
    }
    return [
        Scene(name=name, caption=caption, settings={"epoch": int(epochs[index])})
        for index, (name, caption) in stages.items()
    ]
