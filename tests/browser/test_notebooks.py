"""The panels of every notebook answer the keyboard in JupyterLab in a real browser.

nbval executes whole notebooks; here it is their panels, with the cells that these need.
"""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from browser import applications
from browser.applications import JUPYTERLAB, NOTEBOOK, VOILA
from playwright.sync_api import Locator, expect

NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
START = "00_start_here.ipynb"
EVERY = [*((JUPYTERLAB, name) for name in NOTEBOOKS), (NOTEBOOK, START), (VOILA, START)]
PANEL = re.compile(r"widgets\.(explore_|open_panel)")
PANEL_OR_BET = re.compile(r"widgets\.(explore_|predict)")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("application", "name"), EVERY, ids=str)
def test_the_panels_of_a_notebook_answer_the_keyboard(
    application, name, page, notebooks, run_notebook
):
    shown = PANEL_OR_BET if name == START else PANEL
    kept = needed_by_panels(code_of(notebooks / name), shown=shown)
    applications.write_notebook(notebooks / f"panels_of_{name}", *kept)
    cells = run_notebook(application, f"panels_of_{name}")
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if is_complaint(output)] == []
    panels = page.locator(".nnhelpers-panel")
    expect(panels).to_have_count(count := sum(bool(shown.search(source)) for source in kept))
    assert count > 0
    for panel in panels.all():
        expect(picture_of(panel)).not_to_have_attribute("data-frame", "0", timeout=60_000)
        check_that_names_are_read_aloud(panel)
        check_that_an_arrow_key_changes_the_picture(panel)
        check_that_arrow_keys_choose_from_lists(panel)
        for reveal in panel.get_by_role("button", name="Reveal").all():
            reveal.press("Enter")
            truth = re.compile("the truth: ")
            expect(picture_of(panel)).to_have_accessible_name(truth, timeout=60_000)


def code_of(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def needed_by_panels(sources: list[str], *, shown: re.Pattern = PANEL) -> list[str]:
    """Pick the cells that show panels, and before them all that define what these use."""
    kept, wanted = [], set()
    for source in reversed(sources):
        used, defined = names_in(ast.parse(source))
        if shown.search(source) or defined & wanted:
            kept.insert(0, source)
            wanted |= used
    return kept


def names_in(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names that a cell uses, and those that it defines."""
    used, defined = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (defined if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            defined |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            defined.add(node.name)
    return used, defined


def test_the_cells_of_a_panel_are_those_that_it_needs():
    sources = ["import a, b", "x = a.make()", "y = b.other()", "z = 1", "widgets.explore_it(x)"]
    kept = ["import a, b", "x = a.make()", "widgets.explore_it(x)"]
    assert needed_by_panels(sources) == kept


def is_complaint(output: dict) -> bool:
    return output["output_type"] == "error" or output.get("name") == "stderr"


def picture_of(panel: Locator) -> Locator:
    return panel.locator(".nnhelpers-screen").locator("canvas[data-frame], img[data-frame]")


def check_that_names_are_read_aloud(panel: Locator) -> None:
    for named in [*panel.locator(".noUi-handle, select").all(), picture_of(panel)]:
        expect(named).to_have_accessible_name(re.compile(r"\w"))


def check_that_arrow_keys_choose_from_lists(panel: Locator) -> None:
    for choice in panel.locator("select").all():
        before = choice.input_value()
        choice.focus()
        choice.press("ArrowDown")
        expect(choice).not_to_have_value(before)


def check_that_an_arrow_key_changes_the_picture(panel: Locator) -> None:
    picture, slider = picture_of(panel), panel.locator(".noUi-handle").first
    at_its_end = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
    before, frame = picture.screenshot(), picture.get_attribute("data-frame")
    slider.press("ArrowLeft" if at_its_end else "ArrowRight")
    expect(picture).not_to_have_attribute("data-frame", frame, timeout=10_000)
    expect(slider).to_be_focused()
    assert picture.screenshot() != before
