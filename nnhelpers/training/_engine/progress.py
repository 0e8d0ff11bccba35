"""A progress bar for work that takes long."""

import os
import time

from tqdm.auto import tqdm

_BAR_SECONDS = 2.0


class LateBar:
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
