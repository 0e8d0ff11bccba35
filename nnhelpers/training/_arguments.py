"""The arguments of `train`, `train_many` and `train_from`, checked before any work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights, with_batch_norm
from nnhelpers.networks.losses import SQUARED
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training.optimizers import Optimizer, read_optimizer


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


# What an ensemble says of each of its networks.
MEMBER_SETTINGS = ("offset", "scale", "learning_rate", "gain", "l1", "l2", "dropout")
_OF_EXAMPLES = ("class_weight", "sample_weight")
_LARGEST = float(np.finfo(np.float32).max)
_TINY = float(np.finfo(np.float32).tiny)

# Steps are counted up to here.
_MOST_STEPS = 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When to record, and in which pieces to take the examples.

    Attributes
    ----------
    due : array of int
        Epochs to record, ascending.
    batch_size : int or None
        None for the full batch.
    seed : int
        Of the order of the examples, and of dropout.
    """

    due: NDArray[np.int64]
    batch_size: int | None
    seed: int


def batch_order(*, n_examples: int, epochs: int, seed: int) -> NDArray[np.int32]:
    """Return the order in which mini-batches take the examples.

    Returns
    -------
    array of shape (epochs, n_examples)
        A permutation for each epoch; batches are consecutive pieces of it.
    """
    rng = np.random.default_rng([seed, n_examples])
    rows = np.tile(np.arange(n_examples, dtype=np.int32), (epochs, 1))
    return rng.permuted(rows, axis=1)


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
    if not (np.abs(array) <= _LARGEST).all():
        raise ValueError(f"{name} must be finite in float32, got {value}")
    if name in ("gain", "l1", "l2") and not (array >= 0).all():
        raise ValueError(f"{name} must not be negative, got {value}")
    if name == "dropout" and not ((array >= 0) & (array < 1)).all():
        raise ValueError(f"dropout must lie in [0, 1), got {value}")
    if name in ("scale", "learning_rate") and not (array >= _TINY).all():
        raise ValueError(f"{name} must be positive in float32, got {value}")
    return np.broadcast_to(array, (draws,)).copy()


def read_schedule(
    dataset: Dataset, epochs: int, batch_size: int | None, snapshots: int, seed: int
) -> Schedule:
    """Return when to record: `snapshots` moments, evenly spaced, besides the untrained one."""
    check_whole("epochs", epochs, 0)
    check_whole("snapshots", snapshots, 1)
    due = np.unique(np.linspace(0, epochs, snapshots + 1).round().astype(np.int64))
    return schedule_at(dataset, due, batch_size, seed)


