"""Exercises of lessons 5 and 6."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise


def _step(w, gradient, rate, l2, *, slope=lambda w: 2 * w):
    return w - rate * (gradient + l2 * slope(w))


def _dropped(a, random, rate, *, divisor=lambda rate: 1 - rate):
    return np.where(random < rate, 0.0, a / divisor(rate))


def _wine_weights(l2=1.0, *, standard=True, of_mean=True, test=False):
    parts = datasets.split(datasets.load_wine(), test_share=0.9, seed=0)
    learned = (datasets.standardize(*parts) if standard else parts)[test]
    X, y = learned.X[:, 1:], learned.X[:, 0]
    count = len(X) if of_mean else 1
    return np.linalg.solve(X.T @ X / count + l2 * np.eye(12), X.T @ y / count)


_rng = np.random.default_rng(0)

l2_step = Exercise(
    right=_step,
    cases=tuple(
        (_rng.normal(size=4), _rng.normal(size=4), *each) for each in ((0.1, 0.3), (0.5, 2))
    ),
    mistakes={
        "this is the step for ½λw²; Keras's λw² has the slope 2λw": {"slope": lambda w: w},
        "the penalty is missing": {"slope": lambda w: 0},
        "the penalty pushes the weight away from 0; its slope is added to the gradient": {
            "slope": lambda w: -2 * w
        },
        "this adds the penalty λw² itself; a step goes down its slope": {"slope": np.square},
        "the learning rate multiplies both slopes": lambda w, gradient, rate, l2: (
            w - rate * gradient - 2 * l2 * w
        ),
        "this is the step of L1; the slope of λw² grows with w": {"slope": np.sign},
        "a step goes down the slope, not up": lambda w, g, rate, l2: _step(w, g, -rate, l2),
    },
    praise="The weight is multiplied by 1 - 2ηλ, then comes the usual step.",
)

dropout = Exercise(
    right=_dropped,
    cases=tuple(
        (_rng.normal(size=(4, 5)), _rng.uniform(size=(4, 5)), rate) for rate in (0.2, 0.75)
    ),
    mistakes={
        "this is vanilla dropout: what is kept is not divided by 1 - rate": {
            "divisor": lambda rate: 1
        },
        "rate is the share that is dropped, not the share that is kept": (
            lambda a, random, rate: _dropped(a, 1 - random, 1 - rate)
        ),
        "the right outputs are kept, but divided by rate and not by 1 - rate": {
            "divisor": lambda rate: rate
        },
        "what is kept is multiplied by 1 - rate; divide": {"divisor": lambda rate: 1 / (1 - rate)},
        "nothing is dropped": lambda a, random, rate: a / (1 - rate),
        "this drops where random is above 1 - rate: as good, but drop where it is below rate": (
            lambda a, random, rate: _dropped(a, 1 - random, rate)
        ),
    },
    praise="This is all that Keras's layer does in training.",
)

relu_mean_factor = Exercise(
    right=lambda: 2.0,
    mistakes={
        "that is the factor of the variance; the mean grows with its root": lambda: 4.0,
        "a rate of 0.75 keeps a quarter: the variance is divided by 0.25": lambda: 1 / 0.75**0.5,
        "the mean grows: the variance is divided by what is kept": lambda: 0.5,
        "that is the factor for a rate of 0.5": lambda: np.sqrt(2),
    },
    within=1e-2,
    praise="1/√0.25: the more is dropped, the more the two modes differ.",
)

wine_weights = Exercise(
    right=_wine_weights,
    mistakes={
        "this is without L2; the pull of λw² is missing": {"l2": 0.0},
        "the loss is a mean: both sums over the wines are divided by their number": {
            "of_mean": False
        },
        "both slopes have a factor 2, that of the error and that of the pull": {"l2": 2.0},
        "both slopes have a factor 2, and here λ is halved": {"l2": 0.5},
        "these are the test wines; learn from the others": {"test": True},
        "standardize first, by the wines that are learned": {"standard": False},
        "the pull leads to 0, not away from it": {"l2": -1.0},
    },
    within=1e-4,
    praise="The error on the other wines falls from 1.21 to 0.41.",
)


def _loss(p, y, *, log=np.log, mean=np.mean):
    return -mean(log(p[np.arange(len(y)), y]))


def _first_loss(p, y, **settings):
    return _loss(p, y, **settings) / np.log(p.shape[1])


def _unit_shares(a, *, axis=0, every=np.all, share=np.mean):
    return share(every(a <= 0, axis=axis)), share(every(a > 0, axis=axis))


def _rms(values):
    return np.sqrt(np.mean(values**2))


def _update_ratio(before, after, *, size=_rms):
    return size(after - before) / size(before)


def _wine_splitting(*, counts=lambda active: (active > 0) & (active < 1), axis=0):
    seen, _ = datasets.split(datasets.load_wine(), seed=0)
    kernel = np.random.default_rng(0).normal(0, np.sqrt(2 / 13), size=(13, 64))
    standard = (seen.X - seen.X.mean(axis=axis)) / seen.X.std(axis=axis)
    shares = [(X @ kernel > 0).mean(axis=0) for X in (seen.X, standard)]
    return np.mean(counts(np.array(shares)), axis=1)


_rng = np.random.default_rng(0)

first_loss = Exercise(
    right=_first_loss,
    cases=tuple(
        (_rng.dirichlet(np.ones(classes), size=7), _rng.integers(0, classes, 7))
        for classes in (4, 10)
    ),
    mistakes={
        "this is the loss; divide it by that of a guess, log k": _loss,
        "a loss is positive: the sign is turned": lambda p, y: -_first_loss(p, y),
        "this adds up over the examples; the loss is their mean": {"mean": np.sum},
        "the logarithm of the mean; take the mean of the logarithms": {
            "mean": np.log,
            "log": np.mean,
        },
        "this takes every class; only the probability of the right one counts": (
            lambda p, y: -np.mean(np.log(p)) / np.log(p.shape[1])
        ),
        "p[:, y] pairs every row with every label; number the rows, too": (
            lambda p, y: -np.mean(np.log(p[:, y])) / np.log(p.shape[1])
        ),
        "this takes the largest probability, right or wrong": (
            lambda p, y: _first_loss(p, p.argmax(axis=1))
        ),
        "a guess loses log k, not k": lambda p, y: _loss(p, y) / p.shape[1],
        "k is the number of classes, not of examples": lambda p, y: _loss(p, y) / np.log(len(p)),
        "both logarithms must be of one kind: np.log": {"log": np.log10},
        "this is the mean probability of the right class; its logarithm counts": (
            lambda p, y: -_loss(p, y, log=np.abs)
        ),
    },
    praise="1 is a guess; before the first step a network should not be far from it.",
)

unit_shares = Exercise(
    right=_unit_shares,
    cases=tuple((np.maximum(_rng.normal(mean, 1, size=(6, 9)), 0),) for mean in (-1.2, 1.2)),
    mistakes={
        "this asks each example about its units; ask each unit about its examples: axis 0": {
            "axis": 1
        },
        "the two are exchanged: first the dead, then the always active": (
            lambda a: _unit_shares(a)[::-1]
        ),
        "these are shares of all activations; a unit is dead if it is off on every example": {
            "every": np.mean
        },
        "a unit that is off on one example is not dead: all, not any": {"every": np.any},
        "these are numbers of units; divide by how many there are": {"share": np.sum},
        "the second is the share of units that are not dead; some of those are off at times": (
            lambda a: (_unit_shares(a)[0], 1 - _unit_shares(a)[0])
        ),
    },
    praise="The rest of the units split the data.",
)

update_ratio = Exercise(
    right=_update_ratio,
    cases=tuple(
        (kernel, kernel + _rng.normal(0.01, size, kernel.shape))
        for kernel, size in (
            (_rng.normal(size=(4, 3)), 0.01),
            (_rng.normal(1, 1, size=(5, 2)), 0.1),
        )
    ),
    mistakes={
        "the roots are missing: this is the ratio's square": {"size": lambda x: np.mean(x**2)},
        "this compares the sizes of the weights; take the size of the difference": (
            lambda before, after: _rms(after) / _rms(before)
        ),
        "the size of the difference, not the difference of the sizes": (
            lambda before, after: (_rms(after) - _rms(before)) / _rms(before)
        ),
        "this divides weight by weight, where small weights drown the others": (
            lambda before, after: _rms((after - before) / before)
        ),
        "the size of the weights is missing below": lambda before, after: _rms(after - before),
        "divide by the weights before the step": (
            lambda before, after: _rms(after - before) / _rms(after)
        ),
        "a mean of signed changes: they cancel; square them first": {"size": np.mean},
        "these are means of sizes; rms squares them, and takes the root of the mean": {
            "size": lambda x: np.mean(np.abs(x))
        },
        "this is upside down: the update is above": lambda *steps: 1 / _update_ratio(*steps),
        "a standard deviation takes the mean away; rms does not": {"size": np.std},
    },
    praise="About a thousandth a step is usual.",
)

wine_splitting = Exercise(
    right=_wine_splitting,
    mistakes={
        "these are the dead": {"counts": lambda active: active == 0},
        "these are the always active": {"counts": lambda active: active == 1},
        "this is how often units are on; count the units that are on at times": {
            "counts": lambda active: active
        },
        "first the raw wines, then the standardized ones": lambda: _wine_splitting()[::-1],
        "each measurement has its own mean and standard deviation: axis 0": {"axis": None},
    },
    within=1e-3,
    praise="Raw wines are data far from 0: nine units in ten are dead, or a straight line.",
)
