"""What a layer with batch norm does to the gradient in wide random networks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations import find_activation
from nnhelpers.checks import as_numbers
from nnhelpers.theory.normal import jumps

_LEAST_BATCH = 4
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Edges in the distance of a normal pair from the origin; it exceeds 10 with probability 1e-22.
_RINGS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0])
# Edges as shares of the arc between two sign changes, dense at its ends, where functions bend.
_STEPS = np.array([0.0, 0.04, 0.15, 0.5, 0.85, 0.96, 1.0])
# A circle that has just reached a kink is cut into quickly growing arcs.
_BEYOND_A_KINK = np.array([0.0, 0.001, 0.01, 0.08])


def normalized_gradient_growth(activation: str, *, batch_size: float = np.inf) -> float:
    """Factor on the gradient's mean square from a hidden layer with batch norm to the one below.

    Batch norm precedes every activation, in training mode, with gamma 1, beta 0 and a negligible
    epsilon; layers are wide, of equal widths, and their weights independent with mean 0, of any
    size. The factor is pi / (pi - 1) = 1.467 for ReLU, and (B - 2) / (B - 3) for a linear network
    and batches of B examples. Raises ValueError if the activation is unknown, constant or jumps, as
    hard_shrink does, or if B is below 4.

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
    if as_numbers("batch_size", batch_size).ndim or not batch_size >= _LEAST_BATCH:
        raise ValueError(f"batch_size must be at least {_LEAST_BATCH}, got {batch_size}")
    if jumps(record):
        raise ValueError(
            "activation must not jump, as a gradient passes by what a jump does to the signal, "
            f"got {activation!r}"
        )
    first, second, weights = _pairs(batch_size, kinks=record.kinks)
    f, other = record.value(first), record.value(second)
    slope, other_slope = record.derivative(first), record.derivative(second)
    passed_on = np.sum(weights * f * (f - other))
    if not passed_on > 0:
        raise ValueError(f"activation must pass differences on, got {activation!r}")
    square = np.sum(weights * slope**2)
    if np.isinf(batch_size):
        return float(square / passed_on)
    pairs = np.sum(weights * slope * (other_slope * (1 + first * second) - slope * first**2))
    return float(((batch_size - 1) * square + pairs) / ((batch_size - 3) * passed_on))


def _pairs(batch_size: float, *, kinks: Sequence[float]) -> tuple[NDArray, NDArray, NDArray]:
    """Points and weights, in polar coordinates, of averages over two standardized values."""
    between = np.arccos(-1 / (batch_size - 1))
    elsewhere = np.array([kink for kink in kinks if kink != 0])
    reached = _radius(np.unique(np.abs(elsewhere)), batch_size)
    rings = np.append(_RINGS, np.add.outer(reached, _BEYOND_A_KINK))
    radius, radius_weights = _panels(np.unique(rings[rings <= _RINGS[-1]]))
    density = radius_weights * radius * np.exp(-(radius**2) / 2)
    length = _distance(radius, batch_size)[:, np.newaxis]
    angle, angle_weights = _panels(_arcs(between, elsewhere, length))
    weights = density[:, np.newaxis] * angle_weights / (2 * np.pi)
    return length * np.cos(angle), length * np.cos(angle + between), weights


def _arcs(between: float, kinks: NDArray, length: NDArray) -> NDArray[np.float64]:
    """Angles between which neither value of a pair meets a kink, (1 or n_radii, n_edges)."""
    quarter, half = np.pi / 2, np.pi
    # Where one of the two cosines changes sign.
    signs = np.array([-quarter, half - quarter - between, quarter, half + quarter - between])
    signs = np.append(np.sort(signs), signs.min() + 2 * np.pi)
    edges = np.unique(signs[:-1, np.newaxis] + np.diff(signs)[:, np.newaxis] * _STEPS)[np.newaxis]
    if not kinks.size:
        return edges
    # A circle too small to meet a kink is cut into arcs of length 0 instead.
    met = np.arccos(np.clip(kinks / length, -1, 1))
    met = np.hstack([met, -met, met - between, -met - between])
    met = edges[0, 0] + (met - edges[0, 0]) % (2 * np.pi)
    return np.sort(np.hstack([np.tile(edges, (len(met), 1)), met]), axis=1)


def _distance(radius: NDArray, batch_size: float) -> NDArray[np.float64]:
    """Convert the distance of a normal pair from 0 to that of a pair on the sphere."""
    if np.isinf(batch_size):
        return radius
    return np.sqrt(-(batch_size - 1) * np.expm1(-(radius**2) / (batch_size - 3)))


def _radius(length: NDArray, batch_size: float) -> NDArray[np.float64]:
    """Convert distances on the sphere back to those of a normal pair, dropping impossible ones."""
    if np.isinf(batch_size):
        return length
    share = length[length**2 < batch_size - 1] ** 2 / (batch_size - 1)
    return np.sqrt(-(batch_size - 3) * np.log1p(-share))


def _panels(edges: NDArray) -> tuple[NDArray, NDArray]:
    """Points and weights of integrals from the first edge to the last, along the last axis."""
    half = np.diff(edges)[..., np.newaxis] / 2
    points = edges[..., :-1, np.newaxis] + half * (1 + _NODES)
    shape = (*edges.shape[:-1], -1)
    return points.reshape(shape), (half * _WEIGHTS).reshape(shape)
