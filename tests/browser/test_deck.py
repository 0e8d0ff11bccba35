"""A deck in a notebook and in a saved page: one clicker, notes off the projector, and its place."""

import re

import pytest
from browser import applications
from browser.applications import JUPYTERLAB
from browser.test_legible import hardly_legible, objections
from playwright.sync_api import expect

DEFINE = """
from ipywidgets import IntSlider
from nnhelpers import figures, simulations, widgets
from nnhelpers.lessons import bets


def compute(center):
    return simulations.simulate_active_fraction(center=center, draws=50)


def scene(center):
    return widgets.Scene(name=f"at {center}", caption="data there", settings={"center": center})


panel = widgets.connect(
    compute,
    figures.plot_active_fraction,
    title="Which units split the data?",
    scenes=[scene(0), scene(3)],
    center=IntSlider(max=3, description="offset"),
)
room = widgets.predict_together("How many?", bets.Share(bet=0.2), truth=lambda: 0.75)
bet = widgets.predict("Heads?", bets.Choice(options=("yes", "no"), bet="no"), truth=lambda: "yes")
deck = widgets.present(
    [
        widgets.Slide(panel, notes="Who bets on all?"),
        widgets.Slide(figures.plot_active_fraction(compute(2)), title="At two", notes="Wait."),
        widgets.Slide(bet, notes="Bet now."),
        widgets.Slide(panel, scene=1),
        room,
    ]
)
"""
# The title of each stop, its count, and what the picture says first.
STOPS = (
    ("Which units split the data?", "1 / 5", "^offset 0:"),
    ("Which units split the data?", "1 / 5", "^offset 3:"),
    ("At two", "2 / 5", "^data at 2"),
    ("Heads?", "3 / 5", "^Heads"),
    ("Which units split the data?", "4 / 5", "^offset 3:"),
    ("How many?", "5 / 5", "^How many"),
)
RUN = """code => jupyterapp.shell.currentWidget.sessionContext.session.kernel
    .requestExecute({ code }).done"""

pytestmark = pytest.mark.browser


def expect_stop(page, number):
    title, count, words = STOPS[number]
    expect(page.locator(".nnhelpers-deck")).to_have_attribute("data-title", title)
    expect(page.locator(".nnhelpers-clicker .nnhelpers-caption")).to_contain_text(count)
    expect(picture_of(page)).to_have_accessible_name(re.compile(words))
    expect(page.locator(".nnhelpers-deck canvas:visible")).to_have_count(1)


def picture_of(page):
    return page.locator(".nnhelpers-deck > .nnhelpers-panel:not(.nnhelpers-aside) canvas")


def click_through_and_come_back(page):
    full = page.locator(".nnhelpers-clicker").get_by_role("button", name="Full screen")
    notes, stage = page.locator(".nnhelpers-notes"), page.locator(".nnhelpers-presenting")
    expect(notes).to_contain_text("Who bets on all?")
    full.press("Enter")
    expect(stage).to_have_count(1)
    expect(notes).to_be_hidden()
    for number in range(len(STOPS)):
        expect_stop(page, number)
        check_that_it_fills_the_window(page)
        page.keyboard.press("PageDown")
    for number in reversed(range(2, len(STOPS))):
        expect_stop(page, number)
        page.keyboard.press("PageUp" if number > 2 else "Escape")
    expect(stage).to_have_count(0)
    expect(full).to_be_focused()
    expect(notes).to_contain_text("2 / 5")
    expect(notes).to_contain_text("Wait.")
    expect(notes).to_contain_text("Next: Heads? Bet now.")
    expect(page.get_by_role("timer")).not_to_have_text("00:00")
    full.press("Enter")
    expect_stop(page, 2)


def check_that_it_fills_the_window(page):
    width, height = page.evaluate("[innerWidth, innerHeight]")
    box = page.locator(".nnhelpers-presenting").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, height)
    picture = picture_of(page).bounding_box()
    assert picture["width"] > 0.9 * width
    assert picture["height"] > 0.6 * height


@pytest.fixture(scope="module")
def live(browser, notebooks, address_of):
    """A page of a deck that has shown itself and filled the screen; no test relies on another."""
    page = applications.new_page(browser)
    applications.write_notebook(notebooks / "deck.ipynb", DEFINE + "deck.present()")
    applications.run_notebook(page, JUPYTERLAB, address_of(JUPYTERLAB), "deck.ipynb")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(1, timeout=60_000)
    yield page
    applications.close(page)


@pytest.fixture
def deck(live):
    """Begin at the first stop, outside full screen."""
    live.keyboard.press("Escape")
    expect(live.locator(".nnhelpers-presenting")).to_have_count(0)
    for _ in STOPS:
        live.get_by_role("button", name="Previous slide").press("Enter")
    expect_stop(live, 0)
    return live


