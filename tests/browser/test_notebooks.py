"""Every notebook runs in JupyterLab in a real browser, and its panels answer the keyboard."""

import re
from pathlib import Path

import pytest
from browser.applications import JUPYTERLAB
from playwright.sync_api import Locator, expect

NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_its_panels_answer_the_keyboard(name, page, run_notebook):
    cells = run_notebook(JUPYTERLAB, name)
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if is_complaint(output)] == []
    panels = page.locator(".nnhelpers-panel")
    expect(panels).to_have_count(sum(WIDGET_VIEW in output.get("data", {}) for output in outputs))
    for panel in panels.all():
        check_that_names_are_read_aloud(panel)
        check_that_an_arrow_key_changes_the_picture(panel)
        check_that_arrow_keys_choose_from_lists(panel)


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
