"""Bets placed live, the truth at the press of a button, and what is shown without a front end."""

import html

import numpy as np
import pytest
from ipywidgets import Dropdown, FloatSlider, ToggleButton
from small_panels import message

from nnhelpers import figures, widgets
from nnhelpers.lessons import bets
from nnhelpers.widgets import predictions

SHARE = bets.Share(bet=0.1)
NUMBER = bets.Number(bet=400, low=0, high=2_000, step=2.5, within=100, unit="epochs")
CHOICE = bets.Choice(bet="half", options=["none", "half", "all"])
SKETCH = bets.Sketch(
    bet=[1, 0.5, 0], x=[0, 2.5, 10], low=0, high=1, within=0.1, x_label="offset", y_label="share"
)


@pytest.fixture(autouse=True)
def _a_new_notebook():
    predictions._asked.clear()


@pytest.fixture
def predict(counting):
    """Ask a question whose truth counts how often it is computed."""

    def make(question="How many?", answer=SHARE, *, truth=0.45, **settings):
        find_truth = counting(truth)
        prediction = widgets.predict(question, answer, truth=find_truth, **settings)
        prediction.calls = find_truth.calls
        return prediction

    return make


def reveal(prediction):
    prediction.controls["reveal"].value = True


def test_the_reader_starts_unrevealed_below_the_question_and_off_the_recorded_bet(predict):
    prediction = predict("Is 1 < 2?")
    assert "Is 1 &lt; 2?" in prediction.children[0].value
    assert not prediction.result.revealed
    assert prediction.result.answer.bet == prediction.controls["bet"].value == 0.5
    assert prediction.calls == []
    assert prediction.summary == repr(prediction) == f"Is 1 < 2? {prediction.result.summary()}"


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (SHARE, {"bet": FloatSlider}),
        (NUMBER, {"bet": FloatSlider}),
        (CHOICE, {"bet": Dropdown}),
        (SKETCH, {f"bet_{i}": FloatSlider for i in range(3)}),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_every_kind_of_answer_has_controls_that_keys_can_move(answer, kinds, predict):
    controls = predict(answer=answer).controls
    expected = kinds | {"sure": FloatSlider, "reveal": ToggleButton}
    assert {name: type(control) for name, control in controls.items()} == expected
    descriptions = [control.description for control in controls.values()]
    assert all(descriptions)
    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.parametrize(
    ("answer", "position", "bet", "truth"),
    [
        (SHARE, {"bet": 0.3}, 0.3, 0.45),
        (NUMBER, {"bet": 702.5}, 702.5, 600),
        (CHOICE, {"bet": "all"}, "all", "none"),
        (SKETCH, {"bet_0": 0.8, "bet_2": 0.2}, (0.8, 0.5, 0.2), [1, 0.5, 0]),
        (SKETCH, {"bet_1": 0.3}, (0.5, 0.3, 0.5), (np.arange(11), np.linspace(1, 0, 11))),
    ],
    ids=["share", "number", "choice", "sketch", "sketch of many points"],
)
def test_the_bet_follows_the_controls_and_stays_when_the_truth_is_revealed(
    answer, position, bet, truth, predict, assert_same_drawing
):
    prediction = predict(answer=answer, truth=truth)
    for name, value in position.items():
        prediction.controls[name].value = value
    prediction.controls["sure"].value = 0.9
    assert (prediction.result.answer.bet, prediction.result.sure) == (bet, 0.9)
    reveal(prediction)
    found = prediction.result
    assert found.revealed
    assert (found.answer.bet, found.sure, found.recorded) == (bet, 0.9, False)
    assert_same_drawing(prediction.drawn, figures.plot_bet(found))
    assert prediction.summary == f"How many? {found.summary()}"


def test_after_the_reveal_nothing_can_be_moved(predict):
    prediction = predict()
    assert not any(control.disabled for control in prediction.controls.values())
    reveal(prediction)
    assert "your bet: 50%" in prediction._repr_mimebundle_()["text/plain"]  # no recorded one
    assert all(control.disabled for control in prediction.controls.values())
    for name, value in {"bet": 0.45, "sure": 1.0, "reveal": False}.items():
        before = prediction.controls[name].value
        prediction.controls[name].value = value
        assert prediction.controls[name].value == before
        assert "the truth is revealed and the bet stays" in message(prediction)
    assert prediction.result.answer.bet == 0.5


def test_the_truth_is_computed_once_when_it_is_needed_first(predict):
    prediction = predict()
    prediction.controls["bet"].value = 0.2
    assert prediction.calls == []
    prediction._repr_mimebundle_()
    reveal(prediction)
    prediction._repr_mimebundle_()
    assert len(prediction.calls) == 1


