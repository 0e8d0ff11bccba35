"""JupyterLab on a copy of the notebooks, and a page in Chromium to drive it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LONGEST_RUN = 240  # seconds
SETTINGS = {
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "notebook-extension/tracker": '{"windowingMode": "none"}',  # draw cells that are off screen too
}
RUN_ALL_CELLS = """async seconds => {
    const { context, sessionContext } = window.jupyterapp.shell.currentWidget;
    await context.ready;
    await sessionContext.ready;
    const late = new Error(`still running after ${seconds} s`);
    await Promise.race([
        window.jupyterapp.commands.execute('notebook:run-all-cells'),
        new Promise((_, refuse) => setTimeout(() => refuse(late), 1000 * seconds)),
    ]);
    return context.model.toJSON();
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("no Chromium on this machine: install it to test the notebooks in a browser")
    arguments = ["--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab that has its own settings and serves a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    for name, text in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with serving(folder, port) as (server, log):
        wait_for(address, server, log)
        yield address


@contextlib.contextmanager
def serving(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen, Path]]:
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
        *("--expose-app-in-browser", "--LabApp.extension_manager=readonly"),
        f"--ServerApp.root_dir={folder / 'notebooks'}",
    ]
    environment = os.environ | {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    log = folder / "server.log"
    with log.open("w") as file:
        server = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        try:
            yield server, log
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen, log: Path, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(address + "/api", timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


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
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture
def run_notebook(page: Page, lab: str) -> Iterator[Callable[[str], list[dict]]]:
    """Open a notebook, run all its cells, and return them with their outputs."""

    def run(name: str) -> list[dict]:
        page.goto(f"{lab}/lab/tree/{name}?reset")
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext")
        return page.evaluate(RUN_ALL_CELLS, LONGEST_RUN)["cells"]

    yield run
    page.evaluate("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.shutdown()")
