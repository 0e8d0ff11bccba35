"""Exercises of lesson 5."""

import numpy as np

from nnhelpers import datasets
from nnhelpers.lessons.exercises.answers import Exercise

_rng = np.random.default_rng(0)
_STEPS = tuple((_rng.normal(size=4), _rng.normal(size=4), *each) for each in ((0.1, 0.3), (0.5, 2)))
_OUTPUTS = tuple(
    (_rng.normal(size=(4, 5)), _rng.uniform(size=(4, 5)), rate) for rate in (0.2, 0.75)
)


def _step(w, gradient, rate, *, penalty):
    return w - rate * (gradient + penalty)


def _dropped(a, random, rate):
    return np.where(random < rate, 0.0, a / (1 - rate))


def _wine_weights(l2: float, *, standard: bool = True, mean: bool = True, test: bool = False):
    parts = datasets.split(datasets.load_wine(), test_share=0.9, seed=0)
    learned = (datasets.standardize(*parts) if standard else parts)[test]
    X, y = learned.X[:, 1:], learned.X[:, 0]
    count = len(X) if mean else 1
    return np.linalg.solve(X.T @ X / count + l2 * np.eye(12), X.T @ y / count)


CAPACITY = {
    "l2_step": Exercise(
        right=lambda w, g, rate, l2: _step(w, g, rate, penalty=2 * l2 * w),
        cases=_STEPS,
        mistakes={
            "this is the step for ½λw²; Keras's λw² has the slope 2λw": lambda w, g, rate, l2: (
                _step(w, g, rate, penalty=l2 * w)
            ),
            "the penalty is missing": lambda w, g, rate, l2: _step(w, g, rate, penalty=0),
            "the penalty pushes the weight away from 0; its slope is added to the gradient": (
                lambda w, g, rate, l2: _step(w, g, rate, penalty=-2 * l2 * w)
            ),
            "this adds the penalty λw² itself; a step goes down its slope": (
                lambda w, g, rate, l2: _step(w, g, rate, penalty=l2 * w**2)
            ),
            "the learning rate multiplies both slopes": lambda w, g, rate, l2: (
                w - rate * g - 2 * l2 * w
            ),
            "this is the step of L1; the slope of λw² grows with w": lambda w, g, rate, l2: _step(
                w, g, rate, penalty=l2 * np.sign(w)
            ),
            "a step goes down the slope, not up": lambda w, g, rate, l2: _step(
                w, g, -rate, penalty=2 * l2 * w
            ),
        },
        praise="The weight is multiplied by 1 - 2ηλ, then comes the usual step.",
    ),
    "dropout": Exercise(
        right=_dropped,
        cases=_OUTPUTS,
        mistakes={
            "this is vanilla dropout: what is kept is not divided by 1 - rate": (
                lambda a, random, rate: np.where(random < rate, 0.0, a)
            ),
            "rate is the share that is dropped, not the share that is kept": (
                lambda a, random, rate: _dropped(a, 1 - random, 1 - rate)
            ),
            "the right outputs are kept, but divided by rate and not by 1 - rate": (
                lambda a, random, rate: np.where(random < rate, 0.0, a / rate)
            ),
            "what is kept is multiplied by 1 - rate; divide": lambda a, random, rate: np.where(
                random < rate, 0.0, a * (1 - rate)
            ),
            "nothing is dropped": lambda a, random, rate: a / (1 - rate),
            "this drops where random is above 1 - rate: as good, but drop where it is below rate": (
                lambda a, random, rate: _dropped(a, 1 - random, rate)
            ),
        },
        praise="This is all that Keras's layer does in training.",
    ),
    "relu_mean_factor": Exercise(
        right=lambda: 2.0,
        mistakes={
            "that is the factor of the variance; the mean grows with its root": lambda: 4.0,
            "a rate of 0.75 keeps a quarter: the variance is divided by 0.25": lambda: (
                1 / np.sqrt(0.75)
            ),
            "the mean grows: the variance is divided by what is kept": lambda: 0.5,
            "that is the factor for a rate of 0.5": lambda: np.sqrt(2),
        },
        within=1e-2,
        praise="1/√0.25: the more is dropped, the more the two modes differ.",
    ),
    "wine_weights": Exercise(
        right=lambda: _wine_weights(1.0),
        mistakes={
            "this is without L2; the pull of λw² is missing": lambda: _wine_weights(0.0),
            "the loss is a mean: both sums over the wines are divided by their number": lambda: (
                _wine_weights(1.0, mean=False)
            ),
            "both slopes have a factor 2, that of the error and that of the pull": lambda: (
                _wine_weights(2.0)
            ),
            "both slopes have a factor 2, and here λ is halved": lambda: _wine_weights(0.5),
            "these are the test wines; learn from the others": lambda: _wine_weights(
                1.0, test=True
            ),
            "standardize first, by the wines that are learned": lambda: _wine_weights(
                1.0, standard=False
            ),
            "the pull leads to 0, not away from it": lambda: _wine_weights(-1.0),
        },
        within=1e-4,
        praise="The error on the other wines falls from 1.21 to 0.41.",
    ),
}
