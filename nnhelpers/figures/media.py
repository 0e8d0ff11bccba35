"""Pictures for use elsewhere: stills for decks, films for slides."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.animation import FFMpegWriter
from matplotlib.figure import Figure
from PIL import Image

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Drawn

# Dots per inch on a plain screen and in films, and for a projector.
_DPI, _SHARP_DPI = 100, 200


@dataclass(frozen=True, kw_only=True)
class Still:
    """A fixed picture.

    Attributes
    ----------
    webp : bytes
        Lossless, on white.
    width : int
        Width on a plain screen (pixels).
    words : str
        Summary or titles, possibly empty.
    """

    webp: bytes
    width: int
    words: str


def read_still(picture: Any) -> Still | None:
    """Return the still of a `Drawn`, a matplotlib figure or the bytes of a PNG, otherwise None.

    Raises ``ValueError`` if bytes are no complete PNG.

    Examples
    --------
    >>> still = read_still(Figure(figsize=(4, 3)))
    >>> still.width, still.words
    (400, '')
    """
    if isinstance(picture, bytes):
        image = _opened(picture)
        return Still(webp=_webp(image), width=image.width, words="")
    figure = picture.figure if isinstance(picture, Drawn) else picture
    if not isinstance(figure, Figure):
        return None
    png = io.BytesIO()
    with style.applied():
        figure.savefig(png, format="png", dpi=_SHARP_DPI)
    words = picture.summary if isinstance(picture, Drawn) else _titles(figure)
    width = round(figure.get_figwidth() * _DPI)
    return Still(webp=_webp(_opened(png.getvalue())), width=width, words=words)


def _opened(png: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGBA")
    except Exception as error:
        raise ValueError(f"no complete PNG picture ({len(png):,} bytes)") from error
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _webp(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "WEBP", lossless=True, quality=60, method=4)
    return content.getvalue()


def _titles(figure: Figure) -> str:
    titles = [figure.get_suptitle(), *(ax.get_title() for ax in figure.axes)]
    return "; ".join(title for title in titles if title)


def write_gif(
    pictures: Sequence[Image.Image], *, path: str | Path, seconds: float, comment: str = ""
) -> None:
    """Write pictures as a looping GIF of so many seconds, with a comment in the file.

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
    """Write pictures as an MP4 film, like `write_gif`; raise ``RuntimeError`` without ffmpeg.

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
    """Raise ``RuntimeError`` if ffmpeg is not installed.

    Examples
    --------
    >>> check_ffmpeg()  # doctest: +SKIP
    """
    if not FFMpegWriter.isAvailable():
        raise RuntimeError("an MP4 film needs ffmpeg, which is not installed; save_gif does not")
