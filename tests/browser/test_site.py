"""The series as a site, opened from a disk: a small notebook shows all that its pages can do."""

import html
import re

import pytest
from browser.test_legible import objections
from playwright.sync_api import expect
from small_site import make_site

from nnhelpers.lessons import bets

MEGABYTE = 1_000_000
NAME = "00_start_here.html"
# The age of the page (ms), once its first panel shows a picture.
SHOWN_AT = "() => document.querySelector('canvas').dataset.frame > 0 && performance.now()"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return make_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def asked(page):
    """The files that the page has asked for."""
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.fixture
def opened(site, page):
    page.goto((site / NAME).as_uri())
    return page


def panel_of(page):
    return page.locator("main > .nnhelpers-panel").first


def place_and_reveal(page, number, *, steps):
    bet = page.locator(".bet").nth(number)
    for _ in range(abs(steps)):
        bet.get_by_label("your bet").press("ArrowRight" if steps > 0 else "ArrowLeft")
    bet.get_by_role("button", name="Reveal").press("Enter")
    return bet


@pytest.mark.parametrize("name", ["index.html", NAME])
def test_a_page_is_light_shows_its_picture_within_a_second_and_asks_nobody_else(
    site, page, errors, asked, name
):
    page.goto((site / name).as_uri())
    assert page.wait_for_function(SHOWN_AT).json_value() < 1_000
    files = {site / address.removeprefix(f"{site.as_uri()}/") for address in asked}
    assert all(path.is_file() for path in files)
    assert sum(path.stat().st_size for path in files) < MEGABYTE
    assert errors == []


def test_pictures_come_when_their_panel_is_near_and_the_others_when_it_is_used(site, page, asked):
    page.set_viewport_size({"width": 800, "height": 300})
    page.goto((site / NAME).as_uri())
    expect(panel_of(page).locator("canvas")).to_have_attribute("data-frame", "1")
    assert not any("/7-" in address for address in asked)  # of the deck
    asked.clear()
    panel_of(page).get_by_role("slider").press("ArrowRight")
    page.locator(".nnhelpers-deck").scroll_into_view_if_needed()
    expect(page.locator(".nnhelpers-deck canvas").first).not_to_have_attribute("data-frame", "0")
    assert any("/7-0-" in address for address in asked)
    assert sum("/2-" in address for address in asked) == 8


def test_a_panel_stands_in_its_place_with_slider_and_scenes(opened, errors):
    panel = panel_of(opened)
    picture, caption = panel.locator("canvas"), panel.locator(".nnhelpers-caption")
    expect(picture).to_have_accessible_name(re.compile("^offset 0:"))
    before = picture.screenshot()
    panel.get_by_role("slider").press("ArrowRight")
    expect(picture).to_have_accessible_name(re.compile("^offset 1:"))
    assert picture.screenshot() != before
    panel.get_by_role("button", name="Next scene").press("Enter")
    expect(caption).to_contain_text("at 3")
    assert errors == []


def test_a_deck_goes_through_its_slides(opened, errors):
    page, deck = opened, opened.locator(".nnhelpers-deck")
    picture = deck.locator(".nnhelpers-panel:not(.nnhelpers-aside) canvas")
    deck.locator(".nnhelpers-clicker").get_by_role("button", name="Full screen").press("Enter")
    for words in ("^offset 0", "^offset 3", "^offset 6", "^offset 3"):
        expect(picture).to_have_accessible_name(re.compile(words))
        page.keyboard.press("PageDown")
    page.keyboard.press("Escape")
    expect(deck.locator(".nnhelpers-notes")).to_contain_text("Wait.")
    assert errors == []


def outcome(question, answer, truth, sure):
    return bets.Outcome(question=question, answer=answer, sure=sure, truth=truth)


def test_bets_are_placed_revealed_and_summed_up_as_in_the_notebook(opened, errors):
    page, tally = opened, opened.locator(".tally")
    number = bets.Number(bet=0.4, low=0, high=1, step=0.1, within=0.1)
    coin = bets.Choice(options=("yes", "no"), bet="yes")
    first, second = outcome("How many?", number, 0.2, 1.0), outcome("Heads?", coin, "yes", 0.65)
    waiting = outcome("Heads?", coin, None, 0.7)
    expect(tally).to_have_text("no bet has been revealed yet, of 2")
    page.get_by_label("how sure").first.press("End")
    bet = place_and_reveal(page, 0, steps=-1)
    told = f"Your bet: 0.4, 100% sure; {first.truth_words()}."
    expect(bet.locator("p[role=status]")).to_have_text(told)
    expect(bet.get_by_role("img")).to_have_js_property("complete", True)
    assert bet.get_by_role("img").evaluate("image => image.naturalWidth") > 300
    expect(bet.get_by_label("your bet")).to_be_disabled()
    expect(tally.locator("p")).to_have_text(bets.Tally(outcomes=(first, waiting)).summary())
    page.get_by_label("how sure").nth(1).press("ArrowLeft")
    place_and_reveal(page, 1, steps=0)
    both = bets.Tally(outcomes=(first, second))
    expect(tally.locator("p")).to_have_text(both.summary())
    cells = [html.unescape(cell) for cell in re.findall("<td.*?>(.*?)</td>", both._repr_html_())]
    assert tally.locator("td").all_text_contents() == cells
    assert errors == []


