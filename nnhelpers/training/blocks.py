"""Blocks: a few networks each, sent through the compiled loop in calls that stay short."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.datasets import Dataset
from nnhelpers.models.backend import tf
from nnhelpers.networks import Weights
from nnhelpers.training.engine import SLOTS, batch_order
from nnhelpers.training.optimizers import RULES
from nnhelpers.training.program import Program

# A block's activations should stay in a core's cache; more networks than this gain nothing.
_CACHE_FLOATS = 65_536
_LARGEST_BLOCK = 128
# Few networks still make so many blocks, one for each core of a small machine. It is the same
# number everywhere, so that results do not depend on the machine.
_FEWEST_BLOCKS = 2
# One call into the compiled loop cannot be interrupted, so it is kept this short.
_CALL_SECONDS = 0.25
# Epochs of shuffled examples that one call carries; a fixed shape, so that it compiles once.
_WINDOW = 64


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When to record, and in which pieces to take the examples.

    Attributes
    ----------
    epochs : int
    targets : array of int
        Epochs to record, from 0 to `epochs`.
    batch_size : int or None
        None for the full batch.
    seed : int
        Of the order of the examples.
    """

    epochs: int
    targets: NDArray[np.int64]
    batch_size: int | None
    seed: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that the compiled loop needs besides the weights.

    Attributes
    ----------
    program : Program
    constants : tuple of float
        Of the optimizer.
    batch_norm : tuple of float or None
        Momentum and epsilon.
    dataset : Dataset
    schedule : Schedule
    settings : dict of arrays of shape (draws,)
        offset, scale, learning_rate and gain.
    """

    program: Program
    constants: tuple[float, ...]
    batch_norm: tuple[float, float] | None
    dataset: Dataset
    schedule: Schedule
    settings: dict[str, NDArray]


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a block's networks were at one epoch, with the first one's weights.

    `evaluated` holds an array of shape (networks,) for each name in `Program.evaluated`.
    """

    epoch: int
    evaluated: dict[str, NDArray]
    first_weights: list[NDArray]


@dataclass(kw_only=True)
class Block:
    """A few networks on their way.

    Attributes
    ----------
    members : array of int
        Numbers of the networks; rows beyond them are copies that fill the block.
    epoch : int
        How far they are.
    records : list of Record
        Their moments so far.
    reached : tuple
        The number of records, and all weights at the last of them: assigned together, because
        after an interrupt another thread may still be at work here.
    """

    members: NDArray[np.int64]
    weights: list
    slots: list
    diverged: tf.Tensor
    inputs: dict
    epoch: int = 0
    records: list[Record] = field(default_factory=list)
    reached: tuple[int, list[NDArray]] = (0, [])


def make_blocks(job: Job, *, start: Weights) -> list[Block]:
    """Divide the networks that begin with the weights `start`."""
    arrays = start.to_list()
    draws = len(arrays[0])
    size = _block_size(job, draws)
    rule = RULES[job.program.algorithm]
    made = []
    for first in range(0, draws, size):
        members = np.arange(first, min(first + size, draws))
        rows = np.minimum(np.arange(first, first + size), draws - 1)
        weights = [tf.constant(array[rows], tf.float32) for array in arrays]
        made.append(
            Block(
                members=members,
                weights=weights,
                slots=[
                    tuple(tf.zeros_like(weight) for _ in range(rule.slots * learns))
                    for weight, learns in zip(weights, job.program.trainable, strict=True)
                ],
                diverged=tf.zeros(size, tf.int32),
                inputs=_inputs(job, rows),
            )
        )
    return made


def _inputs(job: Job, rows: NDArray) -> dict:
    members = ("offset", "scale", "learning_rate")
    return {
        "X": tf.constant(job.dataset.X.T, tf.float32),
        "y": tf.constant(job.dataset.y, tf.float32),
        "constants": tf.constant(job.constants, tf.float32),
        "batch_norm": job.batch_norm and tf.constant(job.batch_norm, tf.float32),
        **{name: tf.constant(job.settings[name][rows], tf.float32) for name in members},
    }


