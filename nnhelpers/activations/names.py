"""Names of activations: Keras's second names, and those that no record can stand for."""

from collections.abc import Iterable

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
_ARGUMENTS = {"threshold": "threshold and default_value"}


def resolve(name: str, *, known: Iterable[str]) -> str:
    """Return the one of the known names that a name means, or refuse it in words.

    Raises
    ------
    ValueError, TypeError
    """
    if not isinstance(name, str):
        raise TypeError(f"activation must be a Keras name, got {name!r}")
    meant = _ALIASES.get(name, str(name))
    if meant in known:
        return meant
    if name in _LOOKS_AT_ALL:
        raise ValueError(
            f"activation must work on each unit alone, which {name} does not: "
            f"it {_LOOKS_AT_ALL[name]}; got {name!r}"
        )
    if name in _ARGUMENTS:
        raise ValueError(
            f"activation must need no arguments, and {name} needs {_ARGUMENTS[name]}; got {name!r}"
        )
    raise ValueError(f"activation must be one of {sorted(known)}, got {name!r}")
