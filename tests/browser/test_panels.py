"""Every panel answers the keyboard in JupyterLab in a real browser."""

import re

import pytest
from browser.applications import JUPYTERLAB
from playwright.sync_api import Locator, expect

from nnhelpers.lessons import teaching

# So many panels in one kernel would wait for each other's preparations.
DEFINE = """
from nnhelpers import widgets
from nnhelpers.widgets._panel import spare_time

spare_time._PAUSE_SECONDS = 1_000
"""
CELLS = [f'widgets.open_panel("{name}")' for name in teaching.PANEL_CARDS]

pytestmark = pytest.mark.browser


def test_every_panel_answers_the_keyboard_and_says_its_names(open_panel):
    page = open_panel(JUPYTERLAB, DEFINE, *CELLS)
    panels = page.locator(".nnhelpers-panel")
    expect(panels).to_have_count(len(CELLS))
    expect(page.locator("[data-mime-type$='.stderr'], [data-mime-type$='.error']")).to_have_count(0)
    for panel in panels.all():
        picture = panel.locator("canvas[data-frame]")
        expect(picture).not_to_have_attribute("data-frame", "0", timeout=60_000)
        for named in [*panel.locator(".noUi-handle, select").all(), picture]:
            expect(named).to_have_accessible_name(re.compile(r"\w"))
        check_that_an_arrow_key_changes_the_picture(panel, picture)
        for choice in panel.locator("select").all():
            before = choice.input_value()
            choice.press("ArrowDown")
            expect(choice).not_to_have_value(before)


def check_that_an_arrow_key_changes_the_picture(panel: Locator, picture: Locator) -> None:
    slider = panel.locator(".noUi-handle").first
    at_its_end = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
    before, frame = picture.screenshot(), picture.get_attribute("data-frame")
    slider.press("ArrowLeft" if at_its_end else "ArrowRight")
    expect(picture).not_to_have_attribute("data-frame", frame, timeout=20_000)
    expect(slider).to_be_focused()
    assert picture.screenshot() != before
