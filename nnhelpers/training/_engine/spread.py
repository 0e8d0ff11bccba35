"""Cut jobs into parts, train these on the workers of an executor, and join what comes back."""

import contextlib
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait

import numpy as np
from numpy.typing import NDArray

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._engine.run import (
    LateBar,
    Results,
    empty_results,
    epochs_of,
    run,
    run_part,
)

# What one core does in about a second.
_PART_OPERATIONS = 1e10
# An activation and its slope cost as much as so many multiplications.
_ACTIVATION_OPERATIONS = 10

# Number of a job, and rows of some of its networks, ascending.
Part = tuple[int, NDArray[np.int64]]


def spread(jobs: Sequence[Job], executor: Executor) -> tuple[list[Results], bool]:
    """Train jobs on the workers of an executor; where it breaks, finish them here.

    Returns the results of each job, without those of networks that were not finished, and whether
    the user interrupted.
    """
    from nnhelpers.training._engine.compiled import training_loop  # Numba, when it is needed

    training_loop()  # Workers find it compiled.
    found = [empty_results(job) for job in jobs]
    return found, _train_there(jobs, executor, found) or _train_here(jobs, found)


def _cut(job: Job) -> list[NDArray[np.int64]]:
    layers, n_examples = job.layers, job.network[at.N_EXAMPLES]
    operations = layers[:, at.UNITS] @ (layers[:, at.FAN_IN] + _ACTIVATION_OPERATIONS)
    total = float(operations) * float(n_examples) * epochs_of(job)
    count = min(job.draws, 1 + int(total / _PART_OPERATIONS))
    return np.array_split(np.arange(job.draws), count)


def _train_there(jobs: Sequence[Job], executor: Executor, found: Sequence[Results]) -> bool:
    """Fill in what workers finish; tell whether the user interrupted."""
    futures: dict[Future, Part] = {}
    interrupted = False
    try:
        for number, job in enumerate(jobs):
            for rows in _cut(job):
                part = executor.submit(run_part, job.part(rows), keep=int(rows[0] == 0))
                futures[part] = number, rows
        _watch(jobs, futures)
    except BrokenExecutor:
        pass
    except KeyboardInterrupt:
        interrupted = True
    finally:
        for future in futures:
            future.cancel()
    for future, (number, rows) in futures.items():
        if future.done() and not future.cancelled() and future.exception() is None:
            _fill_in(found[number], rows, future.result())
    return interrupted


def _watch(jobs: Sequence[Job], futures: dict[Future, Part]) -> None:
    """Wait for all, showing progress; raise what one of them raises."""
    pending, done = set(futures), 0
    with contextlib.closing(LateBar(sum(map(epochs_of, jobs)))) as bar:
        while pending:
            finished, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in finished:
                if future.result() is None:
                    raise KeyboardInterrupt  # A worker heard it first.
                number, rows = futures[future]
                done += len(rows) * int(jobs[number].due[-1])
            bar.show(done)


def _train_here(jobs: Sequence[Job], found: Sequence[Results]) -> bool:
    """Train on this machine's cores what workers did not; tell whether the user interrupted."""
    for job, results in zip(jobs, found, strict=True):
        rows = np.flatnonzero(results.reached == 0)
        if not len(rows):
            continue
        part, interrupted = run(job.part(rows), keep=int(rows[0] == 0))
        _fill_in(results, rows, part)
        if interrupted:
            return True
    return False


def _fill_in(results: Results, rows: NDArray[np.int64], part: Results | None) -> None:
    """Write down the networks of a part that are finished."""
    if part is None:
        return
    finished = part.reached == results.losses.shape[1]
    for name in ("parameters", "losses", "right", "training_losses", "reached", "diverged"):
        getattr(results, name)[rows[finished]] = getattr(part, name)[finished]
    results.snapshots[: len(part.snapshots)] = part.snapshots
