"""Carry the repository's address from pyproject.toml to where readers and Colab need it.

Usage: python notebooks/addresses.py         writes README's links and the notebooks' first cell
       python notebooks/addresses.py HUB     prints links that open the notebooks on a JupyterHub
"""

import re
import sys
import tomllib
from urllib.parse import quote, urlencode, urlsplit

import nbformat
from nbformat import NotebookNode
from published import FOLDER, NOTEBOOKS, SERIES, code_of, read, title_of

README = FOLDER.parent / "README.md"
BRANCH = "main"
TAG = "colab"
INSTALL = """\
import subprocess
import sys

if "google.colab" in sys.modules:  # Elsewhere this cell does nothing.
    from google.colab import output

    source = "git+{address}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", source], check=True)
    output.enable_custom_widget_manager()"""
_LINKS = re.compile(r"(?<=<!-- links -->\n).*?(?=<!-- /links -->)", flags=re.DOTALL)


def repository() -> str:
    """Return the address of the repository."""
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["urls"]["Repository"]


def colab_link(name: str) -> str:
    """Return the address that opens a notebook of this folder on Colab."""
    place = urlsplit(repository()).path
    return f"https://colab.research.google.com/github{place}/blob/{BRANCH}/notebooks/{name}"


def binder_link(name: str) -> str:
    """Return the address that opens a notebook of this folder on Binder."""
    place, path = urlsplit(repository()).path, quote(f"lab/tree/notebooks/{name}", safe="")
    return f"https://mybinder.org/v2/gh{place}/{BRANCH}?urlpath={path}"


def hub_link(hub: str, name: str) -> str:
    """Return the address that pulls the series to a JupyterHub (nbgitpuller) and opens it."""
    if urlsplit(hub).scheme not in ("http", "https") or not urlsplit(hub).netloc:
        raise ValueError(f"hub must be an address such as https://hub.example.org, got {hub!r}")
    folder = repository().rpartition("/")[2]
    asked = {"repo": repository(), "branch": BRANCH}
    asked["urlpath"] = f"lab/tree/{folder}/notebooks/{name}"
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked)}"


def table() -> str:
    """Return README's rows of links."""
    rows = ["| | Colab | Binder |", "|---|---|---|"]
    for path in SERIES:
        colab, binder = colab_link(path.name), binder_link(path.name)
        rows.append(f"| {title_of(read(path))} | [open]({colab}) | [open]({binder}) |")
    return "\n".join(rows) + "\n"


def with_install_cell(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with the cell for Colab before its other code cells."""
    source = INSTALL.format(address=repository())
    code = code_of(notebook)
    if TAG in code[0].metadata.get("tags", []):
        code[0].source = source
        return notebook
    for cell in code:
        for counted in (cell, *cell.outputs):
            if counted.get("execution_count"):
                counted.execution_count += 1
    metadata = {"tags": [TAG], "cellView": "form", "jupyter": {"source_hidden": True}}
    cell = nbformat.v4.new_code_cell(source, id=TAG, execution_count=1, metadata=metadata)
    notebook.cells.insert(notebook.cells.index(code[0]), cell)
    return notebook


def main() -> None:
    """Write what the address is needed for, or print links to a hub."""
    for hub in sys.argv[1:]:
        print(*(hub_link(hub, path.name) for path in SERIES), sep="\n")
    if len(sys.argv) > 1:
        return
    README.write_text(_LINKS.sub(table(), README.read_text("utf-8")), encoding="utf-8")
    for path in NOTEBOOKS:
        nbformat.write(with_install_cell(read(path)), path)


if __name__ == "__main__":
    main()
