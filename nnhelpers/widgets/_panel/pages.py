"""Pages that need no kernel and no network: a file with every picture in it."""

import base64
import html
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from nnhelpers.files import replacing
from nnhelpers.widgets._panel.controls import Shown
from nnhelpers.widgets._panel.gallery import MOST_PICTURES, chosen, description
from nnhelpers.widgets._panel.screen import STAGE_SCRIPT, STAGE_STYLE

MOST_BYTES = 5_000_000
# Room for what is not a picture.
_FRAME_BYTES = 60_000
# Bytes of a picture that become one byte of a page.
_IN_TEXT = 3 / 4

SECTION = '<section class="nnhelpers-panel"></section>'
_FILES = resources.files("nnhelpers.widgets._panel")
PAGE_SCRIPT = STAGE_SCRIPT + (_FILES / "page.js").read_text(encoding="utf-8")
PAGE_STYLE = STAGE_STYLE + (_FILES / "page.css").read_text(encoding="utf-8")
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:;
  style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; }}
body {{ max-width: 1140px; margin: 24px auto; padding: 0 16px; }}
h1 {{ font-size: 1.6em; }}
{style}</style>
<h1>{title}</h1>
{sections}
<noscript>The sliders of this page need JavaScript.</noscript>
<script type="application/json" id="panels">{data}</script>
<script>{script}</script>
</html>
"""


def save_page(panel: Shown, *, path: str | Path) -> None:
    """Write one self-contained page whose sliders and scenes work without a kernel.

    The first control of the panel, its switches and the next controls can be moved, as many and as
    finely as the size allows; its scenes set the others. Positions that cannot be computed are left
    out, which the page says. An existing file is replaced only when the new one is complete.

    Raises
    ------
    ValueError
        If there is no picture, or they do not fit into 5 MB.
    """
    with replacing(path) as part:
        data = panels_data([panel], most_pictures=MOST_PICTURES)
        part.write_text(page(title=panel.title, sections=SECTION, data=data), encoding="utf-8")


def panels_data(
    panels: Sequence[Shown], *, most_pictures: int, taken: int = 0
) -> list[dict[str, Any]]:
    """Describe panels that share a page of which so many bytes are taken."""
    room = MOST_BYTES - _FRAME_BYTES - taken
    if room < 0:
        raise ValueError(f"the pictures do not fit into {MOST_BYTES:,} bytes: they take {taken:,}")
    most = {
        "most_bytes": int(_IN_TEXT * room) // max(1, len(panels)),
        "most_pictures": most_pictures,
    }
    return [_panel_data(panel, **most) for panel in panels]


def _panel_data(panel: Shown, *, most_bytes: int, most_pictures: int) -> dict[str, Any]:
    choice = chosen(panel, most_bytes=most_bytes, most_pictures=most_pictures)
    frames = [
        {"at": frame.at, "picture": base64.b64encode(frame.picture).decode(), "alt": frame.alt}
        for frame in choice.frames
    ]
    return description(panel, choice) | {"frames": frames}


def in_script(data: Any) -> str:
    """Write data for a script of the page, which no word of it can end."""
    return json.dumps(data).replace("<", "\\u003c")


def page(
    *, title: str, sections: str, data: Sequence[Any], script: str = "", style: str = ""
) -> str:
    """Write a page of sections, with the data of its panels and what else it runs."""
    return _PAGE.format(
        title=html.escape(title),
        style=PAGE_STYLE + style,
        sections=sections,
        data=in_script(data),
        script=f"{PAGE_SCRIPT}showPanels();{script}",
    )
