"""A panel whose kernel fails, is slow to answer, or was ended."""

import re

import pytest
from browser.applications import END_KERNEL, JUPYTERLAB
from playwright.sync_api import expect

SLOW = """
import time
from ipywidgets import IntSlider
from nnhelpers import figures, simulations, widgets

def compute(center):
    if center == 1:
        time.sleep(4)
    if center == 2:
        raise KeyError("two")
    return simulations.simulate_active_fraction(center=center, draws=50)

slider = IntSlider(max=2, description="offset")
widgets.connect(compute, figures.plot_active_fraction, center=slider)
"""
HAS_NO_KERNEL = "() => !jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
OLD = "the picture is of an earlier position"
FADED = re.compile("nnhelpers-faded")

pytestmark = pytest.mark.browser


def test_failures_are_told_old_pictures_marked_and_prepared_ones_go_on_without_a_kernel(
    open_panel, errors
):
    page = open_panel(JUPYTERLAB, SLOW, "widgets.explore_overlap()")
    slow, panel = page.locator(".nnhelpers-panel").all()
    slow.locator(".noUi-handle").press("ArrowRight")
    expect(slow.locator(".nnhelpers-old")).to_contain_text(OLD)
    expect(slow.locator("canvas")).to_have_accessible_name(re.compile("^offset 1:"))
    expect(slow.locator(".nnhelpers-old")).to_have_text("")
    # A position that fails is told and taken back, here and in the kernel.
    message, slider = slow.locator(".nnhelpers-message"), slow.locator(".noUi-handle")
    slider.press("End")
    expect(message).to_have_text("this picture could not be made: KeyError: 'two'")
    expect(slider).to_have_attribute("aria-valuenow", "1.0")
    expect(slow.locator("canvas")).to_have_accessible_name(re.compile("^offset 1:"))
    slider.press("Home")
    expect(slow.locator("canvas")).to_have_accessible_name(re.compile("^offset 0:"))
    expect(message).to_have_text("")
    picture, caption = panel.locator("canvas"), panel.locator(".nnhelpers-caption")
    # With its scenes; on a crowded machine a panel rests between two pictures.
    many = re.compile(r"^(1\d|[2-9]\d)")
    expect(picture).to_have_attribute("data-prepared", many, timeout=60_000)
    page.evaluate(END_KERNEL)
    page.wait_for_function(HAS_NO_KERNEL)
    old = panel.locator(".nnhelpers-old")
    features, offset, _ = panel.locator(".noUi-handle").all()
    features.press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("^number of features 3,"))
    panel.get_by_role("button", name="Next scene").press("Enter")
    expect(picture).to_have_accessible_name(re.compile("^number of features 50,"))
    expect(caption).to_have_attribute("data-scene", "1")
    expect(old).to_have_text("")
    # Nobody has prepared a picture of this position.
    offset.press("ArrowRight")
    expect(old).to_contain_text(OLD)
    expect(picture).to_have_class(FADED)
    panel.get_by_role("button", name="Previous scene").press("Enter")
    expect(caption).to_have_attribute("data-scene", "0")
    expect(old).to_have_text("")
    expect(picture).not_to_have_class(FADED)
    # What ipywidgets itself logs of each move aside.
    assert [error for error in errors if "widget sync message" not in error] == []
