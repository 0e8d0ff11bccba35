"""What goes wrong while pictures are made, in words for a reader."""

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
        """Raise if nothing was made.

        Raises
        ------
        ValueError
            With the first reason.
        """
        if not made:
            raise ValueError(f"there is no picture to save: {self}") from self._first
