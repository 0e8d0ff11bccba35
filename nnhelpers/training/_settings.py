"""What `train` and its kin change beside the specification, as one record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import datasets
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
    """What may differ from one network to the next, and the weights of examples.

    Attributes
    ----------
    offset, scale, learning_rate, gain, l1, l2, dropout : float or array of shape (draws,)
        As in `train`. None for the optimizer's learning rate and the specification's penalties
        and dropout.
    class_weight : dict of int to float, or array of shape (n_classes,), optional
    sample_weight : array of shape (n_examples,), optional
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

    def of_members(self, draws: int, *, spec: MLPSpec, rule: Optimizer) -> "Settings":
        """Return the same with an array of shape (draws,) for each of `MEMBER_SETTINGS`."""
        rates = set(spec.dropout_rates)
        unsaid = {
            "learning_rate": rule.learning_rate,
            "l1": spec.l1,
            "l2": spec.l2,
            "dropout": rates.pop() if len(rates) == 1 else 0.0,
        }
        given = {name: getattr(self, name) for name in MEMBER_SETTINGS}
        said = {name: unsaid.get(name) if given[name] is None else given[name] for name in given}
        return replace(self, **{name: _member_array(name, said[name], draws) for name in said})

    def of_examples(self, dataset: Dataset) -> NDArray[np.float32]:
        """Return how much each example counts: its own weight times that of its class."""
        weights = np.ones(dataset.n_examples)
        if self.sample_weight is not None:
            weights *= _checked_weights("sample_weight", self.sample_weight, dataset.n_examples)
        if self.class_weight is not None:
            weights *= _class_weights(self.class_weight, dataset.n_classes)[dataset.y]
        return weights.astype(np.float32)


def seen_by(dataset: Dataset, *, scale: float, offset: float) -> Dataset:
    """Return the data as a network sees them, ``scale * X + offset``.

    Examples
    --------
    >>> circles = datasets.load_circles()
    >>> seen_by(circles, scale=1.0, offset=9.0).name
    'circles shifted by 9'
    """
    scaled = dataset if scale == 1 else datasets.rescale(dataset, scale)
    return scaled if offset == 0 else datasets.shift(scaled, offset)


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


def _checked_weights(name: str, values: ArrayLike | Sequence, count: int) -> NDArray[np.float64]:
    array = as_floats(name, values)
    if array.shape != (count,):
        raise ValueError(f"{name} must be {count} numbers, got shape {array.shape}")
    if not ((array >= 0) & (array <= LARGEST)).all():
        raise ValueError(f"{name} must be finite and not negative, got {array.min()}")
    return array
