"""Exercises of lesson 3."""

import copy
import itertools

import numpy as np

from nnhelpers.lessons.exercises.answers import Exercise

_rng = np.random.default_rng(3)


def _kernels(*widths, std):
    return [_rng.normal(0, std, size=size) for size in itertools.pairwise(widths)]


_NETWORKS = (
    (_rng.normal(size=(30, 20)), _kernels(20, 40, 40, 10, std=0.2)),
    (_rng.normal(1.0, 2.0, size=(50, 8)), _kernels(8, 16, 16, std=0.5)),
)


def _relu(z):
    return np.maximum(z, 0)


def _by_layer(X, kernels, *, size=np.var, activation=_relu, after=False):
    """The size of z in every layer, or of f(z)."""
    sizes = []
    for kernel in kernels:
        z = X @ kernel
        X = activation(z)
        sizes.append(size(X if after else z))
    return sizes


_KERNEL_SIZES = ((np.random.default_rng(1), 50, 20), (np.random.default_rng(2), 30, 80))


def _normal(std):
    """A drawing of kernels with a standard deviation that the fans give."""

    def draw(rng, n_in, n_out):
        return copy.deepcopy(rng).normal(0, std(n_in, n_out), size=(n_in, n_out))

    return draw


_STEPS = tuple(
    (before, before + _rng.normal(scale=0.01, size=before.shape))
    for before in (_rng.normal(0.5, 1.0, size=(6, 4)), _rng.normal(0.0, 0.1, size=(3, 8)))
)


def _rms(values):
    return np.sqrt(np.mean(np.square(values)))


def _ratio(before, after):
    return _rms(after - before) / _rms(before)


def _mean_over_normal(values):
    """The mean of values of z, on the nodes below, over z from N(0, 1)."""
    return np.sum(_WEIGHTS * values) / np.sum(_WEIGHTS)


_Z, _WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
_SILU = _Z / (1 + np.exp(-_Z))
_SQUARE = _mean_over_normal(_SILU**2)


def _std(n_variance):
    """The standard deviation of weights with 32 inputs, from n Var(w)."""
    return np.sqrt(n_variance / 32)


INITIALIZATION = {
    "variances_by_layer": Exercise(
        right=_by_layer,
        cases=_NETWORKS,
        mistakes={
            "this is the variance of what leaves the ReLUs; asked for is that of z": (
                lambda X, kernels: _by_layer(X, kernels, after=True)
            ),
            "the ReLU between the layers is missing": (
                lambda X, kernels: _by_layer(X, kernels, activation=lambda z: z)
            ),
            "these are standard deviations; the variance is their square": (
                lambda X, kernels: _by_layer(X, kernels, size=np.std)
            ),
            "these are mean squares; a variance is about the mean: np.var": (
                lambda X, kernels: _by_layer(X, kernels, size=lambda z: np.mean(z**2))
            ),
            "this is the last layer alone; append the variance inside the loop": (
                lambda X, kernels: _by_layer(X, kernels)[-1]
            ),
        },
        praise="That is the whole forward pass.",
    ),
    "he": Exercise(
        right=_normal(lambda n_in, n_out: np.sqrt(2 / n_in)),
        cases=_KERNEL_SIZES,
        mistakes={
            "2/n is the variance; rng.normal takes the standard deviation": (
                _normal(lambda n_in, n_out: 2 / n_in)
            ),
            "this is LeCun's 1/n; ReLU halves the mean square, so it takes 2/n": (
                _normal(lambda n_in, n_out: np.sqrt(1 / n_in))
            ),
            "this is Glorot's; He's asks for n_in alone": (
                _normal(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)))
            ),
            "n is the number of inputs that are added up, n_in": (
                _normal(lambda n_in, n_out: np.sqrt(2 / n_out))
            ),
            "a kernel has the shape (n_in, n_out)": (
                lambda rng, n_in, n_out: _normal(lambda i, o: np.sqrt(2 / o))(rng, n_out, n_in)
            ),
        },
        praise="Keras's he_normal is this line, but for cutting the tails off.",
    ),
    "update_ratio": Exercise(
        right=_ratio,
        cases=_STEPS,
        mistakes={
            "these are mean squares; take the roots": lambda b, a: _ratio(b, a) ** 2,
            "this is how far the weights moved; divide by how large they were": (
                lambda b, a: _rms(a - b)
            ),
            "this divides by the weights after the step": lambda b, a: _rms(a - b) / _rms(a),
            "this is upside down": lambda b, a: 1 / _ratio(b, a),
            "this compares their sizes before and after; take the size of the difference": (
                lambda b, a: abs(_rms(a) - _rms(b)) / _rms(b)
            ),
            "these are means without the squares": (
                lambda b, a: np.mean(np.abs(a - b)) / np.mean(np.abs(b))
            ),
        },
        praise="It shows at a glance whether a layer learns at all.",
    ),
    "silu_std": Exercise(
        right=lambda: _std(1 / _SQUARE),
        mistakes={
            "this is the variance; its root is asked for": (lambda: _std(1 / _SQUARE) ** 2),
            "this is He's, made for ReLU; SiLU lets less through": lambda: _std(2.0),
            "this is LeCun's, made for no activation": lambda: _std(1.0),
            "this takes the variance of SiLU's outputs; their mean square counts": (
                lambda: _std(1 / (_SQUARE - _mean_over_normal(_SILU) ** 2))
            ),
            "the number of inputs, 32, is missing": lambda: np.sqrt(1 / _SQUARE),
            "this multiplies by E[f(z)²]; the law divides by it": (lambda: _std(_SQUARE)),
        },
        within=0.01,
        praise="The law does the rest.",
    ),
}
