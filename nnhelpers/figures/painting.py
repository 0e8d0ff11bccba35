"""Paints a figure repeatedly, reusing the pixels of what has not changed.

Ticks, labels and titles take most of a figure's drawing time and seldom change. Their pixels are
cached and copied onto a white background; the contents are drawn over them.
"""

import functools
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from numpy.typing import NDArray

from nnhelpers.figures import style

# Cached parts, at most some 50 kB each.
_PRINTS = 192
_WHITE = np.uint32(0xFFFFFFFF)


# Something slow to draw: its owner, everything its appearance depends on, and how it is drawn.
_Part = tuple[Artist, Hashable, Callable[[RendererAgg], None]]


class _Print(NamedTuple):
    """The pixels that a part covers: their indices in the flattened picture, and their colours."""

    places: NDArray[np.int64]
    colors: NDArray[np.uint32]


class Painter:
    """Paints one figure at a fixed resolution (dots per inch), fastest without a layout engine."""

    def __init__(self, figure: Figure, dpi: float) -> None:
        self._figure, self._dpi = figure, dpi
        self._canvas = FigureCanvasAgg(figure)
        self._prints: OrderedDict[tuple[Artist, Hashable], _Print] = OrderedDict()
        self._outside: weakref.WeakKeyDictionary[Text, bool] = weakref.WeakKeyDictionary()

    def pixels(self) -> NDArray[np.uint8]:
        """Return the picture, of shape (height, width, 4); valid until the next call."""
        with style.applied():
            self._figure.set_canvas(self._canvas)
            self._figure.set_dpi(self._dpi)
            renderer = self._canvas.get_renderer()
            engine = self._figure.get_layout_engine()
            if engine is not None:
                engine.execute(self._figure)
            for ax in self._figure.axes:
                ax.get_xlim()  # computes pending limits
                ax.apply_aspect()
            prints = [self._print(*part, renderer) for part in self._parts(renderer)]
            paper = _clean_paper(renderer)
            for each in prints:
                paper[each.places] = each.colors
            for artist in self._contents():
                artist.draw(renderer)
        return np.asarray(renderer.buffer_rgba())

    def _print(
        self, owner: Artist, signature: Hashable, draw: Callable, renderer: RendererAgg
    ) -> _Print:
        key = owner, signature
        if key not in self._prints:
            paper = _clean_paper(renderer)
            draw(renderer)
            places = np.flatnonzero(paper != _WHITE)
            self._prints[key] = _Print(places, paper[places])
        self._prints.move_to_end(key)
        if len(self._prints) > _PRINTS:
            self._prints.popitem(last=False)
        return self._prints[key]

    def _parts(self, renderer: RendererAgg) -> Iterator[_Part]:
        for ax in self._figure.axes:
            yield ax, _furniture_signature(ax), functools.partial(_furnish, ax)
            for text in ax.texts:
                if self._is_outside(text, ax, renderer):
                    place = ax.get_position().bounds
                    yield text, (place, *_signature(text)), text.draw
        for text in self._figure.texts:
            yield text, _signature(text), text.draw

    def _is_outside(self, text: Text, ax: Axes, renderer: RendererAgg) -> bool:
        """Tell whether a text is clear of the contents, so that it can be painted under them."""
        if text not in self._outside and text.get_text() and text.get_visible():
            self._outside[text] = not text.get_window_extent(renderer).overlaps(ax.bbox)
        return self._outside.get(text, False)

    def _contents(self) -> Iterator[Artist]:
        for ax in self._figure.axes:
            furniture = {ax.patch, ax.xaxis, ax.yaxis, *_titles(ax)}
            inside = (child for child in ax.get_children() if child not in furniture)
            seen = [child for child in inside if not self._outside.get(child, False)]
            yield from sorted(seen, key=Artist.get_zorder)


def _clean_paper(renderer: RendererAgg) -> NDArray[np.uint32]:
    """Whiten the picture and return its writable pixels, of shape (height * width,)."""
    paper = np.asarray(renderer.buffer_rgba()).view(np.uint32).reshape(-1)
    paper[:] = _WHITE
    return paper


def _furnish(ax: Axes, renderer: RendererAgg) -> None:
    for axis in (ax.xaxis, ax.yaxis):
        axis.draw(renderer)
    ax._update_title_position(renderer)
    for title in _titles(ax):
        title.draw(renderer)


def _furniture_signature(ax: Axes) -> Hashable:
    return (
        ax.get_position().bounds,
        *(_axis_signature(axis) for axis in (ax.xaxis, ax.yaxis)),
        *(_signature(title) for title in _titles(ax)),
    )


def _axis_signature(axis: Axis) -> Hashable:
    return (
        *axis.get_view_interval(),
        axis.get_scale(),
        axis.get_visible(),
        axis.label.get_text(),
        tuple(np.ravel(getattr(axis.get_major_locator(), "locs", ()))),
        axis.get_major_formatter(),
    )


def _signature(text: Text) -> Hashable:
    target = text.xy if isinstance(text, Annotation) else ()
    looks = (text.get_text(), text.get_color(), text.get_alpha(), text.get_visible())
    return (*looks, tuple(text.get_position()), tuple(target))


def _titles(ax: Axes) -> list[Text]:
    """Titles at the three places of Axes."""
    return [ax.title, ax._left_title, ax._right_title]
