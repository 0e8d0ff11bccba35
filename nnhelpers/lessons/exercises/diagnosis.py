"""Exercises of lesson 6."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise

_rng = np.random.default_rng(0)
_ANSWERS = tuple(
    (_rng.dirichlet(np.ones(classes), size=7), _rng.integers(0, classes, 7)) for classes in (4, 10)
)
_LAYERS = tuple(np.maximum(_rng.normal(mean, 1, size=(6, 9)), 0) for mean in (-1.2, 1.2))
_STEPS = tuple(
    (kernel, kernel + _rng.normal(0.01, size, kernel.shape))
    for kernel, size in ((_rng.normal(size=(4, 3)), 0.01), (_rng.normal(1, 1, size=(5, 2)), 0.1))
)


def _right(p, y):
    return p[np.arange(len(y)), y]


def _guess(p):
    return np.log(p.shape[1])


def _shares(a, *, axis=0):
    return np.mean((a <= 0).all(axis=axis)), np.mean((a > 0).all(axis=axis))


def _rms(values):
    return np.sqrt(np.mean(values**2))


def _wine_shares(share, *, axis: int | None = 0, by_std: bool = True):
    seen, _ = datasets.split(datasets.load_wine(), seed=0)
    kernel = np.random.default_rng(0).normal(0, np.sqrt(2 / 13), size=(13, 64))
    std = seen.X.std(axis=axis) if by_std else 1.0
    both = seen.X, (seen.X - seen.X.mean(axis=axis)) / std
    return np.array([np.mean(share((X @ kernel > 0).mean(axis=0))) for X in both])


def _splits(active):
    return (active > 0) & (active < 1)


DIAGNOSIS = {
    "first_loss": Exercise(
        right=lambda p, y: -np.mean(np.log(_right(p, y))) / _guess(p),
        cases=_ANSWERS,
        mistakes={
            "this is the loss; divide it by that of a guess, log k": lambda p, y: (
                -np.mean(np.log(_right(p, y)))
            ),
            "a loss is positive: the sign is turned": lambda p, y: (
                np.mean(np.log(_right(p, y))) / _guess(p)
            ),
            "this adds up over the examples; the loss is their mean": lambda p, y: (
                -np.sum(np.log(_right(p, y))) / _guess(p)
            ),
            "the logarithm of the mean; take the mean of the logarithms": lambda p, y: (
                -np.log(np.mean(_right(p, y))) / _guess(p)
            ),
            "this takes every class; only the probability of the right one counts": (
                lambda p, y: -np.mean(np.log(p)) / _guess(p)
            ),
            "p[:, y] pairs every row with every label; number the rows, too": lambda p, y: (
                -np.mean(np.log(p[:, y])) / _guess(p)
            ),
            "this takes the largest probability, right or wrong": lambda p, y: (
                -np.mean(np.log(p.max(axis=1))) / _guess(p)
            ),
            "a guess loses log k, not k": lambda p, y: -np.mean(np.log(_right(p, y))) / p.shape[1],
            "k is the number of classes, not of examples": lambda p, y: (
                -np.mean(np.log(_right(p, y))) / np.log(len(p))
            ),
            "both logarithms must be of one kind: np.log": lambda p, y: (
                -np.mean(np.log10(_right(p, y))) / _guess(p)
            ),
            "this is the mean probability of the right class; its logarithm counts": (
                lambda p, y: np.mean(_right(p, y))
            ),
        },
        praise="1 is a guess; before the first step a network should not be far from it.",
    ),
    "unit_shares": Exercise(
        right=_shares,
        cases=tuple((layer,) for layer in _LAYERS),
        mistakes={
            "this asks each example about its units; ask each unit about its examples: axis 0": (
                lambda a: _shares(a, axis=1)
            ),
            "the two are exchanged: first the dead, then the always active": (
                lambda a: _shares(a)[::-1]
            ),
            "these are shares of all activations; a unit is dead if it is off on every example": (
                lambda a: (np.mean(a <= 0), np.mean(a > 0))
            ),
            "a unit that is off on one example is not dead: all, not any": lambda a: (
                np.mean((a <= 0).any(axis=0)),
                np.mean((a > 0).any(axis=0)),
            ),
            "these are numbers of units; divide by how many there are": lambda a: np.multiply(
                _shares(a), a.shape[1]
            ),
            "the second is the share of units that are not dead; some of those are off at times": (
                lambda a: (_shares(a)[0], 1 - _shares(a)[0])
            ),
        },
        praise="The rest of the units split the data.",
    ),
    "update_ratio": Exercise(
        right=lambda before, after: _rms(after - before) / _rms(before),
        cases=_STEPS,
        mistakes={
            "the roots are missing: this is the ratio's square": lambda before, after: (
                np.mean((after - before) ** 2) / np.mean(before**2)
            ),
            "this compares the sizes of the weights; take the size of the difference": (
                lambda before, after: _rms(after) / _rms(before)
            ),
            "the size of the difference, not the difference of the sizes": lambda before, after: (
                (_rms(after) - _rms(before)) / _rms(before)
            ),
            "this divides weight by weight, where small weights drown the others": (
                lambda before, after: _rms((after - before) / before)
            ),
            "the size of the weights is missing below": lambda before, after: _rms(after - before),
            "divide by the weights before the step": lambda before, after: (
                _rms(after - before) / _rms(after)
            ),
            "a mean of signed changes: they cancel; square them first": lambda before, after: (
                np.mean(after - before) / np.mean(before)
            ),
            "these are means of sizes; rms squares them, and takes the root of the mean": (
                lambda before, after: np.mean(np.abs(after - before)) / np.mean(np.abs(before))
            ),
            "this is upside down: the update is above": lambda before, after: (
                _rms(before) / _rms(after - before)
            ),
            "a standard deviation takes the mean away; rms does not": lambda before, after: (
                np.std(after - before) / np.std(before)
            ),
        },
        praise="About a thousandth a step is usual.",
    ),
    "wine_splitting": Exercise(
        right=lambda: _wine_shares(_splits),
        mistakes={
            "these are the dead": lambda: _wine_shares(lambda active: active == 0),
            "these are the always active": lambda: _wine_shares(lambda active: active == 1),
            "this is how often units are on; count the units that are on at times": (
                lambda: _wine_shares(lambda active: active)
            ),
            "first the raw wines, then the standardized ones": lambda: _wine_shares(_splits)[::-1],
            "each measurement has its own mean and standard deviation: axis 0": (
                lambda: _wine_shares(_splits, axis=None)
            ),
        },
        within=1e-3,
        praise="Raw wines are data far from 0: nine units in ten are dead, or a straight line.",
    ),
}