def schedule_at(
    dataset: Dataset, due: NDArray[np.int64], batch_size: int | None, seed: int
) -> Schedule:
    """Return a schedule that records at given epochs."""
    check_whole("seed", seed, 0)
    check_whole("batch_size", dataset.n_examples if batch_size is None else batch_size, 1)
    whole = batch_size is None or batch_size >= dataset.n_examples
    steps = int(due[-1]) * (1 if whole else -(-dataset.n_examples // batch_size))
    if steps > _MOST_STEPS:
        raise ValueError(f"epochs must stay below {_MOST_STEPS:,} steps, got {steps:,}")
    return Schedule(due=due, batch_size=None if whole else batch_size, seed=seed)


def check_whole(name: str, value: int, lowest: int) -> None:
    """Refuse what is not a whole number of at least so much, by name."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < lowest:
        raise ValueError(f"{name} must be at least {lowest}, got {value}")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, checked.

    Attributes
    ----------
    spec : MLPSpec
    dataset : Dataset
    schedule : Schedule
    rule : Optimizer
    own : dict of str to array of shape (draws,)
        `MEMBER_SETTINGS` of each network.
    weights : array of shape (n_examples,)
        How much each example counts.
    """

    spec: MLPSpec
    dataset: Dataset
    schedule: Schedule
    rule: Optimizer
    own: dict[str, NDArray[np.float64]]
    weights: NDArray[np.float32]

    def job(self, start: Weights) -> Job:
        """Return what the engine needs to train networks that start from these, but for gains."""
        X, y = self.dataset.X.T.astype(np.float32), self.dataset.y.astype(np.float32)
        return make_job(
            self.spec,
            self.rule,
            self.schedule,
            self.own,
            X[np.newaxis],
            y[np.newaxis, np.newaxis],
            self.weights,
            start,
        )


def read_request(
    spec: MLPSpec,
    dataset: Dataset,
    schedule: Schedule,
    optimizer: Any,
    settings: Settings,
    *,
    draws: int,
) -> Request:
    """Check everything that `train` and its kin were given."""
    check_data(spec, dataset, schedule)
    rule = read_optimizer(optimizer)
    return Request(
        spec=spec,
        dataset=dataset,
        schedule=schedule,
        rule=rule,
        own=read_settings(settings, spec, draws, rule),
        weights=read_example_weights(settings, dataset),
    )


def make_job(
    spec: MLPSpec,
    rule: Optimizer,
    schedule: Schedule,
    own: dict[str, NDArray[np.float64]],
    X: NDArray[np.float32],
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    start: Weights,
) -> Job:
    """Put together what has been checked."""
    draws, n_features, n_examples = len(start.kernels[0]), *X.shape[1:]
    layers, network = jobs.describe(
        spec, n_features=n_features, n_examples=n_examples, batch_size=schedule.batch_size
    )
    jobs.choose_rule(network, rule, penalized=bool((own["l1"] + own["l2"]).any()))
    order = np.zeros(0, np.int32)
    if schedule.batch_size is not None:
        epochs = int(schedule.due[-1])
        order = batch_order(n_examples=n_examples, epochs=epochs, seed=schedule.seed).ravel()
    rates = np.zeros((draws, len(layers)), np.float32)
    rates[:, :-1] = _dropout_rates(spec, own["dropout"])
    layers[:-1, jobs.at.DROPS] = (rates[:, :-1] > 0).any(axis=0)
    jobs.place_values(layers, network, n_targets=targets.shape[1])
    factor = own["gain"].astype(np.float32)[:, None, None]
    scaled = Weights(
        kernels=tuple(kernel.astype(np.float32) * factor for kernel in start.kernels),
        biases=start.biases,
        norms=start.norms,
    )
    columns = [own[name] for name in ("offset", "scale", "learning_rate", "l1", "l2")]
    return Job(
        layers=layers,
        network=network,
        constants=jobs.constants_of(spec, rule),
        X=np.ascontiguousarray(X),
        targets=np.ascontiguousarray(targets),
        weights=weights,
        order=order,
        due=schedule.due,
        settings=np.stack(columns, axis=1).astype(np.float32),
        rates=rates,
        numbers=np.arange(draws),
        seed=int(schedule.seed) % 2**62,
        parameters=jobs.pack(scaled, layers, network),
    )


def _dropout_rates(spec: MLPSpec, given: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rates of shape (draws, hidden layers): each network's own, or each layer's."""
    rates = np.array(spec.dropout_rates, dtype=np.float64)
    differ = len(set(spec.dropout_rates)) > 1 and not given.any()
    return np.broadcast_to(rates if differ else given[:, None], (len(given), len(rates)))


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
    if not ((array >= 0) & (array <= _LARGEST)).all():
        raise ValueError(f"{name} must be finite and not negative, got {array.min()}")
    return array


def check_data(spec: MLPSpec, dataset: Dataset, schedule: Schedule) -> None:
    """Refuse data that the network has no outputs for, or batches without a spread."""
    _check_batches(spec, dataset.n_examples, schedule.batch_size)
    if spec.loss == SQUARED:
        if spec.n_outputs != 1:
            raise ValueError(
                f"spec must have n_outputs=1 for mean_squared_error, got {spec.n_outputs}"
            )
    elif not dataset.n_classes:
        raise ValueError(
            f"spec must have loss='mean_squared_error' for data without classes, got {spec.loss!r}"
        )
    elif spec.n_outputs == 1 and dataset.n_classes > 2:
        raise ValueError(
            f"spec must have n_outputs={dataset.n_classes} for these classes, got {spec.n_outputs}"
        )
    elif 1 < spec.n_outputs < dataset.n_classes:
        raise ValueError(f"n_outputs must be at least {dataset.n_classes}, got {spec.n_outputs}")


def _check_batches(spec: MLPSpec, n_examples: int, batch_size: int | None) -> None:
    smallest = n_examples if batch_size is None else n_examples % batch_size or batch_size
    if spec.normalized_layers and smallest == 1:
        raise ValueError(
            "batch_size must leave no batch of one example with batch normalization: alone it is "
            f"its own mean, and every layer forgets it; got {n_examples} examples in batches of "
            f"{batch_size or n_examples}"
        )


def checked_start(start: Weights, spec: MLPSpec, n_features: int) -> Weights:
    """Return the weights as float32, in the layers of this specification."""
    draws = start.kernels[0].shape[0]
    sizes = spec.layer_sizes(n_features)
    plain = [np.empty((draws, *shape)) for size in sizes for shape in (size, size[1:])]
    wanted = with_batch_norm(spec, Weights.from_list(plain))
    arrays, expected = start.to_list(), [array.shape for array in wanted.to_list()]
    shapes = [array.shape for array in arrays]
    if shapes != expected or not draws:
        raise ValueError(f"start must have arrays of shapes {expected}, got {shapes}")
    if not all((np.abs(array) <= _LARGEST).all() for array in arrays):
        raise ValueError("start must be finite in float32, got a weight that is not")
    return wanted.with_list([array.astype(np.float32) for array in arrays])
