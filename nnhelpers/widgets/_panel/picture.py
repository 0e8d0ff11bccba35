"""What a panel draws: the result of its settings, refined where it can be, in one drawing."""

from collections.abc import Callable, Iterator
from typing import Any

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import Settings

Compute = Callable[..., Any]
Refine = Callable[..., Iterator[Any]]


class Picture:
    """A drawing that follows settings.

    Parameters
    ----------
    compute : callable
        Takes the controls' values by name and returns a result.
    plot : figure function
    refine : callable, optional
        Takes the result and the controls' values, and yields better results.
    settings : dict of str to value
        Those of the first result.

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
