"""How often a random unit is saturated."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike


def saturated_share(X: ArrayLike, *, std: float, threshold: float = 4.0) -> float:
    """Share of (example, unit) pairs with abs(z) > threshold, for weights and biases N(0, std^2).

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    std, threshold : float

    Raises
    ------
    ValueError
        If X is empty or holds NaN, `std` is not positive or the threshold negative.

    Notes
    -----
    Given an example x, z = w x + b is N(0, std^2 (1 + |x|^2)), whatever the units do elsewhere. So
    the share is the mean over examples of 2 (1 - Phi(threshold / (std sqrt(1 + |x|^2)))).
    """
    examples = np.asarray(X, dtype=np.float64)
    if examples.ndim != 2 or not len(examples) or not np.isfinite(examples).all():
        raise ValueError(f"X must hold finite examples in rows, got shape {examples.shape}")
    if not (np.isfinite(std) and std > 0):
        raise ValueError(f"std must be positive and finite, got {std}")
    if not threshold >= 0:
        raise ValueError(f"threshold must not be negative, got {threshold}")
    spread = std * np.sqrt(1 + (examples**2).sum(axis=1))
    below = NormalDist().cdf
    return float(np.mean([2 * below(-threshold / each) for each in spread]))
