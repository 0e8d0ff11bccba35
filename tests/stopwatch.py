"""How long work takes, whatever else the machine is doing."""

import time
from collections.abc import Callable, Iterable


def least_processor_seconds(work: Callable, arguments: Iterable) -> float:
    """Return the processor time of the quickest `work(argument)`."""
    return min(_processor_seconds(work, argument) for argument in arguments)


def _processor_seconds(work: Callable, argument: object) -> float:
    start = time.process_time()
    work(argument)
    return time.process_time() - start
