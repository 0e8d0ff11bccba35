"""The picture in the front end, and the plain one where nobody answers."""

import asyncio

import pytest

from nnhelpers.widgets._panel import screen


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(screen, "_ANSWER_SECONDS", 0.02)


def is_shown(image):
    return image.layout.display != "none"


@pytest.mark.usefixtures("impatient")
async def test_the_plain_picture_appears_where_nobody_answers_and_follows_the_controls(
    make_panel, until
):
    made = make_panel()
    screen, plain = made.panel._screen, made.panel.children[2]
    assert not is_shown(plain)
    made.panel._repr_mimebundle_()
    assert not is_shown(plain)
    await until(lambda: is_shown(plain))
    assert plain.value == screen.picture == made.panel.drawn.frame()
    assert plain.layout.width == f"{made.panel.drawn.shown_width}px"
    made.slider.value = 9
    assert plain.value == made.panel.drawn.sketch()
    await until(lambda: plain.value == made.panel.drawn.frame())


@pytest.mark.usefixtures("impatient")
async def test_the_plain_picture_goes_when_somebody_answers_after_all(make_panel, until, watch):
    made = make_panel()
    plain = made.panel.children[2]
    made.panel._repr_mimebundle_()
    await until(lambda: is_shown(plain))
    watch(made.panel)
    assert not is_shown(plain)
    before = plain.value
    made.slider.value = 9
    assert plain.value == before
    made.panel.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("answer_first", [True, False])
async def test_where_somebody_answers_no_plain_picture_appears(make_panel, watch, answer_first):
    made = make_panel()
    steps = [made.panel._repr_mimebundle_, lambda: watch(made.panel)]
    for step in reversed(steps) if answer_first else steps:
        step()
    await asyncio.sleep(0.1)
    assert not is_shown(made.panel.children[2])
    made.panel.close()


def test_without_an_event_loop_nobody_is_waited_for_and_unknown_messages_do_nothing(make_panel):
    made = make_panel()
    made.panel._repr_mimebundle_()
    assert not is_shown(made.panel.children[2])
    for content in ({}, {"kind": "unknown"}):
        made.panel._screen._handle_custom_msg(content, [])
    assert not made.panel._screen.is_watched
    assert made.log == [("compute", 0)]


async def test_to_present_is_a_message_to_the_front_end(make_panel, watch):
    made = make_panel()
    heard = watch(made.panel)
    made.panel.present()
    assert heard[-1][0] == {"kind": "present"}
    made.panel.close()


@pytest.mark.usefixtures("impatient")
async def test_while_cells_are_being_run_an_answer_may_still_come(make_panel, cells, until):
    made = make_panel()
    plain = made.panel.children[2]
    cells.begin()
    made.panel._repr_mimebundle_()
    await asyncio.sleep(0.1)
    assert not is_shown(plain)
    cells.end()
    await until(lambda: is_shown(plain))


def test_showing_the_same_picture_again_is_news_to_the_front_end(make_panel):
    screen = make_panel().panel._screen
    before = screen.number
    for _ in range(2):
        screen.show(b"same", alt="same", at=[1])
    assert screen.number == before + 2
