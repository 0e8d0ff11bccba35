"""Work that gives way to everything else."""

import asyncio
from types import SimpleNamespace

import pytest

from nnhelpers.widgets import _spare_time
from nnhelpers.widgets._spare_time import SpareTime


def steps(log, name, count=3):
    for i in range(count):
        log.append(f"{name}{i}")
        yield 0


def test_without_an_event_loop_all_is_done_at_once():
    log = []
    SpareTime().spend_on(steps(log, "a"))
    assert log == ["a0", "a1", "a2"]


def test_nothing_is_begun_before_a_pause(monkeypatch, until):
    monkeypatch.setattr(_spare_time, "_PAUSE_SECONDS", 0.2)

    async def session():
        log = []
        loop = asyncio.get_running_loop()
        begin = loop.time()
        SpareTime().spend_on(steps(log, "a"))
        assert log == []
        await until(lambda: log)
        assert loop.time() - begin >= 0.19

    asyncio.run(session())


@pytest.mark.usefixtures("without_pauses")
def test_between_two_steps_everything_that_waits_comes_first(until):
    async def session():
        log = []
        loop = asyncio.get_running_loop()

        def with_messages():
            for i in range(3):
                log.append(f"step {i}")
                loop.call_soon(log.append, f"message {i}")
                yield 0

        SpareTime().spend_on(with_messages())
        await until(lambda: "message 2" in log)
        assert log == [f"{kind} {i}" for i in range(3) for kind in ("step", "message")]

    asyncio.run(session())


@pytest.mark.usefixtures("without_pauses")
def test_steps_that_ask_for_a_rest_get_it(until):
    async def session():
        times = []
        loop = asyncio.get_running_loop()

        def resting():
            for _ in range(2):
                times.append(loop.time())
                yield 0.2

        SpareTime().spend_on(resting())
        await until(lambda: len(times) == 2)
        assert times[1] - times[0] >= 0.19

    asyncio.run(session())


@pytest.mark.usefixtures("without_pauses")
@pytest.mark.parametrize("drop", ["cancel", "other work"])
def test_work_that_is_dropped_does_not_go_on(drop, until):
    async def session():
        log, spare_time = [], SpareTime()
        spare_time.spend_on(steps(log, "a", 100))
        await until(lambda: "a1" in log)
        if drop == "cancel":
            spare_time.cancel()
        else:
            spare_time.spend_on(steps(log, "b"))
            await until(lambda: "b2" in log)
        done = [entry for entry in log if entry.startswith("a")]
        await asyncio.sleep(0.05)
        assert [entry for entry in log if entry.startswith("a")] == done

    asyncio.run(session())


@pytest.mark.usefixtures("without_pauses")
def test_a_step_that_leads_to_other_work_is_the_last_of_its_kind(until):
    async def session():
        log, spare_time = [], SpareTime()

        def turning():
            for i in range(5):
                log.append(f"a{i}")
                if i == 1:
                    spare_time.spend_on(steps(log, "b"))
                yield 0

        spare_time.spend_on(turning())
        await until(lambda: "b2" in log)
        await asyncio.sleep(0.02)
        assert log == ["a0", "a1", "b0", "b1", "b2"]

    asyncio.run(session())


@pytest.mark.usefixtures("without_pauses")
def test_while_cells_are_being_run_they_come_first(monkeypatch, until):
    shell = SimpleNamespace(execution_count=1)
    monkeypatch.setattr(_spare_time, "get_ipython", lambda: shell)
    monkeypatch.setattr(_spare_time, "_CELL_PAUSE_SECONDS", 0.1)

    async def session():
        log = []
        SpareTime().spend_on(steps(log, "a", 5))
        await until(lambda: "a1" in log)
        done = list(log)
        for _ in range(10):  # cells that follow each other
            shell.execution_count += 1
            await asyncio.sleep(0.03)
            assert log == done
        await until(lambda: "a4" in log)

    asyncio.run(session())
