"""The data of a recipe, healthy or spoiled."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from nnhelpers import datasets
from nnhelpers.diagnosis.sabotages.recipe import Recipe

VALIDATION_SHARE = 0.25
# Constant pixels carry no information, and nearly constant ones become huge when standardized.
_LEAST_DEVIATION = 0.5


@dataclass(frozen=True, kw_only=True)
class Data:
    """Training and validation data, as a network gets them."""

    # Of shape (n_examples, n_features) or (n_examples, 8, 8, 1)
    X: NDArray[np.float32]
    # Of shape (n_examples,) or (n_examples, n_classes)
    y: NDArray
    held: NDArray[np.float32]
    held_labels: NDArray


@lru_cache(maxsize=64)
def make_data(recipe: Recipe) -> Data:
    """Make the data of a recipe.

    Examples
    --------
    >>> make_data(Recipe(n_examples=400)).X.shape
    (300, 10)
    """
    rng = np.random.default_rng([recipe.seed, 0])
    X, y = _source(recipe, rng)
    there = _validation_rows(recipe, y, rng)
    X, held = _inputs(recipe, X[~there], X[there], rng)
    labels, held_labels = _targets(recipe, y[~there]), _targets(recipe, y[there])
    if recipe.labels_shuffled:
        labels = rng.permutation(labels)
    if recipe.filters:
        X, held = X.reshape(-1, 8, 8, 1), held.reshape(-1, 8, 8, 1)
    X, held = X.astype(np.float32), held.astype(np.float32)
    return Data(X=X, y=labels, held=held, held_labels=held_labels)


def _validation_rows(recipe: Recipe, y: NDArray, rng: np.random.Generator) -> NDArray[np.bool_]:
    odds = np.ones(len(y))
    if recipe.skewed:
        rank = np.argsort(np.argsort(y, kind="stable"))
        odds[rank < len(y) // 2] = 0.05
    rows = np.zeros(len(y), dtype=bool)
    n_validation = round(VALIDATION_SHARE * len(y))
    rows[rng.choice(len(y), n_validation, replace=False, p=odds / odds.sum())] = True
    return rows


def _inputs(
    recipe: Recipe, X: NDArray, held: NDArray, rng: np.random.Generator
) -> tuple[NDArray, NDArray]:
    if recipe.inputs == "unit":
        X, held, moments = X / 16, held / 16, (0.0, 1.0)
    else:
        moments = X.mean(axis=0), X.std(axis=0)
    itself = held.mean(axis=0), held.std(axis=0) + 1e-9
    own = {"alike": moments, "itself": itself, "raw": (0.0, 1.0)}[recipe.validation]
    X, held = (X - moments[0]) / moments[1], (held - own[0]) / own[1]
    reach = recipe.decades / 2
    scales = rng.permutation(np.logspace(-reach, reach, X.shape[1]))
    return X * scales + recipe.offset, held * scales + recipe.offset


def _targets(recipe: Recipe, y: NDArray) -> NDArray:
    if recipe.n_classes == 0:
        return (y * recipe.target_std + recipe.target_mean).astype(np.float32)
    if recipe.labels == "one_hot":
        return np.eye(recipe.n_classes, dtype=np.float32)[y]
    if recipe.labels == "column":
        return y[:, np.newaxis]
    return y + 1 if recipe.labels == "from_one" else y


def _mixture(recipe: Recipe, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Clusters of each class; every feature has its own unit and zero."""
    k, d = recipe.n_classes, recipe.n_features
    shares = np.full(k, 1 / k)
    if recipe.majority:
        shares = np.r_[recipe.majority, np.full(k - 1, (1 - recipe.majority) / (k - 1))]
    y = rng.choice(k, size=recipe.n_examples, p=shares)
    centers = rng.normal(size=(k, recipe.clusters, d)) * recipe.separation / np.sqrt(2)
    # Distances of centers grow with the root of the number of features; make up for it.
    centers *= np.sqrt(4 / max(4, d))
    X = centers[y, rng.integers(0, recipe.clusters, size=len(y))] + rng.normal(size=(len(y), d))
    return _in_other_units(X, rng), y


def _regression(recipe: Recipe, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    X = rng.normal(size=(recipe.n_examples, recipe.n_features))
    along, across = rng.normal(size=(2, recipe.n_features)) / np.sqrt(recipe.n_features)
    y = np.sin(1.5 * X @ along) + 0.5 * X @ across + 0.1 * rng.normal(size=len(X))
    return _in_other_units(X, rng), (y - y.mean()) / y.std()


def _in_other_units(X: NDArray, rng: np.random.Generator) -> NDArray:
    n_features = X.shape[1]
    return X * np.exp(rng.normal(size=n_features)) + 5 * rng.normal(size=n_features)


_MADE = {"rings": datasets.make_rings, "square": partial(datasets.make_square, center=3.0)}
_DRAWN = {"mixture": _mixture, "regression": _regression}


def _source(recipe: Recipe, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Return the examples of a recipe's `data`."""
    if recipe.data in _DRAWN:
        return _DRAWN[recipe.data](recipe, rng)
    if recipe.data in _MADE:
        made = _MADE[recipe.data](recipe.n_examples, seed=recipe.seed)
        return made.X, made.y
    stored = getattr(datasets, f"load_{recipe.data}")()
    X = stored.X
    if recipe.data == "digits" and not recipe.filters:
        X = X[:, X.std(axis=0) > _LEAST_DEVIATION]
    rows = rng.permutation(len(X))[: recipe.n_examples]
    return X[rows], stored.y[rows]
