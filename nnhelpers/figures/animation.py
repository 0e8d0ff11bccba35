"""Moving pictures for slides."""

from collections.abc import Iterable
from pathlib import Path

from matplotlib.animation import FFMpegWriter

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Drawn

_DPI = 100


def write_gif(drawings: Iterable[Drawn], *, path: str | Path, seconds: float) -> None:
    """Write drawings as a GIF that repeats.

    Parameters
    ----------
    drawings : iterable of Drawn
        May be the same one, updated in between.
    path : str or path
    seconds : float
        For all of them.

    Examples
    --------
    >>> write_gif([drawn], path="sweep.gif", seconds=6)  # doctest: +SKIP
    """
    frames = [drawn.picture() for drawn in drawings]
    first, *rest = frames
    first.save(
        path,
        "GIF",
        save_all=True,
        append_images=rest,
        duration=1000 * seconds / len(frames),
        loop=0,
    )


def write_mp4(drawings: Iterable[Drawn], *, path: str | Path, rate: float) -> None:
    """Write drawings as an MP4 film.

    Parameters
    ----------
    drawings : iterable of Drawn
        One figure, updated in between.
    path : str or path
    rate : float
        Drawings a second.

    Raises
    ------
    RuntimeError
        If ffmpeg is not installed.

    Examples
    --------
    >>> write_mp4([drawn], path="sweep.mp4", rate=10)  # doctest: +SKIP
    """
    check_ffmpeg()
    writer = FFMpegWriter(fps=rate, extra_args=["-pix_fmt", "yuv420p"])
    drawings = iter(drawings)
    drawn = next(drawings)
    with style.applied(), writer.saving(drawn.figure, str(path), _DPI):
        writer.grab_frame()
        for _ in drawings:
            writer.grab_frame()


def check_ffmpeg() -> None:
    """Make sure that films can be written.

    Raises
    ------
    RuntimeError
        If ffmpeg is not installed.

    Examples
    --------
    >>> check_ffmpeg()  # doctest: +SKIP
    """
    if not FFMpegWriter.isAvailable():
        raise RuntimeError("an MP4 film needs ffmpeg, which is not installed; save_gif does not")
