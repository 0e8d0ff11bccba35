"""Work that gives way to everything else."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from nnhelpers.widgets._panel import spare_time
from nnhelpers.widgets._panel.spare_time import SpareTime


def steps(log, name, count=3):
    for i in range(count):
        log.append(f"{name}{i}")
        yield 0


def spend(steps):
    spare = SpareTime(threading.RLock())
    spare.spend_on(steps)
    return spare


def now():
    return asyncio.get_running_loop().time()


def test_without_an_event_loop_all_is_done_at_once():
    log = []
    spend(steps(log, "a"))
    assert log == ["a0", "a1", "a2"]


async def test_nothing_is_begun_before_a_pause(monkeypatch, until):
    monkeypatch.setattr(spare_time, "_PAUSE_SECONDS", 0.2)
    log, begin = [], now()
    spend(steps(log, "a"))
    assert log == []
    await until(lambda: log)
    assert now() - begin >= 0.19


@pytest.mark.usefixtures("without_pauses")
async def test_between_two_steps_everything_that_waits_comes_first(until):
    log = []
    loop = asyncio.get_running_loop()

    def with_messages():
        for i in range(3):
            log.append(f"step {i}")
            loop.call_soon(log.append, f"message {i}")
            yield 0

    spend(with_messages())
    await until(lambda: "message 2" in log)
    assert log == [f"{kind} {i}" for i in range(3) for kind in ("step", "message")]


@pytest.mark.usefixtures("without_pauses")
async def test_steps_that_ask_for_a_rest_get_it(until):
    times = []

    def resting():
        for _ in range(2):
            times.append(now())
            yield 0.2

    spend(resting())
    await until(lambda: len(times) == 2)
    assert times[1] - times[0] >= 0.19


@pytest.mark.usefixtures("without_pauses")
@pytest.mark.parametrize("drop", ["cancel", "other work"])
async def test_work_that_is_dropped_does_not_go_on(drop, until):
    log, spare_time = [], SpareTime(threading.RLock())
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


@pytest.mark.usefixtures("without_pauses")
async def test_a_step_that_leads_to_other_work_is_the_last_of_its_kind(until):
    log, spare_time = [], SpareTime(threading.RLock())

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


@pytest.mark.usefixtures("without_pauses")
async def test_while_cells_are_being_run_they_come_first(monkeypatch, until, cells):
    monkeypatch.setattr(spare_time, "_CELL_PAUSE_SECONDS", 0.1)
    log = []
    spend(steps(log, "a", 5))
    await until(lambda: "a1" in log)
    done = list(log)
    for _ in range(5):  # cells that follow each other
        cells.begin()
        await asyncio.sleep(0.03)
        cells.end()
        await asyncio.sleep(0.03)
        assert log == done
    cells.begin()
    await asyncio.sleep(0.3)  # a long one
    assert log == done
    cells.end()
    await until(lambda: "a4" in log)


def test_the_cell_that_imports_the_package_counts_as_being_run(cells):
    shell = spare_time.get_ipython()
    assert shell is not None
    assert spare_time.Cells().is_running
    cells.end()
    assert not spare_time.CELLS.is_running


@pytest.mark.usefixtures("without_pauses")
def test_another_thread_waits_for_a_step_to_end():
    lock, order = threading.RLock(), []

    def other():
        with lock:
            order.append("other")

    def step():
        order.append("begins")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.1)
        order.append("ends")
        yield 0

    async def session():
        SpareTime(lock).spend_on(step())
        async with asyncio.timeout(10):
            while "other" not in order:
                await asyncio.sleep(0.01)

    asyncio.run(session())
    assert order == ["begins", "ends", "other"]


@pytest.fixture
def clocks(monkeypatch):
    """Let a test say what the clock and the processor's meter show."""
    shown = SimpleNamespace(clock=0.0, processor=0.0)
    fake = SimpleNamespace(monotonic=lambda: shown.clock, process_time=lambda: shown.processor)
    monkeypatch.setattr(spare_time, "time", fake)
    monkeypatch.setattr(spare_time, "_LONGEST_REST_SECONDS", 0.3)
    return shown


@pytest.mark.usefixtures("without_pauses")
@pytest.mark.parametrize(("waited", "rest"), [(0.04, 0.3), (-0.02, 0)])
async def test_after_a_step_that_others_kept_waiting_there_is_a_rest(waited, rest, clocks, until):
    times = []

    def crowded():
        for _ in range(2):
            times.append(now())
            clocks.clock += 0.04 + waited
            clocks.processor += (
                0.04  # on both cores of a quiet machine, it is more than the clock's
            )
            yield 0

    spare = spend(crowded())
    await until(lambda: len(times) == 2)
    assert times[1] - times[0] >= rest - 0.01
    assert spare._rest == pytest.approx(rest)


@pytest.mark.usefixtures("without_pauses")
async def test_after_a_move_that_others_kept_waiting_spare_time_begins_later(
    clocks, make_panel, until
):

    def refine(log):
        def better(result, center):
            log.append(now())
            yield result

        return better

    made = make_panel(refine=refine)
    compute = made.panel._picture.compute

    def crowded_compute(center):
        clocks.clock += 0.08
        clocks.processor += 0.04
        return compute(center)

    made.panel._picture.compute = crowded_compute
    made.log.clear()
    made.slider.value = 4
    moved = now()
    await until(lambda: len(made.log) == 2)
    assert made.log[1] - moved >= 0.29
    made.panel.close()
