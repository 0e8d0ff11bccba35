"""NumPy's matrix products on one thread."""

import contextlib
import functools

from threadpoolctl import ThreadpoolController


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> contextlib.AbstractContextManager:
    """Let matrix products inside a ``with`` block run on one thread.

    Threads gain little on the small matrices of this series. On a busy machine, such as one whose
    browser is painting a panel, they wait for each other many times as long as they work.

    Examples
    --------
    >>> import numpy as np
    >>> with one_thread():
    ...     np.eye(2) @ [1, 2]
    array([1., 2.])
    """
    return _controller().limit(limits=1, user_api="blas")
