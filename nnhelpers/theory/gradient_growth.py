"""What a layer with batch norm does to the gradient in wide random networks."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import find_activation
from nnhelpers.checks import check_whole
from nnhelpers.theory.normal import panels

# Edges in the distance of a normal pair from the origin; it exceeds 10 with probability 1e-22.
_RINGS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0])
# Edges as shares of the arc between two sign changes, dense at its ends, where functions bend.
_STEPS = np.array([0.0, 0.04, 0.15, 0.5, 0.85, 0.96, 1.0])


def normalized_gradient_growth(activation: str, *, batch_size: int) -> float:
    """Factor on the gradient's mean square from a hidden layer with batch norm to the one below.

    Batch norm precedes every activation, in training mode, with gamma 1, beta 0 and a negligible
    epsilon; layers are wide, of equal widths, and their weights independent with mean 0, of any
    size. The factor is pi / (pi - 1) = 1.467 for ReLU, and (B - 2) / (B - 3) for a linear network
    and batches of B examples. Raises ValueError if the activation is unknown or has a kink that is
    not at 0, or if B is below 4.

    Notes
    -----
    For infinitely many examples it is E[f'(z)^2] / Var(f(z)) with z ~ N(0, 1): the gradient is
    divided by the same standard deviation as the signal. By Poincare's inequality it is at least 1
    for every function f, and equals 1 only for a linear one.

    For B examples a unit's normalized pre-activations lie on a sphere in B - 1 dimensions. With z
    and z' two of them, d = f'(z) and d' = f'(z'), the factor is

        ((B - 1) E[d^2] + E[d d'] - E[d^2 z^2] + E[d z d' z'])
        / ((B - 3) (E[f(z)^2] - E[f(z) f(z')])),

    as E[1 / variance] = B / (B - 3) for an expected variance of 1, and as batch norm removes two
    directions from the gradient of a unit: along 1 and along its z.

    References
    ----------
    G. Yang et al., "A mean field theory of batch normalization", 2019,
    https://arxiv.org/abs/1902.08129.

    Examples
    --------
    >>> round(float(normalized_gradient_growth("linear", batch_size=32)), 4)
    1.0345
    """
    record = find_activation(activation)
    check_whole(least=4, batch_size=batch_size)
    if any(record.kinks):
        raise ValueError(f"activation must have no kink but at 0, got {activation!r}")
    first, second, weights = _pairs(batch_size)
    f, other = record.value(first), record.value(second)
    slope, other_slope = record.derivative(first), record.derivative(second)
    passed_on = np.sum(weights * f * (f - other))
    square = np.sum(weights * slope**2)
    pairs = np.sum(weights * slope * (other_slope * (1 + first * second) - slope * first**2))
    return float(((batch_size - 1) * square + pairs) / ((batch_size - 3) * passed_on))


def _pairs(batch_size: int) -> tuple[NDArray, NDArray, NDArray]:
    """Points and weights, in polar coordinates, of averages over two standardized values."""
    between, quarter = np.arccos(-1 / (batch_size - 1)), np.pi / 2
    radius, radius_weights = panels(_RINGS)
    density = radius_weights * radius * np.exp(-(radius**2) / 2)
    # The distance of a normal pair from 0, turned into that of a pair on the sphere.
    length = np.sqrt(-(batch_size - 1) * np.expm1(-(radius**2) / (batch_size - 3)))[:, np.newaxis]
    signs = np.array([-quarter, quarter - between, quarter, np.pi + quarter - between])
    signs = np.append(np.sort(signs), signs.min() + 2 * np.pi)
    angle, angle_weights = panels(
        np.unique(signs[:-1, np.newaxis] + np.diff(signs)[:, np.newaxis] * _STEPS)
    )
    weights = density[:, np.newaxis] * angle_weights / (2 * np.pi)
    return length * np.cos(angle), length * np.cos(angle + between), weights
