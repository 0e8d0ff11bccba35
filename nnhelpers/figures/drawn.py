"""The handle that every figure function returns, which redraws and exports pictures."""

import base64
import functools
import html
import inspect
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from nnhelpers.figures import style
from nnhelpers.figures.painting import Painter

# Dots per inch on a plain screen, and of a still picture, sharp on finer ones too.
_SHOWN_DPI, _STILL_DPI = 100, 140
_FEW_COLORS, _COLORS = 96, 128

# Moves the artists to show a result; returns the second line.
Draw = Callable[[Any], str]


class Drawn:
    """A drawing that can redraw itself for another result of the same kind.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or matplotlib.figure.Figure
        Where it was drawn.
    draw : callable
        Takes a result and moves the artists.
    result : object
        The first result; `summary` keeps the ``summary()`` of the latest one.
    """

    def __init__(self, ax: Axes | Figure, draw: Callable[[Any], None], result: Any) -> None:
        self.ax = ax
        self._draw = draw
        self._painters: dict[float, Painter] = {}
        self.update(result)

    @property
    def figure(self) -> Figure:
        """The figure that contains the drawing."""
        return self.ax.figure.figure if isinstance(self.ax, Axes) else self.ax

    def update(self, result: Any) -> None:
        """Redraw for another result."""
        with style.applied():
            self._draw(result)
        self.summary = summary_of(result)

    @property
    def shown_width(self) -> int:
        """Width of the picture on a plain screen (pixels)."""
        return round(self.figure.get_figwidth() * _SHOWN_DPI)

    def png(self) -> bytes:
        """Return the whole figure as a PNG picture small enough to commit."""
        return _encoded(_poor(self.figure, _STILL_DPI, _COLORS), "PNG", optimize=True)

    def small_png(self) -> bytes:
        """Return the whole figure as a smaller PNG picture, for several in one output."""
        return _encoded(self.picture(), "PNG", optimize=True)

    def webp(self) -> bytes:
        """Return the whole figure as a small lossless WebP picture, for many in one page."""
        picture = self.picture().convert("RGB")
        return _encoded(picture, "WEBP", lossless=True, quality=60, method=4)

    def picture(self) -> Image.Image:
        """Return the whole figure as an image of few colours, which compresses well."""
        return _poor(self.figure, _SHOWN_DPI, _FEW_COLORS)

    def frame(self, density: float = 1.0) -> bytes:
        """Return the whole figure as a lossless WebP picture, `density` dots per page pixel."""
        picture = self._painted(density).convert("RGB")
        return _encoded(picture, "WEBP", lossless=True, quality=0, method=0)

    def sketch(self) -> bytes:
        """Return the whole figure as a JPEG picture, the fastest format, for a moving slider."""
        return _encoded(self._painted(1.0), "JPEG", quality=92, subsampling=0)

    def _painted(self, density: float) -> Image.Image:
        if density not in self._painters:
            self._painters[density] = Painter(self.figure, density * _SHOWN_DPI)
        pixels = self._painters[density].pixels()
        height, width, _ = pixels.shape
        return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)

    def __repr__(self) -> str:
        return self.summary

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        picture = image_html(self.png(), alt=self.summary, width=self.shown_width)
        return {"text/plain": self.summary, "text/html": picture}


def image_html(png: bytes, *, alt: str, width: int) -> str:
    """Write a PNG picture with alternative text as HTML, `width` pixels wide.

    Examples
    --------
    >>> image_html(b"", alt="a loss", width=600)[:20]
    '<img alt="a loss" st'
    """
    encoded = base64.b64encode(png).decode()
    return (
        f'<img alt="{html.escape(alt)}" style="width:{width}px;max-width:100%" '
        f'src="data:image/png;base64,{encoded}">'
    )


def summary_of(result: Any) -> str:
    """Return the summary of a result, or of a dict of results.

    Examples
    --------
    >>> summary_of(None)
    ''
    """
    if isinstance(result, Mapping):
        return "; ".join(f"{name}: {summary_of(part)}" for name, part in result.items())
    return "" if result is None else result.summary()


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def _poor(figure: Figure, dpi: float, colors: int) -> Image.Image:
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    with style.applied():
        canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # The default method changes rare colours: it painted a few green dots blue.
    return image.quantize(colors, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def new_axes(ax: Axes | None, *, width: float = 6.0, height: float = 3.6) -> Axes:
    """Return `ax`, or the axes of a new figure that pyplot does not know.

    Examples
    --------
    >>> float(new_axes(None, width=4).figure.get_figwidth())
    4.0
    """
    if ax is not None:
        return ax
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure.subplots()


def styled(plot: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Make a figure function apply the style sheet.

    Examples
    --------
    >>> styled(new_axes)(None).spines["top"].get_visible()
    False
    """

    @functools.wraps(plot)
    def wrapped(*args: Any, **kwargs: Any) -> Drawn:
        with style.applied():
            return plot(*args, **kwargs)

    return wrapped


def drawing(title: str = "", *, size: tuple[float, float] = (6.0, 3.6)) -> Callable:
    """Make a figure function of one that prepares axes and returns how to draw a result.

    `size` is the width and height (inches) of the figure it makes unless it is given axes.

    Examples
    --------
    >>> @drawing("Loss")
    ... def plot_loss(loss, *, ax):
    ...     line = ax.axhline(0)
    ...     def draw(loss):  # moves the artists and returns the grey second line
    ...         line.set_ydata([loss, loss])
    ...         return f"now {loss}"
    ...     return draw
    >>> plot_loss.__name__
    'plot_loss'
    """

    def make(fill: Callable[..., Draw]) -> Callable[..., Drawn]:
        @styled
        @functools.wraps(fill)
        def plot(*result: Any, ax: Axes | None = None, **settings: Any) -> Drawn:
            ax = new_axes(ax, width=size[0], height=size[1])
            second_line = style.headline(ax, title=title)
            asked = given.bind(*result, ax=ax, **settings)
            draw = fill(*asked.args, **asked.kwargs)
            return Drawn(ax, lambda result: second_line.set_text(draw(result)), asked.args[0])

        given = inspect.signature(fill)
        own_axes = given.parameters["ax"].replace(default=None, annotation=Axes | None)
        seen = (given.parameters | {"ax": own_axes}).values()
        plot.__signature__ = given.replace(parameters=seen, return_annotation=Drawn)
        return plot

    return make


def redrawing(title: str = "", *, size: tuple[float, float] = (6.0, 3.6)) -> Callable:
    """Make a figure function of one that draws a result, where every update redraws everything.

    Slower but simpler than `drawing`, for figures that follow no slider.

    Examples
    --------
    >>> @redrawing("Loss")
    ... def plot_loss(loss, *, ax):
    ...     ax.axhline(loss)
    ...     return f"now {loss}"  # the grey second line
    >>> plot_loss.__name__
    'plot_loss'
    """

    def make(show: Callable[..., str]) -> Callable[..., Drawn]:
        @drawing(title, size=size)
        @functools.wraps(show)
        def plot(result: Any, *, ax: Axes, **settings: Any) -> Draw:
            kept, bars = ax.get_children(), len(ax.containers)

            def draw(result: Any) -> str:
                title = ax.get_title(loc="left")  # which `titled` may have set
                for artist in set(ax.get_children()).difference(kept):
                    artist.remove()
                del ax.containers[bars:]  # a legend would still name them
                second_line = show(result, ax=ax, **settings)
                ax.set_title(title or ax.get_title(loc="left"))
                return second_line

            return draw

        return plot

    return make
