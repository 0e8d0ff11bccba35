"""Gradients of a unit with two weights: how often both move the same way, and the bowl's shape.

The setting: two inputs, independent and uniform on [center - width/2, center + width/2]. For one
example the gradient is (error) x (slope) x (inputs), so for positive inputs both of its components
carry the sign of the error. Over a batch examples with errors of either sign are added up.
"""

import numpy as np


def same_sign_share_of_one_example(center: float, *, width: float = 2.0) -> float:
    """Probability that one example moves both weights the same way.

    Raises
    ------
    ValueError
        If the center is not finite, or the width not positive and finite.

    Notes
    -----
    The two inputs must have the same sign. An input is positive with probability
    p = 1/2 + center/width, cut to [0, 1], so P = p^2 + (1 - p)^2: 1 when the inputs never change
    their sign, 1/2 when they are centred.

    Examples
    --------
    >>> round(float(same_sign_share_of_one_example(1.0)), 4)
    1.0
    """
    _check(center, width)
    positive = float(np.clip(0.5 + center / width, 0, 1))
    return positive**2 + (1 - positive) ** 2


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
    mitigate further. For small batches the probability is larger, for one example it is
    `same_sign_share_of_one_example`.

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


def bowl_eigenvalues(center: float, *, width: float = 2.0) -> tuple[float, float]:
    """Curvatures of the squared error of a linear unit with two weights and no bias.

    Returns
    -------
    tuple of float
        Along the valley, where one weight rises as the other falls, and across it.

    Raises
    ------
    ValueError
        If the center is not finite, or the width not positive and finite.

    Notes
    -----
    Of half the mean squared error. H = E[x x^T] = (width^2 / 12) I + center^2 1 1^T has the
    eigenvalue width^2 / 12 along (1, -1) and 2 center^2 + width^2 / 12 along (1, 1). Their ratio
    is the number of steps, up to a factor, that gradient descent takes.

    References
    ----------
    Y. LeCun et al., "Efficient BackProp", 1998, section 5,
    https://doi.org/10.1007/3-540-49430-8_2.

    Examples
    --------
    >>> [round(float(each), 3) for each in bowl_eigenvalues(9.0)]
    [0.333, 162.333]
    """
    variance, square = _moments(center, width)
    return variance, 2 * square + variance


def _same_sign(correlation: float) -> float:
    return float(0.5 + np.arcsin(correlation) / np.pi)


def _moments(center: float, width: float) -> tuple[float, float]:
    """Variance of an input, and the square of its mean."""
    _check(center, width)
    return width**2 / 12, float(center) ** 2


def _check(center: float, width: float) -> None:
    if not np.isfinite(center):
        raise ValueError(f"center must be finite, got {center}")
    if not (np.isfinite(width) and width > 0):
        raise ValueError(f"width must be positive and finite, got {width}")
