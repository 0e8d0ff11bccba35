"""Conventions that every committed notebook keeps, and the command that regenerates them."""

import ast
import re
import symtable
from collections import defaultdict
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from statistics import median

import execute
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from published import NOTEBOOKS, code_of, text_of
from rules import Rules, named, read

LARGEST = 1_500_000  # bytes

FORBIDDEN = {
    "a magic or shell command": r"^\s*[%!]",
    "a star import": r"\bimport\s+\*",
    "rcParams or a style sheet": r"rcParams|\brc\(|style\.use",
    "a warning filter": r"filterwarnings|simplefilter|catch_warnings",
    "a path hack": r"sys\.path|chdir|PYTHONPATH",
}
WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURE = re.compile(r"base64,[A-Za-z0-9+/=]+")
PLACE = re.compile(r"0x[0-9a-fA-F]{6,}|(?<![\w.:/<])/\w[\w.-]*/\w[\w./-]*|[A-Z]:\\\w+")

# The page to start from and that for instructors, which end as they like.
NO_LESSONS = {"00_start_here", "teach"}

rule = Rules()


def cell(number: int, **changes) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.cells[number].update(changes)


def code(source: str) -> Callable[[NotebookNode], None]:
    return cell(2, source=source)


def lengths(*lines: int) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.update(cells=[new_code_cell("1\n" * n) for n in lines])


def shown(text: str, *, mime: str = "text/plain") -> Callable[[NotebookNode], None]:
    return cell(2, outputs=[new_output("display_data", data={mime: text})])


def metadata(**changes) -> Callable[[NotebookNode], None]:
    return lambda notebook: notebook.metadata.update(changes)


def to_be_read(notebook: NotebookNode) -> list[NotebookNode]:
    """Return all cells but the folded one for Colab."""
    return [cell for cell in notebook.cells if "colab" not in cell.metadata.get("tags", [])]


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in code_of(notebook) for output in cell.outputs]


def headings(notebook: NotebookNode, level: int) -> list[str]:
    text = re.sub(r"^```.*?^```", "", text_of(notebook), flags=re.DOTALL | re.MULTILINE)
    return re.findall(rf"^{'#' * level} +(.*\S)", text, flags=re.MULTILINE)


