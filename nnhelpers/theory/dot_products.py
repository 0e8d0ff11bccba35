"""Dot products of random weights: their variance, and how often they saturate a unit."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import (
    as_floats,
    check_finite,
    check_not_negative,
    check_positive,
    checked_features,
)


def dot_product_variance(
    n: ArrayLike,
    *,
    std_y: float = 1.0,
    std_w: float = 1.0,
    mean_y: float = 0.0,
    mean_w: float = 0.0,
) -> NDArray[np.float64]:
    """Variance of the sum of n products Y W of independent inputs Y and weights W.

    Parameters
    ----------
    n : int or array of int
        Number of products.
    std_y, std_w, mean_y, mean_w : float
        Standard deviations and means of an input and of a weight, of any distribution.

    Returns
    -------
    array of the shape of n

    Raises
    ------
    ValueError
        If n is below 1, a standard deviation not positive, or a number not finite.

    Notes
    -----
    n (E[Y]^2 Var W + E[W]^2 Var Y + Var Y Var W), and n Var Y Var W where both means are 0.

    References
    ----------
    L. Goodman, 1960, https://doi.org/10.1080/01621459.1960.10483369.

    Examples
    --------
    >>> round(float(dot_product_variance(100, std_w=0.1)), 4)
    1.0
    """
    counts = as_floats("n", n)
    if not (np.isfinite(counts) & (counts >= 1)).all():
        raise ValueError(f"n must be at least 1 and finite, got {n}")
    check_positive(std_y=std_y, std_w=std_w)
    check_finite(mean_y=mean_y, mean_w=mean_w)
    return counts * ((mean_y * std_w) ** 2 + (mean_w * std_y) ** 2 + (std_y * std_w) ** 2)


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

    Examples
    --------
    >>> round(float(saturated_share(np.ones((1, 16)), std=1.0)), 4)
    0.332
    """
    examples = checked_features(X)
    check_positive(std=std)
    check_not_negative(threshold=threshold)
    spread = std * np.sqrt(1 + (examples**2).sum(axis=1))
    below = NormalDist().cdf
    return float(np.mean([2 * below(-threshold / each) for each in spread]))
