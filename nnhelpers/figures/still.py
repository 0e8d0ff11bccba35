"""A picture that stays as it is, whatever it came as: a drawing, a figure or the bytes of a PNG."""

import io
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Drawn

# Dots per inch: sharp on a projector.
_DPI = 200
_SHOWN_DPI = 100


@dataclass(frozen=True, kw_only=True)
class Still:
    """A picture with what a page must know of it.

    Attributes
    ----------
    webp : bytes
        Lossless, on white.
    width : int
        On a plain screen (pixels).
    words : str
        What the picture says of itself, which may be nothing.
    """

    webp: bytes
    width: int
    words: str


def read_still(picture: Any) -> Still | None:
    """Return a picture as it is now, or None for what is no picture.

    Parameters
    ----------
    picture : Drawn, matplotlib.figure.Figure, or bytes of a PNG

    Raises
    ------
    ValueError
        If bytes are no complete PNG.

    Examples
    --------
    >>> figure = Figure(figsize=(4, 3))
    >>> title = figure.suptitle("Loss")
    >>> still = read_still(figure)
    >>> still.width, still.words
    (400, 'Loss')
    """
    if isinstance(picture, bytes):
        image = _opened(picture)
        return Still(webp=_webp(image), width=image.width, words="")
    figure = picture.figure if isinstance(picture, Drawn) else picture
    if not isinstance(figure, Figure):
        return None
    png = io.BytesIO()
    with style.applied():
        figure.savefig(png, format="png", dpi=_DPI)
    words = picture.summary if isinstance(picture, Drawn) else _titles(figure)
    width = round(figure.get_figwidth() * _SHOWN_DPI)
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
