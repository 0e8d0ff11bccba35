"""The training loop, compiled: read from disk, or made and written there."""

import functools
import hashlib
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

from numba import njit, types
from numba.core import errors, event

from nnhelpers.training._engine import loop

_LOCK = threading.Lock()
_train = njit(nogil=True, error_model="numpy")(loop.train_members)

_whole, _single = types.int64, types.float32
_SIGNATURE = types.void(
    _whole,
    _whole,
    types.Tuple([_whole[:, ::1], _whole[::1], _single[::1]]),
    types.Tuple([_single[:, :, ::1], _single[:, :, ::1], _single[::1], _whole[::1]]),
    types.Tuple([_single[:, ::1], _single[:, ::1], _whole[::1], _whole]),
    types.Tuple([*[_single[:, ::1]] * 4, _single[:, :, ::1], *[_whole[::1]] * 3]),
)


def training_loop() -> Callable[..., None]:
    """Return `loop.train_members`, compiled once per machine."""
    with _LOCK:
        return _loop()


@functools.cache
def _loop() -> Callable[..., None]:
    teller = _Teller()
    event.register("numba:compile", teller)
    try:
        return _compiled(cache=True)
    except RuntimeError:  # there is no place that can be written to
        return _compiled(cache=False)
    finally:
        event.unregister("numba:compile", teller)


def _compiled(*, cache: bool) -> Callable[..., None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.NumbaWarning)  # a cache that is not kept
        return njit(_SIGNATURE, nogil=True, error_model="numpy", cache=cache)(
            _entry(_fingerprint())
        )


def _entry(stamp: str) -> Callable:
    """Tie the entry to all sources: what is kept on disk knows only its own file."""

    def train(first, last, tables, data, members, results):
        if len(stamp) > 0:
            _train(first, last, tables, data, members, results)

    return train


def _fingerprint() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


class _Teller(event.Listener):
    """Says, once, that something is being compiled."""

    def __init__(self) -> None:
        self._told = False

    def on_start(self, event) -> None:
        """Print one line at the first compilation."""
        if not self._told:
            self._told = True
            print("Preparing the training engine, once on this machine ...", flush=True)

    def on_end(self, event) -> None:
        """Do nothing."""
