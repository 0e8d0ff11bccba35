"""Pictures that are prepared in spare time and kept in the browser."""

import asyncio
import gc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ipywidgets import (
    Checkbox,
    Dropdown,
    FloatLogSlider,
    FloatSlider,
    IntSlider,
    SelectionSlider,
)
from small_panels import fraction, kept, logged, message, plot

from nnhelpers import widgets
from nnhelpers.lessons import bets
from nnhelpers.widgets import Scene, predictions
from nnhelpers.widgets._panel import film
from nnhelpers.widgets._panel.controls import places, positions

pytestmark = pytest.mark.usefixtures("without_pauses")


def offset(**looks):
    return IntSlider(min=0, description="offset", **looks)


def refine(result, center):
    for draws in (60, 70):
        yield fraction(center, draws)


def refuse_many(center, draws):
    if draws > 80:
        raise ValueError("too many")
    return fraction(center, draws)


@pytest.fixture
def make():
    """Make a panel of a main control and another one, and the log of what was computed."""
    made = []

    def make_with(main=None, *, compute=fraction, **others):
        log = []
        draws = IntSlider(value=20, min=10, max=90, description="draws")
        center = main or offset(value=3, max=5)
        panel = widgets.connect(logged(log, compute), plot, center=center, draws=draws, **others)
        log.clear()
        made.append(panel)
        return SimpleNamespace(panel=panel, log=log, center=center, draws=draws)

    yield make_with
    for panel in made:
        panel.close()


@pytest.fixture
def filmed(make, watch, until):
    """Make a panel that a front end watches; return it when all its pictures are prepared."""

    async def begin(*main, positions=6, **settings):
        made = make(*main, **settings)
        heard = watch(made.panel)
        await until(lambda: len(kept(heard)) == positions)
        made.prepared = [tuple(each.values()) for each in made.log]
        made.log.clear()
        return made, heard

    return begin


async def test_without_a_front_end_nothing_is_prepared(make):
    made = make()
    made.center.value = 1
    await asyncio.sleep(0.2)
    assert made.log == [{"center": 1, "draws": 20}]


async def test_a_front_end_that_is_ready_gets_all_positions_nearest_first_and_sharp(filmed):
    made, heard = await filmed()
    assert made.prepared == [(center, 20) for center in (2, 4, 1, 5, 0)]
    assert list(kept(heard)) == [(center, 20) for center in (3, 2, 4, 1, 5, 0)]
    for center, draws in [(3, 20), (0, 20)]:
        result = fraction(center, draws)
        alt, picture = kept(heard)[center, draws]
        assert alt == f"offset {center}, draws {draws}: {result.summary()}"
        assert picture == plot(result).frame()


async def test_a_move_to_a_prepared_position_computes_nothing_and_all_is_right(
    filmed, assert_same_drawing
):
    made, heard = await filmed()
    heard.clear()
    for center in (0, 5, 1, 4):
        made.center.value = center
        words = f"offset {center}, draws 20: {fraction(center, 20).summary()}"
        assert made.panel.summary == made.panel._screen.alt == repr(made.panel) == words
    await asyncio.sleep(0.1)
    assert made.log == []
    assert heard == []
    assert (made.panel.result.center, made.panel.result.draws) == (4, 20)
    assert_same_drawing(made.panel.drawn, plot(fraction(4, 20)))
    assert made.log == [{"center": 4, "draws": 20}]


async def test_what_a_panel_shows_is_not_disturbed_by_what_it_prepares(
    make, watch, until, assert_same_drawing
):
    made = make()
    heard = watch(made.panel)
    shown = made.panel._screen.picture, made.panel.summary
    await until(lambda: len(kept(heard)) > 2)
    assert (made.panel._screen.picture, made.panel.summary) == shown
    assert made.panel.result.center == 3
    assert_same_drawing(made.panel.drawn, plot(fraction(3, 20)))


async def test_a_move_drops_the_preparations_and_begins_new_ones_around_it(make, watch, until):
    made = make()
    heard = watch(made.panel)
    await until(lambda: (2, 20) in kept(heard))
    made.draws.value = 30
    made.log.clear()
    await until(lambda: len([at for at in kept(heard) if at[1] == 30]) == 6)
    assert {each["draws"] for each in made.log} == {30}
    assert len([at for at in kept(heard) if at[1] == 20]) < 6


