"""A panel works the same in JupyterLab, Notebook and Voila."""

import re

import pytest
from browser.applications import APPLICATIONS, JUPYTERLAB, Application
from playwright.sync_api import Page, expect

PANEL = """
from nnhelpers import widgets

panel = widgets.explore_overlap()
panel
"""
BET = """
from nnhelpers import widgets
from nnhelpers.lessons import bets

widgets.predict("How many?", bets.Share(bet=0.2), truth=lambda: 0.75)
"""
ROOM = """
from nnhelpers import figures, simulations, widgets
from nnhelpers.lessons import bets

room = widgets.predict_together("How many?", bets.Share(bet=0.2), truth=lambda: 0.75)
picture = figures.plot_active_fraction(simulations.simulate_active_fraction(draws=20))
widgets.present([room, widgets.Slide(picture)])
"""

pytestmark = pytest.mark.browser
everywhere = pytest.mark.parametrize("application", APPLICATIONS, ids=str)


@everywhere
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


@everywhere
def test_scenes_step_in_full_screen_and_escape_comes_back(application, open_panel, errors):
    page = open_panel(application, PANEL)
    features, offset, _ = page.locator(".noUi-handle").all()
    page.get_by_role("button", name="Full screen").press("Enter")
    stage = page.locator(".nnhelpers-presenting")
    expect(stage).to_have_count(1)
    check_that_it_fills_the_window(page)
    expect_scene(page, 0)
    page.keyboard.press("PageDown")
    expect_scene(page, 1)
    expect(features).to_have_attribute("aria-valuenow", "50.0")
    page.keyboard.press("ArrowRight")
    expect_scene(page, 2)
    expect(offset).to_have_attribute("aria-valuenow", "9.0")
    page.keyboard.press("PageUp")
    expect_scene(page, 1)
    expect(page.locator("canvas")).to_have_accessible_name(re.compile("^number of features 50,"))
    page.keyboard.press("Space")
    expect_scene(page, 2)  # it plays on
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    expect(page.get_by_role("button", name="Full screen")).to_be_focused()
    check_that_nothing_complains(application, page, errors)


def test_in_full_screen_a_slider_keeps_its_arrow_keys(open_panel):
    page = open_panel(JUPYTERLAB, PANEL)
    page.get_by_role("button", name="Full screen").press("Enter")
    slider = page.locator(".noUi-handle").first
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "3.0")
    expect_scene(page, -1)
    page.keyboard.press("PageDown")
    expect_scene(page, 1)


@everywhere
def test_a_bet_is_placed_and_revealed_from_the_keyboard(application, open_panel, errors):
    page = open_panel(application, BET)
    picture = page.locator(".nnhelpers-screen canvas")
    expect(picture).to_have_accessible_name(re.compile("not revealed"))
    page.locator(".noUi-handle").first.press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("your bet: 51%"))
    page.get_by_role("button", name="Reveal").press("Enter")
    expect(picture).to_have_accessible_name(re.compile("your bet: 51%.*the truth: 75%"))
    expect(page.get_by_role("button", name="Reveal")).to_be_disabled()
    check_that_nothing_complains(application, page, errors)


@everywhere
def test_a_room_bets_in_full_screen_from_the_keyboard(application, open_panel, errors):
    page = open_panel(application, ROOM)
    picture = page.locator(".nnhelpers-screen canvas").first
    page.get_by_role("button", name="Full screen").last.press("Enter")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(1)
    box = page.get_by_role("textbox", name="the room's bets")
    box.focus()
    page.keyboard.type("70% 0.2 many")
    page.keyboard.press("Enter")
    page.keyboard.type("80 %")
    page.keyboard.press("Tab")
    expect(picture).to_have_accessible_name(re.compile("3 bets, median 70%; not revealed"))
    expect(page.locator(".nnhelpers-message").first).to_contain_text("not counted: 'many'")
    expect(box).to_have_value("70% 0.2 many\n80 %")
    expect(page.get_by_role("button", name="Reveal")).to_be_focused()
    page.keyboard.press("Enter")
    expect(picture).to_have_accessible_name(re.compile("the truth: 75%, 2 of 3 bets"))
    page.keyboard.press("PageDown")
    expect(box).to_be_hidden()
    check_that_nothing_complains(application, page, errors)


def test_the_tab_key_reaches_every_control_and_each_says_its_name(open_panel):
    page = open_panel(JUPYTERLAB, PANEL)
    controls = page.locator(".nnhelpers-panel :is(.noUi-handle, [contenteditable], button)").all()
    assert len(controls) == 3 * 2 + 5  # sliders with their numbers, and the bar under the picture
    controls[0].focus()
    for control in controls:
        expect(control).to_be_focused()
        expect(control).to_have_accessible_name(re.compile(r"\w{4}"))
        page.keyboard.press("Tab")


def expect_scene(page: Page, number: int) -> None:
    expect(page.locator(".nnhelpers-caption")).to_have_attribute("data-scene", str(number))


def check_that_it_fills_the_window(page: Page) -> None:
    width, height = page.evaluate("[innerWidth, innerHeight]")
    box = page.locator(".nnhelpers-presenting").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, height)
    picture = page.locator("canvas").bounding_box()
    assert picture["width"] > 0.9 * width
    assert picture["y"] + picture["height"] < height


def check_that_nothing_complains(application: Application, page: Page, errors: list[str]) -> None:
    expect(page.locator("[data-mime-type$='.stderr'], [data-mime-type$='.error']")).to_have_count(0)
    ours = [error for error in errors if not re.search(application.complaints, error, re.DOTALL)]
    assert ours == []
