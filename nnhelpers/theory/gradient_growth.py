"""What a layer with batch norm does to the gradient in wide random networks."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import find_activation
from nnhelpers.checks import check_whole
from nnhelpers.theory.normal import panels

# Of the distance from the origin, beyond which a pair of normal numbers lies hardly ever (1e-22).
_RINGS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0])
# Of the way around between two signs: smooth functions bend close to them.
_STEPS = np.array([0.0, 0.04, 0.15, 0.5, 0.85, 0.96, 1.0])


def normalized_gradient_growth(activation: str, *, batch_size: int) -> float:
    """Factor on the gradient's mean square from a hidden layer with batch norm to the one below.

    Batch norm stands in front of every activation, in training mode, with gamma 1, beta 0 and an
    epsilon small beside the variances; layers are wide, of equal widths, and their weights
    independent with mean 0, of any size. For ReLU it is pi / (pi - 1) = 1.467, for a linear network
    and batches of B examples (B - 2) / (B - 3). Raises ValueError if the activation is unknown
    or has a kink elsewhere than at 0, or B is below 4.

    Notes
    -----
    For infinitely many examples it is E[f'(z)^2] / Var(f(z)) with z ~ N(0, 1): weights divide the
    way back by the deviation by which they were divided on the way forward. By Poincare's
    inequality it is at least 1 for every function f, and 1 for a linear one alone.

    For B examples the pre-activations of a unit lie on a sphere around their mean, of B - 1
    dimensions. With z and z' two of them, d = f'(z) and d' = f'(z'), the factor is

        ((B - 1) E[d^2] + E[d d'] - E[d^2 z^2] + E[d z d' z'])
        / ((B - 3) (E[f(z)^2] - E[f(z) f(z')])),

    as E[1 / variance] = B / (B - 3) in units of the expected one, and as batch norm takes two
    directions away from what comes back to a unit: along 1 and along its z.

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
    """Two standardized values of a batch, with weights that add up to 1.

    In polar coordinates, with Gauss's rule between the places where a value changes its sign.
    """
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
