"""`train` and its kin: check, run the engine, collect results; and the engine before them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnhelpers import networks
from nnhelpers.checks import check_whole, checked_wholes
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training._arguments import (
    checked_start,
    read_request,
    read_schedule,
    schedule_at,
)
from nnhelpers.training._engine import jobs
from nnhelpers.training._engine.run import run
from nnhelpers.training._settings import Settings
from nnhelpers.training._tasks import Task, read_many
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.results import TrainingRun


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
    offset, scale : float
        The network sees ``scale * X + offset``.
    learning_rate : float, optional
        In place of the optimizer's own.
    gain : float
        Multiplies the initial kernels; 0 for a start from zeros.
    l1, l2, dropout : float, optional
        In place of the specification's.
    class_weight : dict of int to float, optional
        How much the examples of a class count, 1 unless given.
    sample_weight : array of shape (n_examples,), optional
        How much each example counts.

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
    schedule = read_schedule(dataset, epochs, batch_size, snapshots, seed)
    request = read_request(spec, dataset, schedule, optimizer, own, draws=1)
    start = networks.draw(spec, n_features=dataset.n_features, draws=1, seed=seed)
    return Task(request=request, dataset=dataset, start=start).train(as_run_of=seed)


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

    Loss and accuracy are recorded at about 20 moments, epoch 0 included.

    Parameters
    ----------
    draws : int
        Number of networks.
    seed : int
        For all initial weights and for the order of the examples, each network's own.
    offset, scale, learning_rate, gain, l1, l2, dropout : float or array of shape (draws,)
        As in `train`, each may differ from network to network.

    The other parameters and errors are those of `train`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> many = training.train_many(spec, circles, draws=4, epochs=20, offset=[0, 0, 9, 9])
    >>> many.loss.shape
    (4, 21)
    """
    own = Settings(offset, scale, learning_rate, gain, l1, l2, dropout, class_weight, sample_weight)
    return read_many(spec, dataset, draws, epochs, batch_size, optimizer, seed, own).train()


def train_from(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    start: Weights,
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
    """Train many networks of one architecture side by side, each from given weights.

    The start has a leading axis of draws and the shapes that `spec` and the data ask for; the seed
    is for the order of the examples. The rest is as in `train_many`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> half = training.train_many(spec, circles, draws=4, epochs=20)
    >>> later = training.train_from(spec, circles, start=half.weights, epochs=20)
    >>> bool((later.loss[:, 0] == half.loss[:, -1]).all())
    True
    """
    own = Settings(offset, scale, learning_rate, gain, l1, l2, dropout, class_weight, sample_weight)
    drawn = checked_start(start, spec, dataset)
    schedule = read_schedule(dataset, epochs, batch_size, 20, seed)
    draws = len(drawn.kernels[0])
    request = read_request(spec, dataset, schedule, optimizer, own, draws=draws)
    return Task(request=request, dataset=dataset, start=drawn).train()


def weights_at(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    epochs: Sequence[int],
    draws: int = 100,
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
) -> Weights:
    """Train many networks by gradient descent on the full batch; return weights at some moments.

    The moments `epochs` ascend, 0 is untrained; the other parameters are those of `train_many`.

    Returns
    -------
    Weights
        Arrays with leading axes of moments and networks.

    Raises
    ------
    ValueError, TypeError
        If there is no moment, they do not ascend, or as in `train_many`.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> training.weights_at(spec, circles, epochs=(0, 5, 10), draws=7).kernels[0].shape
    (3, 7, 2, 4)
    """
    own = Settings(offset, scale, learning_rate, gain, l1, l2, dropout, class_weight, sample_weight)
    moments = checked_wholes("epochs", epochs, least=0)
    if (np.diff(moments) <= 0).any():
        raise ValueError(f"epochs must be ascending moments, got {epochs}")
    check_whole(draws=draws)
    schedule = schedule_at(dataset, np.array(moments), None, seed)
    request = read_request(spec, dataset, schedule, "sgd", own, draws=draws)
    start = networks.draw(spec, n_features=dataset.n_features, draws=draws, seed=seed)
    job = Task(request=request, dataset=dataset, start=start).job
    rows = run(job, keep=draws, whole=True).snapshots
    return jobs.unpack(np.swapaxes(rows, 0, 1), job.layers, start)


def prepare() -> bool:
    """Compile the training engine, unless it is; tell whether it is kept for the next time.

    Examples
    --------
    >>> prepare()
    True
    """
    from nnhelpers.training._engine.compiled import training_loop  # Numba takes a second to load

    return training_loop().stats.cache_path is not None
