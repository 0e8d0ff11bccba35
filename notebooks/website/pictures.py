"""The pictures of a notebook's panels, bets and decks, made once for the same code."""

import hashlib
import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from execute import run
from published import code_of

# Runs last in the notebook's own kernel, where its panels are; they are named by their cells.
_SAVE = """
import json
from pathlib import Path
from nnhelpers.widgets import exports, save_pictures

live = {{str(count): each for count, each in Out.items() if isinstance(each, exports.Live)}}
decks = sum(isinstance(each, exports.Deck) for each in live.values())
most_bytes = max({lesson}, {lecture} * decks)
described = save_pictures(live, folder={folder!r}, most_bytes=most_bytes)
Path({folder!r}, {name!r}).write_text(json.dumps(described), encoding="utf-8")
"""
_NAME = "described.json"
# Most bytes of prepared pictures: the page and its other pictures may weigh 1 MB more.
_LESSON, _LECTURE = 4_900_000, 2_000_000
# What of the package a picture can depend on.
_KINDS = (".py", ".csv", ".mplstyle")


def prepare(notebook: nbformat.NotebookNode, *, path: Path, folder: Path) -> dict[str, Any]:
    """Put the pictures of a notebook at `path` into a folder, and describe what is live in it.

    The description goes by the execution counts of cells. A folder that was filled for the same
    code is left as it is; those of other code are removed.
    """
    description = folder / _NAME
    if not description.is_file():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        names = {"folder": str(part.resolve()), "name": _NAME}
        save = _SAVE.format(**names, lesson=_LESSON, lecture=_LECTURE)
        cells = [*notebook.cells, nbformat.v4.new_code_cell(save)]
        copy = nbformat.from_dict({**notebook, "cells": cells})
        run(copy, path.resolve().parent, timeout=1_800)
        part.rename(folder)
        for other in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-*"):
            if other != folder:
                shutil.rmtree(other)
    return json.loads(description.read_text(encoding="utf-8"))


def key(notebook: nbformat.NotebookNode) -> str:
    """Return a digest of the notebook's code and of the package's."""
    digest = hashlib.sha256()
    for cell in code_of(notebook):
        digest.update(cell.source.encode())
    package = Path(str(resources.files("nnhelpers")))
    for path in sorted(package.rglob("*")):
        if path.suffix in _KINDS:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
