"""Panels, where controls, computing and drawing are wired together."""

import contextlib
import html
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ipywidgets

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import (
    Scene,
    Settings,
    T,
    checked_settings,
    in_rows,
    places,
    spoken,
    synced_trait,
)
from nnhelpers.widgets._panel.film import Compute, Film, Picture, Refine
from nnhelpers.widgets._panel.gallery import told
from nnhelpers.widgets._panel.saving import Saved
from nnhelpers.widgets._panel.screen import Screen
from nnhelpers.widgets._panel.spare_time import SpareTime


class Panel(Saved, ipywidgets.VBox):
    """Controls above a drawing that follows them.

    Attributes
    ----------
    title : str
    controls : dict of str to ipywidgets control
        By name; setting a ``value`` redraws.
    scenes : tuple of Scene
    scene_settings : list of dict of str to value
        All controls' values in each scene.
    """

    def __init__(
        self,
        compute: Compute,
        plot: Callable[..., Drawn],
        controls: dict[str, ipywidgets.ValueWidget],
        *,
        refine: Refine | None = None,
        title: str = "",
        scenes: Sequence[Scene] = (),
        given: Settings | None = None,
    ) -> None:
        self._lock = threading.RLock()
        self._spare_time = SpareTime(self._lock)
        self.title, self.controls, self.scenes = title, controls, tuple(scenes)
        self._identity = {"panel": title, **(given or {})}
        self._accepted, self._is_setting = self._positions(), False
        self.scene_settings = [
            self._accepted | checked_settings(scene.settings, controls) for scene in scenes
        ]
        self._picture = Picture(compute, plot, refine=refine, settings=self._accepted)
        self._message = ipywidgets.HTML()
        self._message.add_class("nnhelpers-message")
        self._screen = self._make_screen()
        words = {"describe": self.describe, "tell": self._tell}
        shown = self._picture, self._screen, controls
        self._film = Film(*shown, scenes=self.scene_settings, **words)
        super().__init__([in_rows(controls), self._screen, self._screen.plain, self._message])
        self.add_class("nnhelpers-panel")
        self._show(self._accepted, True)
        for control in controls.values():
            control.observe(self._move, "value")

    @property
    def result(self) -> Any:
        """The result at the controls' position."""
        with self._lock:
            return self._picture.best_at(self._accepted)

    @property
    def drawn(self) -> Drawn:
        """The drawing of the result."""
        with self._lock:
            return self._picture.draw(self.result)

    @property
    def summary(self) -> str:
        """What the panel shows, in words."""
        return self._words

    @property
    def settings(self) -> dict[str, Any]:
        """The controls' values by name."""
        return dict(self._accepted)

    def picture_at(self, settings: Settings, take: Callable[[Drawn], T]) -> tuple[T, str]:
        """Take a picture at complete settings and return it with its words."""
        with self._lock:
            drawn = self._picture.draw(self._picture.best(settings))
            return take(drawn), self.describe(settings, drawn.summary)

    def present(self) -> None:
        """Fill the screen: PageDown and PageUp step through the scenes, Escape exits."""
        self._screen.present()

    def show_scene(self, number: int) -> None:
        """Set the controls to a scene, counted from 0; raise ``ValueError`` if there is none."""
        if not 0 <= number < len(self.scenes):
            raise ValueError(f"number must be from 0 to {len(self.scenes) - 1}, got {number}")
        self._set(self.scene_settings[number])

    def describe(self, settings: Settings, summary: str) -> str:
        """Return the words for a picture: the controls' positions and what is drawn."""
        parts = (f"{c.description} {spoken(settings[name])}" for name, c in self.controls.items())
        return f"{', '.join(parts)}: {summary}"

    def __repr__(self) -> str:
        return self.summary

    def _positions(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}

    def _set(self, settings: Settings) -> None:
        """Set all controls in one move."""
        with self._as_one_move():
            for name, value in settings.items():
                self.controls[name].value = value

    @contextlib.contextmanager
    def _as_one_move(self) -> Iterator[None]:
        """Move only once, after a ``with`` block that sets several controls."""
        with self._lock:
            self._is_setting = True
            try:
                yield
            finally:
                self._is_setting = False
            self._move()

    def _move(self, _: Any = None) -> None:
        with self._lock:
            settings = self._positions()
            if not self._is_setting and settings != self._accepted:
                self._move_to(settings)

    def _move_to(self, settings: dict[str, Any]) -> None:
        """Compute and draw a position; on failure, go back to the one before."""
        words = self._film.words(settings)
        if words is None:
            before, picture = self._accepted, self._picture
            taken = picture.result, picture.of, picture.is_best
            try:
                with self._spare_time.noticing():
                    picture.take(picture.compute(**settings), settings, is_best=False)
                    self._accepted = settings
                    self._show(settings, False)
            except Exception as error:
                self._accepted = before
                picture.take(*taken)
                self._tell(error)
                self._set(before)
                return
        else:
            self._words = self._screen.alt = words
        self._spare_time.cancel()
        self._accepted, self._message.value = settings, ""
        self._finish()

    def _tell(self, error: Exception) -> None:
        self._message.value = f"<i>{html.escape(told(error))}</i>"

    def _finish(self) -> None:
        self._spare_time.spend_on(self._film.finish(self._accepted, self._show))

    def _show(self, settings: Settings, sharp: bool) -> None:
        """Show the current result, sharply or as a sketch."""
        drawn = self._picture.draw(self._picture.result)
        self._words = self.describe(settings, drawn.summary)
        pixels = drawn.frame(self._screen.density) if sharp else drawn.sketch()
        self._screen.show(pixels, alt=self._words, at=places(self.controls, settings))

    def _make_screen(self) -> Screen:
        return Screen(
            on_ready=self._begin,
            on_scene=self._step_to_scene,
            width=self._picture.drawn.shown_width,
            title=self.title,
            controls=list(self.controls.values()),
            watched_traits=[synced_trait(control) for control in self.controls.values()],
            scenes=[
                {
                    "name": scene.name,
                    "caption": scene.caption,
                    "at": places(self.controls, settings),
                }
                for scene, settings in zip(self.scenes, self.scene_settings, strict=True)
            ],
        )

    def _begin(self) -> None:
        """Serve a front end that has just connected."""
        with self._lock:
            self._film.clear()
            try:
                self._picture.best_at(self._accepted)
                self._show(self._accepted, True)
            except Exception as error:
                self._tell(error)
            self._finish()

    def _step_to_scene(self, number: int) -> None:
        """Follow the front end, which is at the scene already and may soon move on."""
        at = places(self.controls, self.scene_settings[number])
        with self._as_one_move():
            for control, where in zip(self.controls.values(), at, strict=True):
                control.set_state({synced_trait(control): where})

    def close(self) -> None:
        """Disappear from all front ends and drop work under way."""
        self._spare_time.cancel()
        super().close()
