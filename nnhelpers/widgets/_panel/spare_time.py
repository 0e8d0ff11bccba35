"""Work for the kernel's event loop when it is idle."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

from IPython import get_ipython

# A pause this long after the last move means that the reader is looking at the picture.
_PAUSE_SECONDS = 0.25
# A message on its way takes several turns of the event loop to arrive.
_BREATH_SECONDS = 0.02
# Running cells come first.
_CELL_PAUSE_SECONDS = 1.0
# Work that other processes delay noticeably is followed by a rest of so many times the delay. (Some
# systems count a process's time in ticks of 0.016 s.)
_NOTICED_SECONDS = 0.03
_COURTESY = 20.0
_LONGEST_REST_SECONDS = 2.0


class SpareTime:
    """Runs one generator step by step, handling messages in between.

    A step should be short, and yields the seconds to rest before the next one. The lock is held
    during a step, because a front end's messages may arrive in another thread than its cells.
    """

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._later: asyncio.TimerHandle | None = None
        self._steps: Iterator[float] | None = None
        self._rest = 0.0

    def spend_on(self, steps: Iterator[float]) -> None:
        """Drop work under way and run these steps, at once if there is no event loop."""
        self.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            for _ in steps:
                pass
            return
        self._steps = steps
        self._wait(loop, steps, max(_PAUSE_SECONDS, self._rest), CELLS.begun)

    @contextlib.contextmanager
    def noticing(self) -> Iterator[None]:
        """Measure how long other processes delay the work inside a ``with`` block."""
        began, worked = time.monotonic(), time.process_time()
        yield
        self._rest = courtesy(time.monotonic() - began - (time.process_time() - worked))

    def cancel(self) -> None:
        """Drop work under way."""
        if self._later is not None:
            self._later.cancel()
        self._later = self._steps = None

    def _wait(
        self, loop: asyncio.AbstractEventLoop, steps: Iterator[float], seconds: float, cells: int
    ) -> None:
        self._later = loop.call_later(seconds, self._step, loop, steps, cells)

    def _step(self, loop: asyncio.AbstractEventLoop, steps: Iterator[float], cells: int) -> None:
        with self._lock:
            if self._steps is not steps:
                return
            if CELLS.ran_since(cells):
                self._wait(loop, steps, _CELL_PAUSE_SECONDS, CELLS.begun)
                return
            with self.noticing():
                seconds = next(steps, None)
            # A step that caused a move has cancelled those after it.
            if seconds is not None and self._steps is steps:
                self._wait(loop, steps, max(seconds, _BREATH_SECONDS, self._rest), cells)


def courtesy(waited: float) -> float:
    """Return how long to rest (s) after work that other processes delayed by `waited` (s).

    When a class shares one machine, requests come before pictures prepared in advance.

    >>> courtesy(0.01), courtesy(0.05), courtesy(100.0)
    (0.0, 1.0, 2.0)
    """
    return 0.0 if waited < _NOTICED_SECONDS else min(_COURTESY * waited, _LONGEST_REST_SECONDS)


class Cells:
    """Knows whether a cell is running, and how many have begun."""

    def __init__(self) -> None:
        shell = get_ipython()
        # The cell that imported this module is still running.
        self.is_running, self.begun = shell is not None, 0
        if shell is not None:
            shell.events.register("pre_run_cell", self._begin)
            shell.events.register("post_run_cell", self._end)

    def ran_since(self, begun: int) -> bool:
        """Tell whether a cell is running, or one has begun since `begun` of them had."""
        return self.is_running or self.begun != begun

    def _begin(self, *_: Any) -> None:
        self.is_running, self.begun = True, self.begun + 1

    def _end(self, *_: Any) -> None:
        self.is_running = False


CELLS = Cells()
