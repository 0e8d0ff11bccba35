"""The mean slope of an activation function at normal pre-activations."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import find_activation

# What lies further out than so many standard deviations weighs less than 1e-22.
_FARTHEST = 10.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Kinks lie at 0, and smooth functions bend close to it.
_BENDS = np.array([-10.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 10.0])


def expected_slope(activation: str, *, mean: float = 0.0, std: float = 1.0) -> float:
    """E[f'(z)] for z ~ N(mean, std^2): the share of a gradient that passes a unit on average.

    Parameters
    ----------
    activation : str
        Keras's name.
    mean, std : float
        Of the pre-activations.

    Raises
    ------
    ValueError
        If the activation is unknown, the mean not finite or the standard deviation not positive.

    Notes
    -----
    Stein's lemma, E[f'(z)] = E[(f(z) - f(mean)) (z - mean)] / std^2, needs f alone, so that
    neither a kink nor an error in f' can enter. With f = max(z, 0) it is Phi(mean / std), the
    share of active examples. Rounding of f leaves an error of about 1e-16 / std.

    References
    ----------
    C. Stein, 1981, https://doi.org/10.1214/aos/1176345632.
    """
    value = find_activation(activation).value
    _check_normal(mean, std)
    middle = value(np.array(float(mean)))

    def rise(z: NDArray) -> NDArray:
        return (value(z) - middle) / std * ((z - mean) / std)

    return normal_average(rise, mean=mean, std=std)


def expected_square_slope(activation: str, *, mean: float = 0.0, std: float = 1.0) -> float:
    """E[f'(z)^2] for z ~ N(mean, std^2): what a layer's units do to the gradient's mean square.

    Parameters and errors are those of `expected_slope`.

    Notes
    -----
    With He's initialization and ReLU it is 1/2, which the variance 2 / fan_in makes up for.

    References
    ----------
    K. He et al., 2015, https://arxiv.org/abs/1502.01852.
    """
    derivative = find_activation(activation).derivative
    _check_normal(mean, std)
    return normal_average(lambda z: derivative(z) ** 2, mean=mean, std=std)


def normal_average(function: Callable[[NDArray], NDArray], *, mean: float, std: float) -> float:
    """Average a function over N(mean, std^2)."""
    x, weights = normal_points(mean=mean, std=std)
    return float(np.sum(weights * function(mean + std * x)))


def normal_points(*, mean: float = 0.0, std: float = 1.0) -> tuple[NDArray, NDArray]:
    """Points x and weights of averages over N(0, 1) of functions of mean + std x.

    Gauss's rule between points where an activation function may bend.
    """
    even = np.linspace(-_FARTHEST, _FARTHEST, 21)
    reach = _FARTHEST * std
    bends = (np.clip(_BENDS, mean - reach, mean + reach) - mean) / std
    edges = np.unique([*even, *bends])
    half = np.diff(edges)[:, np.newaxis] / 2
    x = edges[:-1, np.newaxis] + half * (1 + _NODES)
    weights = half * _WEIGHTS * np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)
    return x.ravel(), weights.ravel()


def _check_normal(mean: float, std: float) -> None:
    if not np.isfinite(mean):
        raise ValueError(f"mean must be finite, got {mean}")
    if not (np.isfinite(std) and std > 0):
        raise ValueError(f"std must be positive and finite, got {std}")
