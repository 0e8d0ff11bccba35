"""Sums of random products: a unit's variance and saturation, and the signs of its gradient."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, check_finite, check_positive, checked_features


def dot_product_variance(
    n: ArrayLike,
    *,
    std_y: float = 1.0,
    std_w: float = 1.0,
    mean_y: float = 0.0,
    mean_w: float = 0.0,
) -> NDArray[np.float64]:
    """Variance of the sum of n products Y W of independent inputs Y and weights W.

    Inputs and weights may have any distribution; the result has the shape of n. Raises ValueError
    if n is below 1, a standard deviation is not positive, or a number is not finite.

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


def saturated_share(X: ArrayLike, *, std: float) -> float:
    """Share of (example, unit) pairs with abs(z) > 4, for weights and biases N(0, std^2).

    Raises ValueError if X, of shape (n_examples, n_features), is empty or not finite, or `std` is
    not positive.

    Notes
    -----
    For an example x, z = w x + b is N(0, std^2 (1 + |x|^2)), so the share is the mean over examples
    of 2 (1 - Phi(4 / (std sqrt(1 + |x|^2)))).

    Examples
    --------
    >>> round(float(saturated_share(np.ones((1, 16)), std=1.0)), 4)
    0.332
    """
    examples = checked_features(X)
    check_positive(std=std)
    spread = std * np.sqrt(1 + (examples**2).sum(axis=1))
    below = NormalDist().cdf
    return float(np.mean([2 * below(-4 / each) for each in spread]))


def same_sign_share(center: float, *, width: float = 2.0) -> float:
    """Probability that a large batch with random errors moves both weights of a unit one way.

    Both inputs are independent and uniform on [center - width/2, center + width/2]. The probability
    is 1/2 for centred inputs, 0.77 for inputs on [0, 1], and tends to 1 far from the origin. Raises
    ValueError if the center is not finite or the width not positive and finite.

    Notes
    -----
    The errors e_i have mean zero and are independent of the inputs and of each other: the unit is
    right on average, or the labels have no pattern. In a large batch both components of the
    gradient sum_i e_i x_i are normal, and their correlation is

        rho = E[x_0 x_1] / E[x_0^2] = c^2 / (c^2 + width^2 / 12),

    so P(same sign) = 1/2 + asin(rho) / pi (Sheppard). For one example it is p^2 + (1 - p)^2, with p
    the probability of a positive input: 1 if all inputs are positive.

    References
    ----------
    W. F. Sheppard, 1899, https://doi.org/10.1098/rsta.1899.0003.

    Examples
    --------
    >>> round(float(same_sign_share(1.0)), 4)
    0.7699
    """
    check_finite(center=center)
    check_positive(width=width)
    square = float(center) ** 2
    return float(0.5 + np.arcsin(square / (square + width**2 / 12)) / np.pi)