def test_a_word_is_explained_on_hover_and_focus_until_escape(opened):
    page, word = opened, opened.locator("a.term").first
    meaning = page.get_by_role("tooltip")
    expect(word).to_have_accessible_description(re.compile(r"\w+ \w+"))
    expect(meaning).to_have_count(0)
    word.hover()
    expect(meaning).to_be_in_viewport()
    meaning.hover()
    page.wait_for_timeout(400)
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_have_count(0)
    word.focus()
    expect(meaning).to_be_in_viewport()
    word.press("Tab")
    expect(meaning).to_have_count(0)


def test_code_is_folded_and_copied_solutions_are_folded_and_mathematics_needs_no_script(
    opened, page
):
    assert page.locator("math[display=block]").bounding_box()["height"] > 40
    expect(page.locator("td a", has_text="What")).to_have_attribute("href", "#1.-what-x1-does")
    assert "$" not in page.locator("main").inner_text()
    expect(page.locator(".code details[open]")).to_have_count(1)
    expect(page.get_by_text("Yours to complete")).to_be_visible()
    expect(page.get_by_text("half = 1 / 2")).to_be_hidden()
    page.get_by_text("Solution").press("Enter")
    expect(page.get_by_text("half = 1 / 2")).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy code 5").press("Enter")
    expect(page.locator(".code").nth(4).get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "1 + 1"


@pytest.mark.parametrize("name", ["index.html", NAME, "glossary.html"])
def test_axe_has_no_objection(site, page, name):
    page.goto((site / name).as_uri())
    if name == NAME:
        place_and_reveal(page, 0, steps=1)
        for details in page.locator("details").all():
            details.evaluate("details => (details.open = true)")
        page.locator("a.term").first.focus()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert objections(page, "html") == [], scheme


def test_on_a_telephone_nothing_scrolls_sideways_but_pictures_code_and_tables(site, page):
    page.set_viewport_size({"width": 360, "height": 700})
    for name in ("index.html", NAME, "glossary.html"):
        page.goto((site / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for control in page.locator("button, input, select, summary").all():
            if control.is_visible() and (box := control.bounding_box())["width"]:
                assert 0 <= box["x"] < box["x"] + box["width"] <= 360


def test_everything_is_reached_by_the_tab_key_and_seen_where_it_is(opened, page):
    controls = page.locator("header a, main :is(a[href], button, input, select, summary)")
    wanted = [each for each in controls.all() if each.is_visible()]
    assert len(wanted) > 30
    page.keyboard.press("Tab")  # Skip to the text
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.dataset.reached = ''")
    unreached = [each.inner_text() for each in wanted if each.get_attribute("data-reached") is None]
    assert unreached == []


def test_on_paper_each_panel_is_its_scenes_with_their_pictures(opened, page):
    printed = page.pdf()
    panel = panel_of(page)
    assert panel.locator("img").count() == 3
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    assert panel.locator("img").evaluate_all(loaded)
    assert printed.count(b"/Subtype /Image") >= 3
    page.emulate_media(media="print")
    expect(panel.locator("figcaption")).to_have_text(
        [f"at {center}: data there" for center in (0, 3, 6)]
    )
    for hidden in (panel.locator("canvas"), panel.get_by_role("slider"), page.locator("nav").first):
        expect(hidden).to_be_hidden()
    expect(page.get_by_text("half = ...")).to_be_visible()


def test_without_scripts_the_scenes_and_the_bets_stand_there(site, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((site / NAME).as_uri())
    expect(panel_of(page).locator("img")).to_have_count(3)
    expect(panel_of(page).locator("img").first).to_be_visible()
    expect(page.locator(".bet summary").first).to_be_visible()
    page.close()


def test_a_strict_policy_stands_in_every_page(site):
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    assert len(pages) == 4
    for text in pages:
        (policy,) = re.findall('<meta content="(.*?)" http-equiv="Content-Security', text)
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        scripts = re.findall("<script[^>]*>", text)
        assert all(' src="' in each or ' type="application/json"' in each for each in scripts)
        assert not re.search(r"<[^>]+ (?:style|on\w+)=", text)


def test_panels_and_bets_work_in_firefox(site, firefox):
    firefox.open((site / NAME).as_uri())
    words = "document.querySelector('.nnhelpers-panel canvas').ariaLabel"
    firefox.wait_for(f"{words}?.startsWith('offset 0:')")
    before = firefox.screenshot()
    firefox.evaluate("document.querySelector('.nnhelpers-panel input').focus()")
    firefox.press("ArrowRight")
    firefox.wait_for(f"{words}.startsWith('offset 1:')")
    assert firefox.screenshot() != before
    firefox.evaluate("document.querySelector('.bet button').click()")
    firefox.wait_for("document.querySelector('.bet fieldset img')?.naturalWidth > 0")
    tally = firefox.evaluate("document.querySelector('.tally').innerText")
    assert tally.count("1 bet of yours") == 1
    assert firefox.evaluate("document.querySelector('math').getBoundingClientRect().height") > 10
