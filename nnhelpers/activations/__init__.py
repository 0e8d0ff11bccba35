"""Activation functions as records: value, first and second derivative, limits."""

import numpy as np

from nnhelpers.activations import gates, rectifiers, saturating
from nnhelpers.activations.record import Activation
from nnhelpers.activations.rectifiers import LEAKY_SLOPE, PRELU_SLOPE
from nnhelpers.activations.saturating import sigmoid

__all__ = [
    "ACTIVATIONS",
    "LEAKY_SLOPE",
    "PRELU_SLOPE",
    "Activation",
    "find_activation",
    "sigmoid",
]

_LINEAR = Activation(
    name="linear",
    value=np.asarray,
    derivative=np.ones_like,
    second_derivative=np.zeros_like,
    limits=(-np.inf, np.inf),
)
_RECORDS = (_LINEAR, *saturating.RECORDS, *rectifiers.RECORDS, *gates.RECORDS)
_ORDER = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu"),
    *("elu", "selu", "gelu", "silu", "softsign"),
)

ACTIVATIONS: dict[str, Activation] = {
    name: record for name in _ORDER for record in _RECORDS if record.name == name
}


def find_activation(name: str) -> Activation:
    """Look an activation up by its Keras name.

    "prelu" is a layer in Keras, whose slope below zero is learned and starts at 0; the record is
    that layer with the slope 0.25, where He et al. start it.

    Raises
    ------
    ValueError
        If the name is not in `ACTIVATIONS`.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {sorted(ACTIVATIONS)}, got {name!r}")
    return ACTIVATIONS[name]
