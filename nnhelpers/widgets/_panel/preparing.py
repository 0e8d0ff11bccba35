"""What a panel does while nobody moves it: refine its picture, prepare those around it."""

from collections.abc import Callable, Generator, Iterator, Sequence

from nnhelpers.widgets._panel.controls import Settings
from nnhelpers.widgets._panel.film import Film
from nnhelpers.widgets._panel.picture import Picture
from nnhelpers.widgets._panel.screen import Screen

# Whoever has not moved anything for so long will not be delayed by preparations.
_REST_SECONDS = 0.4

# Neighbours that are prepared before the scenes.
_NEXT = 8


class Preparing:
    """Work for spare time, in short steps.

    Parameters
    ----------
    picture : Picture
    film : Film
    screen : Screen
    scenes : sequence of complete settings
    describe : callable
        Takes settings and what the drawing says, and returns the words for both.
    tell : callable
        Tells the reader of an exception.
    """

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

        Parameters
        ----------
        settings : dict of str to value
        show : callable
            Shows the result taken, of these settings, sharply or as a sketch.
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
            for each in [*nearest[:_NEXT], *scenes, *nearest[_NEXT:]]:
                yield from self._prepare(each)

    def _refine(
        self, settings: Settings, show: Callable[[Settings, bool], None]
    ) -> Generator[float, None, bool]:
        """Refine the picture as far as it goes; return whether that was to the end."""
        picture = self._picture
        if picture.is_best:
            return True
        good = picture.result
        try:
            for better in picture.improvements(good, settings=settings):
                picture.take(better, settings=settings, is_best=False)
                show(settings, False)
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
