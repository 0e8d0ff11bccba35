"""A panel works the same in JupyterLab, Notebook and Voila."""

import re

import pytest
from browser.applications import APPLICATIONS, Application
from playwright.sync_api import Page, expect

PANEL = """
from nnhelpers import widgets

panel = widgets.explore_active_fraction()
panel
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("application", APPLICATIONS, ids=str),
]


def test_a_panel_answers_the_keyboard(application, open_panel, errors):
    page = open_panel(application, PANEL)
    picture = page.locator(".nnhelpers-screen canvas")
    slider = page.locator(".noUi-handle").first
    before, frame = picture.screenshot(), picture.get_attribute("data-frame")
    position = slider.get_attribute("aria-valuenow")
    slider.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuenow", position)
    expect(picture).not_to_have_attribute("data-frame", frame)
    expect(slider).to_be_focused()
    assert int(picture.get_attribute("data-frame")) > int(frame)
    assert picture.screenshot() != before
    check_that_nothing_complains(application, page, errors)


def check_that_nothing_complains(application: Application, page: Page, errors: list[str]) -> None:
    expect(page.locator("[data-mime-type$='.stderr'], [data-mime-type$='.error']")).to_have_count(0)
    ours = [error for error in errors if not re.search(application.complaints, error, re.DOTALL)]
    assert ours == []
