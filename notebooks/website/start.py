"""The start page: what the series is about, a live picture, and the lessons."""

import base64
import io
from pathlib import Path

import nbformat
from handout import CHOICES, FOLDER, picture_of
from nbconvert import HTMLExporter
from PIL import Image

from nnhelpers.lessons import series
from website.markup import finished
from website.pages import Page, frame, neighbours, placed


def write(page: Page, *, site: Path, by: HTMLExporter) -> None:
    """Write the start page with the opening and the first panel of a page."""
    name, panel = next(each for each in page.live.items() if each[1]["kind"] == "panel")
    live = {name: placed(panel, folder=page.name)}
    _, opening, *_ = page.notebook.cells[0].source.split("\n\n")
    lessons = series.LESSONS.values()
    deeper = (FOLDER / "deeper" / "README.md").read_text("utf-8").splitlines()[0]
    resources = frame(live, root="") | neighbours("") | {"live": live, "panel_name": name}
    resources |= {"opening": opening, "start_title": page.title}
    resources |= {"deeper_title": deeper.removeprefix("# ")}
    resources |= {"cards": {each.number: _card(each, site=site) for each in lessons}}
    template = by.environment.get_template("start.html.j2")
    path = site / "index.html"
    text = template.render(resources=resources)
    path.write_text(finished(text, path=path), encoding="utf-8")


def _card(lesson: series.Lesson, *, site: Path) -> dict[str, str | int]:
    """Put the first picture of a lesson's handout into a file."""
    notebook = nbformat.read(FOLDER / lesson.notebook, as_version=4)
    _, address = picture_of(notebook, next(iter(CHOICES[lesson.number].pictures)))
    content = base64.b64decode(address.partition(",")[2])
    pixels = Image.open(io.BytesIO(content))
    name = f"card-{lesson.number}.png"
    (site / name).write_bytes(content)
    return {"src": name, "width": pixels.width, "height": pixels.height}
