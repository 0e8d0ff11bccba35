"""Activation functions as records: value, first and second derivative, limits and kinks.

`ACTIVATIONS` is the one list of names: every function that Keras knows by name and that works on
each unit alone, with Keras's default arguments, and PReLU. `COMMON` are those that panels offer.
"""

import numpy as np

from nnhelpers.activations import gates, hard, rectifiers, saturating, shrinking, smooth
from nnhelpers.activations.names import COMMON, resolve
from nnhelpers.activations.record import Activation
from nnhelpers.activations.rectifiers import LEAKY_SLOPE, PRELU_SLOPE
from nnhelpers.activations.saturating import sigmoid

_LINEAR = Activation(
    name="linear",
    value=np.asarray,
    derivative=np.ones_like,
    second_derivative=np.zeros_like,
    limits=(-np.inf, np.inf),
)
_KINDS = (saturating, rectifiers, gates, smooth, hard, shrinking)
_RECORDS = {
    record.name: record for record in (_LINEAR, *(each for kind in _KINDS for each in kind.RECORDS))
}

ACTIVATIONS: dict[str, Activation] = {
    name: _RECORDS[name] for name in (*COMMON, *sorted({*_RECORDS} - {*COMMON}))
}


def find_activation(name: str) -> Activation:
    """Look an activation up by its Keras name.

    "prelu" is a layer in Keras, whose slope below zero is learned and starts at 0; the record is
    that layer with the slope 0.25, where He et al. start it.

    Raises
    ------
    ValueError
        If the name is unknown, or the function does not work on each unit alone (softmax) or
        needs arguments (threshold).
    TypeError
        If it is no name.
    """
    return ACTIVATIONS[activation_name(name)]


def activation_name(name: str) -> str:
    """Return the name under which `ACTIVATIONS` has an activation: "silu" for "swish".

    Raises
    ------
    ValueError, TypeError
        As `find_activation` does.
    """
    return resolve(name, known=ACTIVATIONS)
