"""The live panels of notebook 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from ipywidgets import Dropdown, FloatSlider, IntSlider, SelectionSlider

from nnhelpers import datasets, figures, measures, simulations
from nnhelpers.datasets import Dataset
from nnhelpers.widgets._panel import Panel, connect
from nnhelpers.widgets.scenes import Scene

# TensorFlow takes seconds to import; the simulation panels must not wait for it.
if TYPE_CHECKING:
    from nnhelpers.training import ExampleView, NetworkSnapshot, TrainingEnsemble, TrainingRun

_EPOCHS = 1_000
_SOLVED = 0.95
_SEEDS = 200
# Few enough that a move never waits long for the seeds of the last one.
_SEEDS_AT_ONCE = 50
_SCALES = [0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0]
_RATES = [0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0]


def explore_active_fraction() -> Panel:
    """Move and widen the data: who splits them, and which weights are in the wedge."""

    def compute(center: float, width: float, seed: int) -> simulations.ActiveFraction:
        cloud = simulations.Cloud(width=width)
        return simulations.simulate_active_fraction(
            center=center, data=cloud, draws=4_000, seed=seed
        )

    plot = figures.compose(
        "AAB",
        {"A": figures.plot_active_fraction, "B": figures.plot_wedge},
        size=(10.6, 4.2),
    )
    return connect(
        compute,
        plot,
        title="Which units split the data?",
        scenes=_SPLITTING_SCENES,
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        width=FloatSlider(value=2, min=0.5, max=6, step=0.25, description="width of the data"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


_SPLITTING_SCENES = (
    Scene(
        name="centred",
        caption="every unit splits the data in half, up to sampling",
    ),
    Scene(
        name="off the middle",
        caption="six units in ten miss the data: dead, or always active",
        settings={"center": 1.5},
    ),
    Scene(
        name="far away",
        caption="about one unit in ten splits the data; its weights lie in a thin wedge",
        settings={"center": 9},
    ),
    Scene(
        name="far and wide",
        caption="three times the width: as at offset 3, one unit in four splits the data",
        settings={"center": 9, "width": 6},
    ),
)


def explore_overlap() -> Panel:
    """Change the number of features and the offset: see how much two units overlap."""

    def compute(n_features: int, center: float, seed: int) -> simulations.Overlap:
        cloud = simulations.Cloud(n_features=n_features)
        return simulations.simulate_overlap(center=center, data=cloud, draws=2_000, seed=seed)

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_overlap}, size=(7.0, 4.0)),
        title="How much do two units overlap?",
        scenes=_OVERLAP_SCENES,
        n_features=IntSlider(value=2, min=2, max=50, description="number of features"),
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


_OVERLAP_SCENES = (
    Scene(name="two features", caption="any overlap from none to one half is equally likely"),
    Scene(
        name="fifty features",
        caption="nearly every pair overlaps on about a quarter of the data",
        settings={"n_features": 50},
    ),
    Scene(
        name="moved data",
        caption="all or nothing: usually one of the two is dead, or both are always active",
        settings={"center": 9},
    ),
)


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """A run and the snapshot of it that is looked at."""

    run: TrainingRun
    snapshot: NetworkSnapshot

    def summary(self) -> str:
        return self.snapshot.summary()


def explore_training(run: TrainingRun) -> Panel:
    """Scrub through a run: the boundary beside the feature space beside the loss."""

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
        "trained": (last, "one straight cut through the learned features, bent in the data"),
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


@dataclass(frozen=True, kw_only=True)
class _Retrained:
    """A freshly trained network, and how the same settings fare over many seeds."""

    circles: Dataset
    settings: dict[str, float]
    best_line: float
    run: TrainingRun
    snapshot: NetworkSnapshot
    ensemble: TrainingEnsemble | None

    @property
    def offset(self) -> float:
        return self.settings["offset"]

    def summary(self) -> str:
        if self.ensemble is None:
            return self.run.summary()
        share = self.ensemble.share_above(self.best_line)
        many = f"{measures.about(share)} of {self.ensemble.draws} seeds beat the best line"
        solved = measures.about(self.ensemble.share_above(_SOLVED))
        return f"{self.run.summary()}; {many}, {solved} get above {_SOLVED:.0%}"


def explore_normalization() -> Panel:
    """Retrain a real network at every move: boundary, network, features, loss and 200 seeds."""
    circles = datasets.load_circles()
    best_line = measures.best_line_accuracy(circles.X, circles.y)
    return connect(
        partial(_retrain, circles, best_line),
        _retrained_plot(best_line),
        refine=_train_seeds,
        title="Normalize, or not: the network retrained as you move",
        scenes=_NORMALIZATION_SCENES,
        offset=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        scale=SelectionSlider(options=_SCALES, value=1.0, description="scale of the data"),
        units=IntSlider(value=4, min=1, max=16, description="hidden units"),
        activation=Dropdown(options=["relu", "sigmoid", "tanh"], description="activation"),
        learning_rate=SelectionSlider(options=_RATES, value=0.5, description="learning rate"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


_NORMALIZATION_SCENES = (
    Scene(name="centred", caption="the circle is solved: nearly every seed gets above 95 %"),
    Scene(
        name="moved a little",
        caption="at (2, 2) most seeds beat a straight line; about a third get above 95 %",
        settings={"offset": 2},
    ),
    Scene(
        name="moved far",
        caption="at (5, 5) most units are dead, and hardly any seed beats a straight line",
        settings={"offset": 5},
    ),
    Scene(
        name="smaller steps",
        caption="at a rate of 0.03 fewer units die; more seeds beat the line, none gets above 95 %",
        settings={"offset": 5, "learning_rate": 0.03},
    ),
    Scene(
        name="more units",
        caption="sixteen units at (5, 5): more seeds beat the line, none gets above 95 %",
        settings={"offset": 5, "units": 16},
    ),
)


def _retrain(
    circles: Dataset,
    best_line: float,
    *,
    units: int,
    activation: str,
    seed: int,
    **settings: float,
) -> _Retrained:
    from nnhelpers import models, training

    spec = models.MLPSpec(units=(units,), activation=activation)
    run = training.train(spec, circles, epochs=_EPOCHS, optimizer="sgd", seed=seed, **settings)
    return _Retrained(
        circles=circles,
        settings=settings,
        best_line=best_line,
        run=run,
        snapshot=run.snapshot(),
        ensemble=None,
    )


def _train_seeds(result: _Retrained, **_: object) -> Iterator[_Retrained]:
    """Train the seeds of the same settings, a few at a time."""
    from nnhelpers import training

    parts = []
    for first_seed in range(0, _SEEDS, _SEEDS_AT_ONCE):
        part = training.train_many(
            result.run.spec,
            result.circles,
            draws=_SEEDS_AT_ONCE,
            epochs=_EPOCHS,
            optimizer="sgd",
            seed=first_seed,
            **result.settings,
        )
        parts.append(part)
        yield replace(result, ensemble=training.join(parts))


def _retrained_plot(best_line: float) -> Callable[..., figures.Drawn]:
    return figures.compose(
        "AABBCC;DDDEEE",
        {
            "A": figures.part("snapshot", figures.plot_decision_boundary),
            "B": figures.part("snapshot", figures.plot_network),
            "C": figures.part("snapshot", figures.plot_feature_space),
            "D": figures.part("run", figures.plot_loss),
            "E": figures.part("ensemble", partial(figures.plot_seeds, reference=best_line)),
        },
        title=lambda result: f"Data centred at {_point(result.offset)}",
        size=(11.0, 7.4),
    )


def _point(offset: float) -> str:
    return f"({offset:g}, {offset:g})"
