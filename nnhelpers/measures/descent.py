"""How hard data are for gradient descent and for a straight line, and which way weights move."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import check_between, check_whole, checked_features, checked_numbers
from nnhelpers.measures.activity import checked_signals
from nnhelpers.measures.curves import Curve


def conditioning(X: ArrayLike, *, offsets: ArrayLike) -> Curve:
    """Count the steps in which gradient descent on a linear unit cuts its weight error to a tenth.

    The curve runs over the offsets, each added to every feature of X, of shape (n_examples,
    n_features). The learning rate is 1 / (largest eigenvalue), and the error is the root mean
    square over all directions in which the initial weights can be wrong. Raises ValueError if a
    direction never shrinks because a feature is constant or follows from others.

    Examples
    --------
    >>> conditioning([[-1.0], [1.0]], offsets=[0, 3]).y
    array([  1., 232.])
    """
    x, features = checked_numbers("offsets", offsets), checked_features(X)
    return Curve(
        x=x,
        y=np.array([_descent_steps(features + offset) for offset in x], dtype=np.float64),
        standard_error=np.zeros(len(x)),
        title="How long is the valley?",
        caption="steps until a tenth of the weight error is left",
        x_label="offset of the data",
        y_label="steps of gradient descent",
        logarithmic=True,
    )


def _descent_steps(X: NDArray) -> int:
    """Along an eigenvector of E[(1, x)(1, x)^T] the error shrinks by 1 - k / k_max a step."""
    with_bias = np.column_stack([np.ones(len(X)), X])
    eigenvalues = np.linalg.svd(with_bias, compute_uv=False) ** 2
    shrink = 1 - eigenvalues / eigenvalues.max()
    if (shrink == 1).any():
        raise ValueError("X must have features that vary and do not follow from one another")

    def reached(steps: int) -> bool:
        return np.sqrt(np.mean(shrink ** (2 * steps))) <= 0.1

    low, high = 0, 1
    while not reached(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def same_direction_share(gradient: ArrayLike) -> NDArray[np.float64]:
    """Share of pairs of a unit's weights that a step moves in the same direction, for each unit.

    The kernel's gradient has shape (..., fan_in, units), the result (..., units): 1 where all
    weights of a unit rise or all fall; 1/2 on average for random signs. Weights that do not move
    are left out; NaN where fewer than two move. Raises ValueError if the gradient has another
    shape, a fan_in below 2, or holds NaN.

    Notes
    -----
    With p components above zero and q below, (p (p - 1) + q (q - 1)) / (n (n - 1)), n = p + q.
    The least, (1 - 1 / (n - 1)) / 2, is reached with half the weights up and half down.

    Examples
    --------
    >>> same_direction_share([[1.0, 1.0], [2.0, -1.0], [3.0, 1.0]])
    array([1.  , 0.3333])
    """
    values = checked_signals(gradient, name="gradient")
    if values.ndim < 2 or values.shape[-2] < 2:
        raise ValueError(
            "gradient must have shape (..., fan_in, units) with fan_in of at least 2, "
            f"got {values.shape}"
        )
    up, down = (values > 0).sum(axis=-2), (values < 0).sum(axis=-2)
    moving = up + down
    pairs = np.where(moving > 1, moving * (moving - 1), np.nan)
    return (up * (up - 1) + down * (down - 1)) / pairs


def largest_stable_rate(X: ArrayLike, *, batch_size: int) -> float:
    """Learning rate up to which gradient descent on a linear unit converges, for a batch size.

    The unit has inputs X of shape (n_examples, n_features) and no bias, and can meet its targets
    exactly. Each batch is drawn anew from all examples, without replacement. Raises ValueError or
    TypeError if X is not finite, not of full rank, or has fewer examples than `batch_size`.

    Notes
    -----
    A step multiplies the weight error d by I - rate * G, with G = X_b^T X_b / batch_size of the
    batch. D, the mean of d d^T, shrinks while rate * E[G D G] stays below H D + D H, H = X^T X / n.
    So 1 / rate is the largest eigenvalue of (H (x) I + I (x) H)^-1 E[G (x) G], Kronecker products.
    For the full batch the rate is 2 / (largest eigenvalue of H); small batches lower it.

    Examples
    --------
    >>> X = [[1.0], [3.0]]
    >>> [largest_stable_rate(X, batch_size=size) for size in (1, 2)]
    [0.243902, 0.4]
    """
    features = checked_features(X)
    n_examples, n_features = features.shape
    check_between(1, n_examples, batch_size=batch_size)
    check_whole(batch_size=batch_size)
    if np.linalg.matrix_rank(features) < n_features:
        raise ValueError("X must have features that do not follow from one another")
    outer = features[:, :, np.newaxis] * features[:, np.newaxis, :]
    mean = outer.mean(axis=0)
    alone = np.einsum("iab,icd->acbd", outer, outer).reshape(n_features**2, -1) / n_examples
    apart = np.kron(mean, mean)
    # Two examples of a batch differ: leave out the pairs of an example with itself.
    if n_examples > 1:
        apart = (n_examples * apart - alone) / (n_examples - 1)
    moved = alone / batch_size + apart * (1 - 1 / batch_size)
    unit = np.eye(n_features)
    shrunk = np.kron(mean, unit) + np.kron(unit, mean)
    return float(1 / np.abs(np.linalg.eigvals(np.linalg.solve(shrunk, moved))).max())


def best_line_accuracy(X: ArrayLike, y: ArrayLike) -> float:
    """Accuracy of the straight line that best separates two classes, found by trying all lines.

    Every cut of the points by a line is, up to an infinitesimal turn, a line through two of them,
    each of which may then lie on either side. Raises ValueError or TypeError unless X has shape
    (n_examples, 2) and y holds classes 0 and 1.

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
        rows = np.flatnonzero(others)
        turned = [_turned(side[row], offset @ direction[row], sign) for row in rows]
        best = max([best, int(agreement.max()), *turned])
    return (len(points) + best) / 2 / len(points)


def _turned(side: NDArray, along: NDArray, sign: NDArray) -> int:
    """Return the best agreement of a line turned a little, which separates the points on it."""
    on = side == 0
    _, place = np.unique(along[on], return_inverse=True)
    before = np.append(0, np.cumsum(np.bincount(place, weights=sign[on])))
    parted = 2 * before - before[-1]
    return int(max(np.abs(parted + side @ sign).max(), np.abs(parted - side @ sign).max()))
