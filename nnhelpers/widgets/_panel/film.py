"""The pictures that a front end keeps, so that moving to them never waits for the kernel."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import ipywidgets

from nnhelpers.widgets._panel.controls import Settings, nearest_first, place
from nnhelpers.widgets._panel.screen import Screen

# Some 100 kB each in the browser.
_MOST_FRAMES = 256


class Film:
    """Which pictures of a panel are prepared, with their words.

    Parameters
    ----------
    controls : dict of str to ipywidgets control
        The first is the main one: its positions are worth preparing.
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
