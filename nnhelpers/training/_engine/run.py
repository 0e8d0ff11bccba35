"""Run a job on every core, show progress, stop at an interrupt, collect what came of it."""

import contextlib
import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._engine.progress import LateBar

# After an interrupt, how long to wait for networks that are under way.
_GRACE_SECONDS = 0.75
# Pieces for each core, so that one which is done early finds more to do.
_PIECES = 4


class TrainingInterrupted(KeyboardInterrupt):
    """Training was interrupted; `partial` holds what got furthest, or None.

    Attributes
    ----------
    partial : TrainingRun, TrainingEnsemble or None
        A run up to its last snapshot, or an ensemble of the networks that got furthest: all
        that were finished, if any was.
    """

    def __init__(self, partial: Any) -> None:
        super().__init__("training was interrupted; .partial holds what got furthest")
        self.partial = partial

    def __reduce__(self) -> tuple:
        return type(self), (self.partial,)


@dataclass(frozen=True, kw_only=True)
class Results:
    """What the compiled loop wrote down; see `Outcome`."""

    parameters: NDArray[np.float32]
    losses: NDArray[np.float32]
    right: NDArray[np.float32]
    training_losses: NDArray[np.float32]
    snapshots: NDArray[np.float32]
    reached: NDArray[np.int64]
    diverged: NDArray[np.int64]
    control: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a job: all networks, or after an interrupt those that got furthest.

    Attributes
    ----------
    members : array of int
        Rows of the networks in the job.
    epochs : array of shape (records,)
    loss, accuracy : arrays of shape (members, records)
    training_loss : array of shape (members, records) or None
    parameters : array of shape (members, n_parameters)
        At the last of `epochs`.
    snapshots : array of shape (kept, records, n_parameters)
        Weights of the first networks; none if these are not among those that got furthest.
    diverged_step : array of shape (members,)
    interrupted : bool
    """

    members: NDArray[np.int64]
    epochs: NDArray[np.int64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    training_loss: NDArray[np.float64] | None
    parameters: NDArray[np.float32]
    snapshots: NDArray[np.float32]
    diverged_step: NDArray[np.int64]
    interrupted: bool


def run(job: Job, *, keep: int = 1, whole: bool = False) -> Outcome:
    """Train a job's networks; on an interrupt, return those that got furthest.

    Parameters
    ----------
    job : Job
    keep : int
        Number of networks, the first ones, whose weights to keep at every record.
    whole : bool
        Whether a part is nothing to keep.

    Raises
    ------
    TrainingInterrupted
        After an interrupt that left nothing to keep.
    """
    results = _empty(job, keep)
    with contextlib.closing(LateBar(epochs_of(job))) as bar:
        interrupted = _train(job, results, len(_cores()), bar.show)
    outcome = None if interrupted and whole else _collect(job, results, interrupted)
    if outcome is None:
        raise TrainingInterrupted(None)
    return outcome


def run_part(job: Job, *, keep: int) -> Outcome | None:
    """Train a part of a job silently on one core, as one worker among others; None if interrupted.

    The wait for it takes place in Python, so that the worker hears an interrupt.
    """
    results = _empty(job, keep)
    interrupted = _train(job, results, 1, lambda done: None)
    return None if interrupted else _collect(job, results, interrupted)


def epochs_of(job: Job) -> int:
    """Return how many epochs all networks of a job train together."""
    return int(job.due[-1]) * job.draws


def _train(job: Job, results: Results, cores: int, show: Callable[[int], None]) -> bool:
    """Fill in the results on so many cores; tell whether the user interrupted."""
    from nnhelpers.training._engine.compiled import training_loop  # Numba, when it is needed

    train = training_loop()
    threads = min(job.draws, cores)
    workers = ThreadPoolExecutor(threads, thread_name_prefix="training")
    try:
        futures = (
            workers.submit(train_piece, train, job, first, last, results)
            for first, last in _pieces(job.draws, threads)
        )
        return _wait(futures, results.control, show)
    finally:
        results.control[0] = 1
        workers.shutdown(wait=False, cancel_futures=True)


def train_piece(train, job: Job, first: int, last: int, results: Results) -> None:
    """Send some of a job's networks through the compiled loop."""
    train(
        first,
        last,
        (job.layers, job.network, job.constants),
        (job.X, job.targets, job.weights, job.due),
        (job.settings, job.rates, job.numbers, job.seed),
        tuple(vars(results).values()),
    )


def _cores() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _pieces(draws: int, threads: int) -> list[tuple[int, int]]:
    count = min(draws, threads * _PIECES) if threads > 1 else 1
    edges = np.linspace(0, draws, count + 1).astype(int).tolist()
    return list(itertools.pairwise(edges))


def _empty(job: Job, keep: int) -> Results:
    records = (job.draws, len(job.due))

    def numbers(*shape: int) -> NDArray[np.float32]:
        return np.full(shape, np.nan, np.float32)

    return Results(
        parameters=job.parameters.copy(),
        losses=numbers(*records),
        right=numbers(*records),
        training_losses=numbers(*records),
        snapshots=numbers(keep, len(job.due), job.parameters.shape[1]),
        reached=np.zeros(job.draws, np.int64),
        diverged=np.zeros(job.draws, np.int64),
        control=np.zeros(1 + job.draws, np.int64),
    )


def _wait(begin: Iterable[Future], control: NDArray[np.int64], show: Callable[[int], None]) -> bool:
    """Begin all pieces and wait for them, showing progress; tell whether the user interrupted."""
    futures: list[Future] = []
    try:
        futures.extend(begin)
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=0.1)
            for future in finished:
                future.result()
            show(int(control[1:].sum()))
    except KeyboardInterrupt:
        if any(future.done() and future.exception() for future in futures):
            raise
        control[0] = 1
        wait(futures, timeout=_GRACE_SECONDS)
        return True
    return False


def _collect(job: Job, results: Results, interrupted: bool) -> Outcome | None:
    count = int(results.reached.max())
    # Of several networks the untrained ones alone are nothing to keep.
    if interrupted and count < min(2, job.draws):
        return None
    members = np.flatnonzero(results.reached == count)
    loss = results.losses[members, :count].astype(np.float64)
    accuracy = results.right[members, :count].astype(np.float64) / job.network[at.N_EXAMPLES]
    measured = np.isfinite(loss) & (job.network[at.LOSS] != at.SQUARED)
    kept = (
        len(results.snapshots) if (results.reached[: len(results.snapshots)] == count).all() else 0
    )
    return Outcome(
        members=members,
        epochs=job.due[:count].copy(),
        loss=loss,
        accuracy=np.where(measured, accuracy, np.nan),
        training_loss=results.training_losses[members, :count].astype(np.float64)
        if job.normalized
        else None,
        parameters=results.parameters[members],
        snapshots=results.snapshots[:kept, :count],
        diverged_step=results.diverged[members],
        interrupted=interrupted,
    )
