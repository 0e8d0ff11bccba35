"""A class on one machine: many kernels at once, each with a panel that retrains a network.

Usage: python benchmarks/class_on_one_machine.py [--kernels 30] [--keras] [--minutes 2]

Each kernel runs the cells of a student, and its slider moves at human pace, as a browser would
tell it. Printed are the memory of all, pages that kernels share counted once (on Linux), the time
from a key to the picture of its position, where one that was prepared takes a repaint, here 0 s,
and the work of all kernels while sliders moved, preparations included, for each move.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field

import numpy as np
import psutil
from jupyter_client import AsyncKernelManager

PACE = 2.0  # seconds between two moves of one student
LONGEST = 300  # seconds
# Many kernels that start at once may take each other's ports.
TRANSPORT = "tcp" if sys.platform == "win32" else "ipc"
PANEL = """
from nnhelpers import widgets

widgets.explore_normalization()
"""
KERAS = """
from nnhelpers import models, networks

model = models.build_mlp(networks.MLPSpec(units=(4,)), n_features=2)
"""


@dataclass(kw_only=True)
class Student:
    """A kernel, and what the page of its panel knows.

    Attributes
    ----------
    widgets : dict of str to dict
        The state of each widget by its address.
    kept : set of str
        Positions of which the page has a prepared picture.
    times : list of float
        From a key to its picture (s).
    """

    manager: AsyncKernelManager
    widgets: dict[str, dict] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    shown: str = ""
    idle: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self, *cells: str) -> None:
        """Start the kernel, run the cells and show the panel."""
        await self.manager.start_kernel(env=os.environ | {"TQDM_DISABLE": "1"})
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=LONGEST)
        self.listening = asyncio.create_task(self.listen())
        for cell in cells:
            asked = self.client.execute(cell)
            await self.until(lambda asked=asked: asked in self.idle)
        self.tell(self.screen, method="custom", content={"kind": "ready", "density": 1.0})
        await self.until(lambda: self.shown == self.here())

    @property
    def screen(self) -> str:
        """The address of the panel's screen."""
        return next(name for name, state in self.widgets.items() if "watched_traits" in state)

    def here(self) -> str:
        """Return where the controls stand."""
        screen = self.widgets[self.screen]
        names = (name.removeprefix("IPY_MODEL_") for name in screen["controls"])
        traits = screen["watched_traits"]
        return json.dumps([self.widgets[n][t] for n, t in zip(names, traits, strict=True)])

    def tell(self, widget: str, **data) -> None:
        """Send what the page has to say to a widget."""
        message = self.client.session.msg("comm_msg", {"comm_id": widget, "data": data})
        self.client.shell_channel.send(message)

    async def listen(self) -> None:
        """Take what the kernel sends."""
        while True:
            message = await self.client.get_iopub_msg(timeout=None)
            self.hear(message["msg_type"], message["content"], message["parent_header"])
            self.news.set()

    def hear(self, kind: str, content: dict, parent: dict) -> None:
        """Take one message."""
        if kind == "error":
            raise RuntimeError("\n".join(content["traceback"]))
        if kind == "status" and content["execution_state"] == "idle":
            self.idle.add(parent.get("msg_id"))
        elif kind == "comm_open":
            self.widgets[content["comm_id"]] = content["data"]["state"]
        elif kind == "comm_msg" and content["data"]["method"] == "update":
            state = content["data"]["state"]
            self.widgets[content["comm_id"]] |= state
            if "number" in state:
                self.shown = json.dumps(self.widgets[content["comm_id"]]["at"])
        elif kind == "comm_msg" and content["data"]["method"] == "custom":
            told = content["data"]["content"]
            if told["kind"] == "keep":
                self.kept.add(json.dumps(told["at"]))
            elif told["at"] is None:
                self.kept.clear()
            else:
                self.kept.discard(json.dumps(told["at"]))

    async def until(self, condition) -> None:
        """Wait for something that the kernel brings about."""
        async with asyncio.timeout(LONGEST):
            while not condition():
                self.news.clear()
                await self.news.wait()
                if self.listening.done():
                    self.listening.result()

    async def move(self, rng: random.Random) -> None:
        """Press an arrow key on a slider, most often the first, and time the picture."""
        sliders = [(n, s) for n, s in self.widgets.items() if "step" in s and "min" in s]
        name, state = sliders[0] if rng.random() < 0.7 else rng.choice(sliders)
        up = state["value"] + state["step"] <= state["max"] and rng.random() < 0.7
        step = state["step"] if up else -state["step"]
        value = state["value"] = max(state["min"], state["value"] + step)
        began = time.perf_counter()
        self.tell(name, method="update", state={"value": value}, buffer_paths=[])
        await self.until(lambda: self.here() in {self.shown, *self.kept})
        self.times.append(time.perf_counter() - began)

    async def work(self, rng: random.Random, until: float) -> None:
        """Move at human pace."""
        await asyncio.sleep(PACE * rng.random())
        while time.perf_counter() < until:
            pause = asyncio.create_task(asyncio.sleep(PACE * rng.uniform(0.5, 1.5)))
            await self.move(rng)
            await pause

    @property
    def process(self) -> psutil.Process:
        """The kernel's process."""
        return psutil.Process(self.manager.provisioner.process.pid)

    def memory(self) -> int:
        """Return the bytes of the kernel, of shared pages its share."""
        told = self.process.memory_full_info()
        return getattr(told, "pss", told.uss)

    def worked(self) -> float:
        """Return for how long the kernel has had a processor (s)."""
        told = self.process.cpu_times()
        return told.user + told.system

    async def end(self) -> None:
        """Stop the kernel."""
        self.listening.cancel()
        self.client.stop_channels()
        await self.manager.shutdown_kernel(now=True)


