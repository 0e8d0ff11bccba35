"""Networks retrained at every move, and how the same settings fare over many seeds."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ipywidgets import FloatSlider, IntSlider

from nnhelpers import datasets, figures, measures, networks, training, words
from nnhelpers.datasets import Dataset
from nnhelpers.training import NetworkSnapshot, TrainingEnsemble, TrainingRun, UnitHistory
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets._panel.film import Refine
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of


def _seed_by_seed(dataset: Dataset, *, seeds: int, at_once: int, kept: int = 0) -> Refine:
    """Return a `refine` that trains many seeds of a result's settings, `at_once` at a time.

    The last `kept` trainings are cached: they are the same for every seed that is shown.
    """

    @functools.lru_cache(kept)
    def train_some(**settings: Any) -> TrainingEnsemble:
        return training.train_many(dataset=dataset, draws=at_once, **settings)

    def refine(result: Any, **_: object) -> Iterator[Any]:
        parts = []
        for first_seed in range(0, seeds, at_once):
            parts.append(train_some(seed=first_seed, **result.settings))
            yield replace(result, ensemble=training.join(parts))

    return refine


_EPOCHS, _SEEDS, _SEEDS_AT_ONCE = 1_000, 200, 50
# Four trainings of about 60 kB at each position of the first slider.
_KEPT = 4 * 41
_SOLVED = 0.95
_SCALES = [0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0]
_RATES = [0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 3.0]


@dataclass(frozen=True, kw_only=True)
class _Retrained:
    """A freshly trained network, and how the same settings fare over many seeds."""

    settings: dict[str, Any]
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
    """Retrain a network at every move: see its boundary, weights, features, loss and 200 seeds.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_normalization().controls)
    ['offset', 'scale', 'units', 'activation', 'learning_rate', 'seed']
    """
    circles = datasets.load_circles()
    best_line = measures.best_line_accuracy(circles.X, circles.y)

    def compute(*, units: int, activation: str, seed: int, **settings: float) -> _Retrained:
        spec = networks.MLPSpec(units=(units,), activation=activation)
        settings |= {"spec": spec, "epochs": _EPOCHS, "optimizer": "sgd"}
        run = training.train(dataset=circles, seed=seed, **settings)
        shown = {"run": run, "snapshot": run.snapshot()}
        return _Retrained(settings=settings, best_line=best_line, **shown)

    plots = {
        "A": figures.part("snapshot", figures.plot_decision_boundary),
        "B": figures.part("snapshot", figures.plot_network),
        "C": figures.part("snapshot", figures.plot_feature_space),
        "D": figures.part("run", figures.plot_loss),
        "E": figures.part("ensemble", partial(figures.plot_seeds, reference=best_line)),
    }
    return connect(
        compute,
        figures.compose("AABBCC;DDDEEE", plots, title=_headline, size=(11.0, 7.4)),
        refine=_seed_by_seed(circles, seeds=_SEEDS, at_once=_SEEDS_AT_ONCE, kept=_KEPT),
        title="Normalize, or not: the network retrained as you move",
        scenes=scenes_of("normalization"),
        offset=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        scale=scale(1.0, _SCALES, "scale of the data"),
        units=IntSlider(value=4, min=1, max=16, description="hidden units"),
        activation=choice("relu", ["relu", "sigmoid", "tanh"], "activation"),
        learning_rate=scale(0.5, _RATES, "learning rate"),
        seed=seed_slider(),
    )


def _headline(result: _Retrained) -> str:
    offset = f"{result.settings['offset']:g}"
    return f"Data centred at ({offset}, {offset})"


_DYING_EPOCHS, _DYING_SEEDS = 15, 20
_DYING_RATES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0]


@dataclass(frozen=True, kw_only=True)
class _Dying:
    """A freshly trained network, its units' history, and the same settings over many seeds."""

    settings: dict[str, Any]
    run: TrainingRun
    history: UnitHistory
    ensemble: TrainingEnsemble | None = None

    def summary(self) -> str:
        parts = [self.history, self.run, *([self.ensemble] if self.ensemble else [])]
        return "; ".join(part.summary() for part in parts)


def explore_dying_units() -> Panel:
    """Retrain a network at every move: see each unit's activity, the loss and twenty seeds.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_dying_units().controls)
    ['learning_rate', 'momentum', 'activation', 'seed']
    """
    # Few enough digits to train on while a slider moves.
    digits = datasets.rescale(datasets.take(datasets.load_digits(), 600), 1 / 16)

    def compute(*, learning_rate: float, momentum: float, activation: str, seed: int) -> _Dying:
        settings = {
            "spec": networks.MLPSpec(units=(50, 50), activation=activation, n_outputs=10),
            "optimizer": training.sgd(momentum=momentum),
            "learning_rate": learning_rate,
            "epochs": _DYING_EPOCHS,
            "batch_size": 50,
        }
        run = training.train(dataset=digits, seed=seed, snapshots=_DYING_EPOCHS, **settings)
        return _Dying(settings=settings, run=run, history=training.unit_history(run))

    plots = {
        "A": figures.part("history", figures.plot_unit_history),
        "B": figures.part("run", figures.plot_loss),
        "C": figures.part("ensemble", partial(figures.plot_dead_shares, claimed=0.4)),
    }
    return connect(
        compute,
        figures.compose("AAAA.BBB;AAAA.CCC", plots, size=(11.4, 6.6)),
        refine=_seed_by_seed(digits, seeds=_DYING_SEEDS, at_once=_DYING_SEEDS // 2),
        title="Units that die, the network retrained as you move",
        scenes=scenes_of("dying_units"),
        learning_rate=scale(0.05, _DYING_RATES, "learning rate"),
        momentum=FloatSlider(value=0.9, min=0, max=0.9, step=0.1, description="momentum"),
        activation=choice("relu", ["relu", "leaky_relu", "elu"], "activation"),
        seed=seed_slider(),
    )
