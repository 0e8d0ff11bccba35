"""The arguments of `train` and its kin, checked before any work, and the job that they ask for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_kind, check_whole
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights, with_batch_norm
from nnhelpers.networks.losses import SQUARED
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._engine.orders import batch_orders
from nnhelpers.training._settings import LARGEST, Settings
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
        Seed of the order of the examples and of dropout.
    """

    due: NDArray[np.int64]
    batch_size: int | None
    seed: int


def batch_order(*, n_examples: int, epochs: int, seed: int, member: int = 0) -> NDArray[np.int64]:
    """Return the order in which mini-batches take the examples, of shape (epochs, n_examples).

    A permutation for each epoch, of which batches are consecutive pieces. Each network among those
    trained together has its own; `member` is its number.

    Examples
    --------
    >>> from nnhelpers import training
    >>> training.batch_order(n_examples=6, epochs=3, seed=0).shape
    (3, 6)
    """
    check_whole(n_examples=n_examples)
    check_whole(least=0, epochs=epochs, seed=seed, member=member)
    return batch_orders(n_examples, epochs, seed=seed, member=member)


def read_schedule(
    dataset: Dataset, epochs: int, batch_size: int | None, snapshots: int, seed: int
) -> Schedule:
    """Return when to record: `snapshots` moments, evenly spaced, besides the untrained one."""
    check_kind(Dataset, dataset=dataset)
    check_whole(least=0, epochs=epochs)
    check_whole(snapshots=snapshots)
    due = np.unique(np.linspace(0, epochs, snapshots + 1).round().astype(np.int64))
    return schedule_at(dataset, due, batch_size, seed)


def schedule_at(
    dataset: Dataset, due: NDArray[np.int64], batch_size: int | None, seed: int
) -> Schedule:
    """Return a schedule that records at given epochs."""
    check_kind(Dataset, dataset=dataset)
    check_whole(least=0, seed=seed)
    check_whole(batch_size=dataset.n_examples if batch_size is None else batch_size)
    whole = batch_size is None or batch_size >= dataset.n_examples
    steps = int(due[-1]) * (1 if whole else -(-dataset.n_examples // batch_size))
    if steps > _MOST_STEPS:
        raise ValueError(f"epochs must stay below {_MOST_STEPS:,} steps, got {steps:,}")
    return Schedule(due=due, batch_size=None if whole else batch_size, seed=seed)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, checked.

    Attributes
    ----------
    spec : MLPSpec
    schedule : Schedule
    rule : Optimizer
    own : Settings
        Arrays of shape (draws,) for each setting in which networks may differ.
    weights : array of shape (n_examples,)
        How much each example counts.
    """

    spec: MLPSpec
    schedule: Schedule
    rule: Optimizer
    own: Settings
    weights: NDArray[np.float32]

    def job(self, X: NDArray, targets: NDArray, start: Weights) -> Job:
        """Return what the engine needs to train networks that start from these, but for gains.

        X is of shape (1 or draws, n_features, n_examples), targets are (1 or draws, n_targets,
        n_examples).
        """
        spec, schedule, own = self.spec, self.schedule, self.own
        (draws, *_), (_, n_features, n_examples) = start.kernels[0].shape, X.shape
        layers, network = jobs.describe(
            spec, n_features=n_features, n_examples=n_examples, batch_size=schedule.batch_size
        )
        jobs.choose_rule(network, self.rule, penalized=bool((own.l1 + own.l2).any()))
        rates = np.zeros((draws, len(layers)), np.float32)
        differ = len(set(spec.dropout_rates)) > 1 and not own.dropout.any()
        rates[:, :-1] = spec.dropout_rates if differ else own.dropout[:, np.newaxis]
        layers[:-1, jobs.at.DROPS] = (rates[:, :-1] > 0).any(axis=0)
        jobs.place_values(layers, network, n_targets=targets.shape[1])
        members = [own.offset, own.scale, own.learning_rate, own.l1, own.l2]
        return Job(
            layers=layers,
            network=network,
            constants=jobs.constants_of(spec, self.rule),
            X=np.ascontiguousarray(X, np.float32),
            targets=np.ascontiguousarray(targets, np.float32),
            weights=self.weights,
            due=schedule.due,
            settings=np.stack(members, axis=1).astype(np.float32),
            rates=rates,
            numbers=np.arange(draws),
            seed=int(schedule.seed) % 2**62,
            parameters=jobs.pack(_with_gain(start, own.gain), layers, network),
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
    check_kind(MLPSpec, spec=spec)
    _check_data(spec, dataset, schedule)
    rule = read_optimizer(optimizer)
    return Request(
        spec=spec,
        schedule=schedule,
        rule=rule,
        own=settings.of_members(draws, spec=spec, rule=rule),
        weights=settings.of_examples(dataset),
    )


def _with_gain(start: Weights, gain: NDArray[np.float64]) -> Weights:
    factor = gain.astype(np.float32)[:, None, None]
    kernels = tuple(kernel.astype(np.float32) * factor for kernel in start.kernels)
    return Weights(kernels=kernels, biases=start.biases, norms=start.norms)


def _check_data(spec: MLPSpec, dataset: Dataset, schedule: Schedule) -> None:
    """Raise if the network has no outputs for the data, or a batch has no spread."""
    n_examples, n_classes = dataset.n_examples, dataset.n_classes
    batch_size = schedule.batch_size or n_examples
    if spec.normalized_layers and 1 in (batch_size, n_examples % batch_size):
        raise ValueError(
            "batch_size must leave no batch of one example with batch normalization: alone it is "
            f"its own mean, and every layer forgets it; got {n_examples} examples in batches of "
            f"{batch_size}"
        )
    if spec.loss == SQUARED:
        fits, wanted = spec.n_outputs == 1, "n_outputs=1 for mean_squared_error"
    elif not n_classes:
        fits, wanted = False, "loss='mean_squared_error' for data without classes"
    else:
        fits = spec.n_outputs >= n_classes or (spec.n_outputs, n_classes) == (1, 2)
        wanted = f"n_outputs={n_classes} for these classes"
    if not fits:
        got = spec.n_outputs if "n_outputs" in wanted else repr(spec.loss)
        raise ValueError(f"spec must have {wanted}, got {got}")


def checked_start(start: Weights, spec: MLPSpec, dataset: Dataset) -> Weights:
    """Return the weights as float32, in the layers of this specification."""
    check_kind(Weights, start=start)
    check_kind(MLPSpec, spec=spec)
    check_kind(Dataset, dataset=dataset)
    draws = start.kernels[0].shape[0]
    sizes = spec.layer_sizes(dataset.n_features)
    plain = [np.empty((draws, *shape)) for size in sizes for shape in (size, size[1:])]
    wanted = with_batch_norm(spec, Weights.from_list(plain))
    arrays, expected = start.to_list(), [array.shape for array in wanted.to_list()]
    shapes = [array.shape for array in arrays]
    if shapes != expected or not draws:
        raise ValueError(f"start must have arrays of shapes {expected}, got {shapes}")
    if not all((np.abs(array) <= LARGEST).all() for array in arrays):
        raise ValueError("start must be finite in float32, got a weight that is not")
    return wanted.with_list([array.astype(np.float32) for array in arrays])
