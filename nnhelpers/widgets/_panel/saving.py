"""What a panel exports: pages, films, its state, and pictures for front ends without widgets."""

import html
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nnhelpers.checks import check_between
from nnhelpers.figures import Drawn, image_html, media
from nnhelpers.files import replacing
from nnhelpers.widgets._panel import pages
from nnhelpers.widgets._panel.controls import checked_settings, positions
from nnhelpers.widgets._panel.gallery import missing_words, told

_MOST_FRAMES = 61


class Saved:
    """The part of a panel that exports it."""

    def still_html(self) -> str:
        """Return what shows without widgets: captioned pictures of the scenes, or one picture."""
        if not self.scenes:
            return self.drawn._repr_mimebundle_()["text/html"]
        figures = []
        for scene, settings in zip(self.scenes, self.scene_settings, strict=True):
            try:
                png, words = self.picture_at(settings, Drawn.small_png)
                image = image_html(png, alt=words, width=self.drawn.shown_width)
            except Exception as error:
                image = f"<p><i>{html.escape(told(error))}</i></p>"
            name, caption = html.escape(scene.name), html.escape(scene.caption)
            heading = f"<figcaption><b>{name}:</b> {caption}</figcaption>"
            figures.append(f"<figure>{heading}{image}</figure>")
        return "\n".join(figures)

    def still_words(self) -> str:
        """Return what a terminal shows: the summary."""
        return self.summary

    def save_html(self, path: str | Path) -> None:
        """Write one self-contained page whose sliders and scenes work without a kernel.

        The first controls and the switches can be moved, as many and as finely as 5 MB allow; the
        scenes set the others. The page says how many positions could not be computed. An existing
        file is replaced only when the new one is complete. Raises ``FileNotFoundError`` if the
        folder does not exist, ``ValueError`` if no picture can be made or the scenes do not fit.
        """
        with replacing(path) as part:
            data = pages.panels_data([self], most_pictures=pages.MOST_PICTURES)
            text = pages.page(title=self.title, sections=pages.SECTION, data=data)
            part.write_text(text, encoding="utf-8")

    def save_gif(self, path: str | Path, *, seconds: float = 6.0) -> None:
        """Write a GIF in which the main control sweeps from end to end in 0.1 to 600 seconds.

        An existing file is replaced only when the new one is complete. Raises ``FileNotFoundError``
        if the folder does not exist, ``ValueError`` if the seconds are out of range or no picture
        can be made.
        """
        check_between(0.1, 600, seconds=seconds)
        self._save_film(media.write_gif, path, seconds)

    def save_mp4(self, path: str | Path, *, seconds: float = 6.0) -> None:
        """Write an MP4 film like `save_gif`; raise ``RuntimeError`` if ffmpeg is not installed."""
        check_between(0.1, 600, seconds=seconds)
        media.check_ffmpeg()
        self._save_film(media.write_mp4, path, seconds)

    def _save_film(self, write: Callable[..., None], path: str | Path, seconds: float) -> None:
        main, control = next(iter(self.controls.items()))
        known = positions(control)
        chosen = np.linspace(0, len(known) - 1, min(_MOST_FRAMES, len(known))).round().astype(int)
        pictures, failures = [], []
        with replacing(path) as part:
            for place in chosen:
                settings = {**self.settings, main: known[place]}
                try:
                    pictures.append(self.picture_at(settings, Drawn.picture)[0])
                except Exception as error:
                    failures.append(error)
            if missing := missing_words(failures, made=len(pictures)):
                warnings.warn(missing, stacklevel=3)
            write(pictures, path=part, seconds=seconds, comment=missing)

    def state(self) -> str:
        """Return the controls' positions and what the panel was made with, for `restore`."""
        return json.dumps({**self._identity, "controls": self._accepted}, default=np.generic.item)

    def restore(self, text: str) -> None:
        """Restore the positions that `state` returned.

        Raises ``ValueError``, and changes nothing, if the text is malformed, from another panel, or
        names a position that is impossible or cannot be computed.
        """
        settings = self._read(text)
        message = self._message.value
        self._set(settings)
        if self._accepted != settings:
            refusal, self._message.value = self._message.value, message
            words = html.unescape(refusal.removeprefix("<i>").removesuffix("</i>"))
            raise ValueError(f"text must be a position that can be computed: {words}")

    def _read(self, text: str) -> dict[str, Any]:
        try:
            state = json.loads(text)
            checked = checked_settings(state.pop("controls"), self.controls)
        except (json.JSONDecodeError, TypeError, AttributeError, KeyError) as error:
            raise ValueError(f"text must come from Panel.state(), got {text!r}") from error
        own = json.loads(json.dumps(self._identity, default=np.generic.item))
        if state != own or set(checked) != set(self.controls):
            raise ValueError(f"text must be of this panel, {own}, got {state}")
        return {name: checked[name] for name in self.controls}

    # With ipywidgets 7, IPython would call this in place of _repr_mimebundle_.
    _ipython_display_ = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the live panel, and pictures with words for front ends without widgets."""
        self._screen.expect_an_answer()
        return {
            **live(self),
            "text/html": self.still_html(),
            "text/plain": self.still_words(),
        }


def live(widget: Any) -> dict[str, Any]:
    """Return the MIME entry that shows a live widget."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {"application/vnd.jupyter.widget-view+json": view}
