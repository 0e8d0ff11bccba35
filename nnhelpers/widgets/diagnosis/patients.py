"""Eight networks for the lesson: one healthy recipe, and one thing changed in each."""

from dataclasses import replace

from nnhelpers.diagnosis import Exam, Recipe, Sabotage
from nnhelpers.diagnosis.sabotages.recipe import fitting_output, fitting_start

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


def eight_patients() -> Exam:
    """Return the eight patients of lesson 6: digits, five hidden layers of 32 ReLU units.

    Examples
    --------
    >>> len(eight_patients().sabotages)
    8
    """
    return Exam(
        sabotages=tuple(
            Sabotage(disease=name, recipe=replace(_HEALTHY, **change), twin=_HEALTHY)
            for name, change in _CHANGES.items()
        )
    )
