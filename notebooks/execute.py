"""Re-execute notebooks in place and keep only what belongs in the repository.

Usage: python notebooks/execute.py [NAME.ipynb ...]     (every notebook, when none is named)
"""

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from published import NOTEBOOKS, read

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def run(notebook: nbformat.NotebookNode, folder: Path, *, timeout: int = 120) -> None:
    """Execute a notebook that stands in `folder`; no cell may take longer than the time-out."""
    NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # or it warns of its unencrypted port
        resources={"metadata": {"path": folder}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # or how fast a cell prints would show
    ).execute()


def rewrite(path: Path) -> None:
    """Execute the notebook at `path`, clean it, and only then replace the file."""
    notebook = read(path.resolve())
    run(notebook, path.parent)
    clean(notebook)
    nbformat.validate(notebook)
    complete = path.with_suffix(".complete")
    nbformat.write(notebook, complete)
    complete.replace(path)


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop what changes between runs, begin slides; refuse stderr and pictureless widgets."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info.pop("version", None)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata.pop("execution", None)
        if cell.cell_type == "markdown" and cell.source.startswith(("# ", "## ")):
            cell.metadata.slideshow = {"slide_type": "slide"}
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise ValueError(f"cell {number} wrote to stderr:\n{output.text}")
            if output.get("data", {}).pop(WIDGET_VIEW, None) is not None and not output.data:
                raise ValueError(f"cell {number} shows a widget without a picture or text")


def main() -> None:
    """Rewrite the notebooks named on the command line, or all."""
    os.environ["TQDM_DISABLE"] = "1"
    for path in [Path(name) for name in sys.argv[1:]] or NOTEBOOKS:
        start = time.perf_counter()
        rewrite(path)
        seconds, size = time.perf_counter() - start, path.stat().st_size
        print(f"{path.name}: {seconds:.0f} s, {size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
