"""Gradients of a unit with two weights: how often both move the same way.

The setting: two inputs, independent and uniform on [center - width/2, center + width/2]. For one
example the gradient is (error) x (slope) x (inputs), so for positive inputs both of its components
carry the sign of the error. Over a batch examples with errors of either sign are added up.
"""

import numpy as np

from nnhelpers.checks import check_finite, check_positive


def same_sign_share(center: float, *, width: float = 2.0) -> float:
    """Probability that a batch with errors of independent random sign moves both weights one way.

    Returns
    -------
    float
        1/2 for centred inputs, towards 1 far from the origin, 0.77 for inputs on [0, 1].

    Raises
    ------
    ValueError
        If the center is not finite, or the width not positive and finite.

    Notes
    -----
    Holds for large batches, for errors e_i of mean zero, independent of the inputs and of each
    other: a unit that is right on average, or labels without a pattern. Each component of
    sum_i e_i x_i is then normal, and their correlation is

        rho = E[x_0 x_1] / E[x_0^2] = c^2 / (c^2 + width^2 / 12),

    so P(same sign) = 1/2 + asin(rho) / pi (Sheppard). The size of the batch drops out: it does not
    mitigate further. For small batches the probability is larger; for one example
    it is p^2 + (1 - p)^2, with p the probability of a positive input.

    References
    ----------
    W. F. Sheppard, "On the application of the theory of error to cases of normal distribution and
    normal correlation", 1899, https://doi.org/10.1098/rsta.1899.0003.

    Examples
    --------
    >>> round(float(same_sign_share(1.0)), 4)
    0.7699
    """
    variance, square = _moments(center, width)
    return _same_sign(square / (square + variance))


def same_sign_share_of_all(center: float, *, width: float = 2.0) -> float:
    """Probability that the gradient over all examples has two components of one sign.

    Returns
    -------
    float
        1/2 for centred inputs, 0.91 for inputs on [0, 1], 0.9987 for inputs on [8, 10].

    Raises
    ------
    ValueError
        If the center is not finite, or the width not positive and finite.

    Notes
    -----
    For a linear unit whose weights are off by d, in a random direction that favours none: the
    error d . x then follows the inputs, and its mean is not zero. The gradient is H d with the
    bowl's matrix H = E[x x^T] = v I + c^2 1 1^T, v = width^2 / 12; its covariance over d is H^2,
    and

        rho = (2 v c^2 + 2 c^4) / (v^2 + 2 v c^2 + 2 c^4),   P(same sign) = 1/2 + asin(rho) / pi,

    exact for normal d. It lies above `same_sign_share`: the bowl is steepest where both weights
    move together.

    Examples
    --------
    >>> round(float(same_sign_share_of_all(1.0)), 4)
    0.9097
    """
    variance, square = _moments(center, width)
    together = 2 * variance * square + 2 * square**2
    return _same_sign(together / (variance**2 + together))


def _same_sign(correlation: float) -> float:
    return float(0.5 + np.arcsin(correlation) / np.pi)


def _moments(center: float, width: float) -> tuple[float, float]:
    """Variance of an input, and the square of its mean."""
    check_finite(center=center)
    check_positive(width=width)
    return width**2 / 12, float(center) ** 2
