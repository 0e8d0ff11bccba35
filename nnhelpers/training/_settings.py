"""What may differ from network to network, and how much each example counts."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec
from nnhelpers.training.optimizers import Optimizer

# What an ensemble says of each of its networks.
MEMBER_SETTINGS = ("offset", "scale", "learning_rate", "gain", "l1", "l2", "dropout")
_OF_EXAMPLES = ("class_weight", "sample_weight")
LARGEST = float(np.finfo(np.float32).max)
_TINY = float(np.finfo(np.float32).tiny)


class Settings(TypedDict, total=False):
    """What may differ from one network to the next, and the weights of examples."""

    offset: ArrayLike
    scale: ArrayLike
    learning_rate: ArrayLike
    gain: ArrayLike
    l1: ArrayLike
    l2: ArrayLike
    dropout: ArrayLike
    class_weight: Mapping[int, float] | None
    sample_weight: ArrayLike | None


def read_settings(settings: Settings, spec: MLPSpec, draws: int, rule: Optimizer) -> dict:
    """Return an array of shape (draws,) for each of `MEMBER_SETTINGS`."""
    unknown = sorted(set(settings) - {*MEMBER_SETTINGS, *_OF_EXAMPLES})
    if unknown:
        known = ", ".join((*MEMBER_SETTINGS, *_OF_EXAMPLES))
        raise TypeError(f"settings may be {known}; got {', '.join(unknown)}")
    rates = set(spec.dropout_rates)
    defaults = {
        "offset": 0.0,
        "scale": 1.0,
        "learning_rate": rule.learning_rate,
        "gain": 1.0,
        "l1": spec.l1,
        "l2": spec.l2,
        "dropout": rates.pop() if len(rates) == 1 else 0.0,
    }
    own = {}
    for name, default in defaults.items():
        value = settings.get(name, default)
        unsaid = value is None and name not in ("offset", "scale", "gain")
        own[name] = _member_array(name, default if unsaid else value, draws)
    return own


def _member_array(name: str, value: ArrayLike, draws: int) -> NDArray[np.float64]:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be a number or {draws} of them, got {value!r}") from error
    if array.shape not in ((), (draws,)):
        raise ValueError(f"{name} must be a number or {draws} of them, got shape {array.shape}")
    if not (np.abs(array) <= LARGEST).all():
        raise ValueError(f"{name} must be finite in float32, got {value}")
    if name in ("gain", "l1", "l2") and not (array >= 0).all():
        raise ValueError(f"{name} must not be negative, got {value}")
    if name == "dropout" and not ((array >= 0) & (array < 1)).all():
        raise ValueError(f"dropout must lie in [0, 1), got {value}")
    if name in ("scale", "learning_rate") and not (array >= _TINY).all():
        raise ValueError(f"{name} must be positive in float32, got {value}")
    return np.broadcast_to(array, (draws,)).copy()


def read_example_weights(settings: Settings, dataset: Dataset) -> NDArray[np.float32]:
    """Return how much each example counts: its own weight times that of its class."""
    weights = np.ones(dataset.n_examples)
    own, by_class = settings.get("sample_weight"), settings.get("class_weight")
    if own is not None:
        weights = weights * _checked_weights("sample_weight", own, dataset.n_examples)
    if by_class is not None:
        numbers = by_class
        if isinstance(by_class, Mapping):
            numbers = [by_class.get(number, 1.0) for number in range(dataset.n_classes)]
            unknown = sorted(set(by_class) - set(range(dataset.n_classes)))
            if unknown:
                raise ValueError(
                    f"class_weight must have classes 0 to {dataset.n_classes - 1}, got {unknown}"
                )
        weights = weights * _checked_weights("class_weight", numbers, dataset.n_classes)[dataset.y]
    return weights.astype(np.float32)


def _checked_weights(name: str, values: ArrayLike | Sequence, count: int) -> NDArray[np.float64]:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be {count} numbers, got {values!r}") from error
    if array.shape != (count,):
        raise ValueError(f"{name} must be {count} numbers, got shape {array.shape}")
    if not ((array >= 0) & (array <= LARGEST)).all():
        raise ValueError(f"{name} must be finite and not negative, got {array.min()}")
    return array
