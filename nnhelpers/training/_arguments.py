"""The arguments of `train`, `train_many` and `train_from`, checked before any work."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights, with_batch_norm
from nnhelpers.networks.losses import SQUARED
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._settings import (
    LARGEST,
    Settings,
    read_example_weights,
    read_settings,
)
from nnhelpers.training.optimizers import Optimizer, read_optimizer

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
    if not all((np.abs(array) <= LARGEST).all() for array in arrays):
        raise ValueError("start must be finite in float32, got a weight that is not")
    return wanted.with_list([array.astype(np.float32) for array in arrays])
