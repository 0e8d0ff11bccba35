"""Many ensembles on the workers of an executor."""

import inspect
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from typing import Any

from nnhelpers.checks import check_kind
from nnhelpers.training._engine.run import TrainingInterrupted
from nnhelpers.training._engine.spread import spread
from nnhelpers.training._settings import Settings
from nnhelpers.training._tasks import Task, read_many
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.runs import train_many


def map_many(jobs: Iterable[Mapping[str, Any]], *, executor: Executor) -> list[TrainingEnsemble]:
    """Train many ensembles on the workers of an executor: processes, or a cluster.

    Each is cut into parts of about a second, and each part takes one core of a worker. Where a
    worker is lost its part is trained again: by a cluster on another worker, and when a pool of
    processes breaks, on all cores of this process.

    Parameters
    ----------
    jobs : iterable of dict
        Arguments of `train_many` by name: ``train_many(**job)`` returns the same bits.
    executor : concurrent.futures.Executor
        ``ProcessPoolExecutor(mp_context=get_context("spawn"))`` of `concurrent.futures` and
        `multiprocessing`, or Dask's ``client.get_executor()``. It stays open.

    Returns
    -------
    list of TrainingEnsemble
        In the order of the jobs.

    Raises
    ------
    ValueError, TypeError
        Before any work, if an argument is out of range.
    TrainingInterrupted
        A KeyboardInterrupt that carries such a list of the networks that were finished, with None
        where there is none. What a worker has begun may go on for about a second.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> from nnhelpers import datasets, networks, training
    >>> both = {"dataset": datasets.load_circles(), "draws": 5, "epochs": 20}
    >>> jobs = [{"spec": networks.MLPSpec(units=(units,)), **both} for units in (2, 4)]
    >>> with ThreadPoolExecutor() as executor:
    ...     [each.draws for each in training.map_many(jobs, executor=executor)]
    [5, 5]
    """
    check_kind(Iterable, jobs=jobs)
    check_kind(Executor, executor=executor)
    tasks = [_read(number, job) for number, job in enumerate(jobs)]
    outcomes, interrupted = spread([task.job for task in tasks], executor)
    ensembles = [
        None if outcome is None else task.ensemble(outcome)
        for task, outcome in zip(tasks, outcomes, strict=True)
    ]
    if interrupted:
        raise TrainingInterrupted(ensembles)
    return ensembles


def _read(number: int, job: Mapping[str, Any]) -> Task:
    name = f"jobs[{number}]"
    check_kind(Mapping, **{name: job})
    try:
        bound = inspect.signature(train_many).bind(**job)
    except TypeError as error:
        raise TypeError(f"{name} must hold arguments of train_many: {error}") from None
    bound.apply_defaults()
    given = bound.arguments
    own = Settings(**{key: given.pop(key) for key in inspect.signature(Settings).parameters})
    try:
        return read_many(**given, own=own)
    except (TypeError, ValueError) as error:
        error.add_note(f"This is an argument of {name}.")
        raise
