"""Files that are written whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary file in the folder of `path`, which replaces `path` if the block succeeds.

    Raises FileNotFoundError if the folder does not exist.

    Examples
    --------
    >>> with replacing("nowhere/page.html") as part:
    ...     part.write_text("a page")
    Traceback (most recent call last):
    FileNotFoundError: path must lie in a folder that exists, got 'nowhere/page.html'
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path must lie in a folder that exists, got {str(path)!r}")
    part = path.with_name(f".part-{os.getpid()}-{path.name}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
