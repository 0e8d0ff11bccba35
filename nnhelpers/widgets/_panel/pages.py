"""Self-contained pages, which need neither a kernel nor a network."""

import base64
import html
import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

from nnhelpers.widgets._panel.gallery import described
from nnhelpers.widgets._panel.screen import STAGE_SCRIPT, STAGE_STYLE

MOST_BYTES = 5_000_000
# More would take minutes to draw.
MOST_PICTURES = 250
# Room for everything but the pictures.
_FRAME_BYTES = 60_000
# Base64 turns three bytes of a picture into four of a page.
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


def in_page(_: tuple[int, ...], picture: bytes) -> dict[str, str]:
    """Return a picture in base64, to be stored in a page."""
    return {"picture": base64.b64encode(picture).decode()}


def panels_data(
    panels: Sequence[Any], *, most_pictures: int, taken: int = 0
) -> list[dict[str, Any]]:
    """Describe panels that share a page of which `taken` bytes are used; ``ValueError`` if full."""
    room = MOST_BYTES - _FRAME_BYTES - taken
    if room < 0:
        raise ValueError(f"the pictures do not fit into {MOST_BYTES:,} bytes: they take {taken:,}")
    most = {
        "most_bytes": int(_IN_TEXT * room) // max(1, len(panels)),
        "most_pictures": most_pictures,
    }
    return [described(panel, put=in_page, **most) for panel in panels]


def in_script(data: Any) -> str:
    """Write data as JSON that cannot close the script element around it."""
    return json.dumps(data).replace("<", "\\u003c")


def page(
    *, title: str, sections: str, data: Sequence[Any], script: str = "", style: str = ""
) -> str:
    """Write a page of sections, with its panels' data and any further script and style."""
    return _PAGE.format(
        title=html.escape(title),
        style=PAGE_STYLE + style,
        sections=sections,
        data=in_script(data),
        script=f"{PAGE_SCRIPT}showPanels();{script}",
    )
