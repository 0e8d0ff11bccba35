"""Run a job on every core, show progress, stop at an interrupt."""

import contextlib
import itertools
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from nnhelpers.training._engine.jobs import Job

# After an interrupt, how long to wait for networks that are under way.
_GRACE_SECONDS = 0.75
# Pieces for each core, so that one which is done early finds more to do.
_PIECES = 4
# Work that takes longer shows a bar.
_BAR_SECONDS = 2.0


class TrainingInterrupted(KeyboardInterrupt):
    """Training was interrupted; `partial` holds what got furthest, or None.

    Attributes
    ----------
    partial : TrainingRun, TrainingEnsemble, list of TrainingEnsemble or None
        A run up to its last snapshot, or an ensemble of the networks that got furthest: all
        that were finished, if any was; of `map_many` one, or None, for each job.
    """

    def __init__(self, partial: Any) -> None:
        super().__init__("training was interrupted; .partial holds what got furthest")
        self.partial = partial

    def __reduce__(self) -> tuple:
        return type(self), (self.partial,)


@dataclass(frozen=True, kw_only=True)
class Results:
    """What the compiled loop writes down, in the order in which it takes them.

    Attributes
    ----------
    parameters : array of shape (draws, n_parameters), float32
        At the last record.
    losses, right, training_losses : arrays of shape (draws, records), float32
        Loss and number of right answers, and with batch norm the loss in training mode.
    snapshots : array of shape (kept, records, n_parameters), float32
        Parameters of the first networks.
    reached, diverged : arrays of shape (draws,), int64
        Number of records, and first step after which a parameter was not finite, or 0.
    control : array of shape (1 + draws,), int64
        Whether to stop, and how many epochs each network has done.
    """

    parameters: NDArray[np.float32]
    losses: NDArray[np.float32]
    right: NDArray[np.float32]
    training_losses: NDArray[np.float32]
    snapshots: NDArray[np.float32]
    reached: NDArray[np.int64]
    diverged: NDArray[np.int64]
    control: NDArray[np.int64]


def run(job: Job, *, keep: int = 1) -> tuple[Results, bool]:
    """Train a job's networks; tell whether the user interrupted.

    Of the first `keep` networks the parameters are kept at every record.
    """
    results = empty_results(job, keep=keep)
    with contextlib.closing(LateBar(epochs_of(job))) as bar:
        return results, _train(job, results, len(_cores()), bar.show)


def run_whole(job: Job, *, keep: int = 1) -> Results:
    """Do the same where a part of the networks is nothing to keep after an interrupt."""
    results, interrupted = run(job, keep=keep)
    if interrupted:
        raise TrainingInterrupted(None)
    return results


def run_part(job: Job, *, keep: int) -> Results | None:
    """Train a part of a job silently on one core, as one worker among others; None if interrupted.

    The wait for it takes place in Python, so that the worker hears an interrupt.
    """
    results = empty_results(job, keep=keep)
    return None if _train(job, results, 1, lambda done: None) else results


def epochs_of(job: Job) -> int:
    """Return how many epochs all networks of a job train together."""
    return int(job.due[-1]) * job.draws


def empty_results(job: Job, *, keep: int = 1) -> Results:
    """Return the results of a job of which nothing is done."""
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


class LateBar:
    """A progress bar that is made only when the work is seen to be long.

    In a notebook to make one costs more time than to train a small network.
    """

    def __init__(self, total: int) -> None:
        self._total, self._start = total, time.monotonic()
        self._bar: tqdm | None = None

    def show(self, done: int) -> None:
        """Show how much is done, once it is time."""
        late = time.monotonic() - self._start > _BAR_SECONDS
        # tqdm reads TQDM_DISABLE for its bar in a terminal, but not for the one in a notebook.
        silent = os.environ.get("TQDM_DISABLE", "") not in ("", "0")
        if self._bar is None and late and not silent:
            self._bar = tqdm(total=self._total, unit="epoch", leave=False, disable=False)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Wipe the bar out."""
        if self._bar is not None:
            self._bar.close()
