"""Keras's optimizers as update formulas that a compiled loop can run for many networks."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from nnhelpers.models.backend import keras, tf

# What must be left at its default, because the update formulas below do not know it.
_UNSUPPORTED = (
    "nesterov",
    "centered",
    "amsgrad",
    "weight_decay",
    "clipnorm",
    "global_clipnorm",
    "clipvalue",
    "use_ema",
    "loss_scale_factor",
    "gradient_accumulation_steps",
)


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """An optimizer's formula and its numbers.

    Attributes
    ----------
    name : str
        "sgd", "rmsprop" or "adam".
    learning_rate : float
    constants : tuple of float
        sgd: momentum. rmsprop: rho, momentum, epsilon. adam: beta_1, beta_2, epsilon.
    """

    name: str
    learning_rate: float
    constants: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class UpdateRule:
    """One optimizer step for one weight array.

    Attributes
    ----------
    slots : int
        Number of arrays of the weight's shape that the optimizer remembers.
    constants : tuple of str
        Names of the run-time constants, in order.
    update : callable
        (weight, gradient, slots, learning_rate, constants, step) -> (weight, slots), where the
        first step is number 1.
    """

    slots: int
    constants: tuple[str, ...]
    update: Callable[..., tuple[tf.Tensor, tuple[tf.Tensor, ...]]]


def _sgd(weight, gradient, slots, learning_rate, constants, step):
    velocity = constants[0] * slots[0] - learning_rate * gradient
    return weight + velocity, (velocity,)


def _rmsprop(weight, gradient, slots, learning_rate, constants, step):
    rho, momentum, epsilon = constants[0], constants[1], constants[2]
    mean_square = rho * slots[0] + (1 - rho) * tf.square(gradient)
    increment = learning_rate * gradient / tf.sqrt(mean_square + epsilon)
    velocity = momentum * slots[1] + increment
    return weight - velocity, (mean_square, velocity)


def _adam(weight, gradient, slots, learning_rate, constants, step):
    beta_1, beta_2, epsilon = constants[0], constants[1], constants[2]
    mean = slots[0] + (1 - beta_1) * (gradient - slots[0])
    mean_square = slots[1] + (1 - beta_2) * (tf.square(gradient) - slots[1])
    count = tf.cast(step, weight.dtype)
    corrected = learning_rate * tf.sqrt(1 - beta_2**count) / (1 - beta_1**count)
    return weight - corrected * mean / (tf.sqrt(mean_square) + epsilon), (mean, mean_square)


RULES: dict[str, UpdateRule] = {
    "sgd": UpdateRule(slots=1, constants=("momentum",), update=_sgd),
    "rmsprop": UpdateRule(slots=2, constants=("rho", "momentum", "epsilon"), update=_rmsprop),
    "adam": UpdateRule(slots=2, constants=("beta_1", "beta_2", "epsilon"), update=_adam),
}


def sgd(*, learning_rate: float = 0.01, momentum: float = 0.0) -> Optimizer:
    """Return gradient descent as ``keras.optimizers.SGD`` does it, for callers without Keras.

    Raises
    ------
    ValueError
        If the learning rate is not positive or the momentum outside [0, 1).
    """
    if not learning_rate > 0:
        raise ValueError(f"learning_rate must be positive, got {learning_rate}")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {momentum}")
    return Optimizer(name="sgd", learning_rate=learning_rate, constants=(momentum,))


def read_optimizer(which: str | keras.Optimizer | Optimizer) -> Optimizer:
    """Read the formula and the numbers of a Keras optimizer or its name; a record stays itself.

    Raises
    ------
    ValueError
        If the optimizer is not one of `RULES`, or uses an option that the engine does not know.

    References
    ----------
    https://keras.io/api/optimizers/
    """
    if isinstance(which, Optimizer):
        return which
    if isinstance(which, str) and which.lower() in RULES:
        return _with_defaults(which.lower())
    name = type(which).__name__.lower()
    if not isinstance(which, keras.Optimizer) or name not in RULES:
        raise ValueError(f"optimizer must be one of {sorted(RULES)} or its object, got {which!r}")
    config = which.get_config()
    _refuse_unsupported(name, config)
    return Optimizer(
        name=name,
        learning_rate=float(config["learning_rate"]),
        constants=tuple(float(config[constant]) for constant in RULES[name].constants),
    )


@functools.cache
def _with_defaults(name: str) -> Optimizer:
    return read_optimizer(keras.optimizers.get(name))


def _refuse_unsupported(name: str, config: dict) -> None:
    for option in _UNSUPPORTED:
        if config.get(option):
            raise ValueError(f"optimizer {name} must leave {option} off, got {config[option]!r}")
    if isinstance(config["learning_rate"], dict):
        raise ValueError(f"optimizer {name} must have a constant learning_rate, got a schedule")
