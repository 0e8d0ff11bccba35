"""JupyterLab, Notebook and Voila on a folder of notebooks, and Chromium to look at them.

Tests and benchmarks share it.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

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
END_KERNEL = "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.shutdown()"


@dataclass(frozen=True, kw_only=True)
class Application:
    """A program that shows notebooks in a browser.

    Voila runs a notebook by itself; the others are told to.
    """

    module: str
    page: str
    options: tuple[str, ...]
    complaints: str = "(?!)"  # what its console says over an empty notebook, as a pattern

    def __str__(self) -> str:
        return self.module


OPEN_TO_SCRIPTS = (
    *("--expose-app-in-browser", "--LabApp.extension_manager=readonly"),
    *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
    *("--allow-root", "--ServerApp.port_retries=0", "--ServerApp.root_dir=."),
)
JUPYTERLAB = Application(module="jupyterlab", page="lab/tree/{}?reset", options=OPEN_TO_SCRIPTS)
NOTEBOOK = Application(
    module="notebook",
    page="notebooks/{}",
    options=OPEN_TO_SCRIPTS,
    complaints=r"reading 'schema'.*static/notebook/notebook_core",
)
VOILA = Application(
    module="voila",
    page="voila/render/{}",
    options=(".", "--port_retries=0", "--Voila.tornado_settings={'disable_check_xsrf': True}"),
    # Icons from the network, and JupyterLab's parts that Voila leaves out.
    complaints=r"fontawesome-free|getter for the shared module .*@jupyterlab/docregistry",
)
APPLICATIONS = (JUPYTERLAB, NOTEBOOK, VOILA)


@contextlib.contextmanager
def serving(application: Application, notebooks: Path, folder: Path) -> Iterator[str]:
    """Serve the notebooks, with settings of its own in the folder; yield the address."""
    for name, text in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    port = free_port()
    network = ("--no-browser", "--ip=127.0.0.1", f"--port={port}")
    command = [sys.executable, "-m", application.module, *application.options, *network]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(
            command, cwd=notebooks, env=own_settings(folder), stdout=file, stderr=file
        )
        try:
            wait_for(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def own_settings(folder: Path) -> dict[str, str]:
    environment = os.environ | {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    return environment


def wait_for(server: subprocess.Popen, port: int, log: Path, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise RuntimeError(
        f"nothing answers on port {port}:\n{log.read_text(encoding='utf-8')[-2000:]}"
    )


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    arguments = ["--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        yield browser
        browser.close()


def new_page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.set_default_timeout(60_000)
    return page


def complaints_of(page: Page) -> list[str]:
    """Return a list that grows: errors that nobody caught, and those on the page's console."""
    seen = []

    def listen(line: ConsoleMessage) -> None:
        if line.type == "error":
            seen.append(f"{line.text} {line.location['url']}")

    page.on("pageerror", lambda error: seen.append(f"{error.message} {error.stack}"))
    page.on("console", listen)
    return seen


def write_notebook(path: Path, *sources: str) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def run_notebook(page: Page, application: Application, address: str, name: str) -> list[dict]:
    """Open a notebook, run all its cells, and return them with their outputs.

    Voila keeps the cells to itself: there the list is empty.
    """
    page.goto(f"{address}/{application.page.format(name)}")
    if application is VOILA:
        return []
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext")
    return page.evaluate(RUN_ALL_CELLS, LONGEST_RUN)["cells"]


def close(page: Page) -> None:
    """Close a page and the kernel behind it."""
    page.evaluate(END_KERNEL)
    page.goto("about:blank")  # Voila ends the kernel when its page is left
    page.close()
