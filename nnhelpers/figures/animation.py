"""Moving pictures for slides."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.animation import FFMpegWriter
from matplotlib.figure import Figure
from PIL import Image

_DPI = 100


def write_gif(
    pictures: Sequence[Image.Image], *, path: str | Path, seconds: float, comment: str = ""
) -> None:
    """Write pictures as a GIF that repeats.

    Parameters
    ----------
    seconds : float
        For all of them.
    comment : str
        Kept in the file.

    Examples
    --------
    >>> write_gif([drawn.picture()], path="sweep.gif", seconds=6)  # doctest: +SKIP
    """
    first, *rest = pictures
    duration = 1000 * seconds / len(pictures)
    moving = {"save_all": True, "append_images": rest, "duration": duration, "loop": 0}
    first.save(path, "GIF", comment=comment, **moving)


def write_mp4(
    pictures: Sequence[Image.Image], *, path: str | Path, seconds: float, comment: str = ""
) -> None:
    """Write pictures as an MP4 film; parameters as for `write_gif`.

    Raises
    ------
    RuntimeError
        If ffmpeg is not installed.

    Examples
    --------
    >>> write_mp4([drawn.picture()], path="sweep.mp4", seconds=6)  # doctest: +SKIP
    """
    check_ffmpeg()
    told = {"comment": comment} if comment else {}
    rate = len(pictures) / seconds
    writer = FFMpegWriter(fps=rate, extra_args=["-pix_fmt", "yuv420p"], metadata=told)
    figure = Figure(figsize=[pixels / _DPI for pixels in pictures[0].size])
    shown = figure.figimage(pictures[0].convert("RGB"))
    with writer.saving(figure, str(path), _DPI):
        for picture in pictures:
            shown.set_data(picture.convert("RGB"))
            writer.grab_frame()


def check_ffmpeg() -> None:
    """Raise ``RuntimeError`` if ffmpeg, which writes films, is not installed.

    Examples
    --------
    >>> check_ffmpeg()  # doctest: +SKIP
    """
    if not FFMpegWriter.isAvailable():
        raise RuntimeError("an MP4 film needs ffmpeg, which is not installed; save_gif does not")
