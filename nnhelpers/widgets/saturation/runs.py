"""Panels of runs: units that die, trained anew at every move, and a plateau epoch by epoch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from ipywidgets import FloatSlider

from nnhelpers import datasets, figures, networks, training
from nnhelpers.datasets import Dataset
from nnhelpers.training import LayerHistory, TrainingEnsemble, TrainingRun, UnitHistory
from nnhelpers.widgets._panel.controls import choice, epoch_slider, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_EXAMPLES = 600
_UNITS = (50, 50)
_EPOCHS = 15
_BATCH = 50
_SEEDS = 20
# Few enough that a move never waits long for the seeds of the last one.
_SEEDS_AT_ONCE = 10
_RATES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0]
_CLAIMED = 0.4


@dataclass(frozen=True, kw_only=True)
class _Dying:
    """A freshly trained network, its units' history, and the same settings over many seeds."""

    run: TrainingRun
    history: UnitHistory
    ensemble: TrainingEnsemble | None

    def summary(self) -> str:
        said = f"{self.history.summary()}; {self.run.summary()}"
        if self.ensemble is None:
            return said
        return f"{said}; {self.ensemble.summary()}"


def explore_dying_units() -> Panel:
    """Retrain a network at every move: every unit's activity, the loss, and many seeds.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_dying_units().controls)
    ['learning_rate', 'momentum', 'activation', 'seed']
    """
    # The first digits, pixels between 0 and 1: enough to train on while a slider moves.
    digits = datasets.rescale(datasets.take(datasets.load_digits(), _EXAMPLES), 1 / 16)
    plots = {
        "A": figures.part("history", figures.plot_unit_history),
        "B": figures.part("run", figures.plot_loss),
        "C": figures.part("ensemble", partial(figures.plot_dead_shares, claimed=_CLAIMED)),
    }
    return connect(
        partial(_retrain, digits),
        figures.compose("AAAA.BBB;AAAA.CCC", plots, size=(11.4, 6.6)),
        refine=_train_seeds,
        title="Units that die, the network retrained as you move",
        scenes=_DYING_SCENES,
        learning_rate=scale(0.05, _RATES, "learning rate"),
        momentum=FloatSlider(value=0.9, min=0, max=0.9, step=0.1, description="momentum"),
        activation=choice("relu", ["relu", "leaky_relu", "elu"], "activation"),
        seed=seed_slider(),
    )


_DYING_SCENES = (
    Scene(
        name="small steps", caption="about one unit in ten ends up dead, and every network learns"
    ),
    Scene(
        name="large steps",
        caption="nearly half of the units die, most of them in layer 1; most networks still learn",
        settings={"learning_rate": 0.3},
    ),
    Scene(
        name="too large steps",
        caption="nearly every unit dies, and the network only guesses",
        settings={"learning_rate": 0.7},
    ),
    Scene(
        name="large, without momentum",
        caption="the same learning rate kills hardly any unit when momentum does not add to it",
        settings={"learning_rate": 0.3, "momentum": 0.0},
    ),
    Scene(
        name="large, leaky ReLU",
        caption="few units fall silent; instead many networks diverge",
        settings={"learning_rate": 0.3, "activation": "leaky_relu"},
    ),
)


def _settings(activation: str, momentum: float, learning_rate: float) -> dict[str, Any]:
    return {
        "spec": networks.MLPSpec(units=_UNITS, activation=activation, n_outputs=10),
        "optimizer": training.sgd(momentum=momentum),
        "learning_rate": learning_rate,
        "epochs": _EPOCHS,
        "batch_size": _BATCH,
    }


def _retrain(digits: Dataset, *, seed: int, **controls: Any) -> _Dying:
    run = training.train(dataset=digits, seed=seed, snapshots=_EPOCHS, **_settings(**controls))
    return _Dying(run=run, history=training.unit_history(run), ensemble=None)


def _train_seeds(result: _Dying, *, seed: int, **controls: Any) -> Iterator[_Dying]:
    """Train the seeds of the same settings, a few at a time."""
    parts = []
    for first_seed in range(0, _SEEDS, _SEEDS_AT_ONCE):
        part = training.train_many(
            dataset=result.run.dataset,
            draws=_SEEDS_AT_ONCE,
            seed=first_seed,
            **_settings(**controls),
        )
        parts.append(part)
        yield replace(result, ensemble=training.join(parts))


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
