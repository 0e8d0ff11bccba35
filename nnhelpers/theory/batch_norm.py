"""How batch norm normalizes one example among others, and what L2 does to a kernel before it.

In the first setting a batch holds one example whose value is known, in standard deviations above
the mean of all data, and others drawn from N(0, 1). The batch's moments are taken over all of them.

In the second, the size of a kernel before batch norm has no effect on the outputs, so the penalty
l2 sum(W^2), which adds 2 l2 W to the gradient, changes the learning rate instead: T. van Laarhoven,
"L2 regularization versus batch and weight normalization", 2017, https://arxiv.org/abs/1706.05350.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import (
    as_floats,
    check_finite,
    check_not_negative,
    check_positive,
    check_whole,
)

_NODES, _POINTS, _POINTS_OF_TWO = 200, 401, 20_001
# Normal numbers are cut off at this many standard deviations.
_FARTHEST = 8.0


def batch_noise_variance(value: ArrayLike, *, batch_size: ArrayLike) -> NDArray[np.float64]:
    """Variance over large batches of one example's normalized value: (1 + x^2 / 2) / m.

    The value x is in standard deviations from the mean of all data; the batch size m counts the
    example itself. Both may be arrays. Raises ValueError if a value is not finite or a batch size
    is below 1.

    Notes
    -----
    The batch's mean is off by e1, of variance 1/m, and its variance by e2, of variance 2/m and
    independent of e1. To first order (x - e1) / sqrt(1 + e2) = x - e1 - x e2 / 2, of variance
    1/m + x^2 / 4 * 2/m and mean x (1 + (3/4 - x^2 / 2) / m).

    Examples
    --------
    >>> round(float(batch_noise_variance(0.0, batch_size=32)), 4)
    0.0312
    """
    values, sizes = as_floats("value", value), as_floats("batch_size", batch_size)
    if not np.isfinite(values).all():
        raise ValueError(f"value must be finite, got {value}")
    if not (np.isfinite(sizes) & (sizes >= 1)).all():
        raise ValueError(f"batch_size must be at least 1 and finite, got {batch_size}")
    return (1 + values**2 / 2) / sizes


def normalized_moments(
    value: float, *, batch_size: int, epsilon: float = 1e-3
) -> tuple[float, float]:
    """Mean and variance, over all batches, of one example's normalized value; exact for every m.

    The value x and the batch size m are those of `batch_noise_variance`; epsilon is added to the
    batch's variance. Integrated on a grid, accurate to three decimals for any epsilon from 1e-8 on
    and to eight for Keras's 1e-3. Raises ValueError or TypeError if a number is out of range.

    Notes
    -----
    With n = m - 1 others, of mean y and sum of squares S about it, let u = sqrt(n/m) (x - y). Then
    the normalized value is sqrt(n) u / sqrt(u^2 + S + m epsilon): u and S are independent, u normal
    with mean sqrt(n/m) x and variance 1/m, S chi-squared with m - 2 degrees of freedom. So it
    stays between -sqrt(m - 1) and sqrt(m - 1). For m = 2, S is 0 and the value is -1 or 1 apart
    from epsilon, with mean 2 Phi(x) - 1.

    Examples
    --------
    >>> [round(float(each), 3) for each in normalized_moments(0.0, batch_size=4)]
    [-0.0, 0.516]
    """
    check_finite(value=value)
    check_whole(least=2, batch_size=batch_size)
    check_positive(epsilon=epsilon)
    return _moments(float(value), int(batch_size), float(epsilon))


@lru_cache(maxsize=256)
def _moments(x: float, m: int, epsilon: float) -> tuple[float, float]:
    n = m - 1
    z = np.linspace(-_FARTHEST, _FARTHEST, _POINTS_OF_TWO if m == 2 else _POINTS)
    density = np.exp(-(z**2) / 2)
    u, of_u = np.sqrt(n / m) * x + 1 / np.sqrt(m) * z, density / density.sum()
    s, of_s = (np.zeros(1), np.ones(1)) if m == 2 else _chi(m - 2)
    t = np.sqrt(n) * u[:, np.newaxis] / np.sqrt(u[:, np.newaxis] ** 2 + s**2 + m * epsilon)
    mean = of_u @ t @ of_s
    return float(mean), float(of_u @ (t - mean) ** 2 @ of_s)


def _chi(degrees: int) -> tuple[NDArray, NDArray]:
    """Return points and weights of the square root of a chi-squared number."""
    middle = np.sqrt(degrees)
    low, high = max(0.0, middle - _FARTHEST), middle + _FARTHEST
    nodes, weights = _gauss()
    s = low + (high - low) * (nodes + 1) / 2
    logs = (degrees - 1) * np.log(s) - s**2 / 2
    weights = weights * np.exp(logs - logs.max())
    return s, weights / weights.sum()


@lru_cache(maxsize=1)
def _gauss() -> tuple[NDArray, NDArray]:
    return np.polynomial.legendre.leggauss(_NODES)


def growing_rate(learning_rate: float, *, l2: float, step: ArrayLike) -> NDArray[np.float64]:
    """Learning rate without L2 that trains a kernel before batch norm as L2 does.

    It is learning_rate (1 - 2 learning_rate l2)^-(2 step + 1), infinite where that overflows; steps
    count from 0. Raises ValueError if the rate is not positive, l2 is negative, their product is
    not below 1/2, or a step is not a whole number of at least 0.

    Notes
    -----
    Write r for the rate and k = 1 - 2 r l2. An update with L2 is W' = k W - r g(W). A loss that
    does not depend on the size of W has a gradient of size 1/|W|: g(k^t V) = k^-t g(V). So with
    W_t = k^t V_t,

        k^(t+1) V' = k^(t+1) V - r k^-t g(V),   so   V' = V - r k^-(2t+1) g(V):

    an update without L2, at a rate that grows from step to step. W and V give the same outputs at
    every step. Exact for plain gradient descent, with or without mini-batches, and epsilon 0.

    References
    ----------
    Z. Li and S. Arora, 2019, https://arxiv.org/abs/1910.07454.

    Examples
    --------
    >>> round(float(growing_rate(0.1, l2=0.01, step=100)), 4)
    0.1495
    """
    check_positive(learning_rate=learning_rate)
    check_not_negative(l2=l2)
    if not learning_rate * l2 < 0.5:
        raise ValueError(
            f"l2 must stay below 1 / (2 learning_rate) = {0.5 / learning_rate:g}, or an update "
            f"turns the kernel round, got {l2:g}"
        )
    steps = as_floats("step", step)
    if not (np.isfinite(steps) & (steps >= 0) & (steps == np.floor(steps))).all():
        raise ValueError(f"step must be a whole number of at least 0, got {step}")
    with np.errstate(over="ignore"):
        return learning_rate * (1 - 2 * learning_rate * l2) ** -(2 * steps + 1)
