"""A saved page works from a local file, in two browsers, without anything from elsewhere."""

import re

import pytest
from browser.test_legible import objections
from ipywidgets import IntSlider
from playwright.sync_api import expect

from nnhelpers import figures, simulations, widgets

pytestmark = pytest.mark.browser


def scene(name, center):
    return widgets.Scene(name=name, caption=name, settings={"center": center})


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "offset.html"
    panel = widgets.connect(
        lambda center, seed: simulations.simulate_active_fraction(
            center=center, draws=20, seed=seed
        ),
        figures.plot_active_fraction,
        title="Which units split the data?",
        scenes=[scene("around the data", 0), scene("far away", 3)],
        center=IntSlider(max=4, description="offset of the data"),
        seed=IntSlider(max=2, description="seed"),
    )
    panel.save_html(path)
    return path


def test_sliders_scenes_full_screen_and_keys_work_in_chromium_and_nothing_is_fetched(
    saved, page, errors
):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    picture, slider = page.locator("canvas"), page.get_by_role("slider").first
    caption, stage = page.locator(".nnhelpers-caption"), page.locator(".nnhelpers-presenting")
    expect(picture).to_have_accessible_name(re.compile("^offset of the data 0,"))
    for control in page.locator("input, select, button").all():
        page.keyboard.press("Tab")
        expect(control).to_be_focused()
        expect(control).to_have_accessible_name(re.compile(r"\w"))
    before = picture.screenshot()
    slider.press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("^offset of the data 1,"))
    assert picture.screenshot() != before
    page.get_by_role("button", name="Next scene").press("Enter")
    expect(picture).to_have_accessible_name(re.compile("^offset of the data 3,"))
    expect(caption).to_contain_text("far away")
    page.get_by_role("button", name="Full screen").press("Enter")
    expect(stage).to_have_count(1)
    page.keyboard.press("PageUp")
    expect(caption).to_have_attribute("data-scene", "0")
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    for dark in (True, False):
        page.get_by_role("button", name="Dark", exact=True).press("Enter")
        assert objections(page, "html") == [], f"dark is {dark}"
    assert asked == [saved.as_uri()]
    assert errors == []


def test_on_a_telephone_only_the_picture_scrolls_sideways(saved, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(saved.as_uri())
    expect(page.locator("canvas")).not_to_have_attribute("data-frame", "0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").bounding_box()["width"] >= 600
    for control in [*page.get_by_role("slider").all(), *page.get_by_role("button").all()]:
        box = control.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390


def test_a_page_says_what_it_leaves_out_and_goes_back_from_there(page, tmp_path):
    def compute(center):
        if center == 1:
            raise KeyError("one")
        return simulations.simulate_active_fraction(center=center, draws=20)

    slider = IntSlider(max=2, description="offset")
    panel = widgets.connect(compute, figures.plot_active_fraction, center=slider)
    panel.save_html(tmp_path / "page.html")
    page.goto((tmp_path / "page.html").as_uri())
    told = "1 position without a picture: this picture could not be made: KeyError: 'one'"
    expect(page.locator(".nnhelpers-missing")).to_have_text(told)
    slider = page.get_by_role("slider")
    for key, offset in (("ArrowRight", 0), ("End", 2), ("ArrowLeft", 2)):
        slider.press(key)
        expect(slider).to_have_value(str(offset))
        expect(page.locator("canvas")).to_have_accessible_name(re.compile(f"^offset {offset}:"))


def test_sliders_and_scenes_work_in_firefox(saved, firefox):
    words = "document.querySelector('canvas').ariaLabel"
    firefox.open(saved.as_uri())
    firefox.wait_for(f"{words}?.startsWith('offset of the data 0,')")
    before = firefox.screenshot()
    firefox.evaluate("document.querySelector('input').focus()")
    firefox.press("ArrowRight")
    firefox.wait_for(f"{words}.startsWith('offset of the data 1,')")
    assert firefox.evaluate("document.activeElement.tagName") == "INPUT"
    assert firefox.screenshot() != before
    firefox.evaluate("document.querySelector('[aria-label=\"Next scene\"]').click()")
    firefox.wait_for(f"{words}.startsWith('offset of the data 3,')")
    with pytest.raises(RuntimeError, match="nothing is not defined"):
        firefox.evaluate("nothing")
    with pytest.raises(RuntimeError, match="unknown command"):
        firefox.call("session.nothing")
