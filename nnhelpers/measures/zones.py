"""Where an activation function is flat, nearly straight, or bent enough to be useful."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.activations import Activation, activation_name, find_activation
from nnhelpers.checks import checked_numbers
from nnhelpers.measures.activity import checked_signals

FLAT, NEAR_LINEAR, USEFUL = "flat", "near-linear", "useful"
ZONES = (FLAT, NEAR_LINEAR, USEFUL)

# The sigmoid's second derivative is at most 1 / (6 sqrt(3)); the article shades where it is below
# 0.02. As a share of the largest value the threshold serves every activation.
STRAIGHT_BELOW = 0.02 * 6 * np.sqrt(3)
FLAT_BELOW = 0.1

# An even number of points, so that none lies on a kink at 0; all borders lie within the grid.
_GRID = np.linspace(-30, 30, 6_000)
_HALVINGS = 60
# Twice as far out as the grid, slopes no longer rise.
_FAR = np.array([-60.0, 60.0])


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Pre-activations from `start` to `stop` in one zone; the outermost ends are infinite."""

    start: float
    stop: float
    zone: str


def zone_intervals(activation: str) -> tuple[Interval, ...]:
    """Cut the line of pre-activations where an activation passes from one zone to the next.

    Raises ValueError if the activation is unknown or its slope is unbounded (exponential).

    Notes
    -----
    f is *straight* where abs(f'') is at most 0.208 of its largest value, which for the sigmoid is
    0.02. Where it is straight it is flat if abs(f') is below 0.1 of its largest value (saturated if
    f is bounded) and near-linear otherwise; where it is bent it is useful. A function of two
    straight pieces bends only at its kink, which lies in no interval.

    Examples
    --------
    >>> [interval.zone for interval in zone_intervals("relu")]
    ['flat', 'near-linear']
    """
    return _intervals(activation_name(activation))


@cache
def _intervals(activation: str) -> tuple[Interval, ...]:
    record = _zoned(activation)
    names = _named(record, _GRID)
    changes = np.flatnonzero(names[:-1] != names[1:])
    borders = [_border(record, _GRID[i], _GRID[i + 1]) for i in changes]
    ends = zip([-np.inf, *borders], [*borders, np.inf], names[[*changes, -1]], strict=True)
    return tuple(Interval(start=start, stop=stop, zone=str(zone)) for start, stop, zone in ends)


def zones(z: ArrayLike, *, activation: str) -> NDArray[np.str_]:
    """Name the zone of each pre-activation; a border belongs to the zone on its left.

    The result has the shape of z. Raises ValueError if z is empty or holds NaN, and as
    `zone_intervals` does.

    Examples
    --------
    >>> zones([-9, 0, 1], activation="sigmoid").tolist()
    ['flat', 'near-linear', 'useful']
    """
    intervals = zone_intervals(activation)
    borders = [interval.stop for interval in intervals[:-1]]
    names = np.array([interval.zone for interval in intervals])
    values = checked_signals(z)
    if values.size == 0:
        raise ValueError(f"z must hold at least one pre-activation, got shape {values.shape}")
    return names[np.searchsorted(borders, values, side="left")]


def zone_shares(z: ArrayLike, *, activation: str) -> dict[str, float]:
    """Share of the pre-activations z in each zone; errors are those of `zones`.

    Examples
    --------
    >>> zone_shares([-9, 0, 1, 9], activation="sigmoid")
    {'flat': 0.5, 'near-linear': 0.25, 'useful': 0.25}
    """
    found = zones(z, activation=activation)
    return {zone: float(np.mean(found == zone)) for zone in ZONES}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Pre-activations z and an activation's f, f' and f'' there, each of shape (n_points,)."""

    activation: str
    z: NDArray[np.float64] = field(repr=False)
    value: NDArray[np.float64] = field(repr=False)
    slope: NDArray[np.float64] = field(repr=False)
    curvature: NDArray[np.float64] = field(repr=False)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        flat = zone_shares(self.z, activation=self.activation)[FLAT]
        return (
            f"{self.activation} for z from {self.z.min():.3g} to {self.z.max():.3g}: "
            f"value {_range(self.value)}, slope {_range(self.slope)}, flat on {flat:.0%} of them"
        )


def profile(z: ArrayLike, *, activation: str) -> Profile:
    """Tabulate an activation with its first two derivatives at z, of shape (n_points,).

    Raises ValueError or TypeError unless z is one or more finite numbers, and as `zone_intervals`.

    Examples
    --------
    >>> profile([-1.0, 2.0], activation="relu").slope
    array([0., 1.])
    """
    record, points = _zoned(activation), checked_numbers("z", z)
    slope, curvature = record.derivative(points), record.second_derivative(points)
    at = {"z": points, "value": record.value(points), "slope": slope, "curvature": curvature}
    return Profile(activation=activation, **at)


def _range(values: NDArray) -> str:
    # Rounding leaves a zero's sign to the processor.
    low, high = (round(float(end), 2) + 0.0 for end in (values.min(), values.max()))
    return f"{low:g} to {high:g}" if low != high else f"{low:g}"


def _zoned(activation: str) -> Activation:
    """Look up an activation; raise if its slope is unbounded."""
    record = find_activation(activation)
    if np.abs(record.derivative(_FAR)).max() > 2 * record.largest_slope:
        raise ValueError(
            "activation must have a largest slope, of which its zones are shares, "
            f"got {activation!r}, whose slope grows without end"
        )
    return record


def _named(record: Activation, z: NDArray) -> NDArray[np.str_]:
    # Strictly greater, or ReLU, whose curvature is 0 everywhere, would count as bent.
    bent = np.abs(record.second_derivative(z)) > STRAIGHT_BELOW * record.largest_curvature
    steep = np.abs(record.derivative(z)) >= FLAT_BELOW * record.largest_slope
    return np.select([bent, steep], [USEFUL, NEAR_LINEAR], FLAT)


def _border(record: Activation, low: float, high: float) -> float:
    """Halve the interval in which the zone changes until rounding stops it."""
    before = _named(record, np.array([low]))[0]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        same = _named(record, np.array([middle]))[0] == before
        low, high = (middle, high) if same else (low, middle)
    return round(float(high), 12) + 0.0
