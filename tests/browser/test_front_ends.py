"""A panel, a bet, a deck and a bet of the room, the same in JupyterLab, Notebook and Voila.

Each application opens one notebook, which its tests share; no test relies on another.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import applications
from browser.applications import APPLICATIONS, Application
from browser.test_deck import DEFINE, STOPS, click_through_and_come_back, picture_of
from playwright.sync_api import Browser, Locator, Page, expect

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
EVERYTHING = (PANEL, BET, DEFINE + "deck")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=APPLICATIONS, ids=str)
def application(request: pytest.FixtureRequest) -> Application:
    return request.param


@pytest.fixture(scope="module")
def page(
    application: Application,
    browser: Browser,
    notebooks: Path,
    address_of: Callable[[Application], str],
) -> Iterator[Page]:
    page = applications.new_page(browser)
    page.errors = applications.complaints_of(page)
    applications.write_notebook(notebooks / "everything.ipynb", *EVERYTHING)
    applications.run_notebook(page, application, address_of(application), "everything.ipynb")
    for screen in page.locator(".nnhelpers-panel canvas[data-frame]").all():
        expect(screen).not_to_have_attribute("data-frame", "0", timeout=60_000)
    yield page
    applications.close(page)


@pytest.fixture
def panel(page: Page) -> Locator:
    return page.locator(".nnhelpers-panel").nth(0)


@pytest.fixture(autouse=True)
def _on_the_page(page: Page, application: Application, tmp_path: Path) -> Iterator[None]:
    """Begin outside full screen; `tmp_path` is for the screenshot of a failure."""
    page.keyboard.press("Escape")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(0)
    yield
    check_that_nothing_complains(application, page, page.errors)


def test_a_panel_answers_the_keyboard(page, panel):
    picture = panel.locator(".nnhelpers-screen canvas")
    slider = panel.locator(".noUi-handle").first
    slider.press("Home")
    expect(picture).to_have_accessible_name(re.compile("^number of features 2,"))
    before, frame = picture.screenshot(), picture.get_attribute("data-frame")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "3.0")
    expect(picture).not_to_have_attribute("data-frame", frame)
    expect(slider).to_be_focused()
    assert int(picture.get_attribute("data-frame")) > int(frame)
    assert picture.screenshot() != before


def test_scenes_step_in_full_screen_and_escape_comes_back(page, panel):
    features, offset, _ = panel.locator(".noUi-handle").all()
    panel.get_by_role("button", name="Full screen").press("Enter")
    stage = page.locator(".nnhelpers-presenting")
    expect(stage).to_have_count(1)
    check_that_it_fills_the_window(page)
    for _ in range(3):
        page.keyboard.press("PageUp")
    expect_scene(panel, 0)
    page.keyboard.press("PageDown")
    expect_scene(panel, 1)
    expect(features).to_have_attribute("aria-valuenow", "50.0")
    page.keyboard.press("ArrowRight")
    expect_scene(panel, 2)
    expect(offset).to_have_attribute("aria-valuenow", "9.0")
    page.keyboard.press("PageUp")
    expect_scene(panel, 1)
    expect(panel.locator("canvas")).to_have_accessible_name(re.compile("^number of features 50,"))
    page.keyboard.press("Space")
    expect_scene(panel, 2)  # it plays on
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    expect(panel.get_by_role("button", name="Full screen")).to_be_focused()


def test_in_full_screen_a_slider_keeps_its_arrow_keys(page, panel):
    panel.get_by_role("button", name="Full screen").press("Enter")
    for _ in range(3):
        page.keyboard.press("PageUp")
    expect_scene(panel, 0)
    slider = panel.locator(".noUi-handle").first
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "3.0")
    expect_scene(panel, -1)
    page.keyboard.press("PageDown")
    expect_scene(panel, 1)


def test_a_bet_is_placed_and_revealed_from_the_keyboard(page):
    bet = page.locator(".nnhelpers-panel").nth(1)
    picture = bet.locator(".nnhelpers-screen canvas")
    expect(picture).to_have_accessible_name(re.compile("not revealed"))
    bet.locator(".noUi-handle").first.press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("your bet: 51%"))
    bet.get_by_role("button", name="Reveal").press("Enter")
    expect(picture).to_have_accessible_name(re.compile("your bet: 51%.*the truth: 75%"))
    expect(bet.get_by_role("button", name="Reveal")).to_be_disabled()


def test_one_clicker_goes_through_scenes_and_slides_and_the_place_is_kept(page):
    click_through_and_come_back(page)


def test_a_room_bets_in_full_screen_from_the_keyboard(page):
    page.locator(".nnhelpers-clicker").get_by_role("button", name="Full screen").press("Enter")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(1)
    for _ in STOPS:
        page.keyboard.press("PageDown")
    picture, message = picture_of(page), page.locator(".nnhelpers-presenting .nnhelpers-message")
    box = page.get_by_role("textbox", name="the room's bets")
    box.focus()
    page.keyboard.type("70% 0.2 many")
    page.keyboard.press("Enter")
    page.keyboard.type("80 %")
    page.keyboard.press("Tab")
    expect(picture).to_have_accessible_name(re.compile("3 bets, median 70%; not revealed"))
    expect(message.filter(has_text="not counted: 'many'")).to_have_count(1)
    expect(box).to_have_value("70% 0.2 many\n80 %")
    expect(page.locator(".nnhelpers-presenting button:focus")).to_have_accessible_name("Reveal")
    page.keyboard.press("Enter")
    expect(picture).to_have_accessible_name(re.compile("the truth: 75%, 2 of 3 bets"))
    page.keyboard.press("PageUp")
    expect(box).to_be_hidden()


def test_the_tab_key_reaches_every_control_and_each_says_its_name(page, panel):
    controls = panel.locator(":is(.noUi-handle, [contenteditable], button)").all()
    assert len(controls) == 3 * 2 + 5  # sliders with their numbers, and the bar under the picture
    controls[0].focus()
    for control in controls:
        expect(control).to_be_focused()
        expect(control).to_have_accessible_name(re.compile(r"\w{4}"))
        page.keyboard.press("Tab")


def expect_scene(panel: Locator, number: int) -> None:
    expect(panel.locator(".nnhelpers-caption")).to_have_attribute("data-scene", str(number))


def check_that_it_fills_the_window(page: Page) -> None:
    width, height = page.evaluate("[innerWidth, innerHeight]")
    box = page.locator(".nnhelpers-presenting").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, height)
    picture = page.locator(".nnhelpers-presenting canvas").bounding_box()
    assert picture["width"] > 0.9 * width
    assert picture["y"] + picture["height"] < height


def check_that_nothing_complains(application: Application, page: Page, errors: list[str]) -> None:
    expect(page.locator("[data-mime-type$='.stderr'], [data-mime-type$='.error']")).to_have_count(0)
    ours = [error for error in errors if not re.search(application.complaints, error, re.DOTALL)]
    assert ours == []
