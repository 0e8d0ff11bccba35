"""Panels on training runs of a notebook: epoch by epoch, example by example."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from ipywidgets import IntSlider

from nnhelpers import figures, training
from nnhelpers.training import LayerHistory, TrainingRun
from nnhelpers.widgets._panel.controls import choice, epoch_slider
from nnhelpers.widgets.connect import Panel, Scene, connect
from nnhelpers.widgets.explore.scenes import scenes_of


def explore_training(run: TrainingRun) -> Panel:
    """Scrub through a run: the boundary, the feature space and the loss side by side.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training, widgets
    >>> run = training.train(networks.MLPSpec(), datasets.load_circles(), epochs=50)
    >>> list(widgets.explore_training(run).controls)
    ['epoch']
    """

    def compute(epoch: int) -> SimpleNamespace:
        snapshot = run.snapshot(list(run.epochs).index(epoch))
        return SimpleNamespace(run=run, snapshot=snapshot, summary=snapshot.summary)

    plots = {
        "A": figures.part("snapshot", figures.plot_decision_boundary),
        "B": figures.part("snapshot", figures.plot_feature_space),
        "C": figures.plot_loss_at,
    }
    return connect(
        compute,
        figures.compose("ABC", plots, size=(11.4, 4.2)),
        title="One training, epoch by epoch",
        scenes=_training_scenes(run),
        given={"seed": run.seed},
        epoch=epoch_slider(run),
    )


def _training_scenes(run: TrainingRun) -> list[Scene]:
    last = len(run.epochs) - 1
    indices = (0, -(-last // 10), -(-last // 2), last)
    return _at(zip(indices, scenes_of("training"), strict=True), run)


def explore_examples(runs: Mapping[str, TrainingRun]) -> Panel:
    """Step through the examples of named runs: see which units each activates, before and after.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training, widgets
    >>> run = training.train(networks.MLPSpec(), datasets.load_circles(), epochs=50)
    >>> list(widgets.explore_examples({"raw": run}).controls)
    ['example', 'data']
    """

    def compute(data: str, example: int) -> SimpleNamespace:
        before, after = (runs[data].snapshot(at).example(example) for at in (0, -1))
        words = f"before: {before.summary()}; after: {after.summary()}"
        return SimpleNamespace(before=before, after=after, summary=lambda: words)

    diagram = figures.plot_network_activations
    plots = {
        "A": figures.part("after", figures.plot_example),
        "B": figures.part("before", figures.titled("Untrained", diagram)),
        "C": figures.part("after", figures.titled("Trained", diagram)),
    }
    last = min(run.dataset.n_examples for run in runs.values()) - 1
    return connect(
        compute,
        figures.compose("ABC", plots, size=(11.4, 4.2)),
        title="Which units does an example activate?",
        scenes=[scene for data, run in runs.items() for scene in _example_scenes(data, run)],
        given={"seeds": [run.seed for run in runs.values()]},
        example=IntSlider(value=0, min=0, max=last, description="example"),
        data=choice(next(iter(runs)), runs, "data"),
    )


def _example_scenes(data: str, run: TrainingRun) -> list[Scene]:
    """Make a scene of the first example of each class."""
    dataset = run.dataset
    firsts = sorted(int(np.argmax(dataset.y == label)) for label in range(dataset.n_classes))
    return [
        Scene(
            name=f"{data}, {dataset.class_names[dataset.y[first]]}",
            caption="which units does it activate, before and after training?",
            settings={"data": data, "example": first},
        )
        for first in firsts
    ]


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
        scenes=_plateau_scenes(history),
        given={"seed": run.seed},
        epoch=epoch_slider(run),
    )


def _plateau_scenes(history: LayerHistory) -> list[Scene]:
    """Make a scene of each stage; a run that stays on its plateau has no "way out"."""
    last = len(history.run.epochs) - 1
    left = np.flatnonzero(history.run.loss < _LEFT * np.log(history.run.spec.n_outputs))
    escape = int(left[0]) if len(left) else last
    saturated = int(history.mean[: escape + 1, -1].argmin())
    stages = dict(zip((0, saturated, escape, last), scenes_of("plateau"), strict=True))
    return _at(stages.items(), history.run)


def _at(moments: Iterable[tuple[int, Scene]], run: TrainingRun) -> list[Scene]:
    """Put scenes at the epochs of snapshots, given by their index."""
    return [replace(scene, settings={"epoch": int(run.epochs[index])}) for index, scene in moments]
