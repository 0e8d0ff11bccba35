"""What the layers make of the examples on the way up, and of the errors on the way down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures

PERCENTILES = (5, 25, 50, 75, 95)
RECTIFIERS = {"relu", "relu6"}
BOUNDED = {"sigmoid", "tanh", "hard_sigmoid", "softsign"}
# Where the slope is a tenth of its largest: sigmoid 3.6, tanh 1.8 (measures.FLAT_BELOW).
_FLAT_FROM = {"sigmoid": 3.6, "tanh": 1.8, "hard_sigmoid": 3.0, "softsign": 2.2}


@dataclass(frozen=True, kw_only=True)
class LayerSignals:
    """One layer's pre-activations on a sample of examples.

    Attributes
    ----------
    name : str
    activation : str
    units : int
    std : float
        Of the pre-activations.
    percentiles : array of shape (5,)
        5, 25, 50, 75 and 95 percent of the pre-activations.
    dead, always_active : float
        Shares of the units that are active on no, or on every example.
    saturated : float
        Share of the pre-activations at which the slope is below a tenth of its largest; 0 for
        what is not bounded.
    alike : float
        Cosine between the activations of two examples, mean over pairs: 1 for all alike.
    """

    name: str
    activation: str
    units: int
    std: float
    percentiles: NDArray
    dead: float
    always_active: float
    saturated: float
    alike: float

    @property
    def splitting(self) -> float:
        """Share of the units that are active on some examples but not on all."""
        return 1 - self.dead - self.always_active


def look_at_signals(name: str, activation: str, *, z: NDArray, a: NDArray) -> LayerSignals:
    """Measure what entered and what left the activation function of one layer."""
    units = z.shape[-1]
    flat = z.reshape(-1, units).astype(np.float64)
    middle = 0.5 if activation == "softplus" else 0.0
    shares = (flat > middle).mean(axis=0)
    status = measures.unit_status(np.clip(shares, 0, 1))
    edge = _FLAT_FROM.get(activation, np.inf)
    return LayerSignals(
        name=name,
        activation=activation,
        units=units,
        std=float(flat.std()),
        percentiles=np.percentile(flat, PERCENTILES),
        dead=float((status == measures.DEAD).mean()),
        always_active=float((status == measures.ALWAYS_ACTIVE).mean()),
        saturated=float((np.abs(flat) > edge).mean()),
        alike=_alike(a.reshape(len(a), -1).astype(np.float64)),
    )


def _alike(rows: NDArray) -> float:
    lengths = np.linalg.norm(rows, axis=1)
    rows = rows[lengths > 0] / lengths[lengths > 0, None]
    count = len(rows)
    if count < 2:
        return 1.0
    return float((np.square(rows.sum(axis=0)).sum() - count) / (count * (count - 1)))
