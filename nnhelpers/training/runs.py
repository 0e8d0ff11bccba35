"""Training of one network or many, on this machine or on the workers of an executor."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnhelpers.checks import check_kind, checked_wholes
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training._engine.jobs import unpack
from nnhelpers.training._engine.run import TrainingInterrupted, run_whole
from nnhelpers.training._engine.spread import spread
from nnhelpers.training._tasks import Settings, Task, checked_start, evenly, read_task
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.results import TrainingRun

# Most records of an ensemble, besides the untrained one.
_RECORDS = 20


def train(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: Any = "rmsprop",
    snapshots: int = 50,
    seed: int = 0,
    offset: float = 0.0,
    scale: float = 1.0,
    learning_rate: float | None = None,
    gain: float = 1.0,
    l1: float | None = None,
    l2: float | None = None,
    dropout: float | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: ArrayLike | None = None,
) -> TrainingRun:
    """Train one network, starting from the weights of ``build_mlp(spec, seed=seed)``.

    Parameters
    ----------
    spec : MLPSpec
    dataset : Dataset
    epochs, batch_size : int
        Passes through the data, and examples per step, by default all of them.
    optimizer : str, keras.Optimizer or result of `sgd`
        "sgd", "rmsprop", "adam" or "adamw" with Keras's defaults, or such an optimizer.
    snapshots : int
        Moments to keep, evenly spaced, besides the untrained network.
    seed : int
        For the initial weights, the order of the examples and dropout.
    offset, scale : float
        The network sees ``scale * X + offset``.
    learning_rate : float, optional
        In place of the optimizer's own.
    gain : float
        Multiplies the initial kernels; 0 starts from zeros.
    l1, l2, dropout : float, optional
        In place of the specification's.
    class_weight, sample_weight : dict of int to float, array of shape (n_examples,), optional
        Weights of the examples in the loss, by class and one by one; 1 unless given.

    Raises
    ------
    ValueError, TypeError
        Before any work, if an argument is out of range.
    TrainingInterrupted
        A KeyboardInterrupt that carries the run up to its last snapshot.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec = networks.MLPSpec(units=(4,))
    >>> training.train(spec, datasets.load_circles(), epochs=20, snapshots=2, seed=1).epochs
    array([ 0, 10, 20])
    """
    own = Settings(offset, scale, learning_rate, gain, l1, l2, dropout, class_weight, sample_weight)
    due = evenly(epochs, snapshots)
    task = read_task(spec, dataset, 1, due, batch_size, optimizer, seed, own)
    return task.train(as_run_of=seed)


def train_many(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    draws: int = 1_000,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: Any = "rmsprop",
    seed: int = 0,
    offset: ArrayLike = 0.0,
    scale: ArrayLike = 1.0,
    learning_rate: ArrayLike | None = None,
    gain: ArrayLike = 1.0,
    l1: ArrayLike | None = None,
    l2: ArrayLike | None = None,
    dropout: ArrayLike | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: ArrayLike | None = None,
) -> TrainingEnsemble:
    """Train many networks of one architecture side by side, each from its own random start.

    Parameters and errors are those of `train`; `draws` is the number of networks, and each setting
    from `offset` to `dropout` may be an array of shape (draws,). Loss and accuracy are recorded at
    up to 21 epochs, from 0 on. Every network has its own order of the examples.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> many = training.train_many(spec, circles, draws=4, epochs=20, offset=[0, 0, 9, 9])
    >>> many.loss.shape
    (4, 21)
    """
    own = Settings(offset, scale, learning_rate, gain, l1, l2, dropout, class_weight, sample_weight)
    due = evenly(epochs, _RECORDS)
    return read_task(spec, dataset, draws, due, batch_size, optimizer, seed, own).train()


def train_from(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    start: Weights,
    epochs: int = 1_000,
    batch_size: int | None = None,
    optimizer: Any = "rmsprop",
    seed: int = 0,
    learning_rate: ArrayLike | None = None,
) -> TrainingEnsemble:
    """Train many networks of one architecture side by side, each from given weights.

    `start` has a leading axis of draws and the shapes of `spec` for these data, else a
    ``ValueError`` is raised; the seed is for the order of the examples and dropout. The rest is as
    in `train_many`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> half = training.train_many(spec, circles, draws=4, epochs=20)
    >>> later = training.train_from(spec, circles, start=half.weights, epochs=20)
    >>> bool((later.loss[:, 0] == half.loss[:, -1]).all())
    True
    """
    weights, own = checked_start(start, spec, dataset), Settings(learning_rate=learning_rate)
    due = evenly(epochs, _RECORDS)
    return read_task(spec, dataset, weights, due, batch_size, optimizer, seed, own).train()


def weights_at(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    epochs: Sequence[int],
    draws: int = 100,
    seed: int = 0,
    learning_rate: ArrayLike | None = None,
    gain: ArrayLike = 1.0,
) -> Weights:
    """Train many networks by gradient descent on the full batch; return weights at some epochs.

    The arrays have leading axes of epochs and networks; epoch 0 is untrained. Raises ``ValueError``
    unless `epochs` ascend; the rest is as in `train_many`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> training.weights_at(spec, circles, epochs=(0, 5, 10), draws=7).kernels[0].shape
    (3, 7, 2, 4)
    """
    moments = np.array(checked_wholes("epochs", epochs, least=0))
    if (np.diff(moments) <= 0).any():
        raise ValueError(f"epochs must be ascending moments, got {epochs}")
    own = Settings(learning_rate=learning_rate, gain=gain)
    task = read_task(spec, dataset, draws, moments, None, "sgd", seed, own)
    rows = run_whole(task.job, keep=draws).snapshots
    return unpack(np.swapaxes(rows, 0, 1), task.job.layers, task.start)


def map_many(jobs: Iterable[Mapping[str, Any]], *, executor: Executor) -> list[TrainingEnsemble]:
    """Train many ensembles on the workers of an executor: processes, or a cluster.

    Each job holds the arguments of `train_many` by name, and ``train_many(**job)`` returns the same
    bits. Jobs are cut into parts that take one core about a second. If a worker is lost, a cluster
    trains its part on another worker; if a pool of processes breaks, this process trains the rest
    on all its cores. The executor, left open, is a
    ``ProcessPoolExecutor(mp_context=get_context("spawn"))`` or Dask's ``client.get_executor()``.

    Raises as `train_many`, with a note that names the job. After an interrupt, the list that
    `TrainingInterrupted` carries has the finished networks of each job, or None.

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
    tasks = [_task_of(number, job) for number, job in enumerate(jobs)]
    found, interrupted = spread([task.job for task in tasks], executor)
    ensembles = [task.ensemble(results) for task, results in zip(tasks, found, strict=True)]
    if interrupted:
        raise TrainingInterrupted(ensembles)
    return ensembles


def _task_of(number: int, job: Mapping[str, Any]) -> Task:
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
        due, draws = evenly(given.pop("epochs"), _RECORDS), given.pop("draws")
        return read_task(**given, start=draws, due=due, own=own)
    except (TypeError, ValueError) as error:
        error.add_note(f"This is an argument of {name}.")
        raise


def prepare() -> bool:
    """Compile the training engine if necessary; return whether it is cached for the next time.

    Examples
    --------
    >>> prepare()
    True
    """
    from nnhelpers.training._engine.compiled import training_loop  # Numba takes a second to load

    return training_loop().stats.cache_path is not None
