"""What a panel does while nobody moves it: better its picture, prepare those around it."""

from collections.abc import Iterator
from typing import Any

from nnhelpers.widgets._controls import Settings

# Whoever has not moved anything for so long will not be delayed by preparations.
_REST_SECONDS = 0.4

# Neighbours that are prepared before the scenes.
_NEXT = 8


class Preparing:
    """The part of a panel that works in spare time."""

    def _finish(self) -> Iterator[float]:
        """Better the picture step by step, then prepare those around it."""
        if self._film.words(self._accepted) is None:
            yield from self._better()
            self._show_sharply()
        yield _REST_SECONDS
        if self._screen.is_watched:
            nearest = list(self._film.missing(self._accepted))
            scenes = self._missing_scenes()
            for settings in [*nearest[:_NEXT], *scenes, *nearest[_NEXT:]]:
                yield from self._prepare(settings)

    def _better(self) -> Iterator[float]:
        if self._is_best:
            return
        for better in self._improvements(self._result, self._accepted):
            self._show(better, self._drawn.sketch)
            yield 0
        self._is_best = True

    def _show_sharply(self) -> None:
        self._draw(self.result)
        if self._screen.is_watched:
            self._film.keep(self._screen, self._accepted, self._sharp(), self._words)
        else:
            self._show(self._result, self._sharp)

    def _missing_scenes(self) -> list[dict[str, Any]]:
        return [each for each in self._scene_settings if self._film.words(each) is None]

    def _prepare(self, settings: Settings) -> Iterator[float]:
        if self._film.words(settings) is not None:
            return
        try:
            result = self._compute(**settings)
            for better in self._improvements(result, settings):
                result = better
                yield 0
        except (ValueError, TypeError):
            return
        self._draw(result)
        words = self._in_words(settings, self._drawn.summary)
        self._film.keep(self._screen, settings, self._sharp(), words)
        yield 0
