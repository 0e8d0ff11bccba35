"""Work for the kernel's event loop when nothing else wants it."""

import asyncio
from collections.abc import Iterator

from IPython import get_ipython

# A pause this long after the last move means that somebody looks at the picture.
_PAUSE_SECONDS = 0.25
# A message on its way takes several turns of the event loop to arrive.
_BREATH_SECONDS = 0.02
# While cells are being run, they come first.
_CELL_PAUSE_SECONDS = 1.0


class SpareTime:
    """Runs one generator, a step at a time, giving way to every message in between.

    Widgets may be touched from the kernel's own thread alone, so this is no thread: a step should
    be short. Each yields the seconds to rest before the next one.
    """

    def __init__(self) -> None:
        self._later: asyncio.TimerHandle | None = None
        self._steps: Iterator[float] | None = None

    def spend_on(self, steps: Iterator[float]) -> None:
        """Drop what was under way and take these steps, at once where there is no event loop."""
        self.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            for _ in steps:
                pass
            return
        self._steps = steps
        self._wait(loop, steps, _PAUSE_SECONDS, _cells_run())

    def cancel(self) -> None:
        """Drop what is under way."""
        if self._later is not None:
            self._later.cancel()
        self._later = self._steps = None

    def _wait(
        self, loop: asyncio.AbstractEventLoop, steps: Iterator[float], seconds: float, cells: int
    ) -> None:
        self._later = loop.call_later(seconds, self._step, loop, steps, cells)

    def _step(self, loop: asyncio.AbstractEventLoop, steps: Iterator[float], cells: int) -> None:
        self._later = None
        if cells != _cells_run():
            self._wait(loop, steps, _CELL_PAUSE_SECONDS, _cells_run())
            return
        seconds = next(steps, None)
        # A step that led to a move has dropped those that would follow it.
        if seconds is not None and self._steps is steps:
            self._wait(loop, steps, max(seconds, _BREATH_SECONDS), cells)


def _cells_run() -> int:
    shell = get_ipython()
    return 0 if shell is None else shell.execution_count
