"""A panel's picture in the front end, and a plain one where custom widgets are not allowed."""

import asyncio
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

import anywidget
import ipywidgets
import traitlets

from nnhelpers.widgets._panel import spare_time

# A front end that allows custom widgets answers much sooner.
_ANSWER_SECONDS = 5.0

_FILES = resources.files("nnhelpers.widgets._panel")
STAGE_SCRIPT = (_FILES / "stage.js").read_text(encoding="utf-8")
STAGE_STYLE = (_FILES / "stage.css").read_text(encoding="utf-8")


class Screen(anywidget.AnyWidget):
    """A picture with alternative text, repainted without flicker.

    The front end watches the controls itself, at the trait of each that tells its position, so that
    a prepared picture needs no kernel. `on_ready` is called when a front end begins to show this
    screen and has no kept pictures yet; `on_scene` with the number of the scene chosen there.

    Attributes
    ----------
    is_watched : bool
        Whether a front end shows this screen.
    density : float
        Display dots per pixel of a page, from 1 to 2.
    """

    _esm = STAGE_SCRIPT + (_FILES / "screen.js").read_text(encoding="utf-8")
    _css = STAGE_STYLE
    number = traitlets.Int(0).tag(sync=True)
    picture = traitlets.Bytes(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    at = traitlets.List().tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    scenes = traitlets.List().tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    watched_traits = traitlets.List().tag(sync=True)

    def __init__(
        self, *, on_ready: Callable[[], None], on_scene: Callable[[int], None], **traits: Any
    ) -> None:
        super().__init__(**traits)
        self.is_watched, self.density = False, 1.0
        self._on_ready, self._on_scene = on_ready, on_scene
        self.on_msg(self._receive)
        self.plain = ipywidgets.Image(layout={"display": "none"}, format="webp")
        self._patience: asyncio.TimerHandle | None = None

    def show(self, picture: bytes, *, alt: str, at: Sequence[Any]) -> None:
        """Show the picture for the controls' positions `at`."""
        with self.hold_sync():
            self.alt, self.at, self.picture = alt, list(at), picture
            self.number += 1
        if self.plain.layout.display != "none":
            self.plain.value = picture

    def keep(self, picture: bytes, *, alt: str, at: Sequence[Any]) -> None:
        """Have the front end keep a picture for the controls' positions `at`."""
        self.send({"kind": "keep", "at": list(at), "alt": alt}, buffers=[picture])

    def forget(self, at: Sequence[Any] | None = None) -> None:
        """Have the front end forget one kept picture, or all."""
        self.send({"kind": "forget", "at": None if at is None else list(at)})

    def present(self) -> None:
        """Fill the screen."""
        self.send({"kind": "present"})

    def expect_an_answer(self) -> None:
        """Show the plain picture if no front end answers in time."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if not self.is_watched and self._patience is None:
            self._wait(loop)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        begun = spare_time.CELLS.begun
        self._patience = loop.call_later(_ANSWER_SECONDS, self._lose_patience, loop, begun)

    def _lose_patience(self, loop: asyncio.AbstractEventLoop, begun: int) -> None:
        # The kernel handles no answer while cells run.
        if spare_time.CELLS.ran_since(begun):
            self._wait(loop)
            return
        # Every front end allows the plain picture.
        self.plain.value = self.picture
        self.plain.layout.width = f"{self.width}px"
        self.plain.layout.display = None

    def _receive(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("kind") == "ready":
            if self._patience is not None:
                self._patience.cancel()
            self.is_watched = True
            self.density = min(max(float(content.get("density", 1)), 1), 2)
            self.plain.layout.display = "none"
            self._on_ready()
        elif content.get("kind") == "scene":
            self._on_scene(int(content["number"]))
