"""The pages of the site, by nbconvert with templates of ours."""

import copy
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handout import PICTURES, picture_of
from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from published import FOLDER, read, text_of, title_of

from nnhelpers.lessons.series import LESSONS, Lesson
from website.markup import MEANINGS, finished, picture_file, prose

TITLE = "Why a neural network learns, or doesn't"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page to be.

    Attributes
    ----------
    name : str
        Of its file without the ending, with its folder.
    notebook : NotebookNode
    live : dict
        What is live in it, by execution counts (pictures.py).
    """

    name: str
    notebook: NotebookNode
    live: Mapping[str, Any]


def exporter() -> HTMLExporter:
    """Return nbconvert's exporter with our template."""
    made = HTMLExporter(template_name="page", extra_template_basedirs=[str(_TEMPLATES)])
    made.register_filter("prose", prose)
    made.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=made))
    return made


def write(page: Page, *, site: Path, by: HTMLExporter) -> None:
    """Write a page, and the pictures of its cells as files."""
    path = site / f"{page.name}.html"
    live = {name: _placed(each, folder=path.stem) for name, each in page.live.items()}
    resources = _frame(live, root="../" * page.name.count("/")) | _around(f"{page.name}.ipynb")
    resources |= {"live": live, "title": title_of(page.notebook)}
    resources |= {"meanings": _meanings_in(page.notebook)}
    # HTMLExporter would parse the whole page once more, for classes that ours has not.
    text, _ = TemplateExporter.from_notebook_node(by, page.notebook, resources=resources)
    path.write_text(finished(text, path=path), encoding="utf-8")


def write_start(page: Page, *, site: Path, by: HTMLExporter) -> None:
    """Write the start page with the opening and the first panel of a page, and the lessons."""
    name, panel = next(each for each in page.live.items() if each[1]["kind"] == "panel")
    live = {name: _placed(panel, folder=page.name)}
    _, opening, *_ = page.notebook.cells[0].source.split("\n\n")
    resources = _frame(live, root="") | _around("") | {"live": live, "panel_name": name}
    deeper = (FOLDER / "deeper" / "README.md").read_text("utf-8").splitlines()[0]
    resources |= {"opening": opening, "start_title": title_of(page.notebook)}
    resources |= {"deeper_title": deeper.removeprefix("# ")}
    resources |= {"cards": {each.number: _card(each, site=site) for each in LESSONS.values()}}
    path = site / "index.html"
    text = by.environment.get_template("start.html.j2").render(resources=resources)
    path.write_text(finished(text, path=path), encoding="utf-8")


def _frame(live: Mapping[str, Any], *, root: str) -> dict[str, Any]:
    """Return what stands around every page; `root` leads from it to the start of the site."""
    data = json.dumps(live).replace("<", "\\u003c")  # which no word of it can end
    return {"root": root, "series_title": TITLE, "lessons": [*LESSONS.values()], "data": data}


def _around(notebook: str) -> dict[str, Any]:
    """Return the lesson of a notebook, and those before and after it."""
    number = next((n for n, each in LESSONS.items() if each.notebook == notebook), None)
    if number is None:
        return {"here": None, "before": None, "after": None}
    before, after = (LESSONS.get(number + step) for step in (-1, 1))
    return {"here": notebook, "before": before, "after": after}


def _placed(data: Mapping[str, Any], *, folder: str) -> dict[str, Any]:
    """Return what is live with the addresses of its pictures, and its scenes as stills."""
    data = copy.deepcopy(dict(data))
    for part in data.get("slides", [data]):
        frames = part.get("frames") or part["answers"]
        for each in frames:
            each["src"] = f"{folder}/{each['src']}"
        at = {tuple(each["at"]): each for each in part.get("frames", [])}
        part["stills"] = [at[tuple(scene["at"])] | scene for scene in part.get("scenes", [])]
    return data


def _meanings_in(notebook: NotebookNode) -> dict[str, str]:
    text = text_of(notebook)
    used = {name: words for name, words in MEANINGS.items() if f"glossary.md#{name})" in text}
    return {name: html.escape(words.replace("*", "")) for name, words in used.items()}


def _card(lesson: Lesson, *, site: Path) -> dict[str, str | int]:
    """Put the first picture of a lesson's handout into a file."""
    _, address = picture_of(read(lesson.notebook), next(iter(PICTURES[lesson.number])))
    name = f"card-{lesson.number}.png"
    width, height = picture_file(address, path=site / name)
    return {"src": name, "width": width, "height": height}
