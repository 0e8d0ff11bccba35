"""A panel's pictures for a page without a kernel: the richest choice that fits, with words."""

import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from ipywidgets import ValueWidget
from PIL import Image

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import Settings, positions, spoken
from nnhelpers.words import counted

if TYPE_CHECKING:
    from nnhelpers.widgets._panel.panel import Panel

# Stores the picture of a place for a page; returns how the page finds it.
Put = Callable[[tuple[int, ...], bytes], dict[str, str]]

# Room for the description of a picture.
_FRAME_BYTES = 60
# Most positions of the main control and of each other one, the richest choice first.
_LEVELS = ((201, 9), (41, 9), (41, 5), (21, 9), (21, 5), (11, 5), (11, 3), (5, 3), (1, 1))


def told(error: Exception) -> str:
    """Say what went wrong; the message of a refusal is used as it is."""
    if isinstance(error, ValueError | TypeError) and str(error):
        return str(error)
    return f"this picture could not be made: {type(error).__name__}: {error}"


def missing_words(failures: Sequence[Exception], *, made: int) -> str:
    """Say how many positions have no picture, and why; raise ``ValueError`` if none has one."""
    if not failures:
        return ""
    words = f"{counted(len(failures), 'position')} without a picture: {told(failures[0])}"
    if not made:
        raise ValueError(f"there is no picture to save: {words}") from failures[0]
    return words


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Levels of the controls that can be moved, and contexts: values that fix the others."""

    levels: Mapping[str, list[Any]]
    contexts: Sequence[Settings]

    @property
    def size(self) -> int:
        """Number of pictures."""
        return len(self.contexts) * int(np.prod([len(level) for level in self.levels.values()]))

    def pictures(self) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
        """Yield each picture's place (indices of its context and levels) and its settings."""
        for number, context in enumerate(self.contexts):
            for places in itertools.product(*(range(len(level)) for level in self.levels.values())):
                chosen = zip(self.levels, places, strict=True)
                moved = {name: self.levels[name][place] for name, place in chosen}
                yield (number, *places), {**context, **moved}

    def place(self, settings: Settings) -> tuple[int, ...]:
        """Return the place of the picture for a scene's settings."""
        fixed = {name: value for name, value in settings.items() if name not in self.levels}
        levels = (level.index(settings[name]) for name, level in self.levels.items())
        return (list(self.contexts).index(fixed), *levels)


def plans(controls: Mapping[str, ValueWidget], scenes: Sequence[Settings]) -> Iterator[Plan]:
    """Yield ways to choose pictures, the one with the most freedom to move first.

    The main control is the first one; switches follow, since they cost least. Every choice includes
    the scenes, which are complete settings.
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


def thinned(control: ValueWidget, most: int, wanted: Sequence[Any]) -> list[Any]:
    """Return evenly spaced positions of a control and those that are wanted, in order."""
    known = positions(control)
    even = np.linspace(0, len(known) - 1, min(most, len(known))).round().astype(int)
    places = {*even.tolist(), *(known.index(value) for value in wanted if value in known)}
    between = {value for value in wanted if value not in known}
    chosen = [known[place] for place in sorted(places)]
    return sorted({*chosen, *between}) if between else chosen


def _chosen(
    panel: "Panel", *, most_bytes: int, most_pictures: int
) -> tuple[Plan, dict[tuple[int, ...], tuple[bytes, str]], str]:
    """Return the richest plan that fits, its pictures with their words, and what is missing."""
    drawn = {}

    def picture_at(settings: Settings) -> tuple[bytes, str] | Exception:
        key = json.dumps(settings, sort_keys=True)
        if key not in drawn:
            try:
                drawn[key] = panel.picture_at(settings, Drawn.webp)
            except Exception as error:
                drawn[key] = error
        return drawn[key]

    starts = [panel.settings, *panel.scene_settings]
    found = [picture_at(settings) for settings in starts]
    typical = sum(len(each[0]) for each in found if isinstance(each, tuple)) / len(starts)
    choices = list(plans(panel.controls, starts))
    most_pictures = max(most_pictures, choices[-1].size)  # the scenes are always included
    for plan in choices:
        if plan.size > most_pictures or plan.size * typical >= most_bytes:
            continue
        every = {place: picture_at(settings) for place, settings in plan.pictures()}
        pictures = {place: each for place, each in every.items() if isinstance(each, tuple)}
        if sum(len(p) + len(words) + _FRAME_BYTES for p, words in pictures.values()) < most_bytes:
            failures = [each for each in every.values() if isinstance(each, Exception)]
            return plan, pictures, missing_words(failures, made=len(pictures))
    raise ValueError(f"the pictures of {panel.title!r} do not fit into {most_bytes:,} bytes")


def described(panel: "Panel", *, most_bytes: int, most_pictures: int, put: Put) -> dict[str, Any]:
    """Describe a panel for the script of a page, with as many of its pictures as fit."""
    plan, pictures, missing = _chosen(panel, most_bytes=most_bytes, most_pictures=most_pictures)
    places = [plan.place(settings) for settings in panel.scene_settings]
    start, first = plan.place(panel.settings), next(iter(pictures))

    def said(name: str, value: Any) -> str:
        return f"{panel.controls[name].description} {spoken(value)}"

    return {
        "title": panel.title,
        **page_size(pictures[first][0], width=panel.drawn.shown_width),
        "controls": [
            {
                "label": panel.controls[name].description,
                "positions": [spoken(value) for value in level],
                "isList": isinstance(level[0], str),
                "isSwitch": isinstance(level[0], bool),
            }
            for name, level in plan.levels.items()
        ],
        "contexts": [", ".join(itertools.starmap(said, each.items())) for each in plan.contexts],
        "scenes": [
            {"name": scene.name, "caption": scene.caption, "at": place, "number": number}
            for number, (scene, place) in enumerate(zip(panel.scenes, places, strict=True))
            if place in pictures
        ],
        "start": start if start in pictures else first,
        "missing": missing,
        "frames": [
            {"at": place, **put(place, picture), "alt": words}
            for place, (picture, words) in pictures.items()
        ],
    }


def page_size(picture: bytes, *, width: int) -> dict[str, int]:
    """Return the width and height of a picture on a page (pixels)."""
    pixels = Image.open(io.BytesIO(picture))
    return {"width": width, "height": round(width * pixels.height / pixels.width)}
