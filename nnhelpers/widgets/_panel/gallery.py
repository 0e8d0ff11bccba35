"""A panel's pictures for a page without a kernel: the richest choice that fits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import Settings, Shown, spoken
from nnhelpers.widgets._panel.plans import Plan, plans
from nnhelpers.widgets._panel.saving import Failures

# Drawing them should not take longer than a coffee.
MOST_PICTURES = 250
# Room for what a picture is described with.
_FRAME_BYTES = 60


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A picture (WebP), its words, and its place in a plan."""

    at: tuple[int, ...]
    picture: bytes
    alt: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The pictures of a plan, and what is to be said of those that there are not."""

    plan: Plan
    frames: Sequence[Frame]
    missing: str

    @property
    def size(self) -> int:
        """Number of bytes."""
        return sum(len(each.picture) + len(each.alt) + _FRAME_BYTES for each in self.frames)


def chosen(panel: Shown, *, most_bytes: int, most_pictures: int = MOST_PICTURES) -> Choice:
    """Draw the richest choice of a panel's pictures that fits."""
    gallery = _Gallery(panel)
    starts = [panel.settings, *panel.scene_settings]
    typical = sum(gallery.size(settings) for settings in starts) / len(starts)
    choices = list(plans(panel.controls, starts))
    most_pictures = max(most_pictures, choices[-1].size)  # the scenes in any case
    for plan in choices:
        if plan.size <= most_pictures and plan.size * typical < most_bytes:
            choice, failures = gallery.choice(plan)
            if choice.size < most_bytes:
                failures.check_some(len(choice.frames))
                return choice
    raise ValueError(f"the pictures of {panel.title!r} do not fit into {most_bytes:,} bytes")


class _Gallery:
    """Pictures of a panel, each drawn once, or why there is none."""

    def __init__(self, panel: Shown) -> None:
        self._panel = panel
        self._drawn: dict[str, tuple[bytes, str] | Exception] = {}

    def _at(self, settings: Settings) -> tuple[bytes, str] | Exception:
        key = json.dumps(settings, sort_keys=True)
        if key not in self._drawn:
            try:
                self._drawn[key] = self._panel.picture_at(settings, Drawn.webp)
            except Exception as error:
                self._drawn[key] = error
        return self._drawn[key]

    def size(self, settings: Settings) -> int:
        """Return the bytes of a picture, 0 if there is none."""
        found = self._at(settings)
        return 0 if isinstance(found, Exception) else len(found[0])

    def choice(self, plan: Plan) -> tuple[Choice, Failures]:
        """Draw the pictures of a plan; also return those that failed."""
        frames, failures = [], Failures()
        for place, settings in plan.pictures():
            found = self._at(settings)
            if isinstance(found, Exception):
                failures.add(found)
            else:
                frames.append(Frame(at=place, picture=found[0], alt=found[1]))
        return Choice(plan=plan, frames=frames, missing=str(failures)), failures


def description(panel: Shown, choice: Choice) -> dict[str, Any]:
    """Describe a panel for the script of a page: all but its pictures."""
    plan, known = choice.plan, {frame.at for frame in choice.frames}
    places = [plan.place(settings) for settings in panel.scene_settings]
    start = plan.place(panel.settings)
    return {
        "title": panel.title,
        "width": panel.drawn.shown_width,
        "controls": [
            {
                "label": panel.controls[name].description,
                "positions": [spoken(value) for value in level],
                "isList": isinstance(level[0], str),
                "isSwitch": isinstance(level[0], bool),
            }
            for name, level in plan.levels.items()
        ],
        "contexts": [
            ", ".join(f"{panel.controls[name].description} {spoken(v)}" for name, v in each.items())
            for each in plan.contexts
        ],
        "scenes": [
            {"name": scene.name, "caption": scene.caption, "at": place, "number": number}
            for number, (scene, place) in enumerate(zip(panel.scenes, places, strict=True))
            if place in known
        ],
        "start": start if start in known else choice.frames[0].at,
        "missing": choice.missing,
    }
