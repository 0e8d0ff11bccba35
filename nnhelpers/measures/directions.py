"""Which way the weights of a unit move, and how far they may in one step."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def same_direction_share(gradient: ArrayLike) -> NDArray[np.float64]:
    """Share of pairs of a unit's weights that a step moves in the same direction, for each unit.

    Parameters
    ----------
    gradient : array of shape (..., fan_in, units)
        Of a kernel, such as an entry of `nnhelpers.models.gradients`.

    Returns
    -------
    array of shape (..., units)
        1 where all weights of a unit rise or all fall; 1/2 on average for signs at random. Weights
        that do not move are left out; NaN where fewer than two do.

    Raises
    ------
    ValueError
        If the gradient has fewer than two dimensions, a fan_in below 2, or holds NaN.

    Notes
    -----
    With p components above zero and q below, (p (p - 1) + q (q - 1)) / (n (n - 1)), n = p + q.
    Half the weights up and half down gives (1 - 1 / (n - 1)) / 2, the least.
    """
    values = np.asarray(gradient)
    if values.ndim < 2 or values.shape[-2] < 2:
        raise ValueError(
            "gradient must have shape (..., fan_in, units) with fan_in of at least 2, "
            f"got {values.shape}"
        )
    if np.isnan(values).any():
        raise ValueError("gradient holds NaN; the network has diverged or its input is broken")
    up, down = (values > 0).sum(axis=-2), (values < 0).sum(axis=-2)
    moving = up + down
    pairs = np.where(moving > 1, moving * (moving - 1), np.nan)
    return (up * (up - 1) + down * (down - 1)) / pairs


def largest_stable_rate(X: ArrayLike, *, batch_size: int) -> float:
    """Learning rate up to which gradient descent on a linear unit settles, for batches of a size.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
        Inputs of a unit without bias, whose targets can be met exactly.
    batch_size : int
        Different examples that are drawn anew for each step; all of them is the full batch.

    Raises
    ------
    ValueError
        If X is not finite numbers of that shape, not of full rank, or has fewer examples than
        `batch_size`, or if that is below 1.

    Notes
    -----
    A step multiplies the weight error d by I - rate * G, G = X_b^T X_b / batch_size of the batch.
    The mean of d d^T shrinks as long as rate * E[G D G] stays below H D + D H, H = X^T X / n. So
    1 / rate is the largest eigenvalue of (H (x) I + I (x) H)^-1 E[G (x) G], Kronecker products.
    For the full batch that is the familiar 2 / (largest eigenvalue of H); for small batches it is
    lower, for a step may go wrong by an example's own curvature.
    """
    features = _checked_features(X, batch_size)
    n_examples, n_features = features.shape
    outer = features[:, :, np.newaxis] * features[:, np.newaxis, :]
    mean = outer.mean(axis=0)
    alone = np.einsum("iab,icd->acbd", outer, outer).reshape(n_features**2, -1) / n_examples
    apart = np.kron(mean, mean)
    # Two different examples of a batch: all pairs but those of an example with itself.
    if n_examples > 1:
        apart = (n_examples * apart - alone) / (n_examples - 1)
    moved = alone / batch_size + apart * (1 - 1 / batch_size)
    unit = np.eye(n_features)
    shrunk = np.kron(mean, unit) + np.kron(unit, mean)
    return float(1 / np.abs(np.linalg.eigvals(np.linalg.solve(shrunk, moved))).max())


def _checked_features(X: ArrayLike, batch_size: int) -> NDArray[np.float64]:
    features = np.asarray(X, dtype=np.float64)
    if features.ndim != 2 or features.size == 0 or not np.isfinite(features).all():
        raise ValueError(
            "X must hold finite numbers of shape (n_examples, n_features), "
            f"got shape {features.shape}"
        )
    if not 1 <= batch_size <= len(features):
        raise ValueError(f"batch_size must lie between 1 and {len(features)}, got {batch_size}")
    if np.linalg.matrix_rank(features) < features.shape[1]:
        raise ValueError("X must have features that do not follow from one another")
    return features
