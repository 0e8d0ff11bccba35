"""What a panel gives away: still pictures, its state as a string, films, and what went wrong."""

import html
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from nnhelpers.checks import check_between
from nnhelpers.figures import Drawn, image_html, media
from nnhelpers.files import replacing
from nnhelpers.widgets._panel.controls import Settings, Shown, checked_settings, positions
from nnhelpers.words import counted


def told(error: Exception) -> str:
    """Say what went wrong; refusals are written to be read as they are."""
    if isinstance(error, ValueError | TypeError) and str(error):
        return str(error)
    return f"this picture could not be made: {type(error).__name__}: {error}"


class Failures:
    """Positions of which there is no picture, by their number and the first reason."""

    def __init__(self) -> None:
        self._count, self._first = 0, None

    def add(self, error: Exception) -> None:
        """Count one more."""
        self._count, self._first = self._count + 1, self._first or error

    def __str__(self) -> str:
        if self._first is None:
            return ""
        return f"{counted(self._count, 'position')} without a picture: {told(self._first)}"

    def check_some(self, made: int) -> None:
        """Raise a ``ValueError`` with the first reason if nothing was made."""
        if not made:
            raise ValueError(f"there is no picture to save: {self}") from self._first


def still_html(panel: Shown) -> str:
    """Return the panel's scenes as pictures with captions, or its picture if it has none."""
    if not panel.scenes:
        return panel.drawn._repr_mimebundle_()["text/html"]
    figures = []
    for scene, settings in zip(panel.scenes, panel.scene_settings, strict=True):
        try:
            png, words = panel.picture_at(settings, Drawn.small_png)
            image = image_html(png, alt=words, width=panel.drawn.shown_width)
        except Exception as error:
            image = f"<p><i>{html.escape(told(error))}</i></p>"
        name, caption = html.escape(scene.name), html.escape(scene.caption)
        heading = f"<figcaption><b>{name}:</b> {caption}</figcaption>"
        figures.append(f"<figure>{heading}{image}</figure>")
    return "\n".join(figures)


def write_state(identity: Settings, settings: Settings) -> str:
    """Write settings, with what tells the panel from others, as JSON."""
    return json.dumps({**identity, "controls": settings}, default=np.generic.item)


def read_state(text: str, *, identity: Settings, panel: Shown) -> dict[str, Any]:
    """Read settings that `write_state` wrote for this panel.

    Raises ``ValueError`` if the text is malformed, from another panel, or names an impossible
    position.
    """
    try:
        state = json.loads(text)
        checked = checked_settings(state.pop("controls"), panel.controls)
    except (json.JSONDecodeError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"text must come from Panel.state(), got {text!r}") from error
    own = json.loads(json.dumps(identity, default=np.generic.item))
    if state != own or set(checked) != set(panel.controls):
        raise ValueError(f"text must be of this panel, {own}, got {state}")
    return {name: checked[name] for name in panel.controls}


_MOST_FRAMES = 61


def save_gif(panel: Shown, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as a GIF that repeats."""
    check_between(0.1, 600, seconds=seconds)
    with replacing(path) as part:
        pictures, missing = _sweep(panel)
        media.write_gif(pictures, path=part, seconds=seconds, comment=missing)


def save_mp4(panel: Shown, *, path: str | Path, seconds: float) -> None:
    """Write the sweep as an MP4 film."""
    check_between(0.1, 600, seconds=seconds)
    media.check_ffmpeg()
    with replacing(path) as part:
        pictures, missing = _sweep(panel)
        media.write_mp4(pictures, path=part, seconds=seconds, comment=missing)


def _sweep(panel: Shown) -> tuple[list[Image.Image], str]:
    """Return the pictures, and what is to be said of positions without one."""
    main, control = next(iter(panel.controls.items()))
    known = positions(control)
    chosen = np.linspace(0, len(known) - 1, min(_MOST_FRAMES, len(known))).round().astype(int)
    pictures, failures = [], Failures()
    for place in chosen:
        try:
            picture, _ = panel.picture_at({**panel.settings, main: known[place]}, Drawn.picture)
            pictures.append(picture)
        except Exception as error:
            failures.add(error)
    failures.check_some(len(pictures))
    missing = str(failures)
    if missing:
        warnings.warn(missing, stacklevel=4)
    return pictures, missing
