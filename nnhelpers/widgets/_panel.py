"""The one place where controls, computing and drawing are wired together."""

import contextlib
import html
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ipywidgets

from nnhelpers.figures import Drawn
from nnhelpers.widgets._controls import (
    Settings,
    checked_settings,
    in_rows,
    spoken,
    synced_trait,
)
from nnhelpers.widgets._film import Film
from nnhelpers.widgets._preparing import Preparing
from nnhelpers.widgets._screen import Screen
from nnhelpers.widgets._sharing import Sharing
from nnhelpers.widgets._spare_time import SpareTime
from nnhelpers.widgets.scenes import Scene

Compute = Callable[..., Any]
Refine = Callable[..., Iterator[Any]]


class Panel(Preparing, Sharing, ipywidgets.VBox):
    """Controls above a drawing that follows them.

    Attributes
    ----------
    title : str
    controls : dict of str to ipywidgets control
        By name; setting a ``value`` redraws.
    scenes : tuple of Scene
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
        self._compute, self._refine = compute, refine
        self.title, self.controls, self.scenes = title, controls, tuple(scenes)
        self._given = dict(given or {})
        self._start = self._accepted = self._positions()
        self._scene_settings = [
            self._start | checked_settings(scene.settings, controls) for scene in scenes
        ]
        self._film, self._is_setting = Film(controls), False
        self._result, self._result_of = self._best(self._accepted), self._accepted
        self._is_best = True
        self._drawn, self._drawn_result = plot(self._result), self._result
        self._message = ipywidgets.HTML()
        self._message.add_class("nnhelpers-message")
        self._screen = self._make_screen()
        super().__init__([in_rows(controls), self._screen, self._screen.plain, self._message])
        self.add_class("nnhelpers-panel")
        self._show(self._result, self._sharp)
        for control in controls.values():
            control.observe(self._move, "value")

    @property
    def result(self) -> Any:
        """What the controls' position gives."""
        with self._lock:
            if self._result_of != self._accepted:
                self._result, self._result_of = self._best(self._accepted), self._accepted
                self._is_best = True
            return self._result

    @property
    def drawn(self) -> Drawn:
        """The drawing of the result."""
        with self._lock:
            self._draw(self.result)
            return self._drawn

    @property
    def summary(self) -> str:
        """What the panel shows now, in words."""
        return self._words

    @property
    def settings(self) -> dict[str, Any]:
        """The controls' values by name."""
        return dict(self._accepted)

    @property
    def scene_settings(self) -> list[dict[str, Any]]:
        """All controls' values in each scene."""
        return [dict(settings) for settings in self._scene_settings]

    def drawn_at(self, settings: Settings) -> Drawn:
        """Return the drawing of complete settings, which the panel's next move changes."""
        with self._lock:
            self._draw(self._best(settings))
            return self._drawn

    def picture_at(self, settings: Settings, take: Callable[[Drawn], bytes]) -> tuple[bytes, str]:
        """Take a picture at complete settings; return it with its words."""
        with self._lock:
            drawn = self.drawn_at(settings)
            return take(drawn), self._in_words(settings, drawn.summary)

    def present(self) -> None:
        """Fill the screen: big type, the scenes on PageDown and PageUp, Escape to come back."""
        self._screen.present()

    def show_scene(self, number: int) -> None:
        """Set the controls to a scene, counted from 0.

        Raises
        ------
        ValueError
            If there is no such scene.
        """
        if not 0 <= number < len(self.scenes):
            raise ValueError(f"number must be from 0 to {len(self.scenes) - 1}, got {number}")
        self._set(self._scene_settings[number])

    def _positions(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}

    def _set(self, settings: Settings) -> None:
        """Set all controls."""
        with self._as_one_move():
            for name, value in settings.items():
                self.controls[name].value = value

    @contextlib.contextmanager
    def _as_one_move(self) -> Iterator[None]:
        """Set several controls in a ``with`` block, then move once."""
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
        """Compute and draw a position; one that is refused is taken back."""
        words = self._film.words(settings)
        if words is None:
            try:
                result = self._compute(**settings)
            except (ValueError, TypeError) as error:
                self._message.value = f"<i>{html.escape(str(error))}</i>"
                self._set(self._accepted)
                return
        self._spare_time.cancel()
        self._accepted, self._message.value = settings, ""
        if words is None:
            self._is_best = False
            self._show(result, self._drawn.sketch)
        else:
            self._words = self._screen.alt = words
        self._spare_time.spend_on(self._finish())

    def _show(self, result: Any, picture: Callable[[], bytes]) -> None:
        """Draw the result of the accepted settings."""
        self._result, self._result_of = result, self._accepted
        self._draw(result)
        self._words = self._in_words(self._accepted, self._drawn.summary)
        self._screen.show(picture(), alt=self._words, at=self._film.at(self._accepted))

    def _draw(self, result: Any) -> None:
        if self._drawn_result is not result:
            self._drawn_result = None  # in case that drawing fails half way
            self._drawn.update(result)
            self._drawn_result = result

    def _sharp(self) -> bytes:
        return self._drawn.frame(self._screen.density)

    def _best(self, settings: Settings) -> Any:
        result = self._compute(**settings)
        for better in self._improvements(result, settings):
            result = better
        return result

    def _improvements(self, result: Any, settings: Settings) -> Iterator[Any]:
        return iter(()) if self._refine is None else self._refine(result, **settings)

    def _in_words(self, settings: Settings, summary: str) -> str:
        parts = (f"{c.description} {spoken(settings[name])}" for name, c in self.controls.items())
        return f"{', '.join(parts)}: {summary}"

    def _make_screen(self) -> Screen:
        return Screen(
            on_ready=self._begin,
            on_scene=self._step_to_scene,
            width=self._drawn.shown_width,
            title=self.title,
            controls=list(self.controls.values()),
            watched_traits=[synced_trait(control) for control in self.controls.values()],
            scenes=[
                {"name": scene.name, "caption": scene.caption, "at": self._film.at(settings)}
                for scene, settings in zip(self.scenes, self._scene_settings, strict=True)
            ],
        )

    def _begin(self) -> None:
        """Serve a front end that has just come."""
        with self._lock:
            self._film.clear(self._screen)
            self._show(self.result, self._sharp)
            self._spare_time.spend_on(self._finish())

    def _step_to_scene(self, number: int) -> None:
        """Follow the front end, which stands at a scene already and may soon be elsewhere."""
        places = self._film.at(self._scene_settings[number])
        with self._as_one_move():
            for control, where in zip(self.controls.values(), places, strict=True):
                control.set_state({synced_trait(control): where})

    def close(self) -> None:
        """Leave all front ends, and whatever is under way."""
        self._spare_time.cancel()
        super().close()
