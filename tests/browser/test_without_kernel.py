"""A panel whose kernel was ended, or is slow to answer."""

import re

import pytest
from browser.applications import END_KERNEL, JUPYTERLAB
from playwright.sync_api import expect

PANEL = """
from nnhelpers import widgets

panel = widgets.explore_overlap()
panel
"""
HAS_NO_KERNEL = "() => !jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
OLD = "the picture is of an earlier position"

pytestmark = pytest.mark.browser


@pytest.fixture
def prepared(open_panel):
    """A page with a panel that has prepared its scenes."""
    page = open_panel(JUPYTERLAB, PANEL)
    many = re.compile(r"^(1\d|[2-9]\d)")
    # On a crowded machine a panel rests between two pictures.
    expect(page.locator("canvas")).to_have_attribute("data-prepared", many, timeout=60_000)
    return page


def test_prepared_pictures_and_scenes_go_on_when_the_kernel_is_gone(prepared, errors):
    page = prepared
    page.evaluate(END_KERNEL)
    page.wait_for_function(HAS_NO_KERNEL)
    picture, caption = page.locator("canvas"), page.locator(".nnhelpers-caption")
    old = page.locator(".nnhelpers-old")
    features, offset, _ = page.locator(".noUi-handle").all()
    features.press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("^number of features 3,"))
    page.get_by_role("button", name="Next scene").press("Enter")
    expect(picture).to_have_accessible_name(re.compile("^number of features 50,"))
    expect(caption).to_have_attribute("data-scene", "1")
    expect(old).to_have_text("")
    # Nobody has prepared a picture of this position.
    offset.press("ArrowRight")
    expect(old).to_contain_text(OLD)
    expect(picture).to_have_class(re.compile("nnhelpers-faded"))
    page.get_by_role("button", name="Previous scene").press("Enter")
    expect(caption).to_have_attribute("data-scene", "0")
    expect(old).to_have_text("")
    expect(picture).not_to_have_class(re.compile("nnhelpers-faded"))
    # What ipywidgets itself logs of each move aside.
    assert [error for error in errors if "widget sync message" not in error] == []


def test_a_slow_answer_is_waited_for_and_the_old_picture_marked(open_panel):
    slow = """
import time
from ipywidgets import IntSlider
from nnhelpers import figures, simulations, widgets

def compute(center):
    if center == 1:
        time.sleep(4)
    return simulations.simulate_active_fraction(center=center, draws=50)

slider = IntSlider(max=1, description="offset")
widgets.connect(compute, figures.plot_active_fraction, center=slider)
"""
    page = open_panel(JUPYTERLAB, slow)
    page.locator(".noUi-handle").press("ArrowRight")
    expect(page.locator(".nnhelpers-old")).to_contain_text(OLD)
    expect(page.locator("canvas")).to_have_accessible_name(re.compile("^offset 1:"))
    expect(page.locator(".nnhelpers-old")).to_have_text("")
