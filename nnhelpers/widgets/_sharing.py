"""What a panel gives away: still pictures, its situation as a text, pages, GIFs and films."""

import html
import json
from pathlib import Path
from typing import Any

import numpy as np

from nnhelpers.figures import Drawn, image_html
from nnhelpers.widgets import media, pages
from nnhelpers.widgets._controls import Settings, checked_settings
from nnhelpers.widgets.scenes import Scene


class Sharing:
    """The part of a panel that works without a front end, saves and brings back."""

    def save_html(self, path: str | Path) -> None:
        """Write one self-contained page whose sliders and scenes work without a kernel.

        The first controls can be moved, as many and as finely as 5 MB allow; the scenes set the
        others. An existing file is replaced only when the new one is complete.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        """
        pages.save_page([self], path=path, title=self.title)

    def save_gif(self, path: str | Path, *, seconds: float = 6.0) -> None:
        """Write a GIF in which the main control sweeps from end to end, for slides.

        Parameters
        ----------
        path : str or path
            Replaced only when the new file is complete.
        seconds : float
            For one sweep, from 0.1 to 600.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        ValueError
            If the seconds are out of range.
        """
        media.save_gif(self, path=path, seconds=seconds)

    def save_mp4(self, path: str | Path, *, seconds: float = 6.0) -> None:
        """Write an MP4 film in which the main control sweeps from end to end; needs ffmpeg.

        Parameters
        ----------
        path : str or path
            Replaced only when the new file is complete.
        seconds : float
            For the sweep, from 0.1 to 600.

        Raises
        ------
        RuntimeError
            If ffmpeg is not installed.
        FileNotFoundError
            If the folder does not exist.
        ValueError
            If the seconds are out of range.
        """
        media.save_mp4(self, path=path, seconds=seconds)

    def state(self) -> str:
        """Return the panel's situation as a short text, for `restore`: controls and seed."""
        return _json({"panel": self.title, **self._given, "controls": self._accepted})

    def restore(self, text: str) -> None:
        """Bring back a situation that `state` returned.

        Raises
        ------
        ValueError
            If the text is malformed, from another panel, or names an impossible position; nothing
            has changed then.
        """
        settings, message = self._settings_in(text), self._message.value
        self._set(settings)
        if self._accepted != settings:
            refusal, self._message.value = _without_markup(self._message.value), message
            raise ValueError(f"text must be a position that can be computed: {refusal}")

    def _settings_in(self, text: str) -> dict[str, Any]:
        try:
            situation = json.loads(text)
            settings = situation.pop("controls")
            checked = checked_settings(settings, self.controls)
        except (json.JSONDecodeError, TypeError, AttributeError, KeyError) as error:
            raise ValueError(f"text must come from Panel.state(), got {text!r}") from error
        own = json.loads(_json({"panel": self.title, **self._given}))
        if situation != own or set(checked) != set(self.controls):
            raise ValueError(f"text must be of this panel, {own}, got {situation}")
        return {name: checked[name] for name in self.controls}

    def __repr__(self) -> str:
        return self.summary

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Live in a front end with widgets; elsewhere pictures with words."""
        self._screen.expect_an_answer()
        live = super()._repr_mimebundle_(**kwargs) or {}
        return {**live, "text/html": self._still_html(), "text/plain": self._still_words()}

    def _still_html(self) -> str:
        if not self.scenes:
            return self.drawn._repr_mimebundle_()["text/html"]
        pairs = zip(self.scenes, self._scene_settings, strict=True)
        return "\n".join(self._scene_html(scene, settings) for scene, settings in pairs)

    def _scene_html(self, scene: Scene, settings: Settings) -> str:
        png, words = self.picture_at(settings, Drawn.small_png)
        image = image_html(png, alt=words, width=self._drawn.shown_width)
        name, caption = html.escape(scene.name), html.escape(scene.caption)
        return f"<figure><figcaption><b>{name}:</b> {caption}</figcaption>{image}</figure>"

    def _still_words(self) -> str:
        return self.summary


def _json(situation: dict[str, Any]) -> str:
    return json.dumps(situation, default=np.generic.item)


def _without_markup(message: str) -> str:
    return html.unescape(message.removeprefix("<i>").removesuffix("</i>"))
