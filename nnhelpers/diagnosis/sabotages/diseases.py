"""Diseases that networks are given, each with a ground on which it can be caught.

Ranges of strengths were chosen so that of eight first draws more than half make a network that
learns clearly less than its healthy twin; `sabotage` draws the others again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nnhelpers.diagnosis.sabotages.recipe import (
    DEFAULT_RATES,
    Recipe,
    fitting_output,
    fitting_start,
)


@dataclass(frozen=True, kw_only=True)
class Spoiler:
    """How a network gets one disease.

    Attributes
    ----------
    name : str
        A key of `DISEASES`.
    weakest, strongest : float
        Between these, evenly on a logarithmic scale, the strength is drawn.
    ground : callable
        A healthy sketch, and random numbers, to one that can catch the disease.
    spoil : callable
        A recipe and a strength to a sick recipe.
    """

    name: str
    weakest: float
    strongest: float
    ground: Callable[[Recipe, np.random.Generator], Recipe]
    spoil: Callable[[Recipe, float], Recipe]

    def strength(self, rng: np.random.Generator, *, trial: int) -> float:
        """Draw a strength; each trial after the first, 0, leaves more of the weak end away."""
        low, high = np.log(self.weakest), np.log(self.strongest)
        return float(np.exp(low + (high - low) * rng.uniform(trial / TRIALS, 1)))


# Of a strength, before another network is tried.
TRIALS = 4


def _in_numbers(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """No convolution, inputs that are standardized: what is done to inputs is seen there."""
    if recipe.filters or recipe.inputs == "unit":
        return _mixture(recipe, rng)
    return recipe


def _mixture(recipe: Recipe, rng: np.random.Generator, *, classes: tuple[int, int] = (2, 10)):
    n_classes = int(rng.integers(classes[0], classes[1] + 1))
    changed = replace(
        recipe,
        **{"data": "mixture", "filters": 0, "inputs": "standardized", "n_classes": n_classes},
        **{"n_features": int(rng.integers(5, 31)), "separation": rng.uniform(3.5, 6)},
    )
    return fitting_output(changed)


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


def _deep(recipe: Recipe, rng: np.random.Generator, *, least: int = 4) -> Recipe:
    units = (int(rng.choice([16, 32, 64])),) * int(rng.integers(least, 7))
    return fitting_start(replace(recipe, units=units, batch_norm=False, filters=0))


def _deep_in_numbers(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return _deep(_in_numbers(recipe, rng), rng)


def _plain(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    changed = replace(_in_numbers(recipe, rng), batch_norm=False, dropout=0.0)
    return _without_sigmoid(changed)


def _without_sigmoid(recipe: Recipe) -> Recipe:
    activation = "relu" if recipe.activation == "sigmoid" else recipe.activation
    return fitting_start(replace(recipe, activation=activation))


def _rectified(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    changed = replace(_in_numbers(recipe, rng), activation="relu", batch_norm=False)
    return fitting_start(changed)


def _narrowing(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """Many features into few units: there the two fans differ most."""
    units = (int(rng.choice([4, 6, 8])),) * int(rng.integers(1, 4))
    changed = replace(
        _mixture(recipe, rng, classes=(2, 4)),
        **{"n_features": int(rng.integers(200, 401)), "units": units, "batch_norm": False},
        **{"dropout": 0.0, "activation": str(rng.choice(["tanh", "relu"]))},
    )
    return fitting_start(changed)


def _normalized(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_in_numbers(recipe, rng), batch_norm=True, momentum=0.9)


def _few_examples(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    changed = replace(_normalized(recipe, rng), n_examples=320, epochs=30, momentum=0.99)
    return replace(changed, batch_size=32, dropout=0.0, trained=True)


def _overlapping(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """Two classes that no border parts, and of the rare one enough examples to learn from."""
    changed = replace(
        _mixture(recipe, rng, classes=(2, 2)),
        **{"clusters": 1, "separation": rng.uniform(2, 3), "n_features": int(rng.integers(3, 7))},
        **{"n_examples": 3_000, "epochs": 10, "units": recipe.units[:2], "dropout": 0.0},
    )
    return fitting_start(changed)


def _narrow_end(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    changed = _several(replace(recipe, batch_norm=False), rng)
    return replace(changed, units=(8, 8, 4))


def _rate(recipe: Recipe, factor: float) -> Recipe:
    return replace(recipe, learning_rate=DEFAULT_RATES[recipe.optimizer] * factor)


def _sigmoid(recipe: Recipe, strength: float) -> Recipe:
    return fitting_start(replace(recipe, activation="sigmoid"))


def _output(activation: str) -> Callable[[Recipe, float], Recipe]:
    return lambda recipe, strength: replace(recipe, output_activation=activation)


def _one_unit(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, output_activation="softmax", n_outputs=1)


def _squared_classes(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, labels="column", loss="mean_squared_error")


def _validation(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, validation="itself" if strength < 2 else "raw")


def _held_apart(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_in_numbers(recipe, rng), skewed=True)


def _deep_relu(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return fitting_start(replace(_deep(recipe, rng), activation="relu"))


def _normalized_trained(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_normalized(recipe, rng), trained=True)


def _any(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return recipe


def _targets(recipe: Recipe, s: float) -> Recipe:
    return replace(recipe, target_mean=3 * s, target_std=s)


def _foreign(recipe: Recipe, s: float) -> Recipe:
    return replace(recipe, frozen=("batch_norm",), moments=(s, s**2))


def _below_zero(recipe: Recipe, s: float) -> Recipe:
    return replace(recipe, bias=-s)


def _frozen(recipe: Recipe, strength: float) -> Recipe:
    return replace(recipe, frozen=("output",) if strength < 2 else ("hidden",))


def _to(**changes: str) -> Callable[[Recipe, float], Recipe]:
    """Set these fields, "s" to the strength."""
    return lambda recipe, s: replace(
        recipe, **{name: s if value == "s" else value for name, value in changes.items()}
    )


def _spoiler(name: str, ground, spoil, weakest: float = 1.0, strongest: float = 1.0) -> Spoiler:
    return Spoiler(name=name, ground=ground, spoil=spoil, weakest=weakest, strongest=strongest)


SPOILERS = (
    _spoiler("offset_inputs", _plain, _to(offset="s"), 10, 100),
    _spoiler("unequal_scales", _plain, _to(decades="s"), 3, 6),
    _spoiler("validation_standardized_apart", _held_apart, _validation, 1, 4),
    _spoiler("start_too_small", _deep, _to(initializer="normal", gain="s"), 0.01, 1e-5),
    _spoiler("start_too_large", _plain, _to(initializer="normal", gain="s"), 0.7, 5),
    _spoiler("start_all_alike", _plain, _to(initializer="constant", gain="s"), 0.01, 0.5),
    _spoiler("fan_out_for_fan_in", _narrowing, _to(initializer="fan_out")),
    _spoiler("saturated_depth", _deep_relu, _sigmoid),
    _spoiler("dead_at_birth", _rectified, _below_zero, 2, 10),
    _spoiler("learning_rate_too_high", _plain, _rate, 30, 3_000),
    _spoiler("learning_rate_too_low", _plain, _rate, 0.01, 1e-5),
    _spoiler("softmax_on_one_unit", _binary, _one_unit),
    _spoiler("logits_without_from_logits", _classes, _output("linear")),
    _spoiler("relu_output", _classes, _output("relu")),
    _spoiler("labels_start_at_one", _binary, _to(labels="from_one")),
    _spoiler("labels_do_not_fit_loss", _several, _squared_classes),
    _spoiler("output_out_of_reach", _numbers, _output("sigmoid")),
    _spoiler("targets_not_scaled", _numbers, _targets, 30, 1_000),
    _spoiler("labels_shuffled", _any, _to(labels_shuffled=True)),
    _spoiler("class_imbalance", _overlapping, _to(majority="s"), 0.9, 0.97),
    _spoiler("batch_norm_lagging", _normalized_trained, _to(momentum="s"), 0.999, 0.99999),
    _spoiler("batch_norm_tiny_batches", _few_examples, _to(batch_size=2)),
    _spoiler("batch_norm_frozen", _normalized, _foreign, 3, 100),
    _spoiler("dropout_too_high", _plain, _to(dropout="s"), 0.9, 0.98),
    _spoiler("l2_too_strong", _plain, _to(l2="s"), 0.03, 3),
    _spoiler("frozen_layers", _narrow_end, _frozen, 1, 4),
)
