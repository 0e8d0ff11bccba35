"""Exercises of lesson 4."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise

_EPSILON = 1e-3
_rng = np.random.default_rng(0)
_BATCHES = tuple(
    (_rng.normal(center, std, size=(12, 3)), _rng.uniform(0.5, 2, size=3), _rng.normal(size=3))
    for center, std in ((3.0, 2.0), (-1.0, 0.1))
)
_UPDATES = tuple((_rng.normal(size=4), _rng.normal(3, 1, size=4), m) for m in (0.99, 0.9))


def _normalized(z, gamma, beta, *, axis=0, epsilon=_EPSILON):
    mean, variance = z.mean(axis=axis, keepdims=True), z.var(axis=axis, keepdims=True)
    return gamma * (z - mean) / np.sqrt(variance + epsilon) + beta


def _wine(left, *, by_test=False, with_start=True, epsilon=_EPSILON):
    train, test = datasets.split(datasets.load_wine(), seed=0)
    by = test.X if by_test else train.X
    mean = (1 - left) * by.mean(axis=0)
    variance = left * with_start + (1 - left) * by.var(axis=0)
    return (test.X - mean) / np.sqrt(variance + epsilon)


BATCH_NORM = {
    "batch_norm": Exercise(
        right=_normalized,
        cases=_BATCHES,
        mistakes={
            "epsilon, 1e-3, is missing": lambda *a: _normalized(*a, epsilon=0.0),
            "epsilon is 1e-3 here, as in Keras, not 1e-5": lambda *a: _normalized(*a, epsilon=1e-5),
            "this takes the moments over the units of an example; over the examples is axis 0": (
                lambda *a: _normalized(*a, axis=1)
            ),
            "this takes one mean and one variance for all units; each unit has its own": (
                lambda *a: _normalized(*a, axis=None)
            ),
            "gamma and beta are missing": lambda z, gamma, beta: _normalized(z, 1.0, 0.0),
            "beta is missing": lambda z, gamma, beta: _normalized(z, gamma, 0.0),
            "gamma is missing": lambda z, gamma, beta: _normalized(z, 1.0, beta),
            "this divides by the variance, not by its root": lambda z, gamma, beta: (
                gamma * (z - z.mean(axis=0)) / (z.var(axis=0) + _EPSILON) + beta
            ),
            "epsilon belongs to the variance, under the root": lambda z, gamma, beta: (
                gamma * (z - z.mean(axis=0)) / (z.std(axis=0) + _EPSILON) + beta
            ),
            "the mean is not subtracted": lambda z, gamma, beta: (
                gamma * z / np.sqrt(z.var(axis=0) + _EPSILON) + beta
            ),
        },
        praise="This is all that batch norm does in training.",
    ),
    "update": Exercise(
        right=lambda moving, batch, momentum: momentum * moving + (1 - momentum) * batch,
        cases=_UPDATES,
        mistakes={
            "the two shares are exchanged; momentum is what the old value keeps": (
                lambda moving, batch, momentum: (1 - momentum) * moving + momentum * batch
            ),
            "the batch's share is 1 - momentum, so that the two add up to 1": (
                lambda moving, batch, momentum: momentum * moving + batch
            ),
            "the momentum is an argument; this always takes 0.99": (
                lambda moving, batch, momentum: 0.99 * moving + 0.01 * batch
            ),
        },
        praise="Once a step, for the mean and for the variance.",
    ),
    "steps_until_one_percent": Exercise(
        right=lambda: np.log(0.01) / np.log(0.99),
        mistakes={
            "after 100 steps 37 % are left: each step takes 1 % of what is left": lambda: 100.0,
            "the share only falls: the number of steps is positive": (
                lambda: -np.log(0.01) / np.log(0.99)
            ),
            "1 is in the exponent's place; solve 0.99 ** k = 0.01": (
                lambda: np.log(0.99) / np.log(0.01)
            ),
        },
        within=2e-3,
        praise="About 458: ten epochs of our digits.",
    ),
    "wine_in_inference": Exercise(
        right=lambda: _wine(0.9**20),
        mistakes={
            "these are the moments of the test wines; the layer saw the training wines": (
                lambda: _wine(0.9**20, by_test=True)
            ),
            "this is what endless training would give; after 20 steps 0.9 ** 20 of the start "
            "is left": lambda: _wine(0.0),
            "epsilon, 1e-3, is missing": lambda: _wine(0.9**20, epsilon=0.0),
            "the momentum is 0.9, not 0.99": lambda: _wine(0.99**20),
            "the moving variance began at 1, not at 0": lambda: _wine(0.9**20, with_start=False),
            "the shares are exchanged: 0.9 ** 20 is what is left of the start": (
                lambda: _wine(1 - 0.9**20)
            ),
            "this is training mode: the test wines normalized by themselves": (
                lambda: _wine(0.0, by_test=True)
            ),
        },
        within=1e-4,
        praise="12 % of the start is left, and the outputs are not yet centred.",
    ),
}