def padded_order(job: Job) -> NDArray[np.int32] | None:
    """Return the examples in batches, (epochs, steps, batch), or None for the full batch.

    The last batch of an epoch is filled with n_examples, the number of no example.
    """
    batch, n_examples = job.schedule.batch_size, job.dataset.n_examples
    if batch is None:
        return None
    epochs = job.schedule.epochs
    steps = -(-n_examples // batch)
    order = np.full((epochs + _WINDOW, steps * batch), n_examples, dtype=np.int32)
    order[:epochs, :n_examples] = batch_order(
        n_examples=n_examples, epochs=epochs, seed=job.schedule.seed
    )
    return order.reshape(len(order), steps, batch)


def train_block(
    block: Block,
    *,
    job: Job,
    loop: Callable[..., dict],
    order: NDArray[np.int32] | None,
    stop: threading.Event,
) -> None:
    """Train a block to the end, or until `stop` is set; what it reached stays in the block."""
    seconds_per_epoch = np.inf
    while len(block.records) < len(job.schedule.targets) and not stop.is_set():
        boundaries = _next_boundaries(job.schedule, block, seconds_per_epoch, order is not None)
        began = time.perf_counter()
        records = _call(loop, block, order, boundaries)
        elapsed = time.perf_counter() - began
        # The latest pace, not the best so far: a machine that got busy must not make a call long.
        seconds_per_epoch = elapsed / max(1, boundaries[-1] - block.epoch)
        _keep(job.schedule, block, records, boundaries)


def _next_boundaries(
    schedule: Schedule, block: Block, seconds_per_epoch: float, windowed: bool
) -> NDArray[np.int64]:
    """Epochs at which the next call should record; the last one may be a mere stopping place."""
    horizon = block.epoch + max(1, int(_CALL_SECONDS / seconds_per_epoch))
    if windowed:
        horizon = min(horizon, block.epoch + _WINDOW)
    open_targets = schedule.targets[len(block.records) :]
    reached = open_targets[open_targets <= horizon][:SLOTS]
    return reached if len(reached) else np.array([horizon])


def _call(loop, block: Block, order: NDArray | None, boundaries: NDArray) -> dict:
    due = np.full(SLOTS + 1, boundaries[-1], dtype=np.int32)
    due[0] = block.epoch
    due[1 : len(boundaries) + 1] = boundaries
    window = None if order is None else tf.constant(order[block.epoch : block.epoch + _WINDOW])
    output = loop(
        state=(block.weights, block.slots, block.diverged),
        **block.inputs,
        order=window,
        base=tf.constant(block.epoch),
        due=tf.constant(due),
        n_due=tf.constant(len(boundaries)),
    )
    block.weights, block.slots, block.diverged = output.pop("state")
    weights = [array[: len(boundaries)].numpy() for array in output.pop("weights")]
    evaluated = {name: array.numpy()[: len(boundaries)] for name, array in output.items()}
    return {"weights": weights, "evaluated": evaluated}


def _keep(schedule: Schedule, block: Block, made: dict, boundaries: NDArray) -> None:
    for slot, epoch in enumerate(boundaries):
        if epoch == schedule.targets[len(block.records)]:
            block.records.append(
                Record(
                    epoch=int(epoch),
                    evaluated={name: array[slot] for name, array in made["evaluated"].items()},
                    # A copy: a view would keep the records of all networks alive.
                    first_weights=[array[slot, 0].copy() for array in made["weights"]],
                )
            )
    if block.records and block.records[-1].epoch == boundaries[-1]:
        block.reached = (len(block.records), [array[-1].copy() for array in made["weights"]])
    block.epoch = int(boundaries[-1])


def _block_size(job: Job, draws: int) -> int:
    """Number of networks that share a call: a power of two, the same for any large `draws`."""
    share = -(-draws // _FEWEST_BLOCKS)
    batch = job.schedule.batch_size or job.dataset.n_examples
    fitting = max(1, _CACHE_FLOATS // (batch * job.program.widest))
    return min(_power_of_two_below(fitting), _LARGEST_BLOCK, _power_of_two_above(share))


def _power_of_two_below(value: int) -> int:
    return 1 << (value.bit_length() - 1)


def _power_of_two_above(value: int) -> int:
    return 1 << (value - 1).bit_length()
