"""`train`, `train_many`, `train_from`: check the input, run the engine, collect results."""

from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from nnhelpers import datasets, networks
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training._arguments import (
    Request,
    check_whole,
    checked_start,
    read_request,
    read_schedule,
)
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._engine.run import Outcome, run
from nnhelpers.training._settings import Settings
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.results import TrainingRun


class TrainingInterrupted(KeyboardInterrupt):
    """Training was interrupted; `partial` holds what got furthest, or None.

    Attributes
    ----------
    partial : TrainingRun, TrainingEnsemble or None
        A run up to its last snapshot, or an ensemble of the networks that got furthest: all
        that were finished, if any was.
    """

    def __init__(self, partial: TrainingRun | TrainingEnsemble | None) -> None:
        super().__init__("training was interrupted; .partial holds what got furthest")
        self.partial = partial


def train(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: Any = "rmsprop",
    snapshots: int = 50,
    seed: int = 0,
    **settings: Unpack[Settings],
) -> TrainingRun:
    """Train one network, starting from the weights of ``build_mlp(spec, seed=seed)``.

    Parameters
    ----------
    spec : MLPSpec
    dataset : Dataset
    epochs : int
        Passes through the data.
    batch_size : int, optional
        Examples per step; all of them unless given.
    optimizer : str or keras.Optimizer
        "sgd", "rmsprop", "adam", "adamw" with Keras's defaults, or an object of these.
    snapshots : int
        Moments to keep, evenly spaced, besides the untrained network.
    seed : int
        For the initial weights, the order of the examples and dropout.
    learning_rate : float, optional
        In place of the optimizer's own.
    offset, scale : float
        The network sees ``scale * X + offset``.
    gain : float
        Multiplies the initial kernels; 0 for a start from zeros.
    l1, l2, dropout : float, optional
        In place of the specification's.
    class_weight : dict of int to float, optional
        How much the examples of a class count, 1 unless given.
    sample_weight : array of shape (n_examples,), optional
        How much each example counts.

    Returns
    -------
    TrainingRun

    Raises
    ------
    ValueError, TypeError
        Before any work, if an argument is out of range.
    TrainingInterrupted
        A KeyboardInterrupt that carries the run up to its last snapshot.
    """
    schedule = read_schedule(dataset, epochs, batch_size, snapshots, seed)
    request = read_request(spec, dataset, schedule, optimizer, settings, draws=1)
    start = networks.draw(spec, n_features=dataset.n_features, draws=1, seed=seed)
    job = request.job(start)
    outcome = run_job(job)
    offset, scale, rate = (
        float(request.own[name][0]) for name in ("offset", "scale", "learning_rate")
    )
    seen = dataset if scale == 1 else datasets.rescale(dataset, scale)
    result = TrainingRun(
        spec=spec,
        dataset=seen if offset == 0 else datasets.shift(seen, offset),
        optimizer=request.rule.name,
        learning_rate=rate,
        seed=seed,
        epochs=outcome.epochs,
        loss=outcome.loss[0],
        accuracy=outcome.accuracy[0],
        training_loss=None if outcome.training_loss is None else outcome.training_loss[0],
        weights=jobs.unpack(outcome.snapshots[0], job.layers, start),
        diverged_step=int(outcome.diverged_step[0]) or None,
    )
    if outcome.interrupted:
        raise TrainingInterrupted(result)
    return result


def train_many(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    draws: int = 1_000,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: Any = "rmsprop",
    seed: int = 0,
    **settings: Unpack[Settings],
) -> TrainingEnsemble:
    """Train many networks of one architecture side by side, each from its own random start.

    Parameters
    ----------
    draws : int
        Number of networks.
    seed : int
        For all initial weights and for the order of the examples, which the networks share.
    learning_rate, offset, scale, gain, l1, l2, dropout : float or array of shape (draws,)
        As in `train`, each may differ from network to network.

    The other parameters and errors are those of `train`.

    Returns
    -------
    TrainingEnsemble
        With about 20 moments of loss and accuracy, epoch 0 included.
    """
    check_whole("draws", draws, 1)
    schedule = read_schedule(dataset, epochs, batch_size, 20, seed)
    request = read_request(spec, dataset, schedule, optimizer, settings, draws=draws)
    start = networks.draw(spec, n_features=dataset.n_features, draws=draws, seed=seed)
    return _train_ensemble(request, start)


def train_from(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    start: Weights,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: Any = "rmsprop",
    seed: int = 0,
    **settings: Unpack[Settings],
) -> TrainingEnsemble:
    """Train many networks of one architecture side by side, each from given weights.

    Parameters
    ----------
    start : Weights
        Arrays with a leading axis of draws, of the shapes that `spec` and the data ask for.
    seed : int
        For the order of the examples, which the networks share.

    The other parameters and errors are those of `train_many`.

    Returns
    -------
    TrainingEnsemble
    """
    drawn = checked_start(start, spec, dataset.n_features)
    schedule = read_schedule(dataset, epochs, batch_size, 20, seed)
    draws = len(drawn.kernels[0])
    request = read_request(spec, dataset, schedule, optimizer, settings, draws=draws)
    return _train_ensemble(request, drawn)


def _train_ensemble(request: Request, start: Weights) -> TrainingEnsemble:
    job = request.job(start)
    outcome = run_job(job)

    def read(rows: NDArray[np.float32]) -> Weights:
        return jobs.unpack(rows, job.layers, start)

    result = TrainingEnsemble(
        spec=request.spec,
        dataset=request.dataset,
        optimizer=request.rule.name,
        **{name: values[outcome.members] for name, values in request.own.items()},
        epochs=outcome.epochs,
        loss=outcome.loss,
        accuracy=outcome.accuracy,
        training_loss=outcome.training_loss,
        initial_weights=read(job.parameters[outcome.members]),
        first_snapshots=read(outcome.snapshots[0]) if len(outcome.snapshots) else None,
        weights=read(outcome.parameters),
        diverged_step=outcome.diverged_step,
    )
    if outcome.interrupted:
        raise TrainingInterrupted(result)
    return result


def run_job(job: Job, *, keep: int = 1) -> Outcome:
    """Run a job; an interrupt that leaves nothing to keep is raised at once."""
    outcome = run(job, keep=keep)
    if outcome is None:
        raise TrainingInterrupted(None)
    return outcome
