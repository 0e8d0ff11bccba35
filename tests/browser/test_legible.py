"""Every text can be read, whatever the theme and the place; axe-core finds nothing to object to."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.applications import JUPYTERLAB
from playwright.sync_api import Locator, Page, expect

PANEL = """
from ipywidgets import Dropdown, IntSlider
from nnhelpers import figures, simulations, widgets


def compute(center, kind):
    if center > 8:
        raise ValueError("center must be at most 8, or this message would not be seen")
    return simulations.simulate_active_fraction(center=center, draws=50)


panel = widgets.connect(
    compute,
    figures.plot_active_fraction,
    title="Which units split the data?",
    scenes=[widgets.Scene(name="far", caption="most units miss the data", settings={"center": 5})],
    center=IntSlider(max=9, description="offset"),
    kind=Dropdown(options=["uniform", "normal"], description="kind"),
)
panel.show_scene(0)
panel.controls["center"].value = 9
panel
"""
BET = """
from nnhelpers.lessons import bets

widgets.predict("How many?", bets.Share(bet=0.2), truth=lambda: 1 / 0)
"""
REVEAL = 'bet = _\nbet.controls["reveal"].value = True'
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
# The texts of a panel, each with its contrast against what is painted behind it.
CONTRASTS = """panel => {
    const parsed = color => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const linear = c => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const over = ([r, g, b, a = 1], back) => [r, g, b].map((c, i) => a * c + (1 - a) * back[i]);
    const behind = node => {
        if (!node) return [255, 255, 255];
        const color = parsed(getComputedStyle(node).backgroundColor);
        const opaque = (color[3] ?? 1) === 1;
        return opaque ? color : over(color, behind(node.parentElement));
    };
    const texts = [];
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const words = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        const inList = element.tagName === "OPTION" ? element.parentElement : element;
        const box = inList.getBoundingClientRect();
        if (!words || !box.width || getComputedStyle(element).visibility === "hidden") continue;
        const back = behind(inList);
        const front = over(parsed(getComputedStyle(inList).color), back);
        const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
        texts.push([words, (high + 0.05) / (low + 0.05)]);
    }
    return texts;
}"""
CHANGE_THEME = "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })"

pytestmark = pytest.mark.browser


def press_or_release(button: Locator, *, down: bool) -> None:
    if button.get_attribute("aria-pressed") != str(down).lower():
        button.evaluate("button => button.click()")
    expect(button).to_have_attribute("aria-pressed", str(down).lower())


def hardly_legible(page: Page, only: Locator | None) -> list[tuple[str, float]]:
    panels = [only] if only else page.locator(".nnhelpers-panel").all()
    texts = [text for panel in panels for text in panel.evaluate(CONTRASTS)]
    assert len(texts) >= 10
    return [(words, contrast) for words, contrast in texts if contrast < 4.5]


def objections(page: Page, within: str) -> list[str]:
    found = Axe().run(page, context=within, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def test_every_text_stands_out_in_every_theme_and_place_and_axe_has_no_objection(open_panel):
    page = open_panel(JUPYTERLAB, PANEL, BET, REVEAL)
    messages = page.locator(".nnhelpers-message")
    expect(messages.nth(0)).to_contain_text("or this message would not be seen")
    expect(messages.nth(1)).to_contain_text("no truth: ZeroDivisionError")
    assert objections(page, ".nnhelpers-panel") == []
    first = page.locator(".nnhelpers-panel").first
    faint = {}
    for theme, full in itertools.product(THEMES, (False, True)):
        page.evaluate(CHANGE_THEME, theme)
        expect(page.locator(f"body[data-jp-theme-name='{theme}']")).to_have_count(1)
        if full:
            first.get_by_role("button", name="Full screen").press("Enter")
        for dark in (False, True):
            buttons = page.get_by_role("button", name="Dark", exact=True).all()
            for button in buttons[:1] if full else buttons:
                press_or_release(button, down=dark)
            if found := hardly_legible(page, first if full else None):
                faint[theme, full, dark] = found
        if full:
            if theme == THEMES[0]:
                assert objections(page, ".nnhelpers-presenting") == []
            page.keyboard.press("Escape")
    assert faint == {}
