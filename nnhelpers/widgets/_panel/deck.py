"""Slides under one clicker; the front end chooses which one is shown."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from IPython.display import display

from nnhelpers.figures.media import Still
from nnhelpers.files import replacing
from nnhelpers.widgets._panel import pages
from nnhelpers.widgets._panel.controls import Scene
from nnhelpers.widgets._panel.gallery import Put, page_size
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets._panel.saving import live
from nnhelpers.widgets._panel.screen import STAGE_SCRIPT, STAGE_STYLE, Screen

_FILES = resources.files("nnhelpers.widgets._panel")
DECK_SCRIPT = (_FILES / "deck.js").read_text(encoding="utf-8")
DECK_STYLE = (_FILES / "deck.css").read_text(encoding="utf-8")
# Most pictures of each panel in a saved deck.
_A_PANEL = 40


@dataclass(frozen=True, kw_only=True)
class Stop:
    """What one press of the clicker shows: a panel (at a scene) or a picture of the deck.

    `title` is that of the slide, `name` that of the scene or else of the slide, and `count` tells
    which slide it is, such as "3 / 16".
    """

    slide: int
    scene: int | None
    title: str
    name: str
    notes: str
    count: str


class Picture(ipywidgets.VBox):
    """A picture shown like a panel without controls."""

    scenes: tuple[Scene, ...] = ()

    def __init__(self, still: Still, *, title: str) -> None:
        self.title, self.still = title, still
        self.summary = still.words or title or "a picture"
        self._screen = Screen(
            on_ready=lambda: None, on_scene=lambda _: None, width=still.width, title=title
        )
        self._screen.show(still.webp, alt=self.summary, at=[])
        super().__init__([self._screen, self._screen.plain])
        self.add_class("nnhelpers-panel")

    def described(self, put: Put) -> dict[str, Any]:
        """Describe the picture for the script of a page, like `gallery.described`."""
        size = page_size(self.still.webp, width=self.still.width)
        nothing = {"controls": [], "contexts": [""], "scenes": [], "missing": ""}
        frame = {"at": [0], **put((0,), self.still.webp), "alt": self.summary}
        return {"title": self.title, **size, **nothing, "start": [0], "frames": [frame]}


class _Clicker(anywidget.AnyWidget):
    """The bar of a deck with its notes.

    `place` is the index of the current stop; `asked` counts requests to fill the screen, `answered`
    those that the front end has received.
    """

    _esm = STAGE_SCRIPT + DECK_SCRIPT + (_FILES / "clicker.js").read_text(encoding="utf-8")
    _css = STAGE_STYLE + DECK_STYLE
    stops = traitlets.List().tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)


class Deck(ipywidgets.VBox):
    """Panels, bets and pictures, shown one at a time, with a stop for each press."""

    def __init__(
        self, shown: Sequence[Panel | Picture], stops: Sequence[Stop], *, name: str
    ) -> None:
        self.shown, self.stops, self._name = tuple(shown), tuple(stops), name
        self._is_on_page = False
        self._clicker = _Clicker(stops=[asdict(stop) for stop in stops])
        super().__init__([*shown, self._clicker])
        self.add_class("nnhelpers-deck")
        for panel in self.shown:
            if isinstance(panel, Panel):
                panel._film.before_scenes = 0
        if stops[0].scene is not None:
            shown[stops[0].slide].show_scene(stops[0].scene)

    def present(self) -> None:
        """Fill the screen: PageDown and PageUp go through the slides, Escape comes back.

        Displays the deck first if that has not happened yet.
        """
        if not self._is_on_page:
            display(self)
        self._clicker.asked += 1

    def save_html(self, path: str | Path) -> None:
        """Write one self-contained page of at most 5 MB that is presented without a kernel.

        Each panel keeps its scenes and, as far as they fit, other positions of its controls. An
        existing file is replaced only when the new one is complete. Raises ``ValueError`` if the
        slides do not fit, ``FileNotFoundError`` if the folder does not exist.
        """
        with replacing(path) as part:
            part.write_text(self._page(), encoding="utf-8")

    def _page(self) -> str:
        panels = [each for each in self.shown if isinstance(each, Panel)]
        pictures = {p: p.described(pages.in_page) for p in self.shown if isinstance(p, Picture)}
        taken = sum(len(each["frames"][0]["picture"]) for each in pictures.values())
        described = pictures | dict(
            zip(panels, pages.panels_data(panels, taken=taken, most_pictures=_A_PANEL), strict=True)
        )
        data = [described[each] for each in self.shown]
        stops = pages.in_script(stops_on_page(self.stops, data))
        return pages.page(
            title=next((stop.title for stop in self.stops if stop.title), "Slides"),
            sections=f'<main class="nnhelpers-deck">{pages.SECTION * len(data)}</main>',
            data=data,
            script=f"{DECK_SCRIPT}showDeck({stops});",
            style=DECK_STYLE,
        )

    def __repr__(self) -> str:
        return self._name

    # With ipywidgets 7, IPython would call this in place of _repr_mimebundle_.
    _ipython_display_ = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the live deck, and titles with notes for front ends without widgets."""
        self._is_on_page = True
        for each in self.shown:
            each._screen.expect_an_answer()
        firsts = {stop.count: stop for stop in self.stops}.values()
        lines = (f"<b>{html.escape(stop.name)}</b> {html.escape(stop.notes)}" for stop in firsts)
        items = "".join(f"<li>{line}</li>" for line in lines)
        return {
            **live(self),
            "text/html": f"<ol>{items}</ol>",
            "text/plain": self._name,
        }


def stops_on_page(stops: Sequence[Stop], data: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Describe the stops whose pictures are on a page; `data` describes its slides."""
    found = []
    for stop in stops:
        # Scenes without a picture are left out, which renumbers those after them.
        numbers = [scene["number"] for scene in data[stop.slide]["scenes"]]
        if stop.scene is None:
            found.append(asdict(stop))
        elif stop.scene in numbers:
            found.append(asdict(stop) | {"scene": numbers.index(stop.scene)})
    return found
