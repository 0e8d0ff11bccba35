"""Copy the notebooks without their outputs, and the glossary, into a folder to write in.

Usage: python notebooks/working_copy.py FOLDER

What somebody has written there is never overwritten: where a notebook has changed since it was
copied, the new one is put beside it.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from published import FOLDER, NOTEBOOKS, code_of, read

_KEY = "nnhelpers"


def fingerprint(notebook: NotebookNode) -> str:
    """Return a digest of what stands in the cells, whatever their outputs."""
    cells = [(cell.cell_type, cell.source) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def blank(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without outputs, which remembers what it was copied from."""
    for cell in code_of(notebook):
        cell.outputs, cell.execution_count = [], None
    notebook.metadata[_KEY] = {"copied": fingerprint(notebook)}
    return notebook


def is_written_in(path: Path) -> bool:
    """Whether somebody has changed the copy, or it is no longer a notebook."""
    notebook = _read(path)
    return notebook is None or _copied(notebook) != fingerprint(notebook)


def copy(source: Path, target: Path) -> str:
    """Bring the copy at `target` up to date; return what there is to say, if anything."""
    fresh = blank(read(source))
    place, number = target, 1
    while place.exists():
        there = _read(place)
        if there is not None and _copied(there) == _copied(fresh):
            return ""
        if not is_written_in(place):
            break
        number += 1
        place = target.with_stem(f"{target.stem}_new{number if number > 2 else ''}")
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(fresh, place)
    if place == target:
        return ""
    return f"{target.name} has changed since you began; yours stays, {place.name} is the new one"


def _read(path: Path) -> NotebookNode | None:
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # whatever a broken file makes of nbformat
        return None


def _copied(notebook: NotebookNode) -> str | None:
    return notebook.metadata.get(_KEY, {}).get("copied")


def main() -> None:
    """Copy all notebooks, and what they lead to, to the folder on the command line."""
    folder = Path(sys.argv[1])
    for source in NOTEBOOKS:
        if told := copy(source, folder / source.relative_to(FOLDER)):
            print(told)
    shutil.copy(FOLDER / "glossary.md", folder)
    shutil.copytree(FOLDER / "example_class", folder / "example_class", dirs_exist_ok=True)


if __name__ == "__main__":
    main()
