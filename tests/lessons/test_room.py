"""Bets of a room: what is read, what is named and not counted, and what came out."""

import pytest

from nnhelpers.lessons import bets

SHARE = bets.Share(bet=0.5)
NUMBER = bets.Number(bet=400, low=-10, high=2_000, step=1, within=100, unit="epochs")
CHOICE = bets.Choice(bet="half", options=["none", "half", "all"])
SKETCH = bets.Sketch(bet=[1, 0], x=[0, 1], low=0, high=1, within=0.1, x_label="x", y_label="y")


def room(answer, *placed, **settings):
    return bets.RoomBets(question="How many?", answer=answer, bets=placed, **settings)


@pytest.mark.parametrize(
    ("answer", "text", "found", "unread"),
    [
        (SHARE, "", (), ()),
        (SHARE, "30%, 0.45;1\n\n12.5 %\t0", (0.3, 0.45, 1.0, 0.125, 0.0), ()),
        (SHARE, "30 120% -0.1 nan half %", (), ("30", "120%", "-0.1", "nan", "half", "%")),
        (NUMBER, "100,200, 300 −5 1e3", (100.0, 200.0, 300.0, -5.0, 1000.0), ()),
        (NUMBER, "50% 2001 inf 7 <b>", (7.0,), ("50%", "2001", "inf", "<b>")),
    ],
)
def test_numbers_are_read_and_what_is_none_is_kept_as_it_was_written(answer, text, found, unread):
    assert bets.read_bets(text, answer=answer) == (found, unread)


def test_what_was_not_read_is_named_with_what_is_allowed():
    assert room(SHARE).unread_words() == ""
    words = room(SHARE, unread=("30", "a")).unread_words()
    assert words == "not counted: '30', 'a'; a share is written 0.3 or 30%"
    words = room(NUMBER, unread=tuple("abcdefg")).unread_words()
    assert "'e' and 2 more; a bet is a number from -10 to 2000" in words


@pytest.mark.parametrize(
    ("found", "middle", "hits", "summary"),
    [
        (room(SHARE), None, None, "the room: nobody has bet yet; not revealed"),
        (room(SHARE, truth=0.3), None, 0, "the room: nobody has bet yet; the truth: 30%"),
        (
            room(SHARE, 0.1, 0.35, 0.45, 0.9, truth=0.25),
            0.4,
            1,
            "the room: 4 bets, median 40%; the truth: 25%, 1 of 4 bets within 10 points (25%)",
        ),
        (
            room(CHOICE, "all", "none", "all", truth="none"),
            "all",
            1,
            "the room: 3 bets, most on all (none: 1, half: 0, all: 2); "
            "the truth: none, 1 of 3 bets right (33%)",
        ),
    ],
)
def test_the_middle_and_the_hits_are_counted_and_told(found, middle, hits, summary):
    assert found.middle == (None if middle is None else pytest.approx(middle))
    assert (found.hits, found.summary()) == (hits, summary)


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"question": 3}, TypeError, "question must be of type str, got 3"),
        ({"bets": 3}, TypeError, "bets must be of type Sequence, got 3"),
        ({"question": " "}, ValueError, "question must not be empty"),
        ({"answer": SKETCH}, TypeError, "answer must be of type Number or Choice, got a Sketch"),
        ({"bets": (0.5, 1.5)}, ValueError, "bets must be numbers from 0 to 1"),
        ({"bets": ("half",)}, TypeError, "bets must hold numbers"),
        ({"answer": CHOICE, "bets": ("some",)}, ValueError, "bets must be one of 'none'"),
        ({"truth": 2.0}, ValueError, "truth must lie between 0 and 1, got 2.0"),
    ],
)
def test_what_is_no_bet_is_refused_with_its_name(settings, error, words):
    with pytest.raises(error, match=words):
        bets.RoomBets(**{"question": "How many?", "answer": SHARE} | settings)


@pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        (30, SHARE, "text must be of type str, got 30"),
        ("30%", CHOICE, "answer must be of type Number"),
        ("30%", SKETCH, "answer must be of type Number"),
    ],
)
def test_numbers_are_read_from_a_text_for_an_answer_that_is_one(text, answer, words):
    with pytest.raises(TypeError, match=words):
        bets.read_bets(text, answer=answer)
