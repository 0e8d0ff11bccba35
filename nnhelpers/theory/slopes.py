"""The mean slope of an activation function at normal pre-activations."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import Activation, find_activation

# What lies further out than so many standard deviations weighs less than 1e-22.
_FARTHEST = 10.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Smooth functions bend close to 0.
_BENDS = np.array([-10.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 10.0])
# Of an average, what may lie at the farthest points before more is lost beyond them.
_LOST = 1e-9
_BESIDE, _JUMP = 1e-9, 1e-6


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
        If the activation is unknown, the mean not finite or the standard deviation not positive;
        or if f grows so fast, as exponential does, that numbers further out than 10 standard
        deviations count.

    Notes
    -----
    Stein's lemma, E[f'(z)] = E[(f(z) - f(mean)) (z - mean)] / std^2, needs f alone, so that
    neither a kink nor an error in f' can enter. With f = max(z, 0) it is Phi(mean / std), the
    share of active examples. Rounding of f leaves an error of about 1e-16 / std. The lemma counts
    a jump of f, as hard_shrink has, for slope, which no gradient passes: there f' is averaged.

    References
    ----------
    C. Stein, 1981, https://doi.org/10.1214/aos/1176345632.
    """
    record = find_activation(activation)
    _check_normal(mean, std)
    if jumps(record):
        return normal_average(record.derivative, record=record, mean=mean, std=std)
    value = record.value
    middle = value(np.array(float(mean)))

    def rise(z: NDArray) -> NDArray:
        return (value(z) - middle) / std * ((z - mean) / std)

    return normal_average(rise, record=record, mean=mean, std=std)


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
    record = find_activation(activation)
    _check_normal(mean, std)
    return normal_average(lambda z: record.derivative(z) ** 2, record=record, mean=mean, std=std)


def jumps(record: Activation) -> bool:
    """Whether f itself jumps at a kink, and not its slope alone."""
    sides = np.add.outer([-_BESIDE, _BESIDE], record.kinks)
    return bool((np.abs(np.diff(record.value(sides), axis=0)) > _JUMP).any())


def normal_average(
    function: Callable[[NDArray], NDArray], *, record: Activation, mean: float, std: float
) -> float:
    """Average over N(mean, std^2) a function that is smooth between an activation's kinks.

    Raises
    ------
    ValueError
        If what lies beyond the farthest points counts.
    """
    x, weights = normal_points(mean=mean, std=std, kinks=record.kinks)
    # Infinity times a weight of 0 is no number either, and is refused below.
    with np.errstate(over="ignore", invalid="ignore"):
        parts = weights * function(mean + std * x)
        average, size = np.sum(parts), np.sum(np.abs(parts))
    outside = np.abs(x) > _FARTHEST - 0.5
    if not np.sum(np.abs(parts[outside])) <= _LOST * max(1.0, size) < np.inf:
        raise ValueError(
            f"std must be small enough for averages over {record.name}, which grows faster than "
            f"the normal density falls, got mean {mean:.3g} and std {std:.3g}"
        )
    return float(average)


def normal_points(
    *, mean: float = 0.0, std: float = 1.0, kinks: Iterable[float] = ()
) -> tuple[NDArray, NDArray]:
    """Points x and weights of averages over N(0, 1) of functions of mean + std x.

    Gauss's rule between the kinks of an activation, and where a smooth one bends.
    """
    even = np.linspace(-_FARTHEST, _FARTHEST, 21)
    reach = _FARTHEST * std
    bends = (np.clip([*_BENDS, *kinks], mean - reach, mean + reach) - mean) / std
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
