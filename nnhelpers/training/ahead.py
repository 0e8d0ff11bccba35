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


class Compiling(Thread):
    """A thread that compiles; it says of how many kinds of network."""

    def __init__(self, specs: Sequence[MLPSpec], dataset: Dataset, kind: dict) -> None:
        # A daemon, because nobody should wait at the end for what was not needed.
        super().__init__(name="compiling", daemon=True)
        self._specs, self._dataset, self._kind = specs, dataset, kind
        self._before = _line[-1:]

    def run(self) -> None:
        """Wait for the compilations asked for before, then compile one loop after the other."""
        for thread in self._before:
            thread.join()
        for spec in self._specs:
            train_many(spec, self._dataset, epochs=0, **self._kind)

    def __repr__(self) -> str:
        count = len(self._specs)
        return f"compiling {count} kind{'s' * (count > 1)} of network in the background"


def compile_ahead(
    specs: Sequence[MLPSpec],
    dataset: Dataset,
    *,
    draws: int,
    batch_size: int | None = None,
    optimizer: str | keras.Optimizer = "rmsprop",
) -> Compiling:
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
    Compiling
        A thread; join it to wait.

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
    thread = Compiling(specs, dataset, kind)
    _line[:] = [thread]
    thread.start()
    return thread
