"""Panels of trainings that the notebook has run: epoch by epoch, example by example."""

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
from ipywidgets import Dropdown, IntSlider

from nnhelpers import figures
from nnhelpers.training import TrainingRun
from nnhelpers.widgets._panel.controls import epoch_slider
from nnhelpers.widgets.connect import Panel, Scene, connect


def explore_training(run: TrainingRun) -> Panel:
    """Scrub through a run: the boundary beside the feature space beside the loss.

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
    moments = {
        "untrained": (0, "the boundary lies where the random weights put it"),
        "early": (-(-last // 10), "after a tenth of the epochs"),
        "half way": (-(-last // 2), "after half of the epochs"),
        "trained": (last, "one straight cut through the learned features"),
    }
    return [
        Scene(name=name, caption=caption, settings={"epoch": int(run.epochs[index])})
        for name, (index, caption) in moments.items()
    ]


def explore_examples(runs: Mapping[str, TrainingRun]) -> Panel:
    """Step through the examples and see which units each activates, before and after training.

    Parameters
    ----------
    runs : dict of str to TrainingRun
        By the name to choose from.

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
        data=Dropdown(options=list(runs), description="data"),
    )


def _example_scenes(data: str, run: TrainingRun) -> list[Scene]:
    """One scene for the first example of each class."""
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
