"""What `train` and its kin change beside the specification, checked."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec
from nnhelpers.training.optimizers import Optimizer

# The settings in which the networks of an ensemble may differ.
MEMBER_SETTINGS = ("offset", "scale", "learning_rate", "gain", "l1", "l2", "dropout")
LARGEST = float(np.finfo(np.float32).max)
_TINY = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Settings:
    """The settings of `train_many` that may differ from one network or example to the next.

    None for the optimizer's learning rate and the specification's penalties and dropout.
    """

    offset: ArrayLike = 0.0
    scale: ArrayLike = 1.0
    learning_rate: ArrayLike | None = None
    gain: ArrayLike = 1.0
    l1: ArrayLike | None = None
    l2: ArrayLike | None = None
    dropout: ArrayLike | None = None
    class_weight: Mapping[int, float] | None = None
    sample_weight: ArrayLike | None = None

    def of_members(
        self, draws: int, *, spec: MLPSpec, rule: Optimizer
    ) -> dict[str, NDArray[np.float64]]:
        """Return an array of shape (draws,) for each of `MEMBER_SETTINGS`."""
        rates = set(spec.dropout_rates)
        unsaid = {
            "learning_rate": rule.learning_rate,
            "l1": spec.l1,
            "l2": spec.l2,
            "dropout": rates.pop() if len(rates) == 1 else 0.0,
        }
        given = {name: getattr(self, name) for name in MEMBER_SETTINGS}
        said = {name: unsaid.get(name) if given[name] is None else given[name] for name in given}
        return {name: _member_array(name, said[name], draws) for name in said}

    def of_examples(self, dataset: Dataset) -> NDArray[np.float32]:
        """Return how much each example counts: its own weight times that of its class."""
        weights = np.ones(dataset.n_examples)
        if self.sample_weight is not None:
            weights *= _checked_weights("sample_weight", self.sample_weight, dataset.n_examples)
        if self.class_weight is not None:
            weights *= _class_weights(self.class_weight, dataset.n_classes)[dataset.y]
        return weights.astype(np.float32)


def _member_array(name: str, value: ArrayLike, draws: int) -> NDArray[np.float64]:
    array = as_floats(name, value)
    if array.shape not in ((), (draws,)):
        raise ValueError(f"{name} must be a number or {draws} of them, got shape {array.shape}")
    allowed, holds = "be finite in float32", np.abs(array) <= LARGEST
    if holds.all() and name in ("gain", "l1", "l2"):
        allowed, holds = "not be negative", array >= 0
    elif holds.all() and name == "dropout":
        allowed, holds = "lie in [0, 1)", (array >= 0) & (array < 1)
    elif holds.all() and name in ("scale", "learning_rate"):
        allowed, holds = "be positive in float32", array >= _TINY
    if not holds.all():
        raise ValueError(f"{name} must {allowed}, got {value}")
    return np.broadcast_to(array, (draws,)).copy()


def _class_weights(given: Mapping[int, float] | ArrayLike, n_classes: int) -> NDArray[np.float64]:
    if isinstance(given, Mapping):
        unknown = sorted(set(given) - set(range(n_classes)))
        if unknown:
            raise ValueError(f"class_weight must have classes 0 to {n_classes - 1}, got {unknown}")
        given = [given.get(number, 1.0) for number in range(n_classes)]
    return _checked_weights("class_weight", given, n_classes)


def _checked_weights(name: str, values: ArrayLike, count: int) -> NDArray[np.float64]:
    array = as_floats(name, values)
    if array.shape != (count,):
        raise ValueError(f"{name} must be {count} numbers, got shape {array.shape}")
    if not ((array >= 0) & (array <= LARGEST)).all():
        raise ValueError(f"{name} must be finite and not negative, got {array.min()}")
    return array
