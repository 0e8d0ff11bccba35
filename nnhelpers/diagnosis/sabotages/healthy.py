"""Healthy recipes, drawn at random, and cures of sick ones."""

import itertools
from dataclasses import replace

import numpy as np

from nnhelpers.checks import check_one_of
from nnhelpers.diagnosis.examination import DISEASES
from nnhelpers.diagnosis.sabotages.learning import learn
from nnhelpers.diagnosis.sabotages.recipe import (
    DEFAULT_RATES,
    Recipe,
    fitting_output,
    fitting_start,
)

# Least validation score of a healthy network, and most by which its training score may exceed it.
LEAST_SCORE = 0.7
MOST_GAP = 0.15

# Odds of each source, and its settings.
_SOURCES = {
    "mixture": (6, {}),
    "regression": (4, {"n_classes": 0}),
    "digits": (3, {"n_features": 64, "n_classes": 10, "n_examples": 800}),
    "rings": (2, {"n_features": 2}),
    "square": (2, {"n_features": 2}),
    "circles": (1, {"n_features": 2, "n_examples": 800}),
    "classification": (2, {"n_features": 20, "n_examples": 800}),
    "wine": (1, {"n_features": 13, "n_classes": 3, "n_examples": 800}),
    "images": (1, {"n_features": 64, "n_classes": 10, "n_examples": 800, "data": "digits"}),
}
_ACTIVATIONS = {"relu": 4, "tanh": 2, "elu": 1, "swish": 1, "sigmoid": 1}


def draw_healthy(seed: int) -> Recipe:
    """Draw a network that learns, the first such in a sequence of sketches.

    Examples
    --------
    >>> draw_healthy(1) == draw_healthy(1)
    True
    """
    sketches = (sketch(np.random.default_rng([seed, number])) for number in itertools.count())
    return next(filter(is_healthy, sketches))


def is_healthy(recipe: Recipe) -> bool:
    """Whether a network learns and generalizes.

    Examples
    --------
    >>> is_healthy(Recipe(separation=9.0)), is_healthy(Recipe(learning_rate=1e-9))
    (True, False)
    """
    learned = learn(recipe)
    gap = learned.score - learned.validation_score
    return learned.validation_score >= LEAST_SCORE and (recipe.skewed or gap <= MOST_GAP)


def sketch(rng: np.random.Generator) -> Recipe:
    """Draw a network with sensible settings, which may or may not learn.

    Examples
    --------
    >>> sketch(np.random.default_rng(0)).learning_rate < 0.1
    True
    """
    recipe = _with_network(_with_data(Recipe(seed=int(rng.integers(2**31))), rng), rng)
    optimizer = _pick(rng, {"adam": 4, "sgd": 2, "rmsprop": 2})
    rate = DEFAULT_RATES[optimizer] * float(np.exp(rng.uniform(0, np.log(4))))
    return fitting_output(
        replace(
            recipe,
            optimizer=optimizer,
            learning_rate=float(f"{rate:.1g}"),
            batch_size=int(rng.choice([16, 32])),
            epochs=int(rng.choice([40, 60])),
            trained=bool(rng.random() < 0.25),
        )
    )


def _pick(rng: np.random.Generator, odds: dict[str, int]) -> str:
    """Draw one of several names by their odds."""
    names, weights = list(odds), np.array(list(odds.values()))
    return str(rng.choice(names, p=weights / weights.sum()))


