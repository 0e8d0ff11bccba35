"""Exercises of lessons 3 and 4."""

import copy
import itertools

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise


def _same(value):
    return value


def _kernels(*widths, std):
    return [_rng.normal(0, std, size=size) for size in itertools.pairwise(widths)]


def _by_layer(X, kernels, *, size=np.var, activation=lambda z: np.maximum(z, 0), after=False):
    """Return the size of z, or of f(z), in every layer."""
    sizes = []
    for kernel in kernels:
        z = X @ kernel
        X = activation(z)
        sizes.append(size(X if after else z))
    return sizes


def _kernel(rng, n_in, n_out, *, gain=2, n=lambda n_in, n_out: n_in, root=np.sqrt):
    std = root(gain / n(n_in, n_out))
    return copy.deepcopy(rng).normal(0, std, size=(n_in, n_out))


def _silu_std(*, n=32, centred=False):
    """Return the std of weights with n inputs that keeps the mean square of z at 1 after SiLU."""
    z, weights = np.polynomial.hermite_e.hermegauss(60)
    silu, weights = z / (1 + np.exp(-z)), weights / np.sum(weights)
    return np.sqrt(1 / (n * (weights @ silu**2 - centred * (weights @ silu) ** 2)))


_rng = np.random.default_rng(3)

variances_by_layer = Exercise(
    right=_by_layer,
    cases=(
        (_rng.normal(size=(30, 20)), _kernels(20, 40, 40, 10, std=0.2)),
        (_rng.normal(1.0, 2.0, size=(50, 8)), _kernels(8, 16, 16, std=0.5)),
    ),
    mistakes={
        "this is the variance of what leaves the ReLUs; asked for is that of z": {"after": True},
        "the ReLU between the layers is missing": {"activation": _same},
        "these are standard deviations; the variance is their square": {"size": np.std},
        "these are mean squares; a variance is about the mean: np.var": {
            "size": lambda z: np.mean(z**2)
        },
        "this is the last layer alone; append the variance inside the loop": (
            lambda X, kernels: _by_layer(X, kernels)[-1]
        ),
    },
    praise="That is the whole forward pass.",
)

he = Exercise(
    right=_kernel,
    cases=((np.random.default_rng(1), 50, 20), (np.random.default_rng(2), 30, 80)),
    mistakes={
        "2/n is the variance; rng.normal takes the standard deviation": {"root": _same},
        "this is LeCun's 1/n; ReLU halves the mean square, so it takes 2/n": {"gain": 1},
        "this is Glorot's; He's asks for n_in alone": {"n": lambda n_in, n_out: n_in + n_out},
        "n is the number of inputs that are added up, n_in": {"n": lambda n_in, n_out: n_out},
        "a kernel has the shape (n_in, n_out)": (
            lambda rng, n_in, n_out: _kernel(rng, n_out, n_in, n=lambda n_out, n_in: n_in)
        ),
    },
    praise="Keras's he_normal is this line, but for cutting the tails off.",
)

silu_std = Exercise(
    right=_silu_std,
    mistakes={
        "this is the variance; its root is asked for": lambda: _silu_std() ** 2,
        "this is He's, made for ReLU; SiLU lets less through": lambda: np.sqrt(2 / 32),
        "this is LeCun's, made for no activation": lambda: np.sqrt(1 / 32),
        "this takes the variance of SiLU's outputs; their mean square counts": {"centred": True},
        "the number of inputs, 32, is missing": {"n": 1},
        "this multiplies by E[f(z)²]; the law divides by it": lambda: 1 / (32 * _silu_std()),
    },
    within=0.01,
    praise="The law does the rest.",
)


def _normalized(z, gamma, beta, *, axis=0, epsilon=1e-3, mean=np.mean, root=np.sqrt):
    centred = z - mean(z, axis=axis, keepdims=True)
    return gamma * centred / root(z.var(axis=axis, keepdims=True) + epsilon) + beta


def _moved(moving, batch, momentum):
    return momentum * moving + (1 - momentum) * batch


