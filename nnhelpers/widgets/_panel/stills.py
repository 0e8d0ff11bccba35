"""A panel without a front end: still pictures of its scenes, and its state as a string."""

import html
import json
from typing import Any

import numpy as np

from nnhelpers.figures import Drawn, image_html
from nnhelpers.widgets._panel.controls import Settings, Shown, checked_settings
from nnhelpers.widgets._panel.saving import told


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
