"""Firefox without a window, spoken to in WebDriver BiDi over its own socket: no driver between."""

import base64
import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket
from browser.applications import free_port, wait_for

KEYS = {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}
KEYS |= {"Tab": "\ue004", "Escape": "\ue00c"}


def find_firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One tab."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._sent = 0
        self.call("session.new", capabilities={})
        self._tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the protocol and wait for its answer; what else arrives is events."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != self._sent:
            pass
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def open(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, or of its promise, as if a hand asked."""
        code = f"(async () => JSON.stringify(await ({expression}) ?? null))()"
        tab = {"context": self._tab}
        settings = {"awaitPromise": True, "userActivation": True}
        answer = self.call("script.evaluate", expression=code, target=tab, **settings)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait_for(self, condition: str) -> None:
        """Wait until a JavaScript expression holds, ten seconds at most."""
        look = f"{condition} ? done() : setTimeout(look, 20)"
        self.evaluate(
            "new Promise((done, late) => { setTimeout(late, 10000); "
            f"const look = () => {look}; look(); }})"
        )

    def press(self, key: str) -> None:
        """Press a key, by its name or its letter, where the focus is."""
        value = KEYS.get(key, key)
        strokes = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self.call("input.performActions", context=self._tab, actions=[keyboard])

    def screenshot(self) -> bytes:
        return base64.b64decode(
            self.call("browsingContext.captureScreenshot", context=self._tab)["data"]
        )


@contextlib.contextmanager
def running(profile: Path) -> Iterator[Firefox]:
    port = free_port()
    options = ("--headless", f"--remote-debugging-port={port}", "--profile", str(profile))
    log = profile / "firefox.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen([find_firefox(), *options], stdout=file, stderr=file)
    try:
        wait_for(process, port, log)
        address = f"ws://127.0.0.1:{port}/session"
        socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        with contextlib.closing(socket):
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait(timeout=30)
