"""Whatever fails while a picture is made: the reader is told, in each place and at each moment."""

import re

import pytest
from browser.applications import JUPYTERLAB
from playwright.sync_api import expect

DEFINE = """
from dataclasses import dataclass

from ipywidgets import IntSlider
from nnhelpers import widgets
from nnhelpers.figures.drawn import Drawn, new_axes
from nnhelpers.widgets import Scene


@dataclass
class Result:
    n: int
    where: str

    def summary(self):
        fail(self, "summary")
        return f"n is {self.n}"


def fail(result, where):
    if (result.n, result.where) == (3, where):
        raise KeyError("three")


def plot(result, *, ax=None):
    ax = new_axes(ax, width=2, height=1)

    def draw(result):
        fail(result, "plot")
        ax.set_title(str(result.n))

    return Drawn(ax, draw, result)


def panel(where):
    def compute(n):
        fail(Result(n, where), "compute")
        return Result(n, where)

    def refine(result, n):
        fail(result, "refine")
        yield Result(n, where)

    there = Scene(name="three", caption="bad", settings={"n": 3})
    slider = IntSlider(value=2, max=4, description="n")
    return widgets.connect(compute, plot, refine=refine, title=where, scenes=[there], n=slider)
"""
TOLD = "this picture could not be made: KeyError: 'three'"
GOOD = 4  # of the five positions

pytestmark = pytest.mark.browser


def test_a_failure_is_told_on_a_move_and_in_a_scene_and_preparing_goes_on(open_panel):
    places = ["compute", "plot", "refine", "summary"]
    cells = [f'at_{where} = panel("{where}")\nat_{where}' for where in places]
    page = open_panel(JUPYTERLAB, DEFINE, *cells)
    panels = page.locator(".nnhelpers-panel")
    expect(panels).to_have_count(len(places))
    for where, shown in zip(places, panels.all(), strict=True):
        check_that_a_failure_is_told(shown, where)


def check_that_a_failure_is_told(panel, where):
    slider, picture = panel.locator(".noUi-handle"), panel.locator("canvas")
    message = panel.locator(".nnhelpers-message")
    expect(picture).to_have_attribute("data-prepared", str(GOOD), timeout=60_000)
    expect(message).to_have_text("")
    scenes = panel.get_by_role("button", name="Next scene")
    for go, before, key, to in (
        (lambda: slider.press("ArrowRight"), 2, "Home", 0),
        (lambda: scenes.press("Enter"), 0, "End", 4),
    ):
        go()
        expect(message).to_have_text(TOLD)
        stays = 3 if where == "refine" else before
        expect(slider).to_have_attribute("aria-valuenow", f"{stays}.0")
        expect(picture).to_have_accessible_name(re.compile(rf"^n {stays}: n is {stays}"))
        slider.press(key)
        expect(picture).to_have_accessible_name(re.compile(f"^n {to}: n is {to}"))
        expect(message).to_have_text("")  # the kernel is there, too


def test_a_page_says_what_it_leaves_out_and_goes_back_from_there(page, tmp_path):
    names = {}
    exec(DEFINE, names)
    names["panel"]("compute").save_html(tmp_path / "left_out.html")
    page.goto((tmp_path / "left_out.html").as_uri())
    expect(page.locator(".nnhelpers-missing")).to_have_text(f"1 position without a picture: {TOLD}")
    slider = page.get_by_role("slider")
    for key, n in (("ArrowRight", 2), ("ArrowLeft", 1)):
        slider.press(key)
        expect(slider).to_have_value(str(n))
        expect(page.locator("canvas")).to_have_accessible_name(re.compile(f"^n {n}: n is {n}"))
