"""The engine before anyone waits for it."""


def prepare() -> bool:
    """Compile the training engine, unless it is; tell whether it is kept for the next time.

    Examples
    --------
    >>> prepare()
    True
    """
    from nnhelpers.training._engine.compiled import training_loop  # Numba takes a second to load

    return training_loop().stats.cache_path is not None
