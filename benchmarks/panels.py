"""Compare the live panels with `ipywidgets.interact` and inline figures, in JupyterLab in Chromium.

Time runs from the press of a key to the repaint that shows its position, both seen in the page.
The baseline computes and draws the same as the panel; ratios are taken within this one run.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Locator, Page

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser import applications
from browser.applications import JUPYTERLAB

MOVES = 60
WARM_UP = 5
PAUSE = 0.12  # seconds between a repaint and the next key
DRAG_GAP = 0.016  # seconds between two moves of the mouse
PREPARING = 60  # seconds at most

PANEL = """
from nnhelpers import widgets

widgets.{panel}()
"""
INTERACT = """
%matplotlib inline
from unittest import mock

import ipywidgets
from matplotlib import pyplot as plt
from nnhelpers import widgets
from nnhelpers.widgets.explore import seeds, units


def parts(compute, plot, **others):
    return compute, plot, others


with mock.patch.object(seeds, "connect", parts), mock.patch.object(units, "connect", parts):
    compute, plot, others = widgets.{panel}()
controls = {{
    name: control for name, control in others.items() if isinstance(control, ipywidgets.ValueWidget)
}}
start = {{name: control.value for name, control in controls.items()}}
size = plot(compute(**start)).figure.get_size_inches()


def show({control}):
    settings = start | {{"{control}": {control}}}
    plot(compute(**settings), figure=plt.figure(figsize=size))
    plt.show()


ipywidgets.interact(show, {control}=controls["{control}"]);
"""

# A repaint has happened one turn after the animation frame that follows the new picture. Only a
# panel's picture says in words which position it shows; of inline pictures the last one counts.
WATCH = """
const seen = window.seen = { moved: 0, repaints: [] };
for (const kind of ["keydown", "pointermove"])
    window.addEventListener(kind, () => { seen.moved = performance.now(); }, true);

function note(words) {
    requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen.repaints.push({ time: performance.now(), words: words() });
        port2.postMessage(0);
    });
}

document.addEventListener("load", ({ target }) => {
    if (target.matches?.(".jp-OutputArea-output img")) note(() => null);
}, true);
const { drawImage } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.drawImage = function (...picture) {
    drawImage.apply(this, picture);
    if (this.canvas.closest(".nnhelpers-screen")) note(() => this.canvas.ariaLabel);
};

seen.shows = position => {
    const named = new RegExp(position + "(?!\\\\.?\\\\d)");
    const repaint = seen.repaints.findLast(({ words }) => words === null)
        ?? seen.repaints.find(({ words }) => named.test(words));
    return repaint && repaint.time - seen.moved;
};
seen.fingerprint = () => {
    const picture = document.querySelector(".nnhelpers-screen canvas, .jp-OutputArea-output img");
    return picture.src ?? picture.toDataURL();
};
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A slider to move: of a panel, or of `interact` with the same work behind it.

    A panel keeps the pictures of places where it has been: another slider that is moved at each
    end makes the way back new.
    """

    name: str
    source: str
    panel: str
    control: str
    slider: str
    moved_at_ends: str | None = None

    @property
    def code(self) -> str:
        return self.source.format(panel=self.panel, control=self.control)


OFFSET = {
    "panel": "explore_active_fraction",
    "control": "center",
    "slider": "offset of the data",
}
SEED = {"panel": "explore_normalization", "control": "seed", "slider": "seed"}
CASES = (
    Case(name="interact, simulation", source=INTERACT, **OFFSET),
    Case(name="prepared", source=PANEL, **OFFSET),
    Case(name="interact, retraining", source=INTERACT, **SEED),
    Case(name="retraining", source=PANEL, moved_at_ends="offset of the data", **SEED),
)


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Times from key to repaint (ms), and how many moves changed the picture."""

    times: np.ndarray
    changed: int
    backlog: float

    @property
    def median(self) -> float:
        return float(np.median(self.times))

    def __str__(self) -> str:
        return f"{self.median:.0f}/{np.percentile(self.times, 95):.0f} ms"


@contextlib.contextmanager
def opened(case: Case, browser: Browser, address: str, notebooks: Path) -> Iterator[Page]:
    """Run a notebook that shows the case, and wait until it has nothing left to do."""
    applications.write_notebook(notebooks / "case.ipynb", case.code)
    page = applications.new_page(browser)
    page.add_init_script(WATCH)
    applications.run_notebook(page, JUPYTERLAB, address, "case.ipynb")
    page.wait_for_function("() => seen.repaints.length")
    wait_until_steady(page, "() => seen.repaints.length")
    wait_until_steady(
        page, "() => document.querySelector('.nnhelpers-screen canvas')?.dataset.prepared"
    )
    yield page
    applications.close(page)


def wait_until_steady(page: Page, count: str, *, seconds: float = 3) -> None:
    """Wait until a count has not moved for a while; one that does not exist is steady."""
    deadline, last, since = time.monotonic() + PREPARING, page.evaluate(count), time.monotonic()
    while last is not None and time.monotonic() < min(deadline, since + seconds):
        page.wait_for_timeout(200)
        if (now := page.evaluate(count)) != last:
            last, since = now, time.monotonic()


