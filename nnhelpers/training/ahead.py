"""Compiling training loops in the background, before they are needed."""

from collections.abc import Sequence
from threading import Thread

from nnhelpers.datasets import Dataset
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import keras
from nnhelpers.training._arguments import check_whole, read_job, read_schedule, read_settings
from nnhelpers.training.runs import train_many

# Whoever compiles waits for the one before: first come, first served, and one core is left for
# whoever is reading and moving sliders.
_line: list[Thread] = []


def compile_ahead(
    specs: Sequence[MLPSpec],
    dataset: Dataset,
    *,
    draws: int,
    batch_size: int | None = None,
    optimizer: str | keras.Optimizer = "rmsprop",
) -> Thread:
    """Compile the training loops of several architectures in the background.

    `train_many` with the same arguments, whatever its epochs, seed and other settings, then starts
    at once; asked for a loop that is not ready, it compiles it as ever.

    Parameters
    ----------
    specs : sequence of MLPSpec
        In the order in which they will be needed.
    draws : int
        Number of networks that will be trained at a time.

    The other parameters and errors are those of `train_many`.

    Returns
    -------
    threading.Thread
        That compiles; join it to wait.

    Raises
    ------
    ValueError
        If there is no specification.
    """
    if not specs:
        raise ValueError("specs must hold at least one specification, got none")
    check_whole("draws", draws, 1)
    schedule = read_schedule(dataset, 0, batch_size, 1, 0)
    for spec in specs:
        read_job(spec, dataset, schedule, optimizer, read_settings({}, draws))
    kind = {"draws": draws, "batch_size": batch_size, "optimizer": optimizer}
    # A daemon, because nobody should wait at the end for what was not needed.
    arguments = (specs, dataset, kind, _line[-1:])
    thread = Thread(target=_compile, args=arguments, name="compiling", daemon=True)
    _line[:] = [thread]
    thread.start()
    return thread


def _compile(
    specs: Sequence[MLPSpec], dataset: Dataset, kind: dict, before: Sequence[Thread]
) -> None:
    for thread in before:
        thread.join()
    for spec in specs:
        train_many(spec, dataset, epochs=0, **kind)
