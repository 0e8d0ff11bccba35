"""Which pictures of a panel are worth having where no kernel makes another one."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
import numpy as np

from nnhelpers.widgets._panel.controls import Settings, positions

# Most positions of the main control and of each other one, the richest choice first.
_LEVELS = ((201, 9), (41, 9), (41, 5), (21, 9), (21, 5), (11, 5), (11, 3), (5, 3), (1, 1))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Positions of the controls that can be moved freely, and situations that fix the others."""

    levels: Mapping[str, list[Any]]
    contexts: Sequence[Settings]

    @property
    def size(self) -> int:
        """Number of pictures."""
        return len(self.contexts) * int(np.prod([len(level) for level in self.levels.values()]))

    def pictures(self) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
        """Yield the place of each picture, its context and levels by number, and its settings."""
        for number, context in enumerate(self.contexts):
            for places in itertools.product(*(range(len(level)) for level in self.levels.values())):
                chosen = zip(self.levels, places, strict=True)
                moved = {name: self.levels[name][place] for name, place in chosen}
                yield (number, *places), {**context, **moved}

    def place(self, settings: Settings) -> tuple[int, ...]:
        """Return the place of the picture of settings that a scene asks for."""
        fixed = {name: value for name, value in settings.items() if name not in self.levels}
        levels = (level.index(settings[name]) for name, level in self.levels.items())
        return (list(self.contexts).index(fixed), *levels)


def plans(
    controls: Mapping[str, ipywidgets.ValueWidget], scenes: Sequence[Settings]
) -> Iterator[Plan]:
    """Yield ways to choose pictures, the one with the most freedom to move first.

    The main control is the first, and switches come before others: they cost least. Every choice
    holds the scenes, which are complete settings.
    """
    main, *others = controls
    cheapest = [main, *sorted(others, key=lambda name: not isinstance(controls[name].value, bool))]
    for count in range(len(controls), 0, -1):
        movable = [name for name in controls if name in cheapest[:count]]
        fixed = [{k: v for k, v in scene.items() if k not in movable} for scene in scenes]
        contexts = [each for i, each in enumerate(fixed) if each not in fixed[:i]]
        for most_main, most_others in _LEVELS if count == 1 else _LEVELS[:-3]:
            most = dict.fromkeys(movable, most_others) | {main: most_main}
            levels = {
                name: thinned(controls[name], most[name], [scene[name] for scene in scenes])
                for name in movable
            }
            yield Plan(levels=levels, contexts=contexts)


def thinned(control: ipywidgets.ValueWidget, most: int, wanted: Sequence[Any]) -> list[Any]:
    """Return evenly chosen positions of a control, with those that are wanted, in order."""
    known = positions(control)
    even = np.linspace(0, len(known) - 1, min(most, len(known))).round().astype(int)
    places = {*even.tolist(), *(known.index(value) for value in wanted if value in known)}
    between = {value for value in wanted if value not in known}
    chosen = [known[place] for place in sorted(places)]
    return sorted({*chosen, *between}) if between else chosen
