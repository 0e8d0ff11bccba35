"""What goes wrong while pictures are made, in words, and files replaced by complete ones only."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from nnhelpers.words import counted


def told(error: Exception) -> str:
    """Say what went wrong; refusals are written to be read as they are."""
    if isinstance(error, ValueError | TypeError) and str(error):
        return str(error)
    return f"this picture could not be made: {type(error).__name__}: {error}"


class Failures:
    """Positions of which there is no picture, by their number and the first reason."""

    def __init__(self) -> None:
        self._count, self._first = 0, None

    def add(self, error: Exception) -> None:
        """Count one more."""
        self._count, self._first = self._count + 1, self._first or error

    def __str__(self) -> str:
        if self._first is None:
            return ""
        return f"{counted(self._count, 'position')} without a picture: {told(self._first)}"

    def check_some(self, made: int) -> None:
        """Raise a ``ValueError`` with the first reason if nothing was made."""
        if not made:
            raise ValueError(f"there is no picture to save: {self}") from self._first


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a file to write beside `path`, which takes its place once all went well.

    Raises ``FileNotFoundError`` if the folder does not exist.
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
