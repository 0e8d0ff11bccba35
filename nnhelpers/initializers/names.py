"""Names of initializers: the records under Keras's names, and what else Keras calls them."""

from nnhelpers.initializers.identity import Identity
from nnhelpers.initializers.independent import (
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
)
from nnhelpers.initializers.orthogonal import Orthogonal
from nnhelpers.initializers.protocol import Initializer
from nnhelpers.initializers.scaling import VarianceScaling

INITIALIZERS: dict[str, Initializer] = {
    "zeros": Constant(value=0.0),
    "ones": Constant(value=1.0),
    "random_uniform": RandomUniform(),
    "random_normal": RandomNormal(),
    "glorot_uniform": VarianceScaling(mode="fan_avg", distribution="uniform"),
    "glorot_normal": VarianceScaling(mode="fan_avg"),
    "he_uniform": VarianceScaling(scale=2.0, distribution="uniform"),
    "he_normal": VarianceScaling(scale=2.0),
    "lecun_uniform": VarianceScaling(distribution="uniform"),
    "lecun_normal": VarianceScaling(),
    "orthogonal": Orthogonal(),
    "constant": Constant(),
    "truncated_normal": TruncatedNormal(),
    "variance_scaling": VarianceScaling(),
    "identity": Identity(),
}

# "HeNormal" of "he_normal"
CLASSES = {"".join(word.title() for word in name.split("_")): name for name in INITIALIZERS}

_ALIASES = CLASSES | {
    "uniform": "random_uniform",
    "normal": "random_normal",
    "one": "ones",
    "zero": "zeros",
    "IdentityInitializer": "identity",
    "OrthogonalInitializer": "orthogonal",
}
_STFT = "makes filters for sound, of three dimensions"
_BASE = "is what all initializers have in common"
_DRAW_NO_KERNEL = {
    **dict.fromkeys(("stft", "STFT", "STFTInitializer"), _STFT),
    **dict.fromkeys(("initializer", "Initializer"), _BASE),
}


def resolve(name: str) -> str:
    """Return the name in `INITIALIZERS` that a name of Keras's means, or refuse it in words.

    Raises
    ------
    ValueError
    """
    meant = _ALIASES.get(name, str(name))
    refuse_without_kernel(name)
    if meant not in INITIALIZERS:
        raise ValueError(f"initializer must be one of {sorted(INITIALIZERS)}, got {name!r}")
    return meant


def refuse_without_kernel(name: str) -> None:
    """Refuse what Keras knows by name and cannot draw a dense kernel."""
    if name in _DRAW_NO_KERNEL:
        raise ValueError(
            f"initializer must draw the kernel of a dense layer, which {name} does not: "
            f"it {_DRAW_NO_KERNEL[name]}; got {name!r}"
        )
