"""Keras's optimizers as records, read without Keras."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhelpers.checks import check_one_of, check_positive, check_rate

# Options that must be off, because the update formulas do not support them.
_UNSUPPORTED = (
    *("centered", "amsgrad", "clipnorm", "global_clipnorm", "clipvalue", "use_ema"),
    *("loss_scale_factor", "gradient_accumulation_steps"),
)
_CONSTANTS = {
    "sgd": ("momentum",),
    "rmsprop": ("rho", "momentum", "epsilon"),
    "adam": ("beta_1", "beta_2", "epsilon"),
    "adamw": ("beta_1", "beta_2", "epsilon"),
}


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """An optimizer's formula and its numbers.

    Attributes
    ----------
    name : str
        "sgd", "rmsprop", "adam" or "adamw".
    learning_rate : float
    constants : tuple of float
        sgd: momentum. rmsprop: rho, momentum, epsilon. adam, adamw: beta_1, beta_2, epsilon.
    nesterov : bool
        Whether sgd uses Nesterov momentum.
    weight_decay : float
        A step subtracts this share of each weight, times the learning rate.
    """

    name: str
    learning_rate: float
    constants: tuple[float, ...]
    nesterov: bool = False
    weight_decay: float = 0.0


# With Keras's defaults.
OPTIMIZERS = {
    "sgd": Optimizer(name="sgd", learning_rate=0.01, constants=(0.0,)),
    "rmsprop": Optimizer(name="rmsprop", learning_rate=0.001, constants=(0.9, 0.0, 1e-7)),
    "adam": Optimizer(name="adam", learning_rate=0.001, constants=(0.9, 0.999, 1e-7)),
    "adamw": Optimizer(
        name="adamw", learning_rate=0.001, constants=(0.9, 0.999, 1e-7), weight_decay=0.004
    ),
}


def sgd(*, learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False) -> Optimizer:
    """Return the record of ``keras.optimizers.SGD``, without Keras.

    Raises ``ValueError`` if the learning rate is not positive or the momentum is outside [0, 1).

    Examples
    --------
    >>> from nnhelpers import training
    >>> training.sgd(momentum=0.9).constants
    (0.9,)
    """
    check_positive(learning_rate=learning_rate)
    check_rate(momentum=momentum)
    check_one_of((True, False), nesterov=nesterov)
    return Optimizer(
        name="sgd", learning_rate=learning_rate, constants=(momentum,), nesterov=nesterov
    )


def read_optimizer(which: Any) -> Optimizer:
    """Return the record of a Keras optimizer or its name; a record is returned as it is.

    Raises ``ValueError`` if it is not one of `OPTIMIZERS` or uses an unsupported option.

    Examples
    --------
    >>> read_optimizer("adam").constants
    (0.9, 0.999, 1e-07)
    """
    if isinstance(which, Optimizer):
        return which
    if isinstance(which, str) and which.lower() in OPTIMIZERS:
        return OPTIMIZERS[which.lower()]
    name = type(which).__name__.lower()
    if name not in OPTIMIZERS or not hasattr(which, "get_config"):
        known = sorted(OPTIMIZERS)
        raise ValueError(f"optimizer must be one of {known} or its object, got {which!r}")
    config = which.get_config()
    _refuse_unsupported(name, config)
    return Optimizer(
        name=name,
        learning_rate=float(config["learning_rate"]),
        constants=tuple(float(config[constant]) for constant in _CONSTANTS[name]),
        nesterov=bool(config.get("nesterov", False)),
        weight_decay=float(config.get("weight_decay") or 0.0),
    )


def _refuse_unsupported(name: str, config: dict) -> None:
    for option in _UNSUPPORTED:
        if config.get(option):
            raise ValueError(f"optimizer {name} must leave {option} off, got {config[option]!r}")
    rate = config["learning_rate"]
    if isinstance(rate, dict):
        raise ValueError(f"optimizer {name} must have a constant learning_rate, got a schedule")
    if not np.isfinite(float(rate)):
        raise ValueError(f"optimizer {name} must have a finite learning_rate, got {rate}")
