"""A room's bets live: typed, pasted or counted, the truth at the press of a button."""

import pytest
from ipywidgets import IntText, Textarea, ToggleButton
from small_panels import message

from nnhelpers import figures, widgets
from nnhelpers.lessons import bets

SHARE = bets.Share(bet=0.1)
CHOICE = bets.Choice(bet="half", options=["none", "half", "all"])


@pytest.fixture
def ask(counting):
    """Ask a room whose truth counts how often it is computed."""

    def make(answer=SHARE, *, truth=0.45):
        find_truth = counting(truth)
        room = widgets.predict_together("Is 1 < 2?", answer, truth=find_truth)
        room.calls = find_truth.calls
        return room

    return make


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (SHARE, [Textarea, ToggleButton]),
        (bets.Number(bet=1, low=0, high=20, step=1, within=1), [Textarea, ToggleButton]),
        (CHOICE, [IntText] * 3 + [ToggleButton]),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_every_kind_of_answer_has_controls_that_keys_can_move(answer, kinds, ask):
    room = ask(answer)
    assert [type(control) for control in room.controls.values()] == kinds
    descriptions = [control.description for control in room.controls.values()]
    assert all(descriptions)
    assert len(set(descriptions)) == len(descriptions)
    assert "Is 1 &lt; 2?" in room.children[0].value


def test_numbers_are_drawn_as_they_come_and_the_truth_when_it_is_revealed(ask, assert_same_drawing):
    room = ask()
    room.controls["bets"].value = "40% 0.2, 50 %"
    assert room.result.bets == (0.4, 0.2, 0.5)
    assert room.calls == []
    assert repr(room) == "Is 1 < 2? the room: 3 bets, median 40%; not revealed"
    room.controls["reveal"].value = True
    assert (room.result.truth, room.result.hits, len(room.calls)) == (0.45, 2, 1)
    assert_same_drawing(room.drawn, figures.plot_room_bets(room.result))
    room.controls["bets"].value += " 45%"
    assert (room.result.hits, len(room.calls)) == (3, 1)


def test_hands_are_counted_for_each_option(ask):
    room = ask(CHOICE, truth="all")
    room.controls["hands_0"].value = 2
    room.controls["hands_2"].value = 12
    room.controls["reveal"].value = True
    assert room.result.counts == {"none": 2, "half": 0, "all": 12}
    assert room.result.hits == 12


@pytest.mark.parametrize("count", [-1, 1_000])
def test_a_count_that_no_show_of_hands_gives_is_taken_back(count, ask):
    room = ask(CHOICE, truth="all")
    room.controls["hands_1"].value = 5
    room.controls["hands_1"].value = count
    assert message(room) == f"hands for 'half' must lie between 0 and 999, got {count}"
    assert room.controls["hands_1"].value == 5


def test_what_cannot_be_read_is_named_and_stays_in_the_box(ask):
    room = ask()
    room.controls["bets"].value = "40% <many> 20%"
    assert room.result.bets == (0.4, 0.2)
    assert "not counted: '<many>'; a share is written" in message(room)
    assert "<many>" not in room.children[-1].value
    assert room.controls["bets"].value == "40% <many> 20%"
    room.controls["reveal"].value = True
    assert "not counted: '<many>'" in message(room)
    room.controls["bets"].value = "40% 10% 20%"
    assert message(room) == ""


def test_without_a_truth_nothing_is_lost_and_a_message_says_why(ask):
    room = ask(truth=lambda: 1 / 0)
    room.controls["bets"].value = "40%"
    room.controls["reveal"].value = True
    assert "no truth: ZeroDivisionError: division by zero" in message(room)
    assert not room.result.revealed
    assert room.result.bets == (0.4,)
    assert "<i>no truth" in room._repr_mimebundle_()["text/html"]


def test_the_truth_is_neither_prepared_nor_shown_before_it_is_asked_for(ask):
    room = ask()
    room.controls["bets"].value = "40%"
    positions = list(room._film.missing(room.settings))
    assert positions == [{"bets": "40%", "reveal": False}]
    # Without a front end it is folded away.
    shown, folded = room._repr_mimebundle_()["text/html"].split("<details>")
    assert "45%" not in shown
    assert "the truth: 45%, 1 of 1 bet within 10 points" in folded
    assert not room.result.revealed


def test_its_state_comes_back(ask):
    room = ask()
    room.controls["bets"].value = "40%\n20%"
    again = ask()
    again.restore(room.state())
    assert again.result.bets == (0.4, 0.2)
    broken = room.state().replace('"40%\\n20%"', "3")
    assert broken != room.state()
    with pytest.raises(ValueError, match="text must"):
        again.restore(broken)


@pytest.mark.parametrize(("answer", "truth"), [(SHARE, 0.45), (CHOICE, "all")], ids=str)
def test_it_is_a_slide_of_a_deck_and_of_its_page(answer, truth, ask, tmp_path):
    room = ask(answer, truth=truth)
    deck = widgets.present([room])
    assert deck.stops[0].title == "Is 1 < 2?"
    deck.save_html(tmp_path / "deck.html")
    assert "nobody has bet yet" in (tmp_path / "deck.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"truth": 0.45}, TypeError, "truth must be a function that computes it, got 0.45"),
        ({"question": ""}, ValueError, "question must not be empty, got ''"),
        ({"answer": 3}, TypeError, "answer must be of type Number or Choice, got 3"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_name(settings, error, words):
    good = {"question": "How many?", "answer": SHARE, "truth": lambda: 0.45}
    with pytest.raises(error, match=words):
        widgets.predict_together(**good | settings)
