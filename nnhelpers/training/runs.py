"""`train` and `train_many`: check the input, run the compiled loop in blocks, collect results."""

from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import datasets, models
from nnhelpers.datasets import Dataset
from nnhelpers.forward import Weights
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import keras
from nnhelpers.training import pool
from nnhelpers.training.blocks import Job, Schedule
from nnhelpers.training.engine import Program
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.optimizers import read_optimizer
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


class MemberSettings(TypedDict, total=False):
    """What may differ from one network to the next, at run time."""

    offset: ArrayLike
    scale: ArrayLike
    learning_rate: ArrayLike
    gain: ArrayLike


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
        Multiplies the initial kernels.

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
    schedule = _schedule(dataset, epochs, batch_size, snapshots, seed)
    job = _job(spec, dataset, schedule, optimizer, _per_member(settings, 1))
    start = models.initial_weights(spec, n_features=dataset.n_features, seed=seed)
    outcome = _run(job, _with_gain(_as_ensemble(start), job.settings["gain"]))
    offset, scale, rate, _ = (float(job.settings[name][0]) for name in _SETTINGS)
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
    _check_whole("draws", draws, 1)
    schedule = _schedule(dataset, epochs, batch_size, 20, seed)
    job = _job(spec, dataset, schedule, optimizer, _per_member(settings, draws))
    rng = np.random.default_rng(seed)
    drawn = models.draw_weights(spec, n_features=dataset.n_features, draws=draws, rng=rng)
    start = _with_gain(drawn, job.settings["gain"])
    outcome = _run(job, start)
    result = TrainingEnsemble(
        spec=spec,
        dataset=dataset,
        optimizer=job.program.algorithm,
        **{name: job.settings[name][outcome.members] for name in _SETTINGS},
        epochs=outcome.epochs,
        loss=outcome.loss,
        accuracy=outcome.accuracy,
        initial_weights=start[outcome.members],
        weights=outcome.weights,
        diverged_step=outcome.diverged_step,
    )
    if outcome.interrupted:
        raise TrainingInterrupted(result)
    return result


_SETTINGS = {"offset": 0.0, "scale": 1.0, "learning_rate": None, "gain": 1.0}

# Steps are counted in int32, and the last block of mini-batches looks ahead.
_MOST_STEPS = 2_000_000_000


def _per_member(settings: MemberSettings, draws: int) -> dict[str, NDArray | None]:
    unknown = sorted(set(settings) - set(_SETTINGS))
    if unknown:
        raise TypeError(f"settings may be {', '.join(_SETTINGS)}; got {', '.join(unknown)}")
    return {
        name: _member_array(name, settings.get(name, default), draws)
        for name, default in _SETTINGS.items()
    }


def _member_array(name: str, value: ArrayLike | None, draws: int) -> NDArray | None:
    if value is None and name == "learning_rate":
        return None
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be a number or {draws} of them, got {value!r}") from error
    if array.shape not in ((), (draws,)):
        raise ValueError(f"{name} must be a number or {draws} of them, got shape {array.shape}")
    if not (np.abs(array) <= np.finfo(np.float32).max).all():
        raise ValueError(f"{name} must be finite in float32, got {value}")
    if name != "offset" and not (array >= np.finfo(np.float32).tiny).all():
        raise ValueError(f"{name} must be positive in float32, got {value}")
    return np.broadcast_to(array, (draws,)).copy()


def _schedule(
    dataset: Dataset, epochs: int, batch_size: int | None, snapshots: int, seed: int
) -> Schedule:
    for name, value, lowest in (
        ("epochs", epochs, 0),
        ("snapshots", snapshots, 1),
        ("seed", seed, 0),
        ("batch_size", dataset.n_examples if batch_size is None else batch_size, 1),
    ):
        _check_whole(name, value, lowest)
    whole = batch_size is None or batch_size >= dataset.n_examples
    steps = epochs * (1 if whole else -(-dataset.n_examples // batch_size))
    if steps > _MOST_STEPS:
        raise ValueError(f"epochs must stay below {_MOST_STEPS:,} steps, got {steps:,}")
    return Schedule(
        epochs=epochs,
        targets=np.unique(np.linspace(0, epochs, snapshots + 1).round().astype(np.int64)),
        batch_size=None if whole else batch_size,
        seed=seed,
    )


def _check_whole(name: str, value: int, lowest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < lowest:
        raise ValueError(f"{name} must be at least {lowest}, got {value}")


def _job(
    spec: MLPSpec,
    dataset: Dataset,
    schedule: Schedule,
    optimizer: str | keras.Optimizer,
    settings: dict[str, NDArray | None],
) -> Job:
    rule = read_optimizer(optimizer)
    if spec.batch_normalization:
        raise ValueError("spec must have batch_normalization=False; train it with model.fit")
    if spec.n_outputs == 1 and dataset.n_classes > 2:
        raise ValueError(
            f"spec must have n_outputs={dataset.n_classes} for these classes, got {spec.n_outputs}"
        )
    if spec.n_outputs > 1 and spec.n_outputs < dataset.n_classes:
        raise ValueError(f"n_outputs must be at least {dataset.n_classes}, got {spec.n_outputs}")
    if settings["learning_rate"] is None:
        settings["learning_rate"] = np.full(len(settings["gain"]), rule.learning_rate)
    return Job(
        program=Program(
            activation=spec.activation,
            algorithm=rule.name,
            layer_sizes=tuple(spec.layer_sizes(dataset.n_features)),
            n_examples=dataset.n_examples,
            batch_size=schedule.batch_size,
        ),
        constants=rule.constants,
        dataset=dataset,
        schedule=schedule,
        settings=settings,
    )


def _run(job: Job, start: Weights) -> Outcome:
    outcome = pool.run(job, start)
    if outcome is None:
        raise TrainingInterrupted(None)
    return outcome


def _with_gain(weights: Weights, gain: NDArray) -> Weights:
    factor = gain.astype(np.float32)[:, None, None]
    return Weights(
        kernels=tuple(kernel * factor for kernel in weights.kernels), biases=weights.biases
    )


def _as_ensemble(weights: Weights) -> Weights:
    return Weights.from_list([array[np.newaxis] for array in weights.to_list()])
