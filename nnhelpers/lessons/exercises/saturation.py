"""Exercises of lesson 2."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise

_rng = np.random.default_rng(0)
_Z = _rng.normal(0, 3, size=(5, 3))
_BACK = tuple(
    (_rng.normal(size=(6, above)), _rng.normal(size=(4, above)), _rng.normal(size=(6, 4)))
    for above in (3, 4)
)
_DEAD = (_rng.normal([-3, 0.5, -9, 2, -9], 1, size=(50, 5)), -np.ones((4, 2)))


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _slope(z):
    return _sigmoid(z) * (1 - _sigmoid(z))


def _back(delta, kernel, slope):
    return slope * (delta @ kernel.T)


def _dead(z):
    return np.mean((z <= 0).all(axis=0))


def _wine_z(X=None):
    wine = datasets.load_wine()
    X = (wine.X - wine.X.mean(axis=0)) / wine.X.std(axis=0) if X is None else X
    return X @ np.random.default_rng(0).normal(size=(13, 100))


SATURATION = {
    "sigmoid_slope": Exercise(
        right=_slope,
        cases=((_Z,), (np.array([0.0, 4.0, -20.0]),)),
        mistakes={
            "this is the sigmoid itself": _sigmoid,
            "this is 1 minus the sigmoid; multiply it by the sigmoid": lambda z: 1 - _sigmoid(z),
            "this treats z as if it were already the sigmoid's value": lambda z: z * (1 - z),
            "this is the slope of tanh": lambda z: 1 - np.tanh(z) ** 2,
        },
        praise="At z = 0 it is ¼, and never more.",
    ),
    "delta_below": Exercise(
        right=_back,
        cases=_BACK,
        mistakes={
            "the slope is missing": lambda delta, kernel, slope: delta @ kernel.T,
            "the slopes are multiplied in before the weights' sum; they belong to the layer "
            "below": lambda delta, kernel, slope: slope.mean() * (delta @ kernel.T),
            "the size of the weights is used, not the weights": (
                lambda delta, kernel, slope: slope * (delta @ np.abs(kernel).T)
            ),
        },
        praise="One line, once for each layer: that is backpropagation.",
    ),
    "dead_share": Exercise(
        right=_dead,
        cases=tuple((z,) for z in _DEAD),
        mistakes={
            "this is the share of zeros; a unit is dead if it is off on every example": (
                lambda z: np.mean(z <= 0)
            ),
            "this is the share of examples on which all units are off": (
                lambda z: np.mean((z <= 0).all(axis=1))
            ),
            "this counts the dead units; a share is asked for": (
                lambda z: np.sum((z <= 0).all(axis=0))
            ),
            "these are the units that are alive": lambda z: 1 - _dead(z),
            "this also counts units that are off on some example": (
                lambda z: np.mean((z <= 0).any(axis=0))
            ),
        },
        praise="Now you can see them in any network of yours.",
    ),
    "wine_saturated": Exercise(
        right=lambda: np.mean(np.abs(_wine_z()) > 4),
        mistakes={
            "this counts one side of the sigmoid; it is flat on both": (
                lambda: np.mean(_wine_z() > 4)
            ),
            "this is the share of z that is not saturated": lambda: np.mean(np.abs(_wine_z()) <= 4),
            "this is a number of z's; a share is their mean": lambda: np.sum(np.abs(_wine_z()) > 4),
            "the wines are not standardized": lambda: np.mean(
                np.abs(_wine_z(datasets.load_wine().X)) > 4
            ),
        },
        within=1e-3,
        praise="Weights from N(0, 1) and 13 inputs are enough.",
    ),
}
