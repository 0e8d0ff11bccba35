"""Run a job's networks through the compiled loop: in blocks, on every core, interruptible."""

import os
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from nnhelpers.datasets import Dataset
from nnhelpers.forward import Weights
from nnhelpers.models.backend import tf
from nnhelpers.training.engine import SLOTS, Program, batch_order, compile_loop
from nnhelpers.training.optimizers import RULES

# A block's activations should stay in a core's cache; more networks than this gain nothing.
_CACHE_FLOATS = 65_536
_LARGEST_BLOCK = 128
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
    dataset : Dataset
    schedule : Schedule
    settings : dict of arrays of shape (draws,)
        offset, scale, learning_rate and gain.
    widest : int
        Units of the widest layer.
    """

    program: Program
    constants: tuple[float, ...]
    dataset: Dataset
    schedule: Schedule
    settings: dict[str, NDArray]
    widest: int


@dataclass(kw_only=True)
class Outcome:
    """What came back from the loop: the networks that reached the end, or a single one so far.

    `first_snapshots` holds the first network's weights at each of `epochs`.
    """

    epochs: NDArray[np.int64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    weights: Weights
    first_snapshots: Weights
    diverged_step: NDArray[np.int64]
    interrupted: bool


@dataclass(kw_only=True)
class _Block:
    """A few networks on their way."""

    weights: list
    slots: list
    diverged: tf.Tensor
    inputs: dict
    present: int
    epoch: int = 0
    recorded: list[int] = field(default_factory=list)
    loss: list[NDArray] = field(default_factory=list)
    accuracy: list[NDArray] = field(default_factory=list)
    snapshots: list[list[NDArray]] = field(default_factory=list)


def run(job: Job, start: Weights) -> Outcome | None:
    """Train all networks of `start`; on an interrupt, return what is finished, if anything."""
    pending_blocks = _make_blocks(job, start)
    stop = threading.Event()
    total = job.schedule.epochs * len(pending_blocks)
    order = _padded_order(job)
    workers = ThreadPoolExecutor(max_workers=min(len(pending_blocks), os.cpu_count() or 1))
    with tqdm(total=total, unit="epoch", delay=2, leave=False) as bar:
        futures = [workers.submit(_train, job, b, order, stop) for b in pending_blocks]
        interrupted = _wait(futures, pending_blocks, bar, stop)
    workers.shutdown(wait=False)
    return _collect(job, pending_blocks, interrupted)


def block_size(job: Job, draws: int) -> int:
    """Number of networks that share a call: a power of two, the same for any large `draws`."""
    batch = job.schedule.batch_size or job.dataset.n_examples
    fitting = max(1, _CACHE_FLOATS // (batch * job.widest))
    return min(_power_of_two_below(fitting), _LARGEST_BLOCK, _power_of_two_above(draws))


def _make_blocks(job: Job, start: Weights) -> list[_Block]:
    arrays = start.to_list()
    draws = len(arrays[0])
    size = block_size(job, draws)
    rule = RULES[job.program.algorithm]
    made = []
    for first in range(0, draws, size):
        rows = np.minimum(np.arange(first, first + size), draws - 1)
        weights = [tf.constant(array[rows], tf.float32) for array in arrays]
        made.append(
            _Block(
                weights=weights,
                slots=[tuple(tf.zeros_like(w) for _ in range(rule.slots)) for w in weights],
                diverged=tf.zeros(size, tf.int32),
                inputs=_inputs(job, rows),
                present=min(size, draws - first),
            )
        )
    return made


def _inputs(job: Job, rows: NDArray) -> dict:
    members = ("offset", "scale", "learning_rate")
    return {
        "X": tf.constant(job.dataset.X.T, tf.float32),
        "y": tf.constant(job.dataset.y, tf.float32),
        "constants": tf.constant(job.constants, tf.float32),
        **{name: tf.constant(job.settings[name][rows], tf.float32) for name in members},
    }


def _padded_order(job: Job) -> NDArray[np.int32] | None:
    """Examples in batches, (epochs, steps, batch); the last batch is filled with n_examples."""
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


def _train(job: Job, block: _Block, order: NDArray | None, stop: threading.Event) -> None:
    loop = compile_loop(job.program)
    seconds_per_epoch = np.inf
    while len(block.recorded) < len(job.schedule.targets) and not stop.is_set():
        boundaries = _next_boundaries(job.schedule, block, seconds_per_epoch, order is not None)
        began = time.perf_counter()
        records = _call(loop, block, order, boundaries)
        elapsed = time.perf_counter() - began
        seconds_per_epoch = min(seconds_per_epoch, elapsed / max(1, boundaries[-1] - block.epoch))
        _keep(job.schedule, block, records, boundaries)


def _next_boundaries(
    schedule: Schedule, block: _Block, seconds_per_epoch: float, windowed: bool
) -> NDArray[np.int64]:
    """Epochs at which the next call should record; the last one may be a mere stopping place."""
    horizon = block.epoch + max(1, int(_CALL_SECONDS / seconds_per_epoch))
    if windowed:
        horizon = min(horizon, block.epoch + _WINDOW)
    open_targets = schedule.targets[len(block.recorded) :]
    reached = open_targets[open_targets <= horizon][:SLOTS]
    return reached if len(reached) else np.array([horizon])


def _call(loop, block: _Block, order: NDArray | None, boundaries: NDArray) -> dict:
    due = np.full(SLOTS + 1, boundaries[-1], dtype=np.int32)
    due[0] = block.epoch
    due[1 : len(boundaries) + 1] = boundaries
    window = None if order is None else tf.constant(order[block.epoch : block.epoch + _WINDOW])
    output = loop(
        weights=block.weights,
        slots=block.slots,
        diverged=block.diverged,
        **block.inputs,
        order=window,
        base=tf.constant(block.epoch),
        due=tf.constant(due),
        n_due=tf.constant(len(boundaries)),
    )
    block.weights, block.slots, block.diverged = output.pop("state")
    return {
        "loss": output["loss"].numpy()[: len(boundaries)],
        "accuracy": output["accuracy"].numpy()[: len(boundaries)],
        "weights": [array[: len(boundaries)].numpy() for array in output["weights"]],
    }


def _keep(schedule: Schedule, block: _Block, records: dict, boundaries: NDArray) -> None:
    for slot, epoch in enumerate(boundaries):
        if epoch == schedule.targets[len(block.recorded)]:
            block.loss.append(records["loss"][slot])
            block.accuracy.append(records["accuracy"][slot])
            block.snapshots.append([array[slot, 0] for array in records["weights"]])
            block.recorded.append(int(epoch))
    block.epoch = int(boundaries[-1])


def _wait(futures: list[Future], made: list[_Block], bar: tqdm, stop: threading.Event) -> bool:
    """Wait for all blocks, showing progress; tell whether the user interrupted."""
    try:
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=0.1)
            for future in finished:
                future.result()
            bar.update(sum(block.epoch for block in made) - bar.n)
    except KeyboardInterrupt:
        stop.set()
        wait(futures, timeout=3 * _CALL_SECONDS)
        return True
    except BaseException:
        stop.set()
        raise
    return False


def _collect(job: Job, made: list[_Block], interrupted: bool) -> Outcome | None:
    moments = len(job.schedule.targets)
    kept = made if len(made) == 1 else [b for b in made if len(b.recorded) == moments]
    if not kept or not kept[0].recorded:
        return None

    def members(pieces: list[NDArray]) -> NDArray:
        return np.concatenate([p[: b.present] for p, b in zip(pieces, kept, strict=True)])

    arrays = zip(*(block.weights for block in kept), strict=True)
    return Outcome(
        epochs=np.array(kept[0].recorded),
        loss=members([np.stack(block.loss, axis=1) for block in kept]).astype(np.float64),
        accuracy=members([np.stack(block.accuracy, axis=1) for block in kept]).astype(np.float64),
        weights=Weights.from_list([members([w.numpy() for w in group]) for group in arrays]),
        first_snapshots=_first_snapshots(kept[0]),
        diverged_step=members([b.diverged.numpy() for b in kept]).astype(np.int64),
        interrupted=interrupted,
    )


def _first_snapshots(block: _Block) -> Weights:
    return Weights.from_list([np.stack(group) for group in zip(*block.snapshots, strict=True)])


def _power_of_two_below(value: int) -> int:
    return 1 << (value.bit_length() - 1)


def _power_of_two_above(value: int) -> int:
    return 1 << (value - 1).bit_length()