@pytest.mark.parametrize(
    ("answer", "truth", "words"),
    [
        (SHARE, lambda: 1 / 0, "no truth: ZeroDivisionError: division by zero"),
        (SHARE, float("nan"), "truth must lie between 0 and 1, got nan"),
        (CHOICE, "some", "truth must be one of 'none', 'half', 'all', got 'some'"),
        (SHARE, None, "truth must be a number, got None"),
    ],
    ids=["raises", "nan", "no option", "none"],
)
def test_without_a_truth_nothing_is_revealed_and_a_message_says_why(answer, truth, words, predict):
    prediction = predict(answer=answer, truth=truth)
    for _ in range(2):
        reveal(prediction)
        assert message(prediction) == words
        assert not prediction.result.revealed
        assert prediction.controls["reveal"].value is False
        assert not any(control.disabled for control in prediction.controls.values())
    assert len(prediction.calls) == 2
    bundle = prediction._repr_mimebundle_()
    assert f"<i>{html.escape(words)}</i>" in bundle["text/html"]
    assert bundle["text/plain"].endswith("(Place your bet, then press Reveal.)")


def test_a_truth_that_failed_can_be_tried_again(predict):
    answers = iter([lambda: 1 / 0, lambda: 0.45])
    prediction = predict(truth=lambda: next(answers)())
    reveal(prediction)
    reveal(prediction)
    assert prediction.result.truth == 0.45
    assert message(prediction) == ""


def test_without_a_front_end_the_truth_is_folded_away(predict):
    prediction = predict("Is 1 < 2?", sure=0.8)
    live = prediction.result
    bundle = prediction._repr_mimebundle_()
    words = (
        "recorded bet: 10%, 80% sure of being within 10 points; "
        "the truth: 45%, 35 points off, a miss"
    )
    assert bundle["text/plain"] == "Is 1 < 2? (Place your bet, then press Reveal.)"
    shown, folded = bundle["text/html"].split("<details>")
    assert "<strong>Is 1 &lt; 2?</strong>" in shown
    assert "45%" not in shown
    assert f'<img alt="{words}"' in folded
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == prediction.model_id
    assert prediction.result is live
    assert not live.revealed


def test_once_the_reader_has_revealed_a_bet_the_tally_is_of_the_readers_bets_alone(predict):
    first, _ = predict("First?"), predict("Second?", CHOICE, truth="all")
    assert "truth" not in repr(widgets.tally_bets())
    reveal(first)
    tally = widgets.tally_bets()
    assert [outcome.revealed for outcome in tally.outcomes] == [True, False]
    assert tally.summary().startswith("1 bet of yours: 1 hit")
    assert "1 not revealed" in tally.summary()


def test_asking_again_replaces_the_bet_and_keeps_its_place(predict):
    reveal(predict("First?"))
    reveal(predict("Second?"))
    predict("First?")
    outcomes = widgets.tally_bets().outcomes
    assert [outcome.question for outcome in outcomes] == ["First?", "Second?"]
    assert [outcome.revealed for outcome in outcomes] == [False, True]


@pytest.mark.parametrize(
    ("answer", "least"), [(SHARE, 0.5), (CHOICE, 0.35), (NUMBER, 0.5)], ids=lambda v: str(v)[:6]
)
def test_how_sure_goes_from_a_guess_to_certain_in_steps_of_five_points(answer, least, predict):
    slider = predict(answer=answer).controls["sure"]
    assert (slider.min, slider.max, slider.step) == pytest.approx((least, 1, 0.05))


@pytest.mark.parametrize(
    ("step", "readout"), [(10, ",.0f"), (2.5, ",.1f"), (0.25, ",.2f"), (1 / 3, ",.6f")]
)
def test_a_slider_shows_the_decimals_of_its_step(step, readout, predict):
    answer = bets.Number(bet=1, low=0, high=20, step=step, within=1)
    slider = predict(answer=answer).controls["bet"]
    assert (slider.min, slider.max, slider.step) == (0, 20, step)
    assert slider.readout_format == readout


def test_a_truth_must_be_a_function():
    with pytest.raises(TypeError, match=r"truth must be a function that computes it, got 0.45"):
        widgets.predict("How many?", SHARE, truth=0.45)


@pytest.mark.parametrize(("question", "sure"), [("", 0.7), ("How many?", 0.2)])
def test_a_question_that_is_refused_is_not_entered(question, sure, predict):
    with pytest.raises(ValueError, match=r"question must not be empty|sure must lie between"):
        predict(question, sure=sure)
    assert widgets.tally_bets().outcomes == ()