async def hold_class(kernels: int, keras: bool, minutes: float) -> None:
    """Print what a class of so many needs."""
    folder = tempfile.TemporaryDirectory()
    files = [f"{folder.name}/{number}.json" for number in range(kernels)]
    students = [
        Student(manager=AsyncKernelManager(transport=TRANSPORT, connection_file=each))
        for each in files
    ]
    cells = [KERAS, PANEL] if keras else [PANEL]
    began = time.perf_counter()
    try:
        await asyncio.gather(*(student.begin(*cells) for student in students))
        print(f"all panels are there after {time.perf_counter() - began:.0f} s", flush=True)
        before = sum(student.worked() for student in students)
        until = time.perf_counter() + 60 * minutes
        rngs = map(random.Random, range(kernels))
        pairs = zip(students, rngs, strict=True)
        await asyncio.gather(*(student.work(rng, until) for student, rng in pairs))
        times = np.array([each for student in students for each in student.times])
        work = (sum(student.worked() for student in students) - before) / len(times)
        memory = sum(student.memory() for student in students) / 2**30
    finally:
        await asyncio.gather(*(s.end() for s in students if hasattr(s, "listening")))
        folder.cleanup()
    print(
        f"{kernels} kernels{' with Keras' if keras else ''}: {memory:.1f} GiB, "
        f"{memory / kernels:.2f} each; {len(times):,} moves, from key to picture "
        f"median {np.median(times):.2f} s, p95 {np.percentile(times, 95):.2f} s, "
        f"longest {times.max():.2f} s, {(times > 1).mean():.1%} above 1 s; "
        f"{1000 * work:.0f} ms of a processor for each move; load {psutil.getloadavg()[0]:.0f} "
        f"on {os.cpu_count()} cores"
    )


def main() -> None:
    """Read the command line and hold the class."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernels", type=int, default=30)
    parser.add_argument("--keras", action="store_true", help="import Keras in each")
    parser.add_argument("--minutes", type=float, default=2.0, help="for which sliders move")
    asyncio.run(hold_class(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
