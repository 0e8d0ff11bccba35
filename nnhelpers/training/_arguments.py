"""The arguments of `train`, `train_many` and `train_from`, checked before any work."""

from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import models
from nnhelpers.datasets import Dataset
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import keras
from nnhelpers.networks import Weights
from nnhelpers.training.blocks import Job, Schedule
from nnhelpers.training.optimizers import read_optimizer
from nnhelpers.training.program import Program


class MemberSettings(TypedDict, total=False):
    """What may differ from one network to the next, at run time."""

    offset: ArrayLike
    scale: ArrayLike
    learning_rate: ArrayLike
    gain: ArrayLike


SETTINGS = {"offset": 0.0, "scale": 1.0, "learning_rate": None, "gain": 1.0}

# Steps are counted in int32, and the last block of mini-batches looks ahead.
_MOST_STEPS = 2_000_000_000


def read_settings(settings: MemberSettings, draws: int) -> dict[str, NDArray | None]:
    unknown = sorted(set(settings) - set(SETTINGS))
    if unknown:
        raise TypeError(f"settings may be {', '.join(SETTINGS)}; got {', '.join(unknown)}")
    return {
        name: _member_array(name, settings.get(name, default), draws)
        for name, default in SETTINGS.items()
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
    if name == "gain" and not (array >= 0).all():
        raise ValueError(f"gain must not be negative, got {value}")
    if name in ("scale", "learning_rate") and not (array >= np.finfo(np.float32).tiny).all():
        raise ValueError(f"{name} must be positive in float32, got {value}")
    return np.broadcast_to(array, (draws,)).copy()


def read_schedule(
    dataset: Dataset, epochs: int, batch_size: int | None, snapshots: int, seed: int
) -> Schedule:
    for name, value, lowest in (
        ("epochs", epochs, 0),
        ("snapshots", snapshots, 1),
        ("seed", seed, 0),
        ("batch_size", dataset.n_examples if batch_size is None else batch_size, 1),
    ):
        check_whole(name, value, lowest)
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


def check_whole(name: str, value: int, lowest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < lowest:
        raise ValueError(f"{name} must be at least {lowest}, got {value}")


def read_job(
    spec: MLPSpec,
    dataset: Dataset,
    schedule: Schedule,
    optimizer: str | keras.Optimizer,
    settings: dict[str, NDArray | None],
) -> Job:
    rule, norm = read_optimizer(optimizer), spec.batch_norm
    _check_batches(spec, dataset.n_examples, schedule.batch_size)
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
            normalized_layers=spec.normalized_layers,
            after_activation=bool(norm and norm.after_activation),
        ),
        constants=rule.constants,
        batch_norm=(norm.momentum, norm.epsilon) if spec.normalized_layers else None,
        dataset=dataset,
        schedule=schedule,
        settings=settings,
    )


def _check_batches(spec: MLPSpec, n_examples: int, batch_size: int | None) -> None:
    smallest = n_examples if batch_size is None else n_examples % batch_size or batch_size
    if spec.normalized_layers and smallest == 1:
        raise ValueError(
            "batch_size must leave no batch of one example with batch normalization: alone it is "
            f"its own mean, and every layer forgets it; got {n_examples} examples in batches of "
            f"{batch_size or n_examples}"
        )


def checked_start(start: Weights, spec: MLPSpec, n_features: int) -> Weights:
    """Return the weights as float32, in the layers of this specification."""
    draws = start.kernels[0].shape[0]
    sizes = spec.layer_sizes(n_features)
    plain = [np.empty((draws, *shape)) for size in sizes for shape in (size, size[1:])]
    wanted = models.with_batch_norm(spec, Weights.from_list(plain))
    arrays, expected = start.to_list(), [array.shape for array in wanted.to_list()]
    shapes = [array.shape for array in arrays]
    if shapes != expected or not draws:
        raise ValueError(f"start must have arrays of shapes {expected}, got {shapes}")
    if not all((np.abs(array) <= np.finfo(np.float32).max).all() for array in arrays):
        raise ValueError("start must be finite in float32, got a weight that is not")
    return wanted.with_list([array.astype(np.float32) for array in arrays])