async def test_pictures_of_another_setting_are_not_used(filmed):
    made, _ = await filmed()
    made.draws.value = 40
    made.center.value = 2
    computed = [{"center": 3, "draws": 40}, {"center": 2, "draws": 40}]
    assert made.log == computed
    assert made.panel.summary == f"offset 2, draws 40: {fraction(2, 40).summary()}"
    assert made.panel._screen.at == [2, 40]
    # Back at the old setting, its pictures are still good.
    made.draws.value = 20
    made.center.value = 1
    assert made.log == computed


async def test_the_film_is_bounded_and_the_browser_forgets_the_oldest_too(
    make, watch, until, monkeypatch
):
    monkeypatch.setattr(film, "_MOST_FRAMES", 8)
    made = make()
    heard = watch(made.panel)
    for draws in (20, 30, 40):
        made.draws.value = draws
        await until(lambda draws=draws: len([at for at in kept(heard) if at[1] == draws]) >= 4)
        await asyncio.sleep(0.02)
        assert len(kept(heard)) <= 8
        ours = [tuple(dict(key).values()) for key in made.panel._film._words]
        assert ours == list(kept(heard))
    assert len(kept(heard)) == 8
    assert (3, 20) not in kept(heard)
    # What was forgotten is computed again, not shown as if it were there.
    made.panel.close()
    made.log.clear()
    made.draws.value = 20
    assert made.log == [{"center": 3, "draws": 20}]


async def test_scenes_are_prepared_too_and_nothing_twice(make, watch, until):
    scenes = [
        Scene(name="start", caption="here"),
        Scene(name="near", caption="on the way", settings={"center": 2}),
        Scene(name="other", caption="elsewhere", settings={"center": 2, "draws": 70}),
    ]
    made = make(offset(max=3), scenes=scenes)
    heard = watch(made.panel)
    await until(lambda: (2, 70) in kept(heard))
    await asyncio.sleep(0.05)
    assert [tuple(each.values()) for each in made.log] == [(1, 20), (2, 20), (3, 20), (2, 70)]
    made.log.clear()
    made.panel.show_scene(2)
    assert made.panel.summary.startswith("offset 2, draws 70:")
    assert made.log == []


@pytest.mark.parametrize(("in_a_deck", "first"), [(False, 1), (True, 9)])
async def test_in_a_deck_scenes_are_prepared_before_what_is_nearby(
    in_a_deck, first, make, watch, until
):
    there = Scene(name="far", caption="away", settings={"center": 9})
    made = make(offset(max=9), scenes=[there])
    if in_a_deck:
        widgets.present([widgets.Slide(made.panel, title="anywhere")])
        made.center.value = 0
    heard = watch(made.panel)
    await until(lambda: len(kept(heard)) >= 2)
    assert list(kept(heard))[:2] == [(0, 20), (first, 20)]


async def test_a_front_end_that_comes_later_sees_the_best_at_once_and_never_less(watch, until):
    begun = []

    def refine_and_note(result, center):
        begun.append(center)
        yield from refine(result, center)

    panel = widgets.connect(fraction, plot, refine=refine_and_note, center=offset(max=1))
    seen = []
    panel._screen.observe(lambda change: seen.append(panel.result.draws), "picture")
    begun.clear()
    heard = watch(panel)
    await until(lambda: len(kept(heard)) == 2)
    assert set(seen) <= {70}
    assert begun == [1]
    # A move is shown as it is, then bettered, even if somebody comes in the midst of it.
    panel._film.clear()
    panel.controls["center"].value = 1
    assert panel.result.draws == 50
    heard = watch(panel)
    await until(lambda: len(kept(heard)) == 2)
    assert panel.result.draws == 70
    # A prepared picture is the best one, too.
    panel.controls["center"].value = 0
    assert panel.summary == f"offset 0: {fraction(0, 70).summary()}"
    assert panel.result.draws == 70
    panel.close()


async def test_a_second_front_end_gets_all_pictures(filmed, watch, until):
    made, _ = await filmed()
    made.center.value = 1
    again = watch(made.panel)
    assert made.panel._screen.at == [1, 20]
    assert made.panel._screen.picture == made.panel.drawn.frame()
    await until(lambda: len(kept(again)) == 6)
    assert again[0][0] == {"kind": "forget", "at": None}