def _wine_in_inference(left=0.9**20, *, by="train", began_at=1, epsilon=1e-3):
    train, test = (part.X for part in datasets.split(datasets.load_wine(), seed=0))
    batch = {"train": train, "test": test}[by]
    mean, variance = (
        left * start + (1 - left) * of_batch(batch, axis=0)
        for start, of_batch in ((0, np.mean), (began_at, np.var))
    )
    return (test - mean) / np.sqrt(variance + epsilon)


_rng = np.random.default_rng(0)

batch_norm = Exercise(
    right=_normalized,
    cases=tuple(
        (_rng.normal(center, std, size=(12, 3)), _rng.uniform(0.5, 2, size=3), _rng.normal(size=3))
        for center, std in ((3.0, 2.0), (-1.0, 0.1))
    ),
    mistakes={
        "epsilon, 1e-3, is missing": {"epsilon": 0.0},
        "epsilon is 1e-3 here, as in Keras, not 1e-5": {"epsilon": 1e-5},
        "this takes the moments over the units of an example; over the examples is axis 0": {
            "axis": 1
        },
        "this takes one mean and one variance for all units; each unit has its own": {"axis": None},
        "gamma and beta are missing": lambda z, gamma, beta: _normalized(z, 1.0, 0.0),
        "beta is missing": lambda z, gamma, beta: _normalized(z, gamma, 0.0),
        "gamma is missing": lambda z, gamma, beta: _normalized(z, 1.0, beta),
        "this divides by the variance, not by its root": {"root": _same},
        "epsilon belongs to the variance, under the root": lambda z, gamma, beta: (
            gamma * (z - z.mean(axis=0)) / (z.std(axis=0) + 1e-3) + beta
        ),
        "the mean is not subtracted": {"mean": lambda z, **_: 0.0},
    },
    praise="This is all that batch norm does in training.",
)

update = Exercise(
    right=_moved,
    cases=tuple((_rng.normal(size=4), _rng.normal(3, 1, size=4), m) for m in (0.99, 0.9)),
    mistakes={
        "the two shares are exchanged; momentum is what the old value keeps": (
            lambda moving, batch, momentum: _moved(moving, batch, 1 - momentum)
        ),
        "the batch's share is 1 - momentum, so that the two add up to 1": (
            lambda moving, batch, momentum: momentum * moving + batch
        ),
        "the momentum is an argument; this always takes 0.99": (
            lambda moving, batch, momentum: _moved(moving, batch, 0.99)
        ),
    },
    praise="Once a step, for the mean and for the variance.",
)

steps_until_one_percent = Exercise(
    right=lambda: np.log(0.01) / np.log(0.99),
    mistakes={
        "after 100 steps 37 % are left: each step takes 1 % of what is left": lambda: 100.0,
        "the share only falls: the number of steps is positive": (
            lambda: -np.log(0.01) / np.log(0.99)
        ),
        "1 is in the exponent's place; solve 0.99 ** k = 0.01": lambda: np.log(0.99) / np.log(0.01),
    },
    within=2e-3,
    praise="About 458: ten epochs of our digits.",
)

wine_in_inference = Exercise(
    right=_wine_in_inference,
    mistakes={
        "these are the moments of the test wines; the layer saw the training wines": {"by": "test"},
        "this is what endless training would give; after 20 steps 0.9 ** 20 of the start is left": {
            "left": 0.0
        },
        "epsilon, 1e-3, is missing": {"epsilon": 0.0},
        "the momentum is 0.9, not 0.99": {"left": 0.99**20},
        "the moving variance began at 1, not at 0": {"began_at": 0},
        "the shares are exchanged: 0.9 ** 20 is what is left of the start": {"left": 1 - 0.9**20},
        "this is training mode: the test wines normalized by themselves": {
            "left": 0.0,
            "by": "test",
        },
    },
    within=1e-4,
    praise="12 % of the start is left, and the outputs are not yet centred.",
)
