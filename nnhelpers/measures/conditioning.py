"""How hard the data make it for gradient descent."""

import numpy as np
from numpy.typing import ArrayLike

from nnhelpers.measures.curves import Curve


def condition_number(X: ArrayLike) -> float:
    """Condition number of E[(1, x)(1, x)^T], the curvature of a linear unit with a bias.

    Gradient descent on a squared error needs a number of steps proportional to it.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)

    References
    ----------
    Y. LeCun et al., "Efficient BackProp", 1998, section 5.
    """
    features = np.asarray(X, dtype=np.float64)
    with_bias = np.column_stack([np.ones(len(features)), features])
    return float(np.linalg.cond(with_bias) ** 2)


def descent_steps(X: ArrayLike, *, error: float = 0.1) -> int:
    """Steps in which gradient descent on a linear unit shrinks its weight error to a share.

    The learning rate is the largest safe one, 1 / (largest eigenvalue), and the error is the root
    mean square over all directions in which the start can be wrong.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    error : float
        Remaining share of the weight error, between 0 and 1.

    Raises
    ------
    ValueError
        If `error` does not lie between 0 and 1, or a direction never shrinks because a feature is
        constant or follows from the others.

    Notes
    -----
    Along an eigenvector of E[(1, x)(1, x)^T] with eigenvalue k the error shrinks by
    1 - k / k_max a step.
    """
    if not 0 < error < 1:
        raise ValueError(f"error must lie between 0 and 1, got {error}")
    features = np.asarray(X, dtype=np.float64)
    with_bias = np.column_stack([np.ones(len(features)), features])
    eigenvalues = np.linalg.svd(with_bias, compute_uv=False) ** 2
    shrink = 1 - eigenvalues / eigenvalues.max()
    if (shrink == 1).any():
        raise ValueError("X must have features that vary and do not follow from one another")
    low, high = 0, 1
    while np.sqrt(np.mean(shrink ** (2 * high))) > error:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        reached = np.sqrt(np.mean(shrink ** (2 * middle))) <= error
        low, high = (low, middle) if reached else (middle, high)
    return high


def conditioning(X: ArrayLike, *, offsets: ArrayLike) -> Curve:
    """Steps of gradient descent until a tenth of the weight error is left, against an offset.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    offsets : array of shape (n_points,)
        Each is added to every feature in turn.
    """
    moved = [np.asarray(X, dtype=np.float64) + offset for offset in np.asarray(offsets)]
    return Curve(
        x=np.asarray(offsets, dtype=np.float64),
        y=np.array([descent_steps(points) for points in moved], dtype=np.float64),
        standard_error=np.zeros(len(moved)),
        title="How long is the valley?",
        caption="steps until a tenth of the weight error is left",
        x_label="offset of the data",
        y_label="steps of gradient descent",
        logarithmic=True,
    )
