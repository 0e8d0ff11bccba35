"""Exercises of lesson 1."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise

_rng = np.random.default_rng(0)
_Z = _rng.normal([0.3, 0.0, -1.0], 1.0, size=(40, 3))
_LAYERS = tuple(
    (_rng.normal(size=(20, 2)) + offset, _rng.uniform(-1, 1, size=(2, 4)), _rng.normal(size=4))
    for offset in (0.0, 3.0)
)


def _active(X, kernel, bias):
    return X @ kernel + bias > 0


_DATA = tuple(
    (_rng.normal(size=3), _rng.normal(size=(8, 3)), _rng.normal(size=8), rate)
    for rate in (0.1, 0.5)
)


def _step(w, X, y, rate):
    return w - rate * X.T @ (X @ w - y) / len(X)


def _wine():
    train, test = datasets.split(datasets.load_wine(), seed=0)
    return train.X, test.X


def _standardized(X, by):
    return (X - by.mean(axis=0)) / by.std(axis=0)


NORMALIZATION = {
    "active_share": Exercise(
        right=lambda *layer: _active(*layer).mean(axis=0),
        cases=_LAYERS,
        mistakes={
            "the bias is missing": lambda X, k, b: (X @ k > 0).mean(axis=0),
            "this is the share where the unit is not active": (
                lambda *layer: 1 - _active(*layer).mean(axis=0)
            ),
            "this counts the examples; a share is their mean": (
                lambda *layer: _active(*layer).sum(axis=0)
            ),
            "this is a share of units for each example; average over the examples, axis 0": (
                lambda *layer: _active(*layer).mean(axis=1)
            ),
            "this is the mean activation; asked for is how often it is above 0": (
                lambda X, k, b: np.maximum(X @ k + b, 0).mean(axis=0)
            ),
        },
        praise="The forward pass of a layer is one line, and so is this.",
    ),
    "offset_where_one_in_twenty_splits": Exercise(
        right=lambda: 19.0,
        mistakes={
            "this solves 1/c = 1/20; the law is 1/(c + 1)": lambda: 20.0,
            "the share is one in twenty, 0.05, and this is the share": lambda: 0.05,
        },
        within=1e-3,
        praise="1/(19 + 1) is one in twenty.",
    ),
    "descent_step": Exercise(
        right=_step,
        cases=_DATA,
        mistakes={
            "this goes uphill; the gradient is subtracted": (
                lambda w, X, y, rate: w + rate * X.T @ (X @ w - y) / len(X)
            ),
            "this sums over the examples; the loss is their mean": (
                lambda w, X, y, rate: w - rate * X.T @ (X @ w - y)
            ),
            "the learning rate is missing": lambda w, X, y, rate: _step(w, X, y, 1.0),
            "this is the change alone; the new weights are the old ones plus the change": (
                lambda w, X, y, rate: _step(w, X, y, rate) - w
            ),
            "this is the gradient; the new weights are asked for": (
                lambda w, X, y, rate: X.T @ (X @ w - y) / len(X)
            ),
            "this is the rate times the gradient; the new weights are asked for": (
                lambda w, X, y, rate: w - _step(w, X, y, rate)
            ),
            "the gradient is twice too large: the loss has a ½ before the square": (
                lambda w, X, y, rate: _step(w, X, y, 2 * rate)
            ),
        },
        praise="That is all of gradient descent.",
    ),
    "wine_inputs": Exercise(
        right=lambda: _standardized(_wine()[1], by=_wine()[0]),
        mistakes={
            "these are the test data's own mean and standard deviation, which the network did not "
            "learn with": lambda: _standardized(_wine()[1], by=_wine()[1]),
            "these are the test data as they came": lambda: _wine()[1],
            "training and test data were put together for the mean and the standard deviation; "
            "the network knows the training data alone": (
                lambda: _standardized(_wine()[1], by=np.concatenate(_wine()))
            ),
            "these are the training data": lambda: _standardized(_wine()[0], by=_wine()[0]),
            "this divides by the variance, not by the standard deviation": (
                lambda: (_wine()[1] - _wine()[0].mean(axis=0)) / _wine()[0].var(axis=0)
            ),
            "the mean is not taken off": lambda: _wine()[1] / _wine()[0].std(axis=0),
            "the standard deviations still differ": lambda: _wine()[1] - _wine()[0].mean(axis=0),
            "this is one mean and one standard deviation for all 13 features; each needs its own": (
                lambda: (_wine()[1] - _wine()[0].mean()) / _wine()[0].std()
            ),
        },
        within=0.01,
        praise="The test data pass through the training data's numbers.",
    ),
}
