"""Unnamed sick networks: their instruments, a bet on what is wrong, and cures to try."""

from dataclasses import dataclass, replace

from ipywidgets import IntSlider

from nnhelpers import figures
from nnhelpers.checks import check_kind, check_one_of
from nnhelpers.diagnosis import DISEASES, Exam, Examination, Recipe, Sabotage
from nnhelpers.diagnosis.sabotages.recipe import fitting_output, fitting_start
from nnhelpers.lessons import bets
from nnhelpers.widgets._panel.controls import choice
from nnhelpers.widgets.connect import Panel, Scene, connect
from nnhelpers.widgets.explore.instruments import LossCurves, instruments, loss_curves
from nnhelpers.widgets.predictions import Prediction, predict

# One healthy recipe, and what is changed in each of the eight.
_HEALTHY = fitting_start(
    fitting_output(
        Recipe(
            **{"data": "digits", "n_examples": 640, "n_classes": 10, "units": (32,) * 5},
            **{"optimizer": "sgd", "learning_rate": 0.01, "epochs": 20},
        )
    )
)
_CHANGES = {
    "dead_at_birth": {"bias": -6.0},
    "learning_rate_too_high": {"learning_rate": 1.0},
    "validation_standardized_apart": {"validation": "raw"},
    "offset_inputs": {"offset": 20.0},
    "start_too_small": {"initializer": "normal", "gain": 0.02},
    "labels_shuffled": {"labels_shuffled": True},
    "saturated_depth": {"activation": "sigmoid", "initializer": "glorot_uniform"},
    "start_too_large": {"initializer": "normal", "gain": 1.0},
}
_NO_CURE = "none yet"
# Cures, each with a finding that calls for it.
CURES = {
    _NO_CURE: "",
    "standardize the inputs": "offset_inputs",
    "validation data treated like training data": "validation_standardized_apart",
    "targets of mean 0, deviation 1": "targets_not_scaled",
    "labels put back beside their examples": "labels_shuffled",
    "class weights": "class_imbalance",
    "output and loss that fit the labels": "labels_do_not_fit_loss",
    "He's or Glorot's start, biases 0": "start_too_small",
    "ReLU, with He's start": "saturated_depth",
    "the optimizer's default rate": "learning_rate_too_low",
    "all layers may learn": "frozen_layers",
    "dropout 0.2": "dropout_too_high",
    "L2 of 0.0001": "l2_too_strong",
    "batches of 32": "batch_norm_tiny_batches",
    "batch norm with momentum 0.9": "batch_norm_lagging",
    "batch norm that learns": "batch_norm_frozen",
}
_DECOYS = ("learning_rate_too_low", "dropout_too_high", "l2_too_strong", "overfitting")
# A bet has room for sixty characters.
_SHORTER = {
    "validation_standardized_apart": "Validation data were treated otherwise than training data",
    "fan_out_for_fan_in": "First weights scaled by a layer's outputs, not its inputs",
    "unequal_scales": "The inputs are of very different sizes",
}


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """What the instruments show of a patient, and its losses without and with a cure."""

    layers: Examination
    losses: LossCurves
    cured: LossCurves | None

    def summary(self) -> str:
        found = self.losses.summary()
        return f"{found}; with the cure {self.cured.summary()}" if self.cured else found


def eight_patients() -> Exam:
    """Return the eight patients of lesson 6: digits, five hidden layers of 32 ReLU units.

    Examples
    --------
    >>> len(eight_patients().sabotages)
    8
    """
    sick = {name: replace(_HEALTHY, **change) for name, change in _CHANGES.items()}
    patients = (Sabotage(disease=name, recipe=sick[name], twin=_HEALTHY) for name in sick)
    return Exam(sabotages=tuple(patients))


def explore_patients(exam: Exam | None = None) -> Panel:
    """Show sick networks by their instruments alone, and retrain each with a cure.

    The patients are those of a ``diagnosis.Exam``, by default of lesson 6; anything else raises
    ``TypeError``.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_patients().controls)
    ['patient', 'cure']
    """
    exam = _checked(exam)
    count = len(exam.sabotages)
    layers = {
        "A": figures.plot_layer_bands,
        "B": figures.plot_layer_units,
        "C": figures.plot_layer_gradients,
        "D": figures.plot_layer_updates,
    }
    losses = {
        "E": figures.part("losses", figures.titled("As it came", figures.plot_loss_curves)),
        "F": figures.part("cured", figures.titled("With the cure", figures.plot_loss_curves)),
    }
    plots = {letter: figures.part("layers", plot) for letter, plot in layers.items()} | losses

    def compute(*, patient: int, cure: str) -> _Visit:
        sick, finding = exam.sabotages[patient - 1], CURES[cure]
        return _Visit(
            layers=instruments(sick.recipe),
            losses=loss_curves(sick.recipe),
            cured=loss_curves(sick.cured(finding).recipe) if finding else None,
        )

    return connect(
        compute,
        figures.compose("ABE;CDF", plots, size=(13.6, 7.6)),
        title="What is wrong with this network?",
        scenes=[
            Scene(
                name=f"patient {n}",
                caption="read the instruments, then bet",
                settings={"patient": n},
            )
            for n in range(1, count + 1)
        ],
        given={"patients": count},
        patient=IntSlider(value=1, min=1, max=count, description="patient"),
        cure=choice(_NO_CURE, CURES, "cure"),
    )


def diagnose(patient: int, *, exam: Exam | None = None) -> Prediction:
    """Ask for a bet on what is wrong with a patient, counted from 1.

    The exam is that of `explore_patients`. Raises ``ValueError`` if there is no such patient,
    ``TypeError`` if `exam` is not an exam.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.diagnose(3).controls["bet"].options[0]
    'The inputs are far from 0'
    """
    exam = _checked(exam)
    check_one_of(range(1, len(exam.sabotages) + 1), patient=patient)
    suspects = [name for name in DISEASES if name in {*exam.key, *_DECOYS}]
    return predict(
        f"patient {patient}: what is wrong?",
        bets.Choice(bet=_said(_DECOYS[0]), options=[_said(name) for name in suspects]),
        truth=lambda: _said(exam.key[patient - 1]),
        sure=0.5,
    )


def _said(name: str) -> str:
    return _SHORTER.get(name, DISEASES[name].title)


def _checked(exam: Exam | None) -> Exam:
    if exam is None:
        return eight_patients()
    check_kind(Exam, exam=exam)
    return exam
