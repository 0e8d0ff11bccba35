"""Run a job's blocks on every core, show progress, stop at an interrupt, collect the outcome."""

import contextlib
import functools
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from nnhelpers.networks import Weights
from nnhelpers.training.blocks import Block, Job, make_blocks, padded_order, train_block
from nnhelpers.training.engine import compile_loop

# After an interrupt, how long to wait for the calls that are under way.
_GRACE_SECONDS = 0.75
_BAR_SECONDS = 2.0


@dataclass(kw_only=True)
class Outcome:
    """What came back from the loop: all networks, or after an interrupt those that got furthest.

    `members` numbers the networks; `weights` are theirs at the last of `epochs`, and
    `first_snapshots` the first network's at each of them.
    """

    members: NDArray[np.int64]
    epochs: NDArray[np.int64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    training_loss: NDArray[np.float64] | None
    weights: Weights
    first_snapshots: Weights
    diverged_step: NDArray[np.int64]
    interrupted: bool


def run(job: Job, start: Weights) -> Outcome | None:
    """Train all networks of `start`; on an interrupt, return those that got furthest, if any."""
    made = make_blocks(job, start=start)
    loop = compile_loop(job.program, networks=len(made[0].weights[0]))
    stop = threading.Event()
    order = padded_order(job)
    size = min(len(made), os.cpu_count() or 1)
    workers = ThreadPoolExecutor(size, thread_name_prefix="training")
    try:
        with contextlib.closing(_LateBar(job.schedule.epochs * len(made))) as bar:
            work = functools.partial(train_block, job=job, loop=loop, order=order, stop=stop)
            futures = [workers.submit(work, block) for block in made]
            interrupted = _wait(futures, made, bar, stop)
    finally:
        stop.set()
        workers.shutdown(wait=False, cancel_futures=True)
    return _collect(job, start, made, interrupted)


class _LateBar:
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


def _wait(futures: list[Future], made: list[Block], bar: _LateBar, stop: threading.Event) -> bool:
    """Wait for all blocks, showing progress; tell whether the user interrupted."""
    try:
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=0.1)
            for future in finished:
                future.result()
            bar.show(sum(block.epoch for block in made))
    except KeyboardInterrupt:
        stop.set()
        wait(futures, timeout=_GRACE_SECONDS)
        return True
    return False


def _collect(job: Job, start: Weights, made: list[Block], interrupted: bool) -> Outcome | None:
    reached = [block.reached for block in made]
    count = max(records for records, _ in reached)
    # Of several blocks the untrained networks alone are nothing to keep.
    if interrupted and count < min(2, len(made)):
        return None
    kept = [(b, weights) for b, (n, weights) in zip(made, reached, strict=True) if n == count]

    def members(pieces: Iterable[NDArray]) -> NDArray:
        pairs = zip(pieces, kept, strict=True)
        return np.concatenate([piece[: len(block.members)] for piece, (block, _) in pairs])

    def history(name: str) -> NDArray:
        series = ([r.evaluated[name] for r in block.records[:count]] for block, _ in kept)
        return members(np.stack(arrays, axis=1) for arrays in series).astype(np.float64)

    first = kept[0][0].records[:count]
    snapshots = zip(*(record.first_weights for record in first), strict=True)
    weights = zip(*(arrays for _, arrays in kept), strict=True)
    return Outcome(
        members=np.concatenate([block.members for block, _ in kept]),
        epochs=np.array([record.epoch for record in first]),
        loss=history("loss"),
        training_loss=history("training_loss") if job.batch_norm else None,
        accuracy=_exact_shares(history("accuracy"), job.dataset.n_examples),
        weights=start.with_list([members(group) for group in weights]),
        first_snapshots=start.with_list([np.stack(group) for group in snapshots]),
        diverged_step=members(b.diverged.numpy() for b, _ in kept).astype(np.int64),
        interrupted=interrupted,
    )


def _exact_shares(shares: NDArray[np.float64], n_examples: int) -> NDArray[np.float64]:
    """Undo the rounding of float32, so that equal shares compare as equal."""
    return np.rint(shares * n_examples) / n_examples
