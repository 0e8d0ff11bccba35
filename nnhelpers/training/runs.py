"""`train`, `train_many`, `train_from`: check the input, run the compiled loop, collect results."""

from dataclasses import replace
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from nnhelpers import datasets, models
from nnhelpers.datasets import Dataset
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import keras
from nnhelpers.networks import Weights
from nnhelpers.training import pool
from nnhelpers.training._arguments import (
    SETTINGS,
    MemberSettings,
    check_whole,
    checked_start,
    read_job,
    read_schedule,
    read_settings,
)
from nnhelpers.training.blocks import Job
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.pool import Outcome
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
    optimizer: str | keras.Optimizer = "rmsprop",
    snapshots: int = 50,
    seed: int = 0,
    **settings: Unpack[MemberSettings],
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
        "sgd", "rmsprop", "adam" with Keras's defaults, or an object of these.
    snapshots : int
        Moments to keep, evenly spaced, besides the untrained network.
    seed : int
        For the initial weights and the order of the examples.
    learning_rate : float, optional
        In place of the optimizer's own.
    offset, scale : float
        The network sees ``scale * X + offset``.
    gain : float
        Multiplies the initial kernels; 0 for a start from zeros.

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
    job = read_job(spec, dataset, schedule, optimizer, read_settings(settings, 1))
    start = models.initial_weights(spec, n_features=dataset.n_features, seed=seed)
    outcome = _run(job, _with_gain(_as_ensemble(start), job.settings["gain"]))
    offset, scale, rate, _ = (float(job.settings[name][0]) for name in SETTINGS)
    seen = dataset if scale == 1 else datasets.rescale(dataset, scale)
    result = TrainingRun(
        spec=spec,
        dataset=seen if offset == 0 else datasets.shift(seen, offset),
        optimizer=job.program.algorithm,
        learning_rate=rate,
        seed=seed,
        epochs=outcome.epochs,
        loss=outcome.loss[0],
        accuracy=outcome.accuracy[0],
        training_loss=None if outcome.training_loss is None else outcome.training_loss[0],
        weights=outcome.first_snapshots,
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
    optimizer: str | keras.Optimizer = "rmsprop",
    seed: int = 0,
    **settings: Unpack[MemberSettings],
) -> TrainingEnsemble:
    """Train many networks of one architecture side by side, each from its own random start.

    Parameters
    ----------
    draws : int
        Number of networks.
    seed : int
        For all initial weights and the order of the examples, which the networks share.
    learning_rate, offset, scale, gain : float or array of shape (draws,)
        As in `train`, each may differ from network to network.

    The other parameters and errors are those of `train`.

    Returns
    -------
    TrainingEnsemble
        With about 20 moments of loss and accuracy, epoch 0 included.
    """
    check_whole("draws", draws, 1)
    schedule = read_schedule(dataset, epochs, batch_size, 20, seed)
    job = read_job(spec, dataset, schedule, optimizer, read_settings(settings, draws))
    rng = np.random.default_rng(seed)
    drawn = models.draw_weights(spec, n_features=dataset.n_features, draws=draws, rng=rng)
    return _train_ensemble(spec, job, drawn)


def train_from(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    start: Weights,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: str | keras.Optimizer = "rmsprop",
    seed: int = 0,
    **settings: Unpack[MemberSettings],
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
    settings = read_settings(settings, len(drawn.kernels[0]))
    job = read_job(spec, dataset, schedule, optimizer, settings)
    return _train_ensemble(spec, job, drawn)


def _train_ensemble(spec: MLPSpec, job: Job, weights: Weights) -> TrainingEnsemble:
    start = _with_gain(weights, job.settings["gain"])
    outcome = _run(job, start)
    result = TrainingEnsemble(
        spec=spec,
        dataset=job.dataset,
        optimizer=job.program.algorithm,
        **{name: job.settings[name][outcome.members] for name in SETTINGS},
        epochs=outcome.epochs,
        loss=outcome.loss,
        accuracy=outcome.accuracy,
        training_loss=outcome.training_loss,
        initial_weights=start[outcome.members],
        first_snapshots=outcome.first_snapshots,
        weights=outcome.weights,
        diverged_step=outcome.diverged_step,
    )
    if outcome.interrupted:
        raise TrainingInterrupted(result)
    return result


def _run(job: Job, start: Weights) -> Outcome:
    outcome = pool.run(job, start)
    if outcome is None:
        raise TrainingInterrupted(None)
    return outcome


def _with_gain(weights: Weights, gain: NDArray) -> Weights:
    factor = gain.astype(np.float32)[:, None, None]
    return replace(weights, kernels=tuple(kernel * factor for kernel in weights.kernels))


def _as_ensemble(weights: Weights) -> Weights:
    return weights.map(lambda array: array[np.newaxis])
