"""Exercises of lesson 2."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise

_rng = np.random.default_rng(0)
_ACTIVATIONS = ((np.array([0.02, 0.5, 0.9]),), (_rng.uniform(0, 1, size=(4, 3)),))
# Square kernels, so that a forgotten transpose gives numbers, too.
_LAYERS = tuple(
    (_rng.normal(size=(5, 3)), _rng.normal(size=(3, 3)), _rng.uniform(0, 1, size=(5, 3)))
    for _ in range(2)
)


def _slope(a):
    return a * (1 - a)


def _below(error, kernel, slope):
    return error @ kernel.T * slope


def _wine_shares(standardized, *, far=lambda z: np.abs(z) > 2):
    wine = datasets.load_wine()
    kernel = np.random.default_rng(0).normal(0, 1 / np.sqrt(13), size=(13, 16))
    return np.array([np.mean(far(X @ kernel)) for X in (wine.X, standardized(wine.X))])


def _standardized(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


SATURATION = {
    "sigmoid_slope": Exercise(
        right=_slope,
        cases=_ACTIVATIONS,
        mistakes={
            "this takes a for z; a is the sigmoid's value already": (
                lambda a: _slope(1 / (1 + np.exp(-a)))
            ),
            "this is tanh's slope": lambda a: 1 - a**2,
            "this is only one of the two factors": lambda a: 1 - a,
            "the sign is turned; the sigmoid rises everywhere": lambda a: -_slope(a),
        },
        praise="At a = ½ it is ¼, its largest value.",
    ),
    "error_below": Exercise(
        right=_below,
        cases=_LAYERS,
        mistakes={
            "the slope is missing": lambda e, k, s: e @ k.T,
            "this goes forward through the kernel; the way back needs kernel.T": (
                lambda e, k, s: e @ k * s
            ),
            "the slope belongs to the layer below: multiply after the kernel, not before": (
                lambda e, k, s: (e * s) @ k.T
            ),
            "the kernel is missing": lambda e, k, s: e * s,
            "this divides by the slope": lambda e, k, s: e @ k.T / s,
        },
        praise="This line, layer after layer, is backpropagation.",
    ),
    "layers_to_a_millionth": Exercise(
        right=lambda: 11.0,
        mistakes={
            "this is the number of factors; between k layers there are k − 1": lambda: 10.0,
            "this is one layer too many; between k layers there are k − 1 factors": lambda: 12.0,
        },
        praise="Ten factors of ¼ make 1/1,048,576.",
    ),
    "wine_flat": Exercise(
        right=lambda: _wine_shares(_standardized),
        mistakes={
            "these are the shares within |z| < 2": (lambda: 1 - _wine_shares(_standardized)),
            "this counts one side only; the sigmoid is flat on both": (
                lambda: _wine_shares(_standardized, far=lambda z: z > 2)
            ),
            "this takes one mean and one deviation for all; each measurement has its own": (
                lambda: _wine_shares(lambda X: (X - X.mean()) / X.std())
            ),
            "the mean is taken off, and the standard deviations still differ": (
                lambda: _wine_shares(lambda X: X - X.mean(axis=0))
            ),
            "this divides by the standard deviation, and leaves the mean": (
                lambda: _wine_shares(lambda X: X / X.std(axis=0))
            ),
        },
        within=1e-3,
        praise="One line, before any training, tells what the data do to the first layer.",
    ),
}
