"""Start TensorFlow quietly, and the same on every x86 processor.

TensorFlow writes start-up lines (oneDNN, CUDA, absl) to file descriptor 2 from C++, at any log
level. They are noise in front of a class and make a notebook's output depend on the machine.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

# The same seed must print the same text on another processor: newer instruction sets round
# differently, and training amplifies the difference. Capping at AVX2 costs nothing measurable.
_PORTABLE_ARITHMETIC = {
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    "TF_CPP_MIN_LOG_LEVEL": "1",
}


def prefer_portable_arithmetic() -> None:
    """Set the environment that TensorFlow reads at import, leaving what the user has set."""
    for name, value in _PORTABLE_ARITHMETIC.items():
        os.environ.setdefault(name, value)


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Hold back what C++ code writes to file descriptor 2; replay it if the block fails.

    Python's own warnings go to ``sys.stderr``, which is left alone in a notebook kernel.
    """
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as muted:
        os.dup2(muted.fileno(), 2)
        try:
            yield
        except BaseException:
            muted.seek(0)
            os.write(saved, muted.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
