"""A panel under pressure, and where the front end refuses custom widgets."""

import re

import pytest
from browser.applications import JUPYTERLAB, write_notebook
from playwright.sync_api import expect

MOVES = 400
PANEL = """
from pathlib import Path

from nnhelpers import widgets

def memory():
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * 4096 / 1e6

panel = widgets.{name}()
panel
"""
RUN_A_CELL = """async source => {
    const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
    const at = content.model.cells.length;
    content.model.sharedModel.insertCell(at, { cell_type: "code", source });
    content.activeCellIndex = at;
    await window.jupyterapp.commands.execute("notebook:run-cell");
    return content.model.cells.get(at).outputs.toJSON().map(o => o.text ?? "error").join("");
}"""

pytestmark = pytest.mark.browser


def ask(page, source):
    return page.evaluate(RUN_A_CELL, source).strip()


def test_hundreds_of_moves_end_where_the_sliders_stand(open_panel, page, errors):
    open_panel(JUPYTERLAB, PANEL.format(name="explore_active_fraction"))
    handles = page.locator(".noUi-handle")
    shuttle(handles.first, 50)
    before = float(ask(page, "print(memory())"))
    for control, name, handle in (
        ("center", "offset of the data", handles.first),
        ("seed", "seed", handles.last),
    ):
        shuttle(handle, MOVES // 2)
        position = float(handle.get_attribute("aria-valuenow"))
        here = re.compile(rf"\b{name} {position:g}[,:]")
        expect(page.locator(".nnhelpers-screen canvas")).to_have_accessible_name(here)
        assert float(ask(page, f"print(panel.controls[{control!r}].value)")) == position
        assert ask(page, "print(panel.summary == panel._screen.alt)") == "True"
        assert here.search(ask(page, "print(panel.summary)"))
    assert float(ask(page, "print(memory())")) - before < 20
    assert errors == []


def shuttle(handle, moves):
    """Press arrow keys as fast as the page takes them, to and fro."""
    handle.focus()
    for i in range(moves):
        handle.page.keyboard.press("ArrowRight" if i // 20 % 2 == 0 else "ArrowLeft")


def test_where_custom_widgets_are_refused_a_plain_picture_takes_their_place(
    notebooks, page, run_notebook
):
    page.route(re.compile("anywidget"), lambda route: route.abort())
    write_notebook(notebooks / "plain.ipynb", PANEL.format(name="explore_overlap"))
    run_notebook(JUPYTERLAB, "plain.ipynb")
    picture = page.locator("img.widget-image")
    expect(picture).to_be_visible(timeout=20_000)
    expect(page.locator(".nnhelpers-screen")).to_have_count(0)
    before = picture.screenshot()
    page.locator(".noUi-handle").first.press("ArrowRight")
    expect(page.locator(".widget-readout").first).to_have_text("3")
    page.wait_for_timeout(1_000)
    assert picture.screenshot() != before
