"""Panels of trainings that the notebook has run: epoch by epoch, example by example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ipywidgets import Dropdown, IntSlider, SelectionSlider

from nnhelpers import figures
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.scenes import Scene

if TYPE_CHECKING:
    from nnhelpers.training import ExampleView, NetworkSnapshot, TrainingRun


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """A run and the snapshot of it that is looked at."""

    run: TrainingRun
    snapshot: NetworkSnapshot

    def summary(self) -> str:
        return self.snapshot.summary()


def explore_training(run: TrainingRun) -> Panel:
    """Scrub through a run: the boundary beside the feature space beside the loss.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training, widgets
    >>> run = training.train(networks.MLPSpec(), datasets.load_circles(), epochs=50)
    >>> list(widgets.explore_training(run).controls)
    ['epoch']
    """

    def compute(epoch: int) -> _Moment:
        index = list(run.epochs).index(epoch)
        return _Moment(run=run, snapshot=run.snapshot(index))

    plot = figures.compose(
        "ABC",
        {
            "A": figures.part("snapshot", figures.plot_decision_boundary),
            "B": figures.part("snapshot", figures.plot_feature_space),
            "C": figures.plot_loss_at,
        },
        size=(11.4, 4.2),
    )
    epochs = [(f"{epoch:,}", int(epoch)) for epoch in run.epochs]
    slider = SelectionSlider(options=epochs, value=int(run.epochs[0]), description="epoch")
    return connect(
        compute,
        plot,
        title="One training, epoch by epoch",
        scenes=_training_scenes(run),
        given={"seed": run.seed},
        epoch=slider,
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


@dataclass(frozen=True, kw_only=True)
class _ExamplePair:
    """The same example in a network before and after training."""

    before: ExampleView
    after: ExampleView

    def summary(self) -> str:
        return f"before: {self.before.summary()}; after: {self.after.summary()}"


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

    def compute(data: str, example: int) -> _ExamplePair:
        run = runs[data]
        return _ExamplePair(
            before=run.snapshot(0).example(example), after=run.snapshot().example(example)
        )

    plot = figures.compose(
        "ABC",
        {
            "A": figures.part("after", figures.plot_example),
            "B": figures.part(
                "before", figures.titled("Untrained", figures.plot_network_activations)
            ),
            "C": figures.part("after", figures.titled("Trained", figures.plot_network_activations)),
        },
        size=(11.4, 4.2),
    )
    last = min(run.dataset.n_examples for run in runs.values()) - 1
    return connect(
        compute,
        plot,
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
