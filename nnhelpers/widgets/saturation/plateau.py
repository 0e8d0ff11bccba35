"""A long plateau, epoch by epoch: the loss, and what leaves each layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ipywidgets import SelectionSlider

from nnhelpers import figures
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.scenes import Scene

if TYPE_CHECKING:
    from nnhelpers.training import LayerHistory, NetworkSnapshot, TrainingRun

# A loss below this share of a guess's has left the plateau.
_LEFT = 0.9


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """A run's history and the snapshot of it that is looked at."""

    history: LayerHistory
    snapshot: NetworkSnapshot

    @property
    def run(self) -> TrainingRun:
        return self.history.run

    def summary(self) -> str:
        index = list(self.run.epochs).index(self.snapshot.epoch)
        means = ", ".join(f"{mean:.1f}" for mean in self.history.mean[index])
        return f"epoch {self.snapshot.epoch:,}: mean activation of the layers {means}"


def explore_plateau(run: TrainingRun) -> Panel:
    """Scrub through a run of a deep sigmoid network: loss, layers and their activations.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training, widgets
    >>> run = training.train(networks.MLPSpec(), datasets.load_circles(), epochs=50)
    >>> list(widgets.explore_plateau(run).controls)
    ['epoch']
    """
    from nnhelpers import training

    history = training.layer_history(run)

    def compute(epoch: int) -> _Moment:
        return _Moment(history=history, snapshot=run.snapshot(list(run.epochs).index(epoch)))

    plot = figures.compose(
        "AAAAA.BBB;CCCCC.BBB",
        {
            "A": figures.plot_loss_at,
            "B": figures.part("snapshot", figures.plot_layer_activations),
            "C": figures.plot_layer_history,
        },
        size=(11.4, 6.0),
    )
    epochs = [(f"{epoch:,}", int(epoch)) for epoch in run.epochs]
    return connect(
        compute,
        plot,
        title="A plateau, epoch by epoch",
        scenes=_scenes(history),
        given={"seed": run.seed},
        epoch=SelectionSlider(options=epochs, value=int(run.epochs[0]), description="epoch"),
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
