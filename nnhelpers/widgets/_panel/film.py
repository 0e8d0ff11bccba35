"""What a panel draws, the pictures that a front end keeps, and how they are prepared."""

import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

import ipywidgets

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import Settings, nearest_first, place
from nnhelpers.widgets._panel.screen import Screen

Compute = Callable[..., Any]
Refine = Callable[..., Iterator[Any]]


class Picture:
    """A drawing that follows settings; `compute`, `plot` and `refine` are those of `connect`.

    Attributes
    ----------
    drawn : Drawn
    result : object
        The latest result that was taken, of the settings `of`.
    is_best : bool
        Whether it needs no refining.
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
        self.take(self.best(settings), settings=settings, is_best=True)
        self.drawn, self._shown = plot(self.result), self.result

    def take(self, result: Any, *, settings: Settings, is_best: bool) -> None:
        """Make this the result of these settings."""
        self.result, self.of, self.is_best = result, settings, is_best

    @property
    def taken(self) -> dict[str, Any]:
        """What `take` took, to take it back."""
        return {"result": self.result, "settings": self.of, "is_best": self.is_best}

    def best(self, settings: Settings) -> Any:
        """Compute the result of settings and refine it to the end."""
        result = self.compute(**settings)
        for better in self.improvements(result, settings=settings):
            result = better
        return result

    def best_at(self, settings: Settings) -> Any:
        """Return the result taken, of these settings: computed and refined unless it is."""
        if self.of != settings:
            self.take(self.best(settings), settings=settings, is_best=True)
        return self.result

    def improvements(self, result: Any, *, settings: Settings) -> Iterator[Any]:
        """Yield better results of the same settings, each in a short time."""
        return iter(()) if self._refine is None else self._refine(result, **settings)

    def draw(self, result: Any) -> Drawn:
        """Draw a result, unless it is drawn already."""
        if self._shown is not result:
            self._shown = None  # in case that drawing fails half way
            self.drawn.update(result)
            self._shown = result
        return self.drawn


# Some 100 kB each in the browser.
_MOST_FRAMES = 256


class Film:
    """Which pictures of a panel are prepared, with their words.

    The first control is the main one: its positions are worth preparing.
    """

    def __init__(self, controls: Mapping[str, ipywidgets.ValueWidget]) -> None:
        self._controls = controls
        self._main = next(iter(controls))
        self._words: OrderedDict[tuple, str] = OrderedDict()

    def at(self, settings: Settings) -> list[Any]:
        """Return settings as a list of positions that the front end knows."""
        return [place(control, settings[name]) for name, control in self._controls.items()]

    def words(self, settings: Settings) -> str | None:
        """Return the words of a prepared picture, None if there is none."""
        return self._words.get(_key(settings))

    def clear(self, screen: Screen) -> None:
        """Forget everything, here and in the front end."""
        self._words.clear()
        screen.forget()

    def keep(self, screen: Screen, settings: Settings, picture: bytes, words: str) -> None:
        """Add a picture; the oldest goes when there are too many."""
        screen.keep(picture, alt=words, at=self.at(settings))
        self._words[_key(settings)] = words
        if len(self._words) > _MOST_FRAMES:
            oldest, _ = self._words.popitem(last=False)
            screen.forget(self.at(dict(oldest)))

    def missing(self, settings: Settings) -> Iterator[dict[str, Any]]:
        """Yield the main control's positions that are not prepared, nearest to the current one."""
        nearest = nearest_first(self._controls[self._main], settings[self._main])
        for value in nearest[: _MOST_FRAMES // 2]:
            neighbour = {**settings, self._main: value}
            if self.words(neighbour) is None:
                yield neighbour


def _key(settings: Settings) -> tuple:
    # As the front end names positions, however a number was written on the way.
    return tuple(
        (name, float(f"{value:.9g}") if isinstance(value, float) else value)
        for name, value in settings.items()
    )


# Whoever has not moved anything for so long will not be delayed by preparations.
_REST_SECONDS = 0.4
# Better pictures that follow each other faster are not seen one by one.
_GLANCE_SECONDS = 0.3


class Preparing:
    """Work for spare time, in short steps.

    `describe` takes settings and what the drawing says, and returns the words for both; `tell`
    tells the reader of an exception.

    Attributes
    ----------
    before_scenes : int
        Neighbours that are prepared before the scenes.
    """

    before_scenes = 8

    def __init__(
        self,
        picture: Picture,
        film: Film,
        screen: Screen,
        *,
        scenes: Sequence[Settings],
        describe: Callable[[Settings, str], str],
        tell: Callable[[Exception], None],
    ) -> None:
        self._picture, self._film, self._screen = picture, film, screen
        self._scenes, self._describe, self._tell = scenes, describe, tell

    def finish(self, settings: Settings, show: Callable[[Settings, bool], None]) -> Iterator[float]:
        """Refine the picture of settings step by step, then prepare those around it.

        `show` shows the result taken, of these settings, sharply (True) or as a sketch.
        """
        if self._film.words(settings) is None:
            is_good = yield from self._refine(settings, show)
            if self._screen.is_watched and is_good:
                self._keep(settings, self._picture.best_at(settings))
            else:
                show(settings, True)
        yield _REST_SECONDS
        if self._screen.is_watched:
            nearest = list(self._film.missing(settings))
            scenes = [each for each in self._scenes if self._film.words(each) is None]
            first = self.before_scenes
            for each in [*nearest[:first], *scenes, *nearest[first:]]:
                yield from self._prepare(each)

    def _refine(
        self, settings: Settings, show: Callable[[Settings, bool], None]
    ) -> Generator[float, None, bool]:
        """Refine the picture as far as it goes; return whether that was to the end."""
        picture = self._picture
        if picture.is_best:
            return True
        good, shown = picture.result, time.monotonic()
        try:
            for better in picture.improvements(good, settings=settings):
                picture.take(better, settings=settings, is_best=False)
                if time.monotonic() - shown >= _GLANCE_SECONDS:
                    show(settings, False)
                    shown = time.monotonic()
                good = better
                yield 0
        except Exception as error:
            self._tell(error)
            picture.take(good, settings=settings, is_best=True)
            return False
        picture.is_best = True
        return True

    def _prepare(self, settings: Settings) -> Iterator[float]:
        if self._film.words(settings) is not None:
            return
        try:
            result = self._picture.compute(**settings)
            for better in self._picture.improvements(result, settings=settings):
                result = better
                yield 0
            self._keep(settings, result)
        except Exception:
            # Nobody is there yet; whoever goes there is told.
            return
        yield 0

    def _keep(self, settings: Settings, result: object) -> None:
        drawn = self._picture.draw(result)
        words = self._describe(settings, drawn.summary)
        self._film.keep(self._screen, settings, drawn.frame(self._screen.density), words)
