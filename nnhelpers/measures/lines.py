"""What a straight line can do."""

import numpy as np
from numpy.typing import ArrayLike

from nnhelpers.checks import NDArray, checked_features


def best_line_accuracy(X: ArrayLike, y: ArrayLike) -> float:
    """Accuracy of the best straight line through points in two dimensions, by trying them all.

    Every way to cut the points by a line is, up to an infinitesimal turn, a line through two of
    them, each of which may then lie on either side.

    Parameters
    ----------
    X, y : arrays of shape (n_examples, 2) and (n_examples,)
        Points, and their classes 0 or 1.

    Raises
    ------
    ValueError, TypeError
        If X is not two-dimensional, or y does not match it or holds other classes.

    Examples
    --------
    >>> best_line_accuracy([[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1])
    0.75
    """
    points, labels = checked_features(X), np.asarray(y)
    if points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"X must have shape (n_examples, 2), got {points.shape}")
    if labels.shape != points.shape[:1]:
        raise ValueError(f"y must have shape {points.shape[:1]} to match X, got {labels.shape}")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(f"y must hold classes 0 and 1, got {np.unique(labels)}")
    sign, best = 2 * labels - 1, 0
    for i in range(len(points) - 1):
        offset = points - points[i]
        direction = offset[i + 1 :]
        side = np.sign(
            np.outer(direction[:, 0], offset[:, 1]) - np.outer(direction[:, 1], offset[:, 0])
        )
        side[:, i] = 0
        side[np.arange(len(direction)), np.arange(i + 1, len(points))] = 0
        others = np.sum(side == 0, axis=1) - 2
        # The line's own two points may go to either side.
        agreement = np.where(others == 0, np.abs(side @ sign) + 2, 0)
        turned = [
            _turned(side[row], offset @ direction[row], sign) for row in np.flatnonzero(others)
        ]
        best = max([best, int(agreement.max()), *turned])
    return (len(points) + best) / 2 / len(points)


def _turned(side: NDArray, along: NDArray, sign: NDArray) -> int:
    """Return the best agreement of a line through several points, turned a little about one place.

    It parts those points in their order along the line.
    """
    on = side == 0
    _, place = np.unique(along[on], return_inverse=True)
    before = np.append(0, np.cumsum(np.bincount(place, weights=sign[on])))
    parted = 2 * before - before[-1]
    return int(max(np.abs(parted + side @ sign).max(), np.abs(parted - side @ sign).max()))