def position(slider: Locator, case: Case) -> str:
    """Return the slider's position in the words that a panel's picture uses for it."""
    return f"{case.slider} {float(slider.locator('.widget-readout').inner_text()):g}"


def is_at_end(slider: Locator, key: str) -> bool:
    handle = slider.locator(".noUi-handle")
    end = {"ArrowRight": "aria-valuemax", "ArrowLeft": "aria-valuemin"}[key]
    return handle.get_attribute("aria-valuenow") == handle.get_attribute(end)


def visit_new_places(case: Case, page: Page) -> None:
    if case.moved_at_ends:
        named(case.moved_at_ends, page).locator(".noUi-handle").press("ArrowRight")
        wait_until_steady(page, "() => seen.repaints.length")


def named(slider: str, page: Page) -> Locator:
    return page.locator(".widget-slider").filter(has_text=slider)


def wait_for_repaint(page: Page, at: str) -> float:
    """Return the time from the last move to the first repaint that shows the position (ms)."""
    found = page.wait_for_function("at => window.seen.shows(at)", arg=at, timeout=20_000)
    return found.json_value()


def measure(case: Case, page: Page) -> Latency:
    slider = named(case.slider, page)
    times, changed, key = [], [], "ArrowRight"
    for _ in range(WARM_UP + MOVES):
        if is_at_end(slider, key):
            key = "ArrowLeft" if key == "ArrowRight" else "ArrowRight"
            visit_new_places(case, page)
        before = page.evaluate("() => seen.fingerprint()")
        page.evaluate("() => { seen.repaints.length = 0; }")
        slider.locator(".noUi-handle").press(key)
        times.append(wait_for_repaint(page, position(slider, case)))
        page.wait_for_timeout(1000 * PAUSE)
        changed.append(page.evaluate("() => seen.fingerprint()") != before)
    return Latency(
        times=np.array(times[WARM_UP:]),
        changed=sum(changed[WARM_UP:]),
        backlog=drag(slider, case, page),
    )


def measure_every_control(page: Page) -> np.ndarray:
    """Return the times of moves of every control of the panel, each to a place not seen before."""
    times = []
    for slider in page.locator(".widget-slider").all():
        name = slider.locator(".widget-label").inner_text()
        for _ in range(6):
            key = "ArrowLeft" if is_at_end(slider, "ArrowRight") else "ArrowRight"
            page.evaluate("() => { seen.repaints.length = 0; }")
            slider.locator(".noUi-handle").press(key)
            readout = slider.locator(".widget-readout").inner_text()
            times.append(wait_for_repaint(page, f"{name} {float(readout):g}"))
            page.wait_for_timeout(1000 * PAUSE)
    for chooser in page.locator(".widget-dropdown").all():
        name = chooser.locator(".widget-label").inner_text()
        for option in chooser.locator("option").all_inner_texts()[::-1]:
            page.evaluate("() => { seen.repaints.length = 0; seen.moved = performance.now(); }")
            chooser.locator("select").select_option(label=option)
            times.append(wait_for_repaint(page, f"{name} {option}"))
            page.wait_for_timeout(1000 * PAUSE)
    return np.array(times)


def drag(slider: Locator, case: Case, page: Page) -> float:
    """Drag through the whole slider, and return what is still to do at its end (ms)."""
    slider.locator(".noUi-handle").press("Home")
    wait_until_steady(page, "() => seen.repaints.length")
    visit_new_places(case, page)
    track, handle = (slider.locator(name).bounding_box() for name in (".noUi-base", ".noUi-handle"))
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { seen.repaints.length = 0; }")
    began = time.monotonic()
    for move in range(1, MOVES + 1):
        page.mouse.move(x + track["width"] * move / MOVES, y)
        time.sleep(max(0, began + DRAG_GAP * move - time.monotonic()))
    wait_for_repaint(page, position(slider, case))
    wait_until_steady(page, "() => seen.repaints.length", seconds=1.5)
    page.mouse.up()
    return wait_for_repaint(page, position(slider, case))


def main() -> None:
    """Print the times and, last, the line of ratios."""
    if applications.find_chromium() is None:
        sys.exit("no Chromium on this machine: install it to measure the panels")
    found = {}
    with tempfile.TemporaryDirectory() as place, applications.chromium() as browser:
        notebooks, folder = Path(place, "notebooks"), Path(place, "settings")
        notebooks.mkdir()
        folder.mkdir()
        with applications.serving(JUPYTERLAB, notebooks, folder) as address:
            for case in CASES:
                with opened(case, browser, address, notebooks) as page:
                    if case.name == "retraining":
                        every = measure_every_control(page)
                    latency = found[case.name] = measure(case, page)
                print(
                    f"{case.name}: {latency}, {latency.changed} of {MOVES} pictures changed, "
                    f"backlog {latency.backlog:.0f} ms",
                    flush=True,
                )
    prepared, retraining = found["prepared"], found["retraining"]
    print(
        f"prepared: {prepared} "
        f"({found['interact, simulation'].median / prepared.median:.1f} x interact); "
        f"retraining: {retraining} "
        f"({found['interact, retraining'].median / retraining.median:.1f} x interact); "
        f"backlog {retraining.backlog:.0f} ms; "
        f"every control: {np.median(every):.0f}/{np.percentile(every, 95):.0f} ms"
    )


if __name__ == "__main__":
    main()
