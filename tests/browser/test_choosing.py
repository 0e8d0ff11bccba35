"""In JupyterLab a panel chosen from the list takes the place of the one before."""

import re

import pytest
from browser.applications import JUPYTERLAB
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_panel_chosen_by_key_is_shown_and_answers(open_panel, errors):
    page = open_panel(JUPYTERLAB, "from nnhelpers import widgets\n\nwidgets.choose_panel(1)")
    picture = page.locator(".nnhelpers-panel canvas[data-frame]")
    choice = page.get_by_label("question")
    choice.focus()
    choice.press("ArrowDown")
    expect(choice).to_have_value("What does an offset do to a network that is trained?")
    expect(picture).to_have_accessible_name(re.compile("hidden units 4"), timeout=60_000)
    expect(picture).to_have_count(1)
    expect(choice).to_be_focused()
    page.locator(".nnhelpers-panel .noUi-handle").first.press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("offset of the data 0.25"), timeout=10_000)
    assert errors == []
