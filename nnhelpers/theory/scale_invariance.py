"""Batch norm forgets the size of the kernel before it: what is left for L2 to do.

Keras's convention: the penalty l2 sum(W^2) adds 2 l2 W to the gradient.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, check_not_negative, check_positive


def scaled_output(factor: ArrayLike, *, variance: ArrayLike, epsilon: float) -> NDArray[np.float64]:
    """What a unit's normalized values are multiplied by when its weights are, by `factor`.

    Parameters
    ----------
    factor : array_like
        Positive, on the weights.
    variance : array_like
        Of the unit's pre-activations in the batch, before the factor; positive.
    epsilon : float
        Of batch norm.

    Returns
    -------
    array
        1 for epsilon 0, whatever the factor.

    Raises
    ------
    ValueError
        If factor or variance is not positive and finite, or epsilon negative or not finite.

    Notes
    -----
    a (z - m) / sqrt(a^2 v + eps) = sqrt((v + eps) / (v + eps / a^2)) (z - m) / sqrt(v + eps):
    weights multiplied by a are weights as before with epsilon divided by a^2.

    References
    ----------
    T. van Laarhoven, "L2 regularization versus batch and weight normalization", 2017,
    https://arxiv.org/abs/1706.05350.

    Examples
    --------
    >>> round(float(scaled_output(0.1, variance=1.0, epsilon=1e-3)), 4)
    0.9539
    """
    a = _positive("factor", factor)
    v = _positive("variance", variance)
    check_not_negative(epsilon=epsilon)
    return np.sqrt((v + epsilon) / (v + epsilon / a**2))


def weight_decay_factor(learning_rate: float, *, l2: float, step: ArrayLike) -> NDArray[np.float64]:
    """What is left of the start after `step` updates by L2 alone: (1 - 2 learning_rate l2)^step.

    Raises
    ------
    ValueError
        If the rate is not positive, l2 negative, their product not below 1/2, or a step not a
        whole number of at least 0.

    Examples
    --------
    >>> round(float(weight_decay_factor(0.1, l2=0.01, step=100)), 4)
    0.8186
    """
    keep = _kept(learning_rate, l2)
    return keep ** _steps(step)


def growing_rate(learning_rate: float, *, l2: float, step: ArrayLike) -> NDArray[np.float64]:
    """Learning rate without L2 that trains a kernel before batch norm as L2 does.

    Parameters
    ----------
    learning_rate : float
        With L2; all weights but this kernel keep it.
    l2 : float
        Of the penalty l2 sum(W^2) on the kernel.
    step : array_like of int
        From 0 on.

    Returns
    -------
    array
        learning_rate (1 - 2 learning_rate l2)^-(2 step + 1); infinite beyond the range of numbers.

    Raises
    ------
    ValueError
        If the rate is not positive, l2 negative, their product not below 1/2, or a step not a
        whole number of at least 0.

    Notes
    -----
    Write r for the rate and k = 1 - 2 r l2. An update with L2 is W' = k W - r g(W). With
    W_t = k^t V_t, and g(k^t V) = k^-t g(V), as a loss that forgets the size of W has the gradient
    of size 1/|W|,

        k^(t+1) V' = k^(t+1) V - r k^-t g(V),   so   V' = V - r k^-(2t+1) g(V):

    an update without L2, at a rate that grows from step to step. W and V make the same outputs at
    every step. Exact for plain gradient descent (also on mini-batches) and epsilon 0.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350;
    Z. Li and S. Arora, "An exponential learning rate schedule for deep learning", 2019,
    https://arxiv.org/abs/1910.07454.

    Examples
    --------
    >>> round(float(growing_rate(0.1, l2=0.01, step=100)), 4)
    0.1495
    """
    keep = _kept(learning_rate, l2)
    with np.errstate(over="ignore"):
        return learning_rate * keep ** -(2 * _steps(step) + 1)


def _kept(learning_rate: float, l2: float) -> float:
    """Share of a kernel that L2 leaves in one update."""
    check_positive(learning_rate=learning_rate)
    check_not_negative(l2=l2)
    if not learning_rate * l2 < 0.5:
        raise ValueError(
            f"l2 must stay below 1 / (2 learning_rate) = {0.5 / learning_rate:g}, or an update "
            f"turns the kernel round, got {l2:g}"
        )
    return 1 - 2 * learning_rate * l2


def _steps(step: ArrayLike) -> NDArray[np.float64]:
    steps = as_floats("step", step)
    if not (np.isfinite(steps) & (steps >= 0) & (steps == np.floor(steps))).all():
        raise ValueError(f"step must be a whole number of at least 0, got {step}")
    return steps


def _positive(name: str, values: ArrayLike) -> NDArray[np.float64]:
    numbers = as_floats(name, values)
    if not (np.isfinite(numbers) & (numbers > 0)).all():
        raise ValueError(f"{name} must be positive and finite, got {values}")
    return numbers
