"""Write the series as a site: pages that need no kernel, no network and nothing installed.

Usage: python notebooks/make_site.py FOLDER [NAME.ipynb ...]     (every notebook, if none is named)

The pages are those of the committed notebooks. The pictures of their panels are made in the kernels
of the notebooks, and kept beside FOLDER, in `pictures`, for the next time.
"""

import os
import shutil
import sys
import time
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from published import FOLDER, NOTEBOOKS, code_of, read
from website import pictures
from website.pages import Page, exporter, write, write_start

from nnhelpers.widgets.exports import PANELS_SCRIPT, PANELS_STYLE

_HERE = Path(__file__).parent / "website"
_TEXTS = ("glossary.md", "deeper/README.md")
_START = "00_start_here.ipynb"


def main() -> None:
    """Write the pages of the notebooks named on the command line, or of all, and the others."""
    os.environ["TQDM_DISABLE"] = "1"
    site, *names = map(Path, sys.argv[1:])
    (site / "deeper").mkdir(parents=True, exist_ok=True)
    by = exporter()
    for path in names or NOTEBOOKS:
        began = time.perf_counter()
        page = page_of(path, site=site)
        write(page, site=site, by=by)
        if path.name == _START:
            write_start(page, site=site, by=by)
        print(f"{page.name}.html: {weight(site, page)}, {time.perf_counter() - began:.0f} s")
    write_texts(site, by=by)
    for name, text in {"panels.js": PANELS_SCRIPT, "panels.css": PANELS_STYLE}.items():
        (site / name).write_text(text, encoding="utf-8")
    for name in ("site.js", "site.css"):
        shutil.copy(_HERE / name, site / name)


def write_texts(site: Path, *, by: HTMLExporter) -> None:
    """Write the pages that are no notebooks."""
    for text in _TEXTS:
        notebook = new_notebook(cells=[new_markdown_cell((FOLDER / text).read_text("utf-8"))])
        write(Page(name=text.removesuffix(".md"), notebook=notebook, live={}), site=site, by=by)


def page_of(path: Path, *, site: Path) -> Page:
    """Make the pictures of a notebook, and put them where its page looks for them."""
    notebook = read(path.resolve())
    inside = path.resolve().parent.name == "deeper"
    name = f"deeper/{path.stem}" if inside else path.stem
    kept = site.parent / "pictures" / f"{name.replace('/', '_')}-{pictures.key(notebook)}"
    has_widgets = any("widgets." in cell.source for cell in code_of(notebook))
    live = pictures.prepare(notebook, path=path, folder=kept) if has_widgets else {}
    shutil.rmtree(site / name, ignore_errors=True)
    if live:
        shutil.copytree(kept, site / name, ignore=shutil.ignore_patterns("*.json"))
    return Page(name=name, notebook=notebook, live=live)


def weight(site: Path, page: Page) -> str:
    """Say how much a page weighs, and its pictures."""
    text = (site / f"{page.name}.html").stat().st_size
    files = [path.stat().st_size for path in (site / page.name).glob("*")]
    return f"{text / 1e3:.0f} kB and {sum(files) / 1e6:.1f} MB in {len(files)} pictures"


if __name__ == "__main__":
    main()
