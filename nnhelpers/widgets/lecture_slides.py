"""Slides of the lectures: results of the lessons' own networks in pictures, bets for the room."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from nnhelpers import datasets, figures, measures, networks, simulations, training
from nnhelpers.datasets import Dataset
from nnhelpers.figures import Drawn
from nnhelpers.lessons import bets
from nnhelpers.training import TrainingEnsemble
from nnhelpers.widgets.room import RoomPrediction, predict_together

_HOW = {"batch_size": 32, "optimizer": "sgd"}
_FOUR = networks.MLPSpec(units=(4,))
_EIGHT = networks.MLPSpec(units=(32,) * 8, n_outputs=10)


def _bet_on_splitting() -> RoomPrediction:
    return predict_together(
        "A square of data has its centre at (9, 9). Which share of the units splits the data?",
        bets.Share(bet=0.5, within=0.05),
        truth=lambda: simulations.simulate_active_fraction(center=9).splitting_share,
    )


def _odds_by_offset() -> Drawn:
    circles, offsets = datasets.load_circles(), np.repeat([0.0, 1.0, 2.0, 3.0, 5.0], 200)
    how = _HOW | {"learning_rate": 0.5, "draws": len(offsets), "offset": offsets}
    curves = {}
    for epochs in (50, 1_000):
        many = training.train_many(_FOUR, circles, epochs=epochs, **how)
        curves[f"{epochs:,} epochs"] = training.learning_curve(many, "offset", threshold=0.85)
    return figures.plot_curves(curves)


def _with_one_layer_and_without() -> Drawn:
    far = datasets.shift(datasets.load_circles(), 10)
    how = _HOW | {"learning_rate": 0.5, "epochs": 50, "draws": 1_000}
    shown = {}
    for name, data in {"at (10, 10)": far, "standardized": datasets.standardize(far)[0]}.items():
        many = training.train_many(_FOUR, data, **how)
        shown[f"{name}: {many.share_above(0.85):.1%} learn"] = many.run(0).snapshot()
    return figures.small_multiples(figures.plot_decision_boundary, shown, size=(4.6, 3.9))


def _one_word() -> Drawn:
    words = ("sigmoid", "tanh", "relu")
    return _thirty_each({word: {"spec": replace(_EIGHT, activation=word)} for word in words})


def _one_line() -> Drawn:
    names = {"random_normal": "random_normal", "Glorot": "glorot_uniform", "He": "he_normal"}
    specs = {name: replace(_EIGHT, kernel_initializer=start) for name, start in names.items()}
    return _thirty_each({name: {"spec": spec, "epochs": 2} for name, spec in specs.items()})


def _overfitting_that_is_none() -> Drawn:
    revived = _train_thirty(_standardized_digits()[0], spec=_sigmoids(batch_norm=True))
    modes = {"inference": revived, "training": replace(revived, loss=revived.training_loss)}
    return figures.plot_ensembles(modes, quantity="loss")


def _one_line_a_layer() -> Drawn:
    kinds = {"without": False, "batch norm": True}
    return _thirty_each({kind: {"spec": _sigmoids(batch_norm=on)} for kind, on in kinds.items()})


def _pull() -> Drawn:
    steps = np.arange(0.0, 101.0, 5.0)
    words = {"title": "A weight that the data do not need", "caption": "learning rate 0.1"}
    words |= {"x_label": "steps", "y_label": "share of the weight that is left"}
    left = {f"λ = {pull:g}": (1 - 0.1 * pull) ** steps for pull in (0.01, 0.1, 1.0)}
    return figures.plot_curves({name: _curve(steps, y, **words) for name, y in left.items()})


def _dropout_on_the_digits() -> Drawn:
    digits = datasets.rescale(datasets.load_digits(), 1 / 16)
    few, rest = datasets.split(digits, test_share=0.833, seed=0)
    wrong = datasets.mislabel(few, share=0.2)
    words = {"title": "Digits that were not learned", "caption": "medians of 30 starts"}
    words |= {"x_label": "rate of dropout", "y_label": "accuracy"}
    rates, curves = np.array([0.0, 0.5]), {}
    for name, data in {"right labels": few, "one in five drawn": wrong}.items():
        y = np.array([np.median(_dropped(data, rate).accuracy_on(rest)) for rate in rates])
        curves[f"{name}: {y[0]:.1%}, then {y[1]:.1%}"] = _curve(rates, y, **words)
    return figures.plot_curves(curves)


def _curve(x: np.ndarray, y: np.ndarray, **words: str) -> measures.Curve:
    return measures.Curve(x=x, y=y, standard_error=np.zeros(len(x)), **words)


def _one_division() -> Drawn:
    spec = networks.MLPSpec(units=(32,) * 5, n_outputs=10, kernel_initializer="glorot_uniform")
    rates = {"rate 0.00002": 2e-5, "rate 0.04": 0.04}
    how = {"spec": spec, "epochs": 10}
    return _thirty_each({name: how | {"learning_rate": rate} for name, rate in rates.items()})


def _dropped(data: Dataset, rate: float) -> TrainingEnsemble:
    spec = networks.MLPSpec(units=(100,), n_outputs=10, dropout=rate)
    how = {"epochs": 100, "batch_size": 50, "optimizer": "adam", "learning_rate": 0.003}
    return training.train_many(spec, data, draws=30, **how)


def _thirty_each(settings: Mapping[str, Mapping[str, Any]]) -> Drawn:
    """Train thirty networks of each setting; name them by their accuracy on new digits."""
    seen, unseen = _standardized_digits()
    found = {}
    for name, each in settings.items():
        many = _train_thirty(seen, **each)
        found[f"{name}: {np.median(many.accuracy_on(unseen)):.1%} of new digits"] = many
    return figures.plot_ensembles(found)


def _train_thirty(data: Dataset, **how: Any) -> TrainingEnsemble:
    usual = _HOW | {"epochs": 20, "learning_rate": 0.1}
    return training.train_many(dataset=data, draws=30, **usual | how)


def _sigmoids(*, batch_norm: bool) -> networks.MLPSpec:
    how = {"activation": "sigmoid", "kernel_initializer": "he_normal"}
    return replace(_EIGHT, batch_normalization=batch_norm, **how)


def _standardized_digits() -> tuple[Dataset, Dataset]:
    digits = datasets.drop_constant_features(datasets.load_digits())
    return datasets.standardize(*datasets.split(digits, seed=0))


# By lesson and section.
SLIDES: dict[tuple[int, str], Callable[[], Any]] = {
    (1, "4. Which units split the data?"): _bet_on_splitting,
    (1, "6. The odds of learning"): _odds_by_offset,
    (1, "8. One layer"): _with_one_layer_and_without,
    (2, "6. A slope of 1"): _one_word,
    (3, "6. One line"): _one_line,
    (4, "3. The overfitting that is none"): _overfitting_that_is_none,
    (4, "4. What is left after k steps"): _one_line_a_layer,
    (5, "3. A pull towards zero"): _pull,
    (5, "8. On the digits"): _dropout_on_the_digits,
    (6, "4. Steps"): _one_division,
}