async def test_a_refused_move_does_not_drop_the_preparations(make, watch, until):
    made = make(compute=refuse_many)
    heard = watch(made.panel)
    await until(lambda: made.log)
    made.draws.value = 90
    assert made.draws.value == 20
    await until(lambda: len(kept(heard)) == 6)
    assert {at[1] for at in kept(heard)} == {20}
    assert message(made.panel) == "too many"
    # A prepared position takes the message away.
    made.center.value = 2
    assert message(made.panel) == ""


async def test_a_closed_panel_stops_preparing(make, watch, until):
    made = make()
    watch(made.panel)
    await until(lambda: made.log)
    made.panel.close()
    done = len(made.log)
    await asyncio.sleep(0.1)
    assert len(made.log) == done < 5


@pytest.mark.parametrize("written", [0.1 + 0.2, np.float64(0.3)], ids=repr)
async def test_a_number_written_in_another_way_is_the_same_position(filmed, written):
    tenths = FloatSlider(value=0.2, min=0, max=0.5, step=0.1, description="offset")
    made, _ = await filmed(tenths)
    made.center.value = written
    assert made.log == []
    assert made.panel.summary.startswith("offset 0.3,")


async def test_from_a_value_off_the_grid_the_nearest_positions_are_prepared_first(
    make, watch, until
):
    value = 0.333
    made = make(FloatSlider(value=value, min=0, max=0.5, step=0.1, description="offset"))
    heard = watch(made.panel)
    grid = {round(0.1 * i, 1) for i in range(6)}
    await until(lambda: grid <= {round(center, 9) for center, _ in kept(heard)})
    distances = [abs(each["center"] - value) for each in made.log]
    assert distances == pytest.approx(sorted(distances))


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (FloatSlider(value=1, min=0.8, max=1.1, step=0.1), [0.8, 0.9, 1, 1.1]),
        (FloatSlider(min=-1, max=1, step=0.5), [-1, -0.5, 0, 0.5, 1]),
        (FloatSlider(min=0, max=1, step=0.35), [0, 0.35, 0.7, 1]),
        (FloatSlider(min=0, max=1, step=0.4), [0, 0.4, 0.8, 1]),
        (FloatSlider(value=2, min=2, max=2, step=0.1), [2]),
        (IntSlider(min=2, max=8, step=3), [2, 5, 8]),
        (FloatLogSlider(value=1, base=10, min=-2, max=1, step=1), [0.01, 0.1, 1, 10]),
        (Checkbox(), [False, True]),
        (Dropdown(options=["a", "b"]), ["a", "b"]),
        (Dropdown(options={"one": 1, "two": 2}), [1, 2]),
        (SelectionSlider(options=[["one", 1], ["two", 2]]), [1, 2]),
        (SelectionSlider(options=np.array([0.5, 1.5])), [0.5, 1.5]),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else type(value).__name__,
)
def test_the_positions_of_a_control_are_those_that_a_reader_can_reach(control, expected):
    assert positions(control) == expected or positions(control) == pytest.approx(expected)
    if hasattr(control, "index"):
        for i, value in enumerate(expected):
            control.index = i
            assert control.value == value
            assert places({"it": control}, {"it": value}) == [i]


async def test_a_revealed_bet_stays_where_pictures_of_others_were_prepared(
    watch, until, monkeypatch
):
    monkeypatch.setattr(predictions, "_asked", {})
    calls = []
    answer = bets.Share(bet=0.1)
    prediction = widgets.predict("How many?", answer, truth=lambda: calls.append(1) or 0.45)
    heard = watch(prediction)
    await until(lambda: len(kept(heard)) > 5)
    assert calls == []  # nobody looks at the truth before the reader does
    prediction.controls["reveal"].value = True
    before = prediction.summary
    prediction.controls["reveal"].value = False
    assert prediction.controls["reveal"].value is True
    assert prediction.summary == before
    assert prediction.result.revealed
    await asyncio.sleep(0.05)
    assert len(kept(heard)) == 1
    assert calls == [1]


def resident_megabytes():
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * 4096 / 2**20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux")
async def test_hundreds_of_moves_do_not_fill_the_memory(make, watch):
    made = make(IntSlider(value=0, min=0, max=300, description="offset"))
    watch(made.panel)

    async def move(times):
        for i in range(times):
            made.center.value = (7 * i) % 301
            if i % 20 == 0:
                await asyncio.sleep(0.02)  # some are prepared

    await move(200)
    gc.collect()
    before = resident_megabytes()
    await move(400)
    assert len(made.panel._film._words) <= film._MOST_FRAMES
    gc.collect()
    assert resident_megabytes() - before < 8
