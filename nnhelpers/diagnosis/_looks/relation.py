"""Whether labels have anything to do with features, asked of two learners without a network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.examination import Finding

# Of 540 permutations of the labels of six data sets the best of four learners passed this in 1%.
_RELATED = 3.0
_MOST = 1_000
_NEIGHBOURS = (1, 5, 15)
_COMPONENTS = 30


@dataclass(frozen=True, kw_only=True)
class RelationLook:
    """How well an example is told from the others.

    Attributes
    ----------
    n_examples : int
    scores : dict of str to float
        By learner, how many standard deviations better than chance: neighbours, a straight line.
    straight : float
        Accuracy, or explained share of the variance, of the straight line.
    """

    n_examples: int
    scores: dict[str, float]
    straight: float


def look_at_relation(X: NDArray, y: NDArray, *, classes: NDArray | None, seed: int) -> RelationLook:
    """Predict each example from the others, by neighbours and by a straight line."""
    rows = np.random.default_rng(seed).permutation(len(X))[:_MOST]
    features = _standardized(X[rows].reshape(len(rows), -1).astype(np.float64))
    targets = y[rows].reshape(len(rows), -1).astype(np.float64)
    if classes is not None:
        targets = np.eye(classes.max() + 1)[classes[rows]]
    near = _nearest(features)
    answers = {f"{k} neighbours": targets[near[:, :k]].mean(axis=1) for k in _NEIGHBOURS}
    answers["a straight line"] = _line(features, targets)
    return RelationLook(
        n_examples=len(rows),
        scores={name: _score(answer, targets) for name, answer in answers.items()},
        straight=_quality(answers["a straight line"], targets, classes is not None),
    )


def _standardized(features: NDArray) -> NDArray:
    stds = features.std(axis=0)
    return (features - features.mean(axis=0))[:, stds > 0] / stds[stds > 0]


def _nearest(features: NDArray) -> NDArray:
    squares = (features**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * features @ features.T
    np.fill_diagonal(distances, np.inf)
    most = min(max(_NEIGHBOURS), len(features) - 1)
    return np.argsort(distances, axis=1)[:, :most]


def _line(features: NDArray, targets: NDArray) -> NDArray:
    """Answer each example by least squares on all others, with the largest components alone."""
    if min(features.shape) > _COMPONENTS:
        features = _components(features)
    columns = np.column_stack([np.ones(len(features)), features])
    gram = columns.T @ columns + 1e-3 * len(columns) * np.eye(columns.shape[1])
    hat = columns @ np.linalg.solve(gram, columns.T)
    leverage = np.clip(np.diag(hat), 0, 0.99)[:, None]
    return (hat @ targets - leverage * targets) / (1 - leverage)


def _components(features: NDArray) -> NDArray:
    """Return the largest principal components, by the smaller of the two Gram matrices."""
    if len(features) > features.shape[1]:
        return features @ np.linalg.eigh(features.T @ features)[1][:, -_COMPONENTS:]
    squares, left = np.linalg.eigh(features @ features.T)
    return left[:, -_COMPONENTS:] * np.sqrt(squares[-_COMPONENTS:].clip(0))


def _score(answer: NDArray, targets: NDArray) -> float:
    """Agreement of answers and truths, in standard deviations over all permutations of them.

    The sum of products of centred columns has mean 0 and, over permutations, the variance
    sum(A * B) / (n - 1), with A and B the products of their columns.
    """
    answer, targets = answer - answer.mean(axis=0), targets - targets.mean(axis=0)
    variance = ((answer.T @ answer) * (targets.T @ targets)).sum() / (len(answer) - 1)
    return float((answer * targets).sum() / np.sqrt(variance)) if variance > 0 else 0.0


def _quality(answer: NDArray, targets: NDArray, classes: bool) -> float:
    if classes:
        return float((answer.argmax(axis=1) == targets.argmax(axis=1)).mean())
    left = ((answer - targets) ** 2).mean() / max(targets.var(axis=0).mean(), 1e-12)
    return float(1 - left)


def labels_shuffled(looks: Looks) -> Finding | None:
    """No learner tells labels from features."""
    relation = looks.relation
    best = max(relation.scores.values())
    if relation.n_examples < 100 or not best < _RELATED:
        return None
    return Finding(
        sentence=f"Labels cannot be told from features: of {', '.join(relation.scores)} the best "
        f"is {best:.1f} standard deviations better than chance.",
        threshold="below 3 standard deviations for each of four learners, which of 540 permuted "
        "data sets 1% passed; with 100 examples at least",
    )
