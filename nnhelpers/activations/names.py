"""All activation functions, by Keras's names."""

import numpy as np

from nnhelpers.activations import rectifiers, smooth
from nnhelpers.activations.record import Activation

COMMON = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu"),
    *("elu", "selu", "gelu", "silu", "softsign"),
)
_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}
_LOOKS_AT_ALL = {
    "softmax": "divides by a sum over all units",
    "log_softmax": "subtracts the logarithm of a sum over all units",
    "sparsemax": "subtracts a threshold that all units set together",
    "glu": "multiplies one half of the units by a gate that the other half opens",
}

_LINEAR = Activation("linear", np.asarray, np.ones_like)
_RECORDS = {each.name: each for each in (_LINEAR, *rectifiers.RECORDS, *smooth.RECORDS)}
ACTIVATIONS: dict[str, Activation] = {
    name: _RECORDS[name] for name in (*COMMON, *sorted({*_RECORDS} - {*COMMON}))
}


def find_activation(name: str) -> Activation:
    """Look up an activation by its Keras name.

    "prelu" is a layer in Keras, whose slope below zero is learned and starts at 0; the record has
    slope 0.25, where He et al. start it. Raises as `activation_name`.

    Examples
    --------
    >>> from nnhelpers import activations
    >>> activations.find_activation("relu").value([-1.0, 2.0])
    array([0., 2.])
    """
    return ACTIVATIONS[activation_name(name)]


def activation_name(name: str) -> str:
    """Return the name under which `ACTIVATIONS` lists an activation.

    Raises ``ValueError`` if it is unknown, does not act on each unit alone (softmax) or needs
    arguments (threshold), and ``TypeError`` if it is not a string.

    Examples
    --------
    >>> from nnhelpers import activations
    >>> activations.activation_name("swish")
    'silu'
    """
    if not isinstance(name, str):
        raise TypeError(f"activation must be a Keras name, got {name!r}")
    meant = _ALIASES.get(name, str(name))
    if meant in ACTIVATIONS:
        return meant
    if name in _LOOKS_AT_ALL:
        raise ValueError(
            f"activation must work on each unit alone, which {name} does not: "
            f"it {_LOOKS_AT_ALL[name]}; got {name!r}"
        )
    if name == "threshold":
        raise ValueError(
            "activation must need no arguments, and threshold needs threshold and default_value; "
            f"got {name!r}"
        )
    raise ValueError(f"activation must be one of {sorted(ACTIVATIONS)}, got {name!r}")
