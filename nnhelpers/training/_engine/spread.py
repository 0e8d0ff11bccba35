"""Cut jobs into parts, train these on the workers of an executor, and join what comes back."""

import contextlib
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.jobs import Job
from nnhelpers.training._engine.progress import LateBar
from nnhelpers.training._engine.run import (
    Outcome,
    TrainingInterrupted,
    epochs_of,
    run,
    run_part,
)

# What one core does in about a second.
_PART_OPERATIONS = 1e10
# An activation and its slope cost as much as so many multiplications.
_ACTIVATION_OPERATIONS = 10


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some networks of a job.

    Attributes
    ----------
    job : int
        Number of the job.
    rows : array of int
        Rows of the networks in the job, ascending.
    """

    job: int
    rows: NDArray[np.int64]


Trained = list[tuple[Part, Outcome]]


def spread(jobs: Sequence[Job], executor: Executor) -> tuple[list[Outcome | None], bool]:
    """Train jobs on the workers of an executor; where it breaks, finish them here.

    Returns the outcome of each job, None if no network is finished, and whether it was interrupted.
    """
    from nnhelpers.training._engine.compiled import training_loop  # Numba, when it is needed

    training_loop()  # Workers find it compiled.
    parts = [Part(job=number, rows=rows) for number, job in enumerate(jobs) for rows in _cut(job)]
    trained, interrupted = _train_there(jobs, parts, executor)
    if not interrupted and len(trained) < len(parts):
        more, interrupted = _train_here(jobs, trained)
        trained += more
    return [_joined(number, trained) for number in range(len(jobs))], interrupted


def _cut(job: Job) -> list[NDArray[np.int64]]:
    layers, n_examples = job.layers, job.network[at.N_EXAMPLES]
    operations = layers[:, at.UNITS] @ (layers[:, at.FAN_IN] + _ACTIVATION_OPERATIONS)
    total = float(operations) * float(n_examples) * epochs_of(job)
    count = min(job.draws, 1 + int(total / _PART_OPERATIONS))
    return np.array_split(np.arange(job.draws), count)


def _train_there(
    jobs: Sequence[Job], parts: Sequence[Part], executor: Executor
) -> tuple[Trained, bool]:
    """Return the parts that workers finished, and whether the user interrupted."""
    futures: dict[Future, Part] = {}
    interrupted = False
    try:
        for part in parts:
            job = jobs[part.job].part(part.rows)
            futures[executor.submit(run_part, job, keep=int(part.rows[0] == 0))] = part
        _watch(jobs, futures)
    except BrokenExecutor:
        pass
    except KeyboardInterrupt:
        interrupted = True
    finally:
        for future in futures:
            future.cancel()
    finished = [future for future in futures if _is_finished(future)]
    return [(futures[future], future.result()) for future in finished], interrupted


def _watch(jobs: Sequence[Job], futures: dict[Future, Part]) -> None:
    """Wait for all, showing progress; raise what one of them raises."""
    pending, done = set(futures), 0
    with contextlib.closing(LateBar(sum(map(epochs_of, jobs)))) as bar:
        while pending:
            finished, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in finished:
                if future.result() is None:
                    raise KeyboardInterrupt  # A worker heard it first.
                part = futures[future]
                done += len(part.rows) * int(jobs[part.job].due[-1])
            bar.show(done)


def _is_finished(future: Future) -> bool:
    over = future.done() and not future.cancelled()
    return over and future.exception() is None and future.result() is not None


def _train_here(jobs: Sequence[Job], trained: Trained) -> tuple[Trained, bool]:
    """Train on this machine's cores what workers did not."""
    found = []
    for number, job in enumerate(jobs):
        there = [part.rows for part, _ in trained if part.job == number]
        rows = np.setdiff1d(np.arange(job.draws), np.concatenate([[], *there]))
        if not len(rows):
            continue
        try:
            outcome = run(job.part(rows))
        except TrainingInterrupted:
            return found, True
        if outcome.epochs[-1] == job.due[-1]:
            found.append((Part(job=number, rows=rows[outcome.members]), outcome))
        if outcome.interrupted:
            return found, True
    return found, False


def _joined(job: int, trained: Trained) -> Outcome | None:
    """Return all networks of a job in order, None if there is none."""
    of_job = [(part.rows, outcome) for part, outcome in trained if part.job == job]
    if not of_job:
        return None
    of_rows, outcomes = zip(*sorted(of_job, key=lambda pair: pair[0][0]), strict=True)
    rows, first = np.concatenate(of_rows), outcomes[0]
    order = np.argsort(rows)

    def all_of(name: str) -> NDArray:
        return np.concatenate([getattr(outcome, name) for outcome in outcomes])[order]

    return Outcome(
        members=rows[order],
        epochs=first.epochs,
        loss=all_of("loss"),
        accuracy=all_of("accuracy"),
        training_loss=None if first.training_loss is None else all_of("training_loss"),
        parameters=all_of("parameters"),
        snapshots=first.snapshots[: int(rows[0] == 0)],
        diverged_step=all_of("diverged_step"),
        interrupted=False,
    )
