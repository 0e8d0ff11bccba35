"""The centre-piece: a network that is trained anew at every move."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ipywidgets import FloatSlider, IntSlider

from nnhelpers import datasets, figures, measures, networks, training, words
from nnhelpers.datasets import Dataset
from nnhelpers.training import NetworkSnapshot, TrainingEnsemble, TrainingRun
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_EPOCHS = 1_000
_SOLVED = 0.95
_SEEDS = 200
# Few enough that a move never waits long for the seeds of the last one.
_SEEDS_AT_ONCE = 50
# Trainings that are kept, some 60 kB each, as they are the same for every seed that is shown: four
# at each position of the first slider.
_KEPT = 4 * 41
_SCALES = [0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0]
_RATES = [0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0]


@dataclass(frozen=True)
class _Retrained:
    """A freshly trained network, and how the same settings fare over many seeds."""

    circles: Dataset
    settings: dict[str, float]
    best_line: float
    run: TrainingRun
    snapshot: NetworkSnapshot
    ensemble: TrainingEnsemble | None = None

    def summary(self) -> str:
        if self.ensemble is None:
            return self.run.summary()
        share = self.ensemble.share_above(self.best_line)
        many = f"{words.percent(share)} of {self.ensemble.draws} seeds beat the best line"
        solved = words.percent(self.ensemble.share_above(_SOLVED))
        return f"{self.run.summary()}; {many}, {solved} get above {_SOLVED:.0%}"


def explore_normalization() -> Panel:
    """Retrain a real network at every move: boundary, network, features, loss and 200 seeds.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_normalization().controls)
    ['offset', 'scale', 'units', 'activation', 'learning_rate', 'seed']
    """
    circles = datasets.load_circles()
    best_line = measures.best_line_accuracy(circles.X, circles.y)
    plots = {
        "A": figures.part("snapshot", figures.plot_decision_boundary),
        "B": figures.part("snapshot", figures.plot_network),
        "C": figures.part("snapshot", figures.plot_feature_space),
        "D": figures.part("run", figures.plot_loss),
        "E": figures.part("ensemble", partial(figures.plot_seeds, reference=best_line)),
    }
    return connect(
        partial(_retrain, circles, best_line),
        figures.compose("AABBCC;DDDEEE", plots, title=_headline, size=(11.0, 7.4)),
        refine=partial(_train_seeds, functools.lru_cache(_KEPT)(partial(_train_some, circles))),
        title="Normalize, or not: the network retrained as you move",
        scenes=_NORMALIZATION_SCENES,
        offset=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        scale=scale(1.0, _SCALES, "scale of the data"),
        units=IntSlider(value=4, min=1, max=16, description="hidden units"),
        activation=choice("relu", ["relu", "sigmoid", "tanh"], "activation"),
        learning_rate=scale(0.5, _RATES, "learning rate"),
        seed=seed_slider(),
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
        # A seed that ends as the median network does.
        settings={"offset": 5, "seed": 2},
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
    circles: Dataset, best_line: float, *, units: int, activation: str, seed: int, **settings: float
) -> _Retrained:
    spec = networks.MLPSpec(units=(units,), activation=activation)
    run = training.train(spec, circles, epochs=_EPOCHS, optimizer="sgd", seed=seed, **settings)
    return _Retrained(circles, settings, best_line, run, run.snapshot())


def _train_some(circles: Dataset, first_seed: int, draws: int, **settings: Any) -> TrainingEnsemble:
    return training.train_many(
        dataset=circles, draws=draws, epochs=_EPOCHS, optimizer="sgd", seed=first_seed, **settings
    )


def _train_seeds(
    train_some: Callable[..., TrainingEnsemble], result: _Retrained, **_: object
) -> Iterator[_Retrained]:
    """Train the seeds of the same settings, a few at a time."""
    parts = []
    for first_seed in range(0, _SEEDS, _SEEDS_AT_ONCE):
        parts.append(
            train_some(first_seed, _SEEDS_AT_ONCE, spec=result.run.spec, **result.settings)
        )
        yield replace(result, ensemble=training.join(parts))


def _headline(result: _Retrained) -> str:
    offset = f"{result.settings['offset']:g}"
    return f"Data centred at ({offset}, {offset})"
