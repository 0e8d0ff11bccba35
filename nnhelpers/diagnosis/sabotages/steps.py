"""One step of an optimizer in NumPy, as Keras makes it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis.sabotages.recipe import Recipe


def stepper(recipe: Recipe) -> Callable[[list[tuple[NDArray, NDArray]]], None]:
    """Return what moves weights along their gradients, with a memory of its own.

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
