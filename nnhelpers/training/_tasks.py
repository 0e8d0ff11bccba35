"""Training tasks: their arguments, checked, and their results."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import networks
from nnhelpers.checks import as_floats, check_kind, check_whole
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights, with_batch_norm
from nnhelpers.networks.losses import SQUARED
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.jobs import Job, job_of
from nnhelpers.training._engine.run import Results, TrainingInterrupted, run
from nnhelpers.training.ensembles import MEMBER_SETTINGS, TrainingEnsemble
from nnhelpers.training.optimizers import Optimizer, read_optimizer
from nnhelpers.training.results import TrainingRun

# Most steps that the engine can count.
_MOST_STEPS = 2_000_000_000
_LARGEST, _TINY = float(np.finfo(np.float32).max), float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Settings:
    """The settings of `train_many` that may differ from one network or example to the next."""

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
        """Return the weight of each example, times that of its class, of shape (n_examples,)."""
        weights = np.ones(dataset.n_examples)
        if self.sample_weight is not None:
            weights *= _checked_weights("sample_weight", self.sample_weight, dataset.n_examples)
        if self.class_weight is not None:
            weights *= _class_weights(self.class_weight, dataset.n_classes)[dataset.y]
        return weights.astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Task:
    """A job for the engine, and what an ensemble needs besides its results."""

    spec: MLPSpec
    dataset: Dataset
    optimizer: str
    own: dict[str, NDArray[np.float64]]
    start: Weights
    job: Job

    def train(self, *, as_run_of: int | None = None) -> TrainingEnsemble | TrainingRun:
        """Train the networks; return an ensemble, or its only network as a run of this seed."""
        results, interrupted = run(self.job)
        # Several networks that are all untrained are not worth keeping.
        trained = self.ensemble(results, least=min(2, self.job.draws) if interrupted else 1)
        if trained is not None and as_run_of is not None:
            trained = replace(trained.first_run(), seed=as_run_of)
        if interrupted:
            raise TrainingInterrupted(trained)
        return trained

    def ensemble(self, results: Results, *, least: int = 1) -> TrainingEnsemble | None:
        """Return the networks that got furthest, or None with fewer than `least` records."""
        job, count = self.job, int(results.reached.max())
        if count < least:
            return None
        members = np.flatnonzero(results.reached == count)
        losses, right, training_losses = (
            each[members, :count].astype(np.float64)
            for each in (results.losses, results.right, results.training_losses)
        )
        measured = np.isfinite(losses) & (self.spec.loss != SQUARED)
        read = partial(jobs.unpack, layers=job.layers, like=self.start)
        first = read(results.snapshots[0, :count]) if results.reached[0] == count else None
        return TrainingEnsemble(
            spec=self.spec,
            dataset=self.dataset,
            optimizer=self.optimizer,
            **{name: values[members] for name, values in self.own.items()},
            epochs=job.due[:count].copy(),
            loss=losses,
            accuracy=np.where(measured, right / job.network[at.N_EXAMPLES], np.nan),
            training_loss=training_losses if job.normalized else None,
            initial_weights=read(job.parameters[members]),
            first_snapshots=first,
            weights=read(results.parameters[members]),
            diverged_step=results.diverged[members],
        )


def read_task(
    spec: MLPSpec,
    dataset: Dataset,
    start: Weights | int,
    due: NDArray[np.int64],
    batch_size: int | None,
    optimizer: Any,
    seed: int,
    own: Settings,
) -> Task:
    """Check the arguments of a training; if `start` is a number of networks, draw them."""
    check_kind(MLPSpec, spec=spec)
    check_kind(Dataset, dataset=dataset)
    check_whole(least=0, seed=seed)
    drawn = not isinstance(start, Weights)
    if drawn:
        check_whole(draws=start)
    draws = start if drawn else len(start.kernels[0])
    batch_size = _checked_batch_size(batch_size, spec, dataset, int(due[-1]))
    _check_outputs(spec, dataset)
    rule = read_optimizer(optimizer)
    members, weights = own.of_members(draws, spec=spec, rule=rule), own.of_examples(dataset)
    if drawn:
        start = networks.draw(spec, n_features=dataset.n_features, draws=draws, seed=seed)
    data = {"X": dataset.X.T[np.newaxis], "targets": dataset.y[np.newaxis, np.newaxis]}
    steps = {"due": due, "batch_size": batch_size, "seed": seed}
    job = job_of(spec, rule, members, start, weights=weights, **data, **steps)
    return Task(spec=spec, dataset=dataset, optimizer=rule.name, own=members, start=start, job=job)


def evenly(epochs: int, snapshots: int) -> NDArray[np.int64]:
    """Return `snapshots` epochs to record at, evenly spaced, and epoch 0."""
    check_whole(least=0, epochs=epochs)
    check_whole(snapshots=snapshots)
    return np.unique(np.linspace(0, epochs, snapshots + 1).round().astype(np.int64))


def _checked_batch_size(
    batch_size: int | None, spec: MLPSpec, dataset: Dataset, epochs: int
) -> int | None:
    """Return None for the full batch; raise on too many steps or a batch of one with batch norm."""
    n_examples = dataset.n_examples
    size = n_examples if batch_size is None else batch_size
    check_whole(batch_size=size)
    steps = epochs * -(-n_examples // size)
    if steps > _MOST_STEPS:
        raise ValueError(f"epochs must stay below {_MOST_STEPS:,} steps, got {steps:,}")
    size = min(size, n_examples)
    if spec.normalized_layers and 1 in (size, n_examples % size):
        raise ValueError(
            "batch_size must leave no batch of one example with batch normalization: alone it is "
            f"its own mean, and every layer forgets it; got {n_examples} examples in batches of "
            f"{size}"
        )
    return size if size < n_examples else None


def _check_outputs(spec: MLPSpec, dataset: Dataset) -> None:
    """Raise if the network's outputs and loss do not fit the data."""
    n_outputs, n_classes = spec.n_outputs, dataset.n_classes
    if spec.loss == SQUARED:
        fits, wanted = n_outputs == 1, "n_outputs=1 for mean_squared_error"
    elif not n_classes:
        fits, wanted = False, "loss='mean_squared_error' for data without classes"
    else:
        fits = n_outputs >= n_classes or (n_outputs, n_classes) == (1, 2)
        wanted = f"n_outputs={n_classes} for these classes"
    if not fits:
        got = n_outputs if "n_outputs" in wanted else repr(spec.loss)
        raise ValueError(f"spec must have {wanted}, got {got}")


def checked_start(start: Weights, spec: MLPSpec, dataset: Dataset) -> Weights:
    """Return the weights as float32, or raise if they do not fit the specification and data."""
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
    if not all((np.abs(array) <= _LARGEST).all() for array in arrays):
        raise ValueError("start must be finite in float32, got a weight that is not")
    return wanted.with_list([array.astype(np.float32) for array in arrays])


def _member_array(name: str, value: ArrayLike, draws: int) -> NDArray[np.float64]:
    array = as_floats(name, value)
    if array.shape not in ((), (draws,)):
        raise ValueError(f"{name} must be a number or {draws} of them, got shape {array.shape}")
    allowed, holds = "be finite in float32", np.abs(array) <= _LARGEST
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
    if not ((array >= 0) & (array <= _LARGEST)).all():
        raise ValueError(f"{name} must be finite and not negative, got {array.min()}")
    return array
