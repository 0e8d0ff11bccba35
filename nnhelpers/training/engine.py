"""The engine before anyone waits for it."""

from nnhelpers.training._engine.compiled import training_loop


def prepare() -> bool:
    """Compile the training engine, unless it is; tell whether it is kept for the next time.

    Examples
    --------
    >>> prepare()
    True
    """
    return training_loop().stats.cache_path is not None
