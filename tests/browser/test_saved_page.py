"""A saved page works from a local file, in two browsers, without anything from elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from nnhelpers import widgets
from nnhelpers.widgets._panel.pages import MOST_BYTES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "overlap.html"
    widgets.explore_overlap().save_html(path)
    assert path.stat().st_size <= MOST_BYTES
    return path


def test_sliders_and_scenes_work_in_chromium_and_nothing_is_fetched(saved, page, errors):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    picture, slider = page.locator("canvas"), page.get_by_role("slider").first
    expect(picture).to_have_accessible_name(re.compile("^number of features 2,"))
    before = picture.screenshot()
    slider.press("ArrowRight")
    expect(picture).not_to_have_accessible_name(re.compile("^number of features 2,"))
    assert picture.screenshot() != before
    page.get_by_role("button", name="Next scene").press("Enter")
    expect(picture).to_have_accessible_name(re.compile("^number of features 50,"))
    expect(page.locator(".nnhelpers-caption")).to_contain_text("fifty features")
    assert asked == [saved.as_uri()]
    assert errors == []


def test_the_page_goes_full_screen_and_comes_back(saved, page):
    page.goto(saved.as_uri())
    page.get_by_role("button", name="Full screen").press("Enter")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(1)
    page.keyboard.press("PageDown")
    expect(page.locator(".nnhelpers-caption")).to_have_attribute("data-scene", "1")
    page.keyboard.press("Escape")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(0)


def test_on_a_telephone_only_the_picture_scrolls_sideways(saved, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(saved.as_uri())
    expect(page.locator("canvas")).not_to_have_attribute("data-frame", "0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").bounding_box()["width"] >= 600
    for control in [*page.get_by_role("slider").all(), *page.get_by_role("button").all()]:
        box = control.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390


def test_every_control_of_the_page_is_reached_by_the_tab_key_and_has_a_name(saved, page):
    page.goto(saved.as_uri())
    controls = page.locator("input, select, button").all()
    for control in controls:
        page.keyboard.press("Tab")
        expect(control).to_be_focused()
        expect(control).to_have_accessible_name(re.compile(r"\w"))


def test_sliders_and_scenes_work_in_firefox(saved, firefox):
    def words():
        return firefox.evaluate("document.querySelector('canvas').ariaLabel")

    def wait_for_words(beginning):
        has_come = f"document.querySelector('canvas').ariaLabel?.startsWith('{beginning}')"
        firefox.evaluate(
            "new Promise((done, late) => { setTimeout(late, 10000); const look = () => "
            f"{has_come} ? done() : setTimeout(look, 20); look(); }})"
        )

    firefox.open(saved.as_uri())
    wait_for_words("number of features 2,")
    before = firefox.screenshot()
    firefox.evaluate("document.querySelector('input').focus()")
    firefox.press("ArrowRight")
    firefox.evaluate("new Promise(done => setTimeout(done, 300))")
    assert not words().startswith("number of features 2,")
    assert firefox.screenshot() != before
    firefox.evaluate("document.querySelector('[aria-label=\"Next scene\"]').click()")
    wait_for_words("number of features 50,")
