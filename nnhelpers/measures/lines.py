"""What a straight line can do."""

import numpy as np
from numpy.typing import ArrayLike

from nnhelpers.checks import checked_features


def best_line_accuracy(X: ArrayLike, y: ArrayLike) -> float:
    """Accuracy of the best straight line through points in two dimensions, by trying them all.

    Every way to cut the points by a line is, up to an infinitesimal turn, a line through two of
    them, each of which may then lie on either side.

    Parameters
    ----------
    X : array of shape (n_examples, 2)
        Points in general position (no three on a line).
    y : array of shape (n_examples,)
        Class 0 or 1.

    Raises
    ------
    ValueError, TypeError
        If X is not two-dimensional, or y does not match it or holds other classes.

    Examples
    --------
    >>> from nnhelpers import measures
    >>> measures.best_line_accuracy([[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1])
    0.75
    """
    points, labels = checked_features(X), np.asarray(y)
    if points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"X must have shape (n_examples, 2), got {points.shape}")
    if labels.shape != points.shape[:1]:
        raise ValueError(f"y must have shape {points.shape[:1]} to match X, got {labels.shape}")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(f"y must hold classes 0 and 1, got {np.unique(labels)}")
    sign = 2 * labels - 1
    best = 0
    for i in range(len(points) - 1):
        direction = points[i + 1 :] - points[i]
        offset = points - points[i]
        side = np.sign(
            np.outer(direction[:, 0], offset[:, 1]) - np.outer(direction[:, 1], offset[:, 0])
        )
        side[:, i] = 0
        side[np.arange(len(direction)), np.arange(i + 1, len(points))] = 0
        agreement = np.abs(side @ sign).max()
        best = max(best, int(agreement))
    return (len(points) - 2 + best) / 2 / len(points) + 2 / len(points)