def test_a_bet_is_placed_in_the_deck_and_no_focus_is_lost(deck):
    page = deck
    page.evaluate(RUN, "deck.present()")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("PageDown")
    page.get_by_label("your bet", exact=True).press("ArrowDown")
    expect(picture_of(page)).to_have_accessible_name(re.compile("your bet: no"))
    page.keyboard.press("PageUp")
    expect_stop(page, 2)
    page.keyboard.press("ArrowRight")  # no longer the list's own
    expect_stop(page, 3)
    page.get_by_role("button", name="Reveal").press("Enter")
    expect(picture_of(page)).to_have_accessible_name(re.compile("the truth: yes"))


def test_the_notes_in_a_window_of_their_own_follow_and_click_too(deck):
    page = deck
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Notes in a window of their own").press("Enter")
    notes = opened.value
    expect(notes.get_by_role("region", name="Notes")).to_contain_text("Who bets on all?")
    assert objections(notes, "html") == []
    notes.keyboard.press("PageDown")
    page.locator(".nnhelpers-clicker").get_by_role("button", name="Full screen").press("Enter")
    notes.keyboard.press("PageDown")
    expect_stop(page, 2)
    expect(notes.locator("body")).to_contain_text("Wait.")
    notes.keyboard.press("Escape")
    expect(page.locator(".nnhelpers-presenting")).to_have_count(0)
    notes.close()
    expect(page.locator(".nnhelpers-notes")).to_contain_text("Wait.")


def test_a_deck_that_is_shown_twice_stands_at_one_place(open_panel):
    page = open_panel(JUPYTERLAB, DEFINE + "deck", "deck")
    first, second = page.locator(".nnhelpers-deck").all()
    first.get_by_role("button", name="Next slide").press("Enter")
    first.get_by_role("button", name="Next slide").press("Enter")
    for deck in (first, second):
        expect(deck.locator(".nnhelpers-notes")).to_contain_text("Wait.")
        expect(deck.locator("canvas:visible")).to_have_accessible_name(re.compile("^data at 2"))


def test_axe_and_the_contrast_have_no_objection_to_a_deck(deck):
    page, shown = deck, deck.locator(".nnhelpers-deck")
    for full in (False, True):
        if full:
            page.get_by_role("button", name="Full screen", exact=True).last.press("Enter")
        for number in range(len(STOPS)):
            expect_stop(page, number)
            assert objections(page, ".nnhelpers-deck") == []
            page.get_by_role("button", name="Next slide").press("Enter")
        for _ in STOPS:
            page.get_by_role("button", name="Previous slide").press("Enter")
    for dark in ("true", "false"):
        page.get_by_role("button", name="Dark", exact=True).last.press("Enter")
        expect(shown.get_by_role("button", name="Dark", pressed=dark == "true")).to_have_count(1)
        assert hardly_legible(page, shown) == []


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "deck.html"
    names = {}
    exec(DEFINE, names)
    names["deck"].save_html(path)
    return path


def test_a_saved_deck_is_presented_alike_and_fetches_nothing(saved, page, errors):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    expect_stop(page, 0)
    assert objections(page, "html") == []
    click_through_and_come_back(page)
    page.keyboard.press("PageDown")
    page.get_by_role("checkbox", name="Reveal").press("Space")
    expect(picture_of(page)).to_have_accessible_name(re.compile("the truth: yes"))
    assert objections(page, "html") == []
    for _ in range(2):
        page.keyboard.press("PageDown")
    expect_stop(page, 5)
    expect(page.get_by_role("slider")).to_have_count(0)  # nobody can type bets into a page
    assert [address for address in asked if not address.startswith("blob:")] == [saved.as_uri()]
    assert errors == []


def test_a_saved_deck_steps_in_firefox(saved, firefox):
    firefox.open(saved.as_uri())
    firefox.evaluate("document.querySelector('[aria-label=\"Next slide\"]').focus()")
    said = "document.querySelector('.nnhelpers-panel:not(.nnhelpers-aside) canvas').ariaLabel"
    pause = "new Promise(done => setTimeout(done, 300))"
    for _, _, words in STOPS[1:]:
        firefox.evaluate("document.querySelector('[aria-label=\"Next slide\"]').click()")
        firefox.evaluate(pause)
        assert re.search(words, firefox.evaluate(said))
    firefox.evaluate("document.querySelector('.nnhelpers-notes button').click()")
    firefox.evaluate(pause)
    assert firefox.evaluate("document.querySelector('.nnhelpers-notes section')") is None
