"""Find initializers by Keras's names or objects, and describe them; Keras is not imported."""

from dataclasses import fields
from numbers import Integral
from typing import Any

from nnhelpers.checks import check_finite, check_not_negative
from nnhelpers.initializers.records import (
    Constant,
    Identity,
    Initializer,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)

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

# "HeNormal" for "he_normal"
_CLASSES = {"".join(word.title() for word in name.split("_")): name for name in INITIALIZERS}

_ALIASES = _CLASSES | {
    "uniform": "random_uniform",
    "normal": "random_normal",
    "one": "ones",
    "zero": "zeros",
    **{f"{kind}Initializer": kind.lower() for kind in ("Identity", "Orthogonal")},
    **{f"{kind}_initializer": kind for kind in ("identity", "orthogonal")},
}
_STFT = "makes filters for sound, of three dimensions"
_BASE = "is what all initializers have in common"
_DRAW_NO_KERNEL = {
    **dict.fromkeys(("stft", "STFT", "STFTInitializer"), _STFT),
    **dict.fromkeys(("initializer", "Initializer"), _BASE),
}
_RECORDS = {type(record).__name__: type(record) for record in INITIALIZERS.values()}


def find_initializer(which: Any) -> Initializer:
    """Return the record of a Keras name or a Keras initializer; a record is returned as it is.

    The record does not keep a Keras object's seed, which `seed_of` reads. Raises ``ValueError`` if
    there is no record of that name or class, ``TypeError`` if it is neither a name nor an
    initializer.

    Examples
    --------
    >>> from nnhelpers import initializers
    >>> initializers.find_initializer("he_normal").std(fan_in=50, fan_out=10)
    0.2
    """
    if isinstance(which, str):
        _refuse_without_kernel(which)
        meant = _ALIASES.get(which, str(which))
        if meant not in INITIALIZERS:
            raise ValueError(f"initializer must be one of {sorted(INITIALIZERS)}, got {which!r}")
        return INITIALIZERS[meant]
    if hasattr(which, "draw") and not isinstance(which, type):
        return which
    if not _has_config(which):
        raise TypeError(f"initializer must be a Keras name or a record, got {which!r}")
    # Keras's configuration of Identity lacks the gain.
    gain = {"gain": which.gain} if hasattr(which, "gain") else {}
    return from_config(type(which).__name__, gain | which.get_config())


def from_config(class_name: str, config: dict) -> Initializer:
    """Return the record for a Keras initializer's class name and configuration.

    Raises ``ValueError`` if there is no record of that name, or the configuration names axes.

    Examples
    --------
    >>> from nnhelpers import initializers
    >>> initializers.from_config("RandomNormal", {"mean": 0.0, "stddev": 1.0, "seed": None})
    RandomNormal(mean=0.0, stddev=1.0)
    """
    _refuse_without_kernel(class_name)
    # Before 3.7 Keras had "OrthogonalInitializer" and "IdentityInitializer".
    short_name = class_name.removesuffix("Initializer")
    if short_name not in _CLASSES:
        raise ValueError(
            f"initializer must be one of {sorted(_CLASSES)} to be drawn in bulk, got {class_name}"
        )
    # These say which axes of a kernel count as inputs and outputs.
    for name in ("input_axes", "output_axes"):
        if config.get(name) is not None:
            raise ValueError(
                f"initializer must have {name}=None to be drawn in bulk, got {config[name]}"
            )
    if short_name not in _RECORDS:
        return INITIALIZERS[_CLASSES[short_name]]
    record = _RECORDS[short_name]
    names = {field.name for field in fields(record)}
    return record(**{name: value for name, value in config.items() if name in names})


def seed_of(which: Any) -> int | None:
    """Return the seed of a Keras initializer; None for one without a seed, a name or a record.

    Raises ``ValueError`` if the seed is not a whole number but, for instance, a `SeedGenerator`.

    Examples
    --------
    >>> from nnhelpers import initializers
    >>> initializers.seed_of("he_normal") is None
    True
    """
    seed = which.get_config().get("seed") if _has_config(which) else None
    if seed is None:
        return None
    if isinstance(seed, Integral) and not isinstance(seed, bool):
        return int(seed)
    got = seed.get("class_name", seed) if isinstance(seed, dict) else repr(seed)
    raise ValueError(f"initializer's seed must be a whole number or None, got {got}")


def _has_config(which: Any) -> bool:
    return hasattr(which, "get_config") and not isinstance(which, type)


def _refuse_without_kernel(name: str) -> None:
    if name in _DRAW_NO_KERNEL:
        raise ValueError(
            f"initializer must draw the kernel of a dense layer, which {name} does not: "
            f"it {_DRAW_NO_KERNEL[name]}; got {name!r}"
        )


def constant_with_noise(value: float, *, noise: float = 0.0) -> RandomNormal:
    """Return an initializer of weights that equal `value` plus normal noise.

    Raises ``ValueError`` if the value is not finite, or the noise, a standard deviation, is
    negative or not finite.

    Examples
    --------
    >>> from nnhelpers import initializers
    >>> initializers.constant_with_noise(0.5)
    RandomNormal(mean=0.5, stddev=0.0)
    """
    check_finite(value=value)
    check_not_negative(noise=noise)
    return RandomNormal(mean=float(value), stddev=float(noise))


def describe_initializer(which: object) -> str:
    """Describe a Keras name, a Keras initializer or a record in a few words, for captions.

    A name stands for itself, and a Keras initializer without a record for its class.

    Examples
    --------
    >>> from nnhelpers import initializers
    >>> initializers.describe_initializer(initializers.RandomNormal(stddev=0.01))
    'N(0, 0.01²)'
    """
    if isinstance(which, str):
        return str(which)
    try:
        record = find_initializer(which)
    except (TypeError, ValueError):
        record = which
    match record:
        case RandomNormal():
            square = "²" if record.stddev != 1 else ""
            cut = " cut at ±2σ" if isinstance(record, TruncatedNormal) else ""
            return f"N({record.mean:g}, {record.stddev:g}{square}){cut}"
        case RandomUniform():
            return f"uniform on [{record.minval:g}, {record.maxval:g}]"
        case VarianceScaling():
            return f"Var(w) = {record.scale:g}/{record.mode}"
        case Constant():
            return f"all {record.value:g}"
        case Orthogonal() | Identity():
            name = type(record).__name__.lower()
            return name if record.gain == 1 else f"{record.gain:g} × {name}"
    # Keep memory addresses out of captions.
    words = repr(record)
    return getattr(record, "__name__", type(record).__name__) if " at 0x" in words else words
