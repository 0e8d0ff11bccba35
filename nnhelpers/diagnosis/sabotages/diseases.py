"""Diseases to give to networks, each with a ground: a change that makes a network susceptible.

The ranges of strengths were chosen so that more than half of the first draws give a network that
learns clearly less than its healthy twin; `sabotage` redraws the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhelpers.diagnosis.sabotages.recipe import (
    DEFAULT_RATES,
    Recipe,
    fitting_output,
    fitting_start,
)

# Turns a healthy sketch into one that can catch a disease.
Ground = Callable[[Recipe, np.random.Generator], Recipe]
# Turns a recipe and a strength into a sick recipe.
Spoil = Callable[[Recipe, float], Recipe]


@dataclass(frozen=True)
class Spoiler:
    """Gives a network one disease.

    Attributes
    ----------
    name : str
        A key of `DISEASES`.
    weakest, strongest : float
        Range of the strength, which is drawn uniformly on a logarithmic scale.
    """

    name: str
    ground: Ground
    spoil: Spoil
    weakest: float = 1.0
    strongest: float = 1.0

    def strength(self, rng: np.random.Generator, *, trial: int) -> float:
        """Draw a strength; trials are counted from 0, and each leaves out more of the weak end."""
        low, high = np.log(self.weakest), np.log(self.strongest)
        return float(np.exp(low + (high - low) * rng.uniform(trial / TRIALS, 1)))


# Draws of a strength before another network is tried.
TRIALS = 4


def _any(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return recipe


def _mixture(recipe: Recipe, rng: np.random.Generator, *, classes: tuple[int, int] = (2, 10)):
    n_classes = int(rng.integers(classes[0], classes[1] + 1))
    changed = replace(
        recipe,
        **{"data": "mixture", "filters": 0, "inputs": "standardized", "n_classes": n_classes},
        **{"n_features": int(rng.integers(5, 31)), "separation": rng.uniform(3.5, 6)},
    )
    return fitting_output(changed)


def _in_numbers(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """No convolution, and standardized inputs, so that changes of the inputs show."""
    pictures = recipe.filters or recipe.inputs == "unit"
    return _mixture(recipe, rng) if pictures else recipe


def _binary(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    changed = replace(recipe, labels="integers")
    two = recipe.n_classes == 2
    return fitting_output(changed) if two else _mixture(changed, rng, classes=(2, 2))


def _classes(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return recipe if recipe.n_classes else _mixture(recipe, rng)


def _several(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return recipe if recipe.n_classes > 2 else _mixture(recipe, rng, classes=(3, 10))


def _numbers(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    changed = replace(recipe, data="regression", n_classes=0, filters=0, inputs="standardized")
    return fitting_output(replace(changed, n_features=int(rng.integers(3, 11))))


def _deep(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    units = (int(rng.choice([16, 32, 64])),) * int(rng.integers(4, 7))
    return fitting_start(replace(recipe, units=units, batch_norm=False, filters=0))


def _on(ground: Ground, **changes: Any) -> Ground:
    """Change a ground, and fit its initializer to its activation."""
    return lambda recipe, rng: fitting_start(replace(ground(recipe, rng), **changes))


def _plain(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    activation = "relu" if recipe.activation == "sigmoid" else recipe.activation
    changes = {"batch_norm": False, "dropout": 0.0, "activation": activation}
    return _on(_in_numbers, **changes)(recipe, rng)


def _narrowing(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """Many features into few units, where the two fans differ most."""
    units = (int(rng.choice([4, 6, 8])),) * int(rng.integers(1, 4))
    changed = replace(
        _mixture(recipe, rng, classes=(2, 4)),
        **{"n_features": int(rng.integers(200, 401)), "units": units, "batch_norm": False},
        **{"dropout": 0.0, "activation": str(rng.choice(["tanh", "relu"]))},
    )
    return fitting_start(changed)


def _overlapping(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """Two overlapping classes, with enough examples of the rare one to learn from."""
    changed = replace(
        _mixture(recipe, rng, classes=(2, 2)),
        **{"clusters": 1, "separation": rng.uniform(2, 3), "n_features": int(rng.integers(3, 7))},
        **{"n_examples": 3_000, "epochs": 10, "units": recipe.units[:2], "dropout": 0.0},
    )
    return fitting_start(changed)


_NORMALIZED = _on(_in_numbers, batch_norm=True, momentum=0.9)
_FEW_EXAMPLES = _on(
    _NORMALIZED,
    **{"n_examples": 320, "epochs": 30, "momentum": 0.99, "batch_size": 32},
    **{"dropout": 0.0, "trained": True},
)


def _to(**changes: Any) -> Spoil:
    """Set these fields; "s" stands for the strength."""
    return lambda recipe, s: replace(
        recipe, **{name: s if value == "s" else value for name, value in changes.items()}
    )


def _rate(recipe: Recipe, factor: float) -> Recipe:
    return replace(recipe, learning_rate=DEFAULT_RATES[recipe.optimizer] * factor)


def _sigmoid(recipe: Recipe, strength: float) -> Recipe:
    return fitting_start(replace(recipe, activation="sigmoid"))


def _validation(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, validation="itself" if strength < 2 else "raw")


def _targets(recipe: Recipe, s: float) -> Recipe:
    return replace(recipe, target_mean=3 * s, target_std=s)


def _foreign(recipe: Recipe, s: float) -> Recipe:
    return replace(recipe, frozen=("batch_norm",), moments=(s, s**2))


def _below_zero(recipe: Recipe, s: float) -> Recipe:
    return replace(recipe, bias=-s)


def _frozen(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, frozen=("output",) if strength < 2 else ("hidden",))


SPOILERS = (
    Spoiler("offset_inputs", _plain, _to(offset="s"), 10, 100),
    Spoiler("unequal_scales", _plain, _to(decades="s"), 3, 6),
    Spoiler("validation_standardized_apart", _on(_in_numbers, skewed=True), _validation, 1, 4),
    Spoiler("start_too_small", _deep, _to(initializer="normal", gain="s"), 0.01, 1e-5),
    Spoiler("start_too_large", _plain, _to(initializer="normal", gain="s"), 0.7, 5),
    Spoiler("start_all_alike", _plain, _to(initializer="constant", gain="s"), 0.01, 0.5),
    Spoiler("fan_out_for_fan_in", _narrowing, _to(initializer="fan_out")),
    Spoiler("saturated_depth", _on(_deep, activation="relu"), _sigmoid),
    Spoiler(
        "dead_at_birth", _on(_in_numbers, activation="relu", batch_norm=False), _below_zero, 2, 10
    ),
    Spoiler("learning_rate_too_high", _plain, _rate, 30, 3_000),
    Spoiler("learning_rate_too_low", _plain, _rate, 0.01, 1e-5),
    Spoiler("softmax_on_one_unit", _binary, _to(output_activation="softmax", n_outputs=1)),
    Spoiler("logits_without_from_logits", _classes, _to(output_activation="linear")),
    Spoiler("relu_output", _classes, _to(output_activation="relu")),
    Spoiler("labels_start_at_one", _binary, _to(labels="from_one")),
    Spoiler("labels_do_not_fit_loss", _several, _to(labels="column", loss="mean_squared_error")),
    Spoiler("output_out_of_reach", _numbers, _to(output_activation="sigmoid")),
    Spoiler("targets_not_scaled", _numbers, _targets, 30, 1_000),
    Spoiler("labels_shuffled", _any, _to(labels_shuffled=True)),
    Spoiler("class_imbalance", _overlapping, _to(majority="s"), 0.9, 0.97),
    Spoiler(
        "batch_norm_lagging", _on(_NORMALIZED, trained=True), _to(momentum="s"), 0.999, 0.99999
    ),
    Spoiler("batch_norm_tiny_batches", _FEW_EXAMPLES, _to(batch_size=2)),
    Spoiler("batch_norm_frozen", _NORMALIZED, _foreign, 3, 100),
    Spoiler("dropout_too_high", _plain, _to(dropout="s"), 0.9, 0.98),
    Spoiler("l2_too_strong", _plain, _to(l2="s"), 0.03, 3),
    Spoiler("frozen_layers", _on(_several, batch_norm=False, units=(8, 8, 4)), _frozen, 1, 4),
)
