"""Train the network of a recipe: `model.fit` in NumPy, in a tenth of its time.

Keras takes seconds for a few hundred steps of a small network, mostly before the first step. Tests
hold the results to those of `model.fit`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas
from nnhelpers.diagnosis.sabotages.data import make_data
from nnhelpers.diagnosis.sabotages.layers import (
    Layer,
    activated,
    backward,
    error,
    first_layers,
    forward,
    loss_of,
)
from nnhelpers.diagnosis.sabotages.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A network before and after its training."""

    # Weights in Keras's order
    start: tuple[NDArray, ...]
    end: tuple[NDArray, ...]
    history: dict[str, list[float]]  # "loss" and "val_loss" after each epoch
    # Balanced accuracy above chance, or the share of variance explained, on training and validation
    # data: 0 for guessing, 1 at most
    score: float
    validation_score: float


@lru_cache(maxsize=256)
def learn(recipe: Recipe) -> Learned:
    """Train the network of a recipe.

    Examples
    --------
    >>> learn(Recipe(separation=9.0)).validation_score > 0.9
    True
    """
    data = make_data(recipe)
    with blas.one_thread(), np.errstate(all="ignore"):
        layers = first_layers(recipe, data.X.shape[1:])
        start = _copies(layers)
        history = _fit(recipe, layers)
        return Learned(
            start=start,
            end=_copies(layers),
            history=history,
            score=_score(recipe, layers, data.X, data.y),
            validation_score=_score(recipe, layers, data.held, data.held_labels),
        )


def _copies(layers: list[Layer]) -> tuple[NDArray, ...]:
    arrays = []
    for layer in layers:
        first, *rest = layer.arrays
        shape = (3, 3, 1, first.shape[1]) if layer.kind == "convolution" else first.shape
        arrays += [first.reshape(shape).copy(), *(array.copy() for array in rest)]
    return tuple(arrays)


def _fit(recipe: Recipe, layers: list[Layer]) -> dict[str, list[float]]:
    data, history = make_data(recipe), {"loss": [], "val_loss": []}
    rng, step = np.random.default_rng([recipe.seed, 2]), stepper(recipe)
    weights = _example_weights(recipe, data.y)
    for _ in range(recipe.epochs):
        losses = []
        for begin in range(0, len(data.X), recipe.batch_size):
            rows = slice(begin, begin + recipe.batch_size)
            y = data.y[rows]
            z = forward(recipe, layers, data.X[rows], rng=rng)
            loss = np.mean(loss_of(recipe, z, y) * weights[rows])
            losses.append(float(loss) + _penalty(recipe, layers))
            errors = error(recipe, z, y) * weights[rows, np.newaxis] / len(y)
            step(backward(recipe, layers, errors))
        history["loss"].append(float(np.mean(losses)))
        history["val_loss"].append(mean_loss(recipe, layers, data.held, y=data.held_labels))
    return history


def mean_loss(recipe: Recipe, layers: list[Layer], X: NDArray, *, y: NDArray) -> float:
    """Return the loss in inference mode, penalties included.

    Examples
    --------
    >>> data = make_data(recipe := Recipe())
    >>> layers = first_layers(recipe, data.X.shape[1:])
    >>> round(mean_loss(recipe, layers, data.X, y=data.y), 1)
    0.9
    """
    return float(np.mean(loss_of(recipe, forward(recipe, layers, X), y))) + _penalty(recipe, layers)


def _penalty(recipe: Recipe, layers: list[Layer]) -> float:
    return recipe.l2 and recipe.l2 * sum(float(np.sum(layer.kernel**2)) for layer in layers)


def _example_weights(recipe: Recipe, y: NDArray) -> NDArray[np.float32]:
    if not recipe.class_weighted:
        return np.ones(len(y), dtype=np.float32)
    classes = classes_of(y)
    counts = np.bincount(classes)
    return (len(y) / (np.sum(counts > 0) * counts[classes])).astype(np.float32)


def classes_of(y: NDArray) -> NDArray[np.int64]:
    """Return labels in any encoding as one class number per example.

    Examples
    --------
    >>> classes_of(np.eye(2)), classes_of(np.ones((2, 1), dtype=int))
    (array([0, 1]), array([1, 1]))
    """
    return y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.ravel()


def _score(recipe: Recipe, layers: list[Layer], X: NDArray, y: NDArray) -> float:
    """Score of the answers: 0 for guessing, 1 for all correct."""
    values = activated(forward(recipe, layers, X), name=recipe.output_activation)
    if not np.isfinite(values).all():
        return 0.0
    if recipe.n_classes == 0:
        return max(0.0, float(1 - np.mean((values[:, 0] - y) ** 2) / np.var(y)))
    found = values.argmax(axis=1) if values.shape[1] > 1 else values[:, 0] > 0.5
    true = classes_of(y)
    hits = [np.mean(found[true == each] == each) for each in np.unique(true)]
    guess = 1 / recipe.n_classes
    return max(0.0, (float(np.mean(hits)) - guess) / (1 - guess))


def stepper(recipe: Recipe) -> Callable[[list[tuple[NDArray, NDArray]]], None]:
    """Return an optimizer step on pairs of weight and gradient, which keeps its own state.

    Examples
    --------
    >>> weight = np.ones(1)
    >>> stepper(Recipe(optimizer="sgd", learning_rate=0.5))([(weight, np.ones(1))])
    >>> weight
    array([0.5])
    """
    memory, rate, steps = {}, recipe.learning_rate, 0

    def step(pairs: list[tuple[NDArray, NDArray]]) -> None:
        nonlocal steps
        steps += 1
        for weight, gradient in pairs:
            first, second = memory.setdefault(
                id(weight), (np.zeros_like(weight), np.zeros_like(weight))
            )
            if recipe.optimizer == "sgd":
                first *= 0.9
                first -= rate * gradient
                weight += first
                continue
            rho = 0.999 if recipe.optimizer == "adam" else 0.9
            second += (1 - rho) * (gradient * gradient - second)
            if recipe.optimizer == "adam":
                first += 0.1 * (gradient - first)
                size = rate * np.sqrt(1 - rho**steps) / (1 - 0.9**steps)
                weight -= size * first / (np.sqrt(second) + 1e-7)
            else:
                weight -= rate * gradient / np.sqrt(second + 1e-7)

    return step
