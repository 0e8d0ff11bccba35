"""Compiling training loops before they are needed, two at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from nnhelpers.datasets import Dataset
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import keras
from nnhelpers.training.runs import train_many

# Tracing and compiling one loop keeps little more than one core busy.
_AT_A_TIME = 2


def compile_ahead(
    specs: Sequence[MLPSpec],
    dataset: Dataset,
    *,
    draws: int,
    batch_size: int | None = None,
    optimizer: str | keras.Optimizer = "rmsprop",
) -> None:
    """Compile the training loops of several architectures, which takes longer one by one.

    `train_many` with the same arguments, whatever its epochs, seed and other settings, then starts
    at once.

    Parameters
    ----------
    specs : sequence of MLPSpec
    draws : int
        Number of networks that will be trained at a time.

    The other parameters and errors are those of `train_many`.

    Raises
    ------
    ValueError
        If there is no specification.
    """
    if not specs:
        raise ValueError("specs must hold at least one specification, got none")
    kind = {"draws": draws, "batch_size": batch_size, "optimizer": optimizer}
    workers = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="compiling")
    try:
        waiting = [workers.submit(train_many, s, dataset, epochs=0, **kind) for s in specs]
        for each in waiting:
            each.result()
    finally:
        workers.shutdown(cancel_futures=True)
