"""Exercises of lessons 1 and 2."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise


def _zero(X, *, axis):
    return 0.0


def _one(X, *, axis):
    return 1.0


def _standardized(X, *, by, mean=np.mean, std=np.std, axis=0):
    return (X - mean(by, axis=axis)) / std(by, axis=axis)


def _active_share(X, kernel, bias, *, size=np.mean, axis=0):
    return size(X @ kernel + bias > 0, axis=axis)


def _step(w, X, y, rate):
    return w - rate * X.T @ (X @ w - y) / len(X)


def _wine_inputs(*, of="test", by="train", **settings):
    train, test = (part.X for part in datasets.split(datasets.load_wine(), seed=0))
    parts = {"train": train, "test": test, "both": np.concatenate([train, test])}
    return _standardized(parts[of], by=parts[by], **settings)


_rng = np.random.default_rng(0)

active_share = Exercise(
    right=_active_share,
    cases=tuple(
        (_rng.normal(size=(20, 2)) + offset, _rng.uniform(-1, 1, size=(2, 4)), _rng.normal(size=4))
        for offset in (0.0, 3.0)
    ),
    mistakes={
        "the bias is missing": lambda X, kernel, bias: _active_share(X, kernel, 0),
        "this is the share where the unit is not active": lambda *case: 1 - _active_share(*case),
        "this counts the examples; a share is their mean": {"size": np.sum},
        "this is a share of units for each example; average over the examples, axis 0": {"axis": 1},
        "this is the mean activation; asked for is how often it is above 0": (
            lambda X, kernel, bias: np.maximum(X @ kernel + bias, 0).mean(axis=0)
        ),
    },
    praise="The forward pass of a layer is one line, and so is this.",
)

offset_where_one_in_twenty_splits = Exercise(
    right=lambda: 19.0,
    mistakes={
        "this solves 1/c = 1/20; the law is 1/(c + 1)": lambda: 20.0,
        "the share is one in twenty, 0.05, and this is the share": lambda: 0.05,
    },
    within=1e-3,
    praise="1/(19 + 1) is one in twenty.",
)

descent_step = Exercise(
    right=_step,
    cases=tuple(
        (_rng.normal(size=3), _rng.normal(size=(8, 3)), _rng.normal(size=8), rate)
        for rate in (0.1, 0.5)
    ),
    mistakes={
        "this goes uphill; the gradient is subtracted": lambda w, X, y, rate: _step(w, X, y, -rate),
        "this sums over the examples; the loss is their mean": (
            lambda w, X, y, rate: _step(w, X, y, rate * len(X))
        ),
        "the learning rate is missing": lambda w, X, y, rate: _step(w, X, y, 1.0),
        "this is the change alone; the new weights are the old ones plus the change": (
            lambda w, X, y, rate: _step(w, X, y, rate) - w
        ),
        "this is the gradient; the new weights are asked for": (
            lambda w, X, y, rate: w - _step(w, X, y, 1.0)
        ),
        "this is the rate times the gradient; the new weights are asked for": (
            lambda w, X, y, rate: w - _step(w, X, y, rate)
        ),
        "the gradient is twice too large: the loss has a ½ before the square": (
            lambda w, X, y, rate: _step(w, X, y, 2 * rate)
        ),
    },
    praise="That is all of gradient descent.",
)

wine_inputs = Exercise(
    right=_wine_inputs,
    mistakes={
        "these are the test data's own mean and standard deviation, which the network did not "
        "learn with": {"by": "test"},
        "these are the test data as they came": {"mean": _zero, "std": _one},
        "training and test data were put together for the mean and the standard deviation; "
        "the network knows the training data alone": {"by": "both"},
        "these are the training data": {"of": "train"},
        "this divides by the variance, not by the standard deviation": {"std": np.var},
        "the mean is not taken off": {"mean": _zero},
        "the standard deviations still differ": {"std": _one},
        "this is one mean and one standard deviation for all 13 features; each needs its own": {
            "axis": None
        },
    },
    within=0.01,
    praise="The test data pass through the training data's numbers.",
)


def _slope(a):
    return a * (1 - a)


def _below(error, kernel, slope):
    return error @ kernel.T * slope


def _wine_flat(*, flat=lambda z: np.abs(z) > 2, **settings):
    X = datasets.load_wine().X
    kernel = np.random.default_rng(0).normal(0, 1 / np.sqrt(13), size=(13, 16))
    return np.array(
        [np.mean(flat(each @ kernel)) for each in (X, _standardized(X, by=X, **settings))]
    )


_rng = np.random.default_rng(0)

sigmoid_slope = Exercise(
    right=_slope,
    cases=((np.array([0.02, 0.5, 0.9]),), (_rng.uniform(0, 1, size=(4, 3)),)),
    mistakes={
        "this takes a for z; a is the sigmoid's value already": (
            lambda a: _slope(1 / (1 + np.exp(-a)))
        ),
        "this is tanh's slope": lambda a: 1 - a**2,
        "this is only one of the two factors": lambda a: 1 - a,
        "the sign is turned; the sigmoid rises everywhere": lambda a: -_slope(a),
    },
    praise="At a = ½ it is ¼, its largest value.",
)

error_below = Exercise(
    right=_below,
    # Square kernels, so that a forgotten transpose also gives numbers.
    cases=tuple(
        (_rng.normal(size=(5, 3)), _rng.normal(size=(3, 3)), _rng.uniform(0, 1, size=(5, 3)))
        for _ in range(2)
    ),
    mistakes={
        "the slope is missing": lambda error, kernel, slope: error @ kernel.T,
        "this goes forward through the kernel; the way back needs kernel.T": (
            lambda error, kernel, slope: _below(error, kernel.T, slope)
        ),
        "the slope belongs to the layer below: multiply after the kernel, not before": (
            lambda error, kernel, slope: (error * slope) @ kernel.T
        ),
        "the kernel is missing": lambda error, kernel, slope: error * slope,
        "this divides by the slope": lambda error, kernel, slope: _below(error, kernel, 1 / slope),
    },
    praise="This line, layer after layer, is backpropagation.",
)

layers_to_a_millionth = Exercise(
    right=lambda: 11.0,
    mistakes={
        "this is the number of factors; between k layers there are k − 1": lambda: 10.0,
        "this is one layer too many; between k layers there are k − 1 factors": lambda: 12.0,
    },
    praise="Ten factors of ¼ make 1/1,048,576.",
)

wine_flat = Exercise(
    right=_wine_flat,
    mistakes={
        "these are the shares within |z| < 2": lambda: 1 - _wine_flat(),
        "this counts one side only; the sigmoid is flat on both": {"flat": lambda z: z > 2},
        "this takes one mean and one deviation for all; each measurement has its own": {
            "axis": None
        },
        "the mean is taken off, and the standard deviations still differ": {"std": _one},
        "this divides by the standard deviation, and leaves the mean": {"mean": _zero},
    },
    within=1e-3,
    praise="One line, before any training, tells what the data do to the first layer.",
)
