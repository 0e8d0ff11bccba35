"""Jupyter's applications on a copy of the notebooks, Chromium to drive them, and Firefox."""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from browser import applications
from browser.applications import Application
from browser.firefox import Firefox, find_firefox, running
from playwright.sync_api import Browser, Page, expect

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Skip for want of a browser; where the checks run automatically, fail."""
    return pytest.fail if os.environ.get("CI") == "true" else pytest.skip


# It runs an event loop in this thread as long as it lives, which other tests would find running.
@pytest.fixture(scope="module")
def browser(missing: Callable[[str], None]) -> Iterator[Browser]:
    if applications.find_chromium() is None:
        missing("no Chromium on this machine: install it to test the notebooks in a browser")
    with applications.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox(
    missing: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Firefox]:
    if find_firefox() is None:
        missing("no Firefox on this machine: install it to test saved pages in it")
    with running(tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(NOTEBOOKS, tmp_path_factory.mktemp("served") / "notebooks")


@pytest.fixture(scope="session")
def address_of(
    notebooks: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Application], str]]:
    """Start an application when it is first asked for, and end all of them with the tests."""
    with contextlib.ExitStack() as servers:

        @cache
        def start(application: Application) -> str:
            folder = tmp_path_factory.mktemp(application.module)
            return servers.enter_context(applications.serving(application, notebooks, folder))

        yield start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    page = item.funcargs.get("page")
    if report.when == "call" and report.failed and page is not None:
        picture = item.funcargs["tmp_path"] / "page.png"
        page.screenshot(path=picture, full_page=True)
        report.sections.append(("screenshot", str(picture)))
    return report


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    page = applications.new_page(browser)
    yield page
    applications.close(page)


@pytest.fixture
def errors(page: Page) -> list[str]:
    return applications.complaints_of(page)


@pytest.fixture
def run_notebook(
    page: Page, address_of: Callable[[Application], str]
) -> Callable[[Application, str], list[dict]]:
    """Open a notebook, run all its cells, and return them with their outputs."""

    def run(application: Application, name: str) -> list[dict]:
        return applications.run_notebook(page, application, address_of(application), name)

    return run


@pytest.fixture
def open_panel(
    page: Page,
    notebooks: Path,
    run_notebook: Callable[[Application, str], list[dict]],
    request: pytest.FixtureRequest,
) -> Callable[..., Page]:
    """Write a notebook of the cells given, run it, and return the page once it shows a panel."""

    def show(application: Application, *sources: str) -> Page:
        name = re.sub(r"\W+", "-", request.node.name) + ".ipynb"
        applications.write_notebook(notebooks / name, *sources)
        run_notebook(application, name)
        picture = page.locator(".nnhelpers-panel canvas[data-frame]").first
        expect(picture).not_to_have_attribute("data-frame", "0", timeout=60_000)
        return page

    return show
