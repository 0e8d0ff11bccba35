"""A panel's drawing, and the pictures prepared ahead for the front end to keep."""

import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from ipywidgets import ValueWidget

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import Settings, nearest_first, places
from nnhelpers.widgets._panel.screen import Screen

Compute = Callable[..., Any]
Refine = Callable[..., Iterator[Any]]


class Picture:
    """A drawing that follows settings; `compute`, `plot` and `refine` are those of `connect`.

    Attributes
    ----------
    drawn : Drawn
    result, of : object, dict of str to value
        The latest result taken, and its settings.
    is_best : bool
        Whether the result is fully refined.
    """

    def __init__(
        self,
        compute: Compute,
        plot: Callable[..., Drawn],
        *,
        refine: Refine | None,
        settings: Settings,
    ) -> None:
        self.compute, self._refine = compute, refine
        self.take(self.best(settings), settings, is_best=True)
        self.drawn, self._shown = plot(self.result), self.result

    def take(self, result: Any, settings: Settings, is_best: bool) -> None:
        """Make this the current result, for these settings."""
        self.result, self.of, self.is_best = result, settings, is_best

    def best(self, settings: Settings) -> Any:
        """Compute and fully refine the result for settings."""
        result = self.compute(**settings)
        for better in self.improvements(result, settings=settings):
            result = better
        return result

    def best_at(self, settings: Settings) -> Any:
        """Return the current result if it is for these settings, else take the best one."""
        if self.of != settings:
            self.take(self.best(settings), settings, is_best=True)
        return self.result

    def improvements(self, result: Any, *, settings: Settings) -> Iterator[Any]:
        """Yield better results for the same settings in short steps."""
        return iter(()) if self._refine is None else self._refine(result, **settings)

    def draw(self, result: Any) -> Drawn:
        """Draw a result, unless it is drawn already."""
        if self._shown is not result:
            self._shown = None  # in case drawing fails half way
            self.drawn.update(result)
            self._shown = result
        return self.drawn


# Some 100 kB each in the browser.
_MOST_FRAMES = 256
# Without a move for so long, preparations may begin.
_REST_SECONDS = 0.4
# Refined pictures closer in time than this cannot be told apart.
_GLANCE_SECONDS = 0.3


class Film:
    """Pictures of a panel, with their words, that are prepared in spare time in short steps.

    Positions of the first control are prepared. `describe` turns settings and a drawing's summary
    into words; `tell` reports an exception to the reader.

    Attributes
    ----------
    before_scenes : int
        Neighbours that are prepared before the scenes.
    """

    before_scenes = 8

    def __init__(
        self,
        picture: Picture,
        screen: Screen,
        controls: Mapping[str, ValueWidget],
        *,
        scenes: Sequence[Settings],
        describe: Callable[[Settings, str], str],
        tell: Callable[[Exception], None],
    ) -> None:
        self._picture, self._screen, self._controls = picture, screen, controls
        self._scenes, self._describe, self._tell = scenes, describe, tell
        self._words: OrderedDict[tuple, str] = OrderedDict()

    def words(self, settings: Settings) -> str | None:
        """Return the words of the prepared picture, or None."""
        return self._words.get(_key(settings))

    def clear(self) -> None:
        """Forget everything, here and in the front end."""
        self._words.clear()
        self._screen.forget()

    def missing(self, settings: Settings) -> Iterator[dict[str, Any]]:
        """Yield settings at the main control's unprepared positions, nearest first."""
        main, control = next(iter(self._controls.items()))
        for value in nearest_first(control, settings[main])[: _MOST_FRAMES // 2]:
            neighbour = {**settings, main: value}
            if self.words(neighbour) is None:
                yield neighbour

    def finish(self, settings: Settings, show: Callable[[Settings, bool], None]) -> Iterator[float]:
        """Refine the picture of settings step by step, then prepare those around it.

        `show` shows the current result for settings, sharply (True) or as a sketch (False).
        """
        if self.words(settings) is None:
            is_good = yield from self._refine(settings, show)
            if self._screen.is_watched and is_good:
                self._keep(settings, self._picture.best_at(settings))
            else:
                show(settings, True)
        yield _REST_SECONDS
        if self._screen.is_watched:
            nearest = list(self.missing(settings))
            first, rest = nearest[: self.before_scenes], nearest[self.before_scenes :]
            for each in [*first, *self._scenes, *rest]:
                if self.words(each) is None:
                    yield from self._prepare(each)

    def _refine(
        self, settings: Settings, show: Callable[[Settings, bool], None]
    ) -> Generator[float, None, bool]:
        """Refine the picture as far as possible; return whether it is finished."""
        picture = self._picture
        if picture.is_best:
            return True
        good, shown = picture.result, time.monotonic()
        try:
            for better in picture.improvements(good, settings=settings):
                picture.take(better, settings, is_best=False)
                if time.monotonic() - shown >= _GLANCE_SECONDS:
                    show(settings, False)
                    shown = time.monotonic()
                good = better
                yield 0
        except Exception as error:
            self._tell(error)
            picture.take(good, settings, is_best=True)
            return False
        picture.is_best = True
        return True

    def _prepare(self, settings: Settings) -> Iterator[float]:
        try:
            result = self._picture.compute(**settings)
            for better in self._picture.improvements(result, settings=settings):
                result = better
                yield 0
            self._keep(settings, result)
        except Exception:
            # A reader who moves there will be told.
            return
        yield 0

    def _keep(self, settings: Settings, result: object) -> None:
        """Add a picture, dropping the oldest if there are too many."""
        drawn = self._picture.draw(result)
        words = self._describe(settings, drawn.summary)
        frame = drawn.frame(self._screen.density)
        self._screen.keep(frame, alt=words, at=places(self._controls, settings))
        self._words[_key(settings)] = words
        if len(self._words) > _MOST_FRAMES:
            oldest, _ = self._words.popitem(last=False)
            self._screen.forget(places(self._controls, dict(oldest)))


def _key(settings: Settings) -> tuple:
    # Numbers are rounded, so that the front end's version of a position has the same key.
    return tuple(
        (name, float(f"{value:.9g}") if isinstance(value, float) else value)
        for name, value in settings.items()
    )