@rule(cell(2, execution_count=None), cell(2, execution_count=7))
def every_code_cell_was_executed_in_order(notebook):
    counts = [cell.execution_count for cell in code_of(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts {counts}"


@rule(
    cell(2, outputs=[new_output("stream", name="stderr", text="careful")]),
    cell(2, outputs=[new_output("error", ename="E", evalue="no", traceback=[])]),
)
def no_output_is_an_error_or_on_stderr(notebook):
    for output in outputs(notebook):
        if output.output_type == "error" or output.get("name") == "stderr":
            yield str(output.get("text", output.get("evalue")))


@rule(
    shown("<Line at 0x7f3a5c1d>"),
    shown("in /tmp/some/file.py"),
    shown('<a href="/srv/files/a">', mime="text/html"),
)
def no_output_names_a_path_or_an_address(notebook):
    for output in outputs(notebook):
        data = output.get("data", {})
        for text in (output.get("text"), data.get("text/plain"), data.get("text/html")):
            yield from PLACE.findall(PICTURE.sub("", text or ""))


@rule(
    shown("{}", mime=WIDGET),
    cell(2, metadata={"execution": {}}),
    metadata(widgets={}),
    metadata(language_info={"version": "3"}),
)
def no_output_depends_on_the_run(notebook):
    if "widgets" in notebook.metadata:
        yield "widget state"
    if "version" in notebook.metadata.get("language_info", {}):
        yield "the version of Python"
    for cell in code_of(notebook):
        if "execution" in cell.metadata:
            yield f"time stamps of cell {cell.execution_count}"
    for output in outputs(notebook):
        if WIDGET in output.get("data", {}):
            yield "a reference to a widget"


@rule(lengths(5, 5), lengths(1, 1, 11), lengths(*[1] * 10, 16))
def code_cells_are_short(notebook):
    read = [cell for cell in to_be_read(notebook) if cell.cell_type == "code"]
    lengths = [sum(map(bool, cell.source.splitlines())) for cell in read]
    if median(lengths) > 4:
        yield f"the median cell has {median(lengths)} lines, more than 4"
    if sum(length > 10 for length in lengths) > len(lengths) / 10:
        yield f"more than one cell in ten is over 10 lines: {lengths}"
    if max(lengths) > 15:
        yield f"a cell has {max(lengths)} lines, more than 15"


@rule(
    lambda notebook: notebook.cells.insert(2, notebook.cells[2]),
    lambda notebook: notebook.cells.extend(notebook.cells[2:3] * 4 + notebook.cells[:1] * 9),
)
def text_keeps_up_with_code(notebook):
    cells = to_be_read(notebook)
    n_code = sum(cell.cell_type == "code" for cell in cells)
    n_text = len(cells) - n_code
    if n_text < 0.9 * n_code:
        yield f"{n_text} text cells for {n_code} code cells"
    for cell_type, run in groupby(cells, key=lambda cell: cell.cell_type):
        if cell_type == "code" and len(list(run)) > 3:
            yield "more than three code cells without text between"


@rule(
    cell(0, source="## A section"),
    cell(3, source="# A second title"),
    cell(0, source="# A title\n" + "word " * 121),
)
def it_opens_with_a_title_and_a_short_introduction(notebook):
    if not notebook.cells[0].source.startswith("# ") or len(headings(notebook, 1)) != 1:
        yield f"titles {headings(notebook, 1)}"
    first_code = [cell.cell_type for cell in notebook.cells].index("code")
    opening = "\n".join(cell.source for cell in notebook.cells[:first_code])
    words = len(opening.partition("\n")[2].split())
    if words > 120:
        yield f"{words} words before the first code cell, more than 120"


@rule(cell(3, source="## Summary\n\n## References\n\n## Exercises\n"))
def it_ends_with_summary_and_references(notebook):
    if headings(notebook, 2)[-2:] != ["Summary", "References"]:
        yield f"last sections {headings(notebook, 2)[-2:]}"


@rule(
    shown("How many? recorded bet: 2; the truth: 3"),
    shown('<p>How many?</p><img alt="the truth: 3">', mime="text/html"),
)
def no_truth_stands_beside_its_question(notebook):
    for output in outputs(notebook):
        data = output.get("data", {})
        page = re.sub(r"<details>.*?</details>", "", data.get("text/html", ""), flags=re.DOTALL)
        if "the truth:" in page + data.get("text/plain", "") + output.get("text", ""):
            yield data.get("text/plain", page)[:200]


@rule(cell(1, source="import math\nmath.pi"))
def the_first_code_cell_to_be_read_holds_imports_only(notebook):
    first = next(cell for cell in to_be_read(notebook) if cell.cell_type == "code")
    for statement in ast.parse(first.source).body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            yield ast.unparse(statement)


@rule(
    code("%matplotlib inline"),
    code("from math import *"),
    code("plt.rcParams.update(size=9)"),
    code("warnings.simplefilter('once')"),
    code("sys.path.append('..')"),
)
def nothing_is_set_behind_the_reader_s_back(notebook):
    for cell in code_of(notebook):
        for what, pattern in FORBIDDEN.items():
            if re.search(pattern, cell.source, flags=re.MULTILINE):
                yield f"{what} in cell {cell.execution_count}"


@rule(code("def long():" + "\n    pass" * 8))
def functions_defined_in_a_notebook_are_short(notebook):
    for cell in code_of(notebook):
        for node in ast.walk(ast.parse(re.sub(r"(?m)^\s*[%!].*", "", cell.source))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 8:
                yield f"{node.name} has more than 8 lines"


@rule(
    lambda notebook: notebook.cells.extend(map(new_code_cell, ("x = 1", "x = 2", "print(x)"))),
    lambda notebook: notebook.cells.extend(
        map(new_code_cell, ("x = 1", "x = 2", "def f():\n    return [x for _ in [1]]"))
    ),
)
def a_name_means_one_thing(notebook):
    """So that a cell that is run again after later ones still does the same."""
    homes, readers = defaultdict(list), defaultdict(list)
    for cell in code_of(notebook):
        bound, read = names_of(cell.source)
        for name in bound:
            homes[name].append(cell.execution_count)
        for name in read - bound:
            readers[name].append(cell.execution_count)
    for name, cells in homes.items():
        if len(cells) > 1 and readers[name]:
            yield f"{name} is set in cells {cells} and read in {readers[name]}"


def names_of(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell sets for others, and those that it reads from the notebook."""
    top = symtable.symtable(re.sub(r"(?m)^\s*[%!].*", "", source), "cell", "exec")
    bound = {each.get_name() for each in top.get_symbols() if each.is_assigned()}
    read, tables = set(), [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        read |= {
            each.get_name()
            for each in table.get_symbols()
            if each.is_referenced() and (table is top or each.is_global())
        }
    return bound, read


@rule(shown("x" * LARGEST))
def it_is_small_enough_to_be_shown(notebook):
    size = len(nbformat.writes(notebook).encode())
    if size > LARGEST:
        yield f"{size} bytes, more than {LARGEST}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_keeps_every_rule(path):
    faults = rule.faults(read(path))
    if path.stem in NO_LESSONS:
        faults.pop(it_ends_with_summary_and_references.__name__, None)
    assert faults == {}


@pytest.fixture
def good_notebook():
    picture = '<img alt="a dot" src="data:image/png;base64,iV/Or/w0/KGgo=">'
    drawn = new_output("display_data", data={"text/plain": "a dot", "text/html": picture})
    return new_notebook(
        cells=[
            new_markdown_cell("# A title\nWhat you will see."),
            new_code_cell("import math", execution_count=1),
            new_code_cell("draw()", execution_count=2, outputs=[drawn]),
            new_markdown_cell("## Summary\n\n## References\n"),
        ]
    )


def test_a_notebook_that_breaks_a_rule_is_found(good_notebook):
    assert NOTEBOOKS
    assert rule.missed(good_notebook) == []


@pytest.fixture
def saved(good_notebook, tmp_path):
    def save(source: str) -> Path:
        good_notebook.cells[2].update(source=source, metadata={"execution": {"iopub": "then"}})
        path = tmp_path / "notebook.ipynb"
        nbformat.write(good_notebook, path)
        return path

    return save


def test_regenerating_a_notebook_twice_gives_the_same_clean_file(saved):
    path = saved("import ipywidgets\nipywidgets.IntSlider()")
    execute.rewrite(path)
    first = path.read_bytes()
    execute.rewrite(path)
    assert path.read_bytes() == first
    assert list(no_output_depends_on_the_run(nbformat.read(path, as_version=4))) == []
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        (new_output("stream", name="stderr", text="careful"), "careful"),
        (new_output("display_data", data={WIDGET: {}}), "picture"),
        (None, "broken"),
    ],
    ids=["a line on stderr", "a widget alone", "an error"],
)
def test_a_notebook_that_cannot_be_shown_stays_as_it_was(saved, monkeypatch, output, complaint):
    def run_alike(notebook, folder):
        notebook.metadata.language_info = {}
        notebook.cells[2].outputs = [output]

    path = saved("raise RuntimeError('broken')")
    before = path.read_bytes()
    if output:
        monkeypatch.setattr(execute, "run", run_alike)
    with pytest.raises(Exception, match=complaint):
        execute.rewrite(path)
    assert path.read_bytes() == before
