"""A notebook as a page of the site, by nbconvert with a template of ours."""

import copy
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from nnhelpers.lessons import series
from website.markup import finished
from website.prose import meanings, prose

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

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.notebook.cells[0].source.splitlines()[0].removeprefix("# ")

    @property
    def stem(self) -> str:
        """Name of the folder of its pictures, beside the page."""
        return Path(self.name).name

    @property
    def root(self) -> str:
        """How to get from the page to the start of the site."""
        return "../" * self.name.count("/")


def exporter() -> HTMLExporter:
    """Return nbconvert's exporter with our template."""
    made = HTMLExporter(template_name="page", extra_template_basedirs=[str(_TEMPLATES)])
    made.register_filter("prose", prose)
    return made


def write(page: Page, *, site: Path, by: HTMLExporter) -> None:
    """Write a page, and the pictures of its cells as files."""
    live = {name: placed(each, folder=page.stem) for name, each in page.live.items()}
    resources = frame(live, root=page.root) | neighbours(f"{page.name}.ipynb")
    resources |= {"live": live, "title": page.title, "meanings": _meanings_in(page.notebook)}
    text, _ = by.from_notebook_node(page.notebook, resources=resources)
    path = site / f"{page.name}.html"
    path.write_text(finished(text, path=path), encoding="utf-8")


def frame(live: Mapping[str, Any], *, root: str) -> dict[str, Any]:
    """Return what stands around every page."""
    lessons = list(series.LESSONS.values())
    data = json.dumps(live).replace("<", "\\u003c")  # which no word of it can end
    return {"root": root, "series_title": TITLE, "lessons": lessons, "data": data}


def neighbours(notebook: str) -> dict[str, Any]:
    """Return the lesson of a notebook, and those before and after it."""
    lessons = list(series.LESSONS.values())
    number = next((i for i, each in enumerate(lessons, 1) if each.notebook == notebook), None)
    if number is None:
        return {"here": None, "before": None, "after": None}
    around = [None, *lessons, None]
    return {"here": notebook, "before": around[number - 1], "after": around[number + 1]}


def placed(data: Mapping[str, Any], *, folder: str) -> dict[str, Any]:
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
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    used = {name: words for name, words in meanings().items() if f"glossary.md#{name})" in text}
    return {name: html.escape(words.replace("*", "")) for name, words in used.items()}
