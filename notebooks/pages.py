"""Write a page for each notebook, with its panels and no kernel, and an index of the pages.

Usage: python notebooks/pages.py FOLDER [NAME.ipynb ...]     (every notebook, when none is named)
"""

import html
import os
import sys
from pathlib import Path

import nbformat
from execute import FOLDER, run

# Runs last in the notebook's own kernel, where its panels are.
SAVE = """
from nnhelpers import widgets

panels = [value for value in Out.values() if isinstance(value, widgets.Panel) and value.scenes]
widgets.save_page(panels, path={path!r}, title={title!r})
"""
INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Why a neural network learns, or doesn't</title>
<style>body {{ font: 18px/1.6 system-ui, sans-serif; max-width: 40em; margin: 2em auto; }}</style>
<h1>Why a neural network learns, or doesn't</h1>
<p>The live panels of the notebooks, each page a single file that needs no kernel.</p>
<ul>
{items}
</ul>
</html>
"""


def page_name(path: Path) -> str:
    """Name a page as its notebook, with the folder of those that go deeper."""
    return f"deeper_{path.stem}.html" if path.parent.name == "deeper" else f"{path.stem}.html"


def write_page(path: Path, folder: Path) -> str:
    """Write the page of the notebook at `path`; return its title."""
    notebook = nbformat.read(path, as_version=4)
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    page = (folder / page_name(path)).resolve()
    notebook.cells.append(nbformat.v4.new_code_cell(SAVE.format(path=str(page), title=title)))
    run(notebook, path.resolve().parent, timeout=600)
    return title


def main() -> None:
    """Write the pages of the notebooks named on the command line, or of all."""
    os.environ["TQDM_DISABLE"] = "1"
    folder, *names = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    every = [*sorted(FOLDER.glob("*.ipynb")), *sorted(FOLDER.glob("deeper/*.ipynb"))]
    for path in names or [path for path in every if "widgets.explore_" in path.read_text("utf-8")]:
        title = html.escape(write_page(path, folder))
        page = folder / page_name(path)
        items.append(f'<li><a href="{page.name}">{title}</a></li>')
        print(f"{page.name}: {page.stat().st_size / 1e6:.1f} MB")
    (folder / "index.html").write_text(INDEX.format(items="\n".join(items)), encoding="utf-8")


if __name__ == "__main__":
    main()
