"""A quick panel whose every move can be followed."""

import asyncio
import inspect
from functools import cache
from types import SimpleNamespace

import pytest
from ipywidgets import FloatSlider
from small_panels import fraction, plot

from nnhelpers import widgets
from nnhelpers.widgets._panel import film, spare_time
from nnhelpers.widgets.explore import seeds


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a test that is a coroutine in an event loop, as in a kernel; no work outlives it."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(scope="session")
def until():
    """Let the event loop run until something holds; a slow machine may take its time."""

    async def wait(condition):
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0)

    return wait


@pytest.fixture
def without_pauses(monkeypatch):
    """Let spare time begin at once, and rest for nobody."""
    monkeypatch.setattr(spare_time, "_PAUSE_SECONDS", 0)
    monkeypatch.setattr(spare_time, "_BREATH_SECONDS", 0)
    monkeypatch.setattr(spare_time, "_LONGEST_REST_SECONDS", 0)
    monkeypatch.setattr(film, "_REST_SECONDS", 0)


@pytest.fixture
def cells(monkeypatch):
    """Stand in for the notebook that runs cells; none is being run at first."""
    handlers = {}
    shell = SimpleNamespace(events=SimpleNamespace(register=handlers.__setitem__))
    monkeypatch.setattr(spare_time, "get_ipython", lambda: shell)
    monkeypatch.setattr(spare_time, "CELLS", spare_time.Cells())
    handlers["post_run_cell"]()
    return SimpleNamespace(begin=handlers["pre_run_cell"], end=handlers["post_run_cell"])


@pytest.fixture
def watch(monkeypatch):
    """Let a front end that shows a panel say so; return the messages that it then gets."""

    def begin(panel):
        heard = []
        monkeypatch.setattr(
            panel._screen, "send", lambda content, buffers=None: heard.append((content, buffers))
        )
        panel._screen._handle_custom_msg({"kind": "ready"}, [])
        return heard

    return begin


@pytest.fixture
def make_panel():
    """Make a panel of one slider, and the log of what was computed, refined and dropped."""

    def make(*, refine=None):
        log = []

        def compute(center):
            log.append(("compute", center))
            return fraction(center)

        slider = FloatSlider(value=0, min=0, max=10, description="offset of the data")
        refinement = None if refine is None else refine(log)
        panel = widgets.connect(compute, plot, refine=refinement, center=slider)
        return SimpleNamespace(panel=panel, slider=panel.controls["center"], log=log)

    return make


@pytest.fixture(scope="module")
def explore(trained):
    """Make a panel by name, those that train with short runs."""
    runs = {"centred": trained.run, "at 10": trained.shifted_run, "lost": trained.diverged_run}
    arguments = {
        "explore_training": [trained.run],
        "explore_examples": [runs],
        "explore_plateau": [trained.deep_run],
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"_EPOCHS": 60, "_SEEDS": 20, "_SEEDS_AT_ONCE": 10}.items():
            patch.setattr(seeds, name, value)
        patch.setattr(seeds, "_DYING_EPOCHS", 3)
        patch.setattr(seeds, "_DYING_SEEDS", 4)
        yield lambda name: getattr(widgets, name)(*arguments.get(name, []))


@pytest.fixture(scope="session")
def opened():
    """Open a panel by its name without the verb, once."""

    @cache
    def open_once(name):
        panel = widgets.open_panel(name)
        panel.start = panel.settings
        return panel

    return open_once


@pytest.fixture(scope="session")
def computed(opened):
    """Return what a panel computes where it began but for some settings; nothing is drawn."""

    def compute(name, **changes):
        panel = opened(name)
        return panel._picture.compute(**panel.start | changes)

    return compute


@pytest.fixture(scope="session")
def shown(opened):
    """Return the results of a panel's scene for so many seeds; nothing is drawn."""

    def show(name, scene, *, seeds=5):
        panel = opened(name)
        settings = panel.scene_settings[[each.name for each in panel.scenes].index(scene)]
        return [panel._picture.compute(**settings | {"seed": seed}) for seed in range(seeds)]

    return show


@pytest.fixture
def counting():
    """Make a function that finds a truth (a value, or what finds it), and keeps its calls."""

    def make(truth):
        def find_truth():
            find_truth.calls.append(truth)
            return truth() if callable(truth) else truth

        find_truth.calls = []
        return find_truth

    return make
