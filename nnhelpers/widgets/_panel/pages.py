"""Pages that need no kernel and no network: a file with every picture in it."""

import base64
import html
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np

from nnhelpers.figures import Drawn
from nnhelpers.files import replacing
from nnhelpers.widgets._panel.controls import Settings, Shown, positions, spoken
from nnhelpers.widgets._panel.saving import Failures
from nnhelpers.widgets._panel.screen import STAGE_SCRIPT, STAGE_STYLE

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
                name: _thinned(controls[name], most[name], [scene[name] for scene in scenes])
                for name in movable
            }
            yield Plan(levels=levels, contexts=contexts)


def _thinned(control: ipywidgets.ValueWidget, most: int, wanted: Sequence[Any]) -> list[Any]:
    """Return evenly chosen positions of a control, with those that are wanted, in order."""
    known = positions(control)
    even = np.linspace(0, len(known) - 1, min(most, len(known))).round().astype(int)
    places = {*even.tolist(), *(known.index(value) for value in wanted if value in known)}
    between = {value for value in wanted if value not in known}
    chosen = [known[place] for place in sorted(places)]
    return sorted({*chosen, *between}) if between else chosen


MOST_BYTES = 5_000_000
# Drawing them should not take longer than a coffee.
_MOST_PICTURES = 250
# Room for what is not a picture.
_FRAME_BYTES = 60_000

SECTION = '<section class="nnhelpers-panel"></section>'
_FILES = resources.files("nnhelpers.widgets._panel")
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:;
  style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
<h1>{title}</h1>
{sections}
<noscript>The sliders of this page need JavaScript.</noscript>
<script type="application/json" id="panels">{data}</script>
<script>{script}</script>
</html>
"""


def save_page(panels: Sequence[Shown], *, path: str | Path, title: str) -> None:
    """Write one self-contained page whose sliders and scenes work without a kernel.

    The first control of each panel, its switches and the next controls can be moved, as many and as
    finely as the size allows; its scenes set the others. Positions that cannot be computed are left
    out, which the page says. An existing file is replaced only when the new one is complete.

    Parameters
    ----------
    panels : sequence of Panel
    path : str or path
    title : str

    Raises
    ------
    ValueError
        If there is no panel, one without any picture, or they do not fit into 5 MB.
    """
    if not panels:
        raise ValueError("panels must hold at least one panel, got none")
    with replacing(path) as part:
        data = panels_data(panels, most_pictures=_MOST_PICTURES)
        headings = [f"<h2>{html.escape(p.title)}</h2>" * (p.title != title) for p in panels]
        sections = "\n".join(f"{heading}{SECTION}" for heading in headings)
        part.write_text(page(title=title, sections=sections, data=data), encoding="utf-8")


def panels_data(
    panels: Sequence[Shown], *, most_pictures: int, taken: int = 0
) -> list[dict[str, Any]]:
    """Describe panels that share a page of which so many bytes are taken."""
    room = MOST_BYTES - _FRAME_BYTES - taken
    if room < 0:
        raise ValueError(f"the pictures do not fit into {MOST_BYTES:,} bytes: they take {taken:,}")
    most = {"most_bytes": room // max(1, len(panels)), "most_pictures": most_pictures}
    return [_panel_data(panel, **most) for panel in panels]


def in_script(data: Any) -> str:
    """Write data for a script of the page, which no word of it can end."""
    return json.dumps(data).replace("<", "\\u003c")


def page(
    *, title: str, sections: str, data: Sequence[Any], script: str = "", style: str = ""
) -> str:
    """Write a page of sections, with the data of its panels and what else it runs."""
    return _PAGE.format(
        title=html.escape(title),
        style=STAGE_STYLE + (_FILES / "page.css").read_text(encoding="utf-8") + style,
        sections=sections,
        data=in_script(data),
        script=STAGE_SCRIPT + (_FILES / "page.js").read_text(encoding="utf-8") + script,
    )


def _panel_data(panel: Shown, *, most_bytes: int, most_pictures: int) -> dict[str, Any]:
    """Describe a panel with the richest choice of pictures that fits."""
    gallery = _Gallery(panel)
    starts = [panel.settings, *panel.scene_settings]
    typical = sum(gallery.size(settings) for settings in starts) / len(starts)
    choices = list(plans(panel.controls, starts))
    most_pictures = max(most_pictures, choices[-1].size)  # the scenes in any case
    for plan in choices:
        if plan.size <= most_pictures and plan.size * typical < most_bytes:
            frames, failures = gallery.frames(plan)
            if sum(len(frame["picture"]) + len(frame["alt"]) + 60 for frame in frames) < most_bytes:
                failures.check_some(len(frames))
                return _description(panel, plan, frames) | {"missing": str(failures)}
    raise ValueError(f"the pictures of {panel.title!r} do not fit into {most_bytes:,} bytes")


class _Gallery:
    """Pictures of a panel, each drawn once, or why there is none."""

    def __init__(self, panel: Shown) -> None:
        self._panel = panel
        self._drawn: dict[str, tuple[str, str] | Exception] = {}

    def _at(self, settings: Settings) -> tuple[str, str] | Exception:
        key = json.dumps(settings, sort_keys=True)
        if key not in self._drawn:
            try:
                picture, words = self._panel.picture_at(settings, Drawn.webp)
                self._drawn[key] = base64.b64encode(picture).decode(), words
            except Exception as error:
                self._drawn[key] = error
        return self._drawn[key]

    def size(self, settings: Settings) -> int:
        """Return the length of a picture as text, 0 if there is none."""
        found = self._at(settings)
        return 0 if isinstance(found, Exception) else len(found[0])

    def frames(self, plan: Plan) -> tuple[list[dict[str, Any]], Failures]:
        """Describe the pictures of a plan, and those that there are not."""
        frames, failures = [], Failures()
        for place, settings in plan.pictures():
            found = self._at(settings)
            if isinstance(found, Exception):
                failures.add(found)
            else:
                frames.append({"at": place, "picture": found[0], "alt": found[1]})
        return frames, failures


def _description(panel: Shown, plan: Plan, frames: list[dict[str, Any]]) -> dict[str, Any]:
    known = {frame["at"] for frame in frames}
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
        "start": start if start in known else frames[0]["at"],
        "frames": frames,
    }