def _with_data(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    name = _pick(rng, {name: odds for name, (odds, _) in _SOURCES.items()})
    changes = {"data": name, "n_examples": int(rng.choice([480, 640, 800]))} | _SOURCES[name][1]
    if name == "images":
        changes |= {"filters": 8, "inputs": "unit"}
    if name == "digits" and rng.random() < 0.5:
        changes["inputs"] = "unit"
    if name == "mixture":
        changes |= {"n_classes": int(rng.integers(2, 11)), "n_features": int(rng.integers(5, 31))}
        changes["labels"] = str(rng.choice(["integers", "one_hot"]))
        changes["separation"] = rng.uniform(3.5, 6)
    if name == "regression":
        changes["n_features"] = int(rng.integers(3, 11))
    return replace(recipe, **changes)


def _with_network(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    activation = _pick(rng, _ACTIVATIONS)
    depth = int(rng.integers(1, 3 if activation == "sigmoid" or recipe.filters else 7))
    if rng.random() < 0.5:
        units = (int(rng.choice([16, 32, 64, 128])),) * depth
    else:
        drawn = rng.choice([8, 16, 32, 64, 128], size=depth)
        units = tuple(int(size) for size in np.sort(drawn)[::-1])
    return fitting_start(
        replace(
            recipe,
            units=units,
            activation=activation,
            batch_norm=bool(rng.random() < 0.2),
            momentum=float(rng.choice([0.9, 0.99])),
            dropout=float(rng.choice([0.1, 0.2, 0.3])) if rng.random() < 0.2 else 0.0,
            l2=float(rng.choice([1e-5, 1e-4, 1e-3])) if rng.random() < 0.2 else 0.0,
        )
    )


def cure(recipe: Recipe, *, finding: str) -> Recipe:
    """Return the recipe after a reader has followed the cure of a finding, knowing nothing else.

    It is unchanged if the cure does not apply. Raises ValueError if there is no such finding.

    Examples
    --------
    >>> cure(Recipe(offset=9.0), finding="offset_inputs").offset
    0.0
    """
    check_one_of(DISEASES, finding=finding)
    changed = replace(recipe, **_CHANGES.get(finding, {}))
    return _CURES[finding](changed) if finding in _CURES else changed


_STANDARDIZED = {"inputs": "standardized", "offset": 0.0, "decades": 0.0}
_CHANGES = {
    "offset_inputs": _STANDARDIZED,
    "unequal_scales": _STANDARDIZED,
    "inputs_not_scaled": _STANDARDIZED,
    "validation_standardized_apart": {"validation": "alike"},
    "targets_not_scaled": {"target_mean": 0.0, "target_std": 1.0},
    "saturated_depth": {"activation": "relu"},
    "plateau": {"activation": "relu"},
    "diverged": {"optimizer": "adam", "learning_rate": 1e-3},
    "labels_shuffled": {"labels_shuffled": False},
    "class_imbalance": {"class_weighted": True},
    "batch_norm_lagging": {"momentum": 0.9},
    "batch_norm_tiny_batches": {"batch_size": 32},
    "batch_norm_frozen": {"frozen": ()},
    "dropout_too_high": {"dropout": 0.2},
    "l2_too_strong": {"l2": 1e-4},
    "overfitting": {"dropout": 0.2, "l2": 1e-4},
}


def _default_rate(recipe: Recipe) -> Recipe:
    return replace(recipe, learning_rate=DEFAULT_RATES[recipe.optimizer])


def _own_labels(recipe: Recipe) -> Recipe:
    labels = "integers" if recipe.labels in ("from_one", "column") else recipe.labels
    return fitting_output(replace(recipe, labels=labels))


def _thawed(recipe: Recipe) -> Recipe:
    return replace(recipe, frozen=tuple(kind for kind in recipe.frozen if kind == "batch_norm"))


def _wider(recipe: Recipe) -> Recipe:
    return replace(recipe, units=tuple(max(16, size) for size in recipe.units))


_BY_FUNCTION = {
    fitting_start: "start_too_small start_too_large start_all_alike fan_out_for_fan_in "
    "dead_at_birth saturated_depth plateau",
    fitting_output: "activation_does_not_fit_loss softmax_into_from_logits "
    "logits_without_from_logits relu_output output_out_of_reach",
    _own_labels: "softmax_on_one_unit labels_do_not_fit_loss labels_start_at_one",
    _default_rate: "learning_rate_too_high learning_rate_too_low",
    _thawed: "frozen_layers",
    _wider: "too_few_units",
}
_CURES = {name: function for function, names in _BY_FUNCTION.items() for name in names.split()}
