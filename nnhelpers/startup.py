"""Start TensorFlow and matplotlib quietly, and TensorFlow the same on every x86 processor.

TensorFlow writes start-up lines (oneDNN, CUDA, absl) to file descriptor 2 from C++, at any log
level. They are noise in front of a class and make a notebook's output depend on the machine.
"""

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

# oneDNN picks its kernels by processor, and they round differently.
_PORTABLE_ARITHMETIC = {
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "TF_CPP_MIN_LOG_LEVEL": "1",
}
# Reads to the end of the pipe, so that nothing is lost if the writing process dies.
_REPLAY = "import sys; sys.stderr.buffer.write(sys.stdin.buffer.read())"


def prefer_portable_arithmetic() -> None:
    """Set the environment variables that TensorFlow reads at import, unless the user has set them.

    Examples
    --------
    >>> prefer_portable_arithmetic()
    >>> "TF_ENABLE_ONEDNN_OPTS" in os.environ
    True
    """
    for name, value in _PORTABLE_ARITHMETIC.items():
        os.environ.setdefault(name, value)


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Hold back what C++ code writes to file descriptor 2; show it if the block fails.

    A second process holds the text and shows it even if this one is aborted. In a notebook kernel
    Python's own warnings still appear, since ``sys.stderr`` does not write to file descriptor 2.

    Examples
    --------
    >>> with quiet_stderr():
    ...     written = os.write(2, b"noise")
    """
    sys.stderr.flush()
    held = [sys.executable, "-I", "-S", "-c", _REPLAY]
    replay = subprocess.Popen(held, stdin=subprocess.PIPE, start_new_session=True)
    saved = os.dup(2)
    os.dup2(replay.stdin.fileno(), 2)
    try:
        yield
        replay.kill()
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        replay.communicate()


def hush_matplotlib() -> None:
    """Silence matplotlib's warning that it cannot keep a cache in a read-only home folder.

    Examples
    --------
    >>> hush_matplotlib()
    """
    logging.getLogger("matplotlib").addFilter(_is_no_complaint_about_a_cache)


def _is_no_complaint_about_a_cache(record: logging.LogRecord) -> bool:
    return not record.msg.startswith(("mkdir -p failed", "Matplotlib created a temporary"))
