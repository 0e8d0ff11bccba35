"""What can be bet on, what came out and how well the bets do."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nnhelpers.lessons.bets import Choice, Number, Outcome, Share, Sketch, Tally

NUMBER = Number(bet=400, low=0, high=2_000, step=10, within=100, unit="epochs")
SHARE = Share(bet=0.4)
CHOICE = Choice(bet="half", options=["none", "half", "all"])
SKETCH = Sketch(
    bet=[1, 0.5, 0], x=[0, 5, 10], low=0, high=1, within=0.1, x_label="offset", y_label="share"
)
OF_SHARE = "40%, 80% sure of being within 10 points"


def outcome(answer=SHARE, **settings):
    return Outcome(**{"question": "How many?", "answer": answer, "sure": 0.8, **settings})


@pytest.mark.parametrize(
    ("answer", "change", "message"),
    [
        (NUMBER, {"bet": 3_000}, "bet must lie between 0 and 2000, got 3000"),
        (NUMBER, {"step": 0}, "step must be positive and finite, got 0"),
        (NUMBER, {"low": 2_000}, "low must be less than high, got 2000 and 2000"),
        (CHOICE, {"bet": "most"}, "bet must be one of 'none', 'half', 'all', got 'most'"),
        (CHOICE, {"options": ["half"]}, "at least two different texts, got \\['half'\\]"),
        (CHOICE, {"options": ["half", "half"]}, "at least two different texts"),
        (CHOICE, {"options": ["half", "a" * 61]}, "options must have at most 60 characters"),
        (SKETCH, {"bet": [1, 0]}, "bet must hold one height for each of .*, got \\(1.0, 0.0\\)"),
        (SKETCH, {"bet": [1, 0, 2]}, "bet must be numbers from 0 to 1, got"),
        (SKETCH, {"x": [0, 10, 5]}, "x must be at least two increasing numbers, got"),
        (SKETCH, {"x": [0], "bet": [0]}, "x must be at least two increasing numbers, got"),
        (SKETCH, {"within": 0}, "within must be positive and finite, got 0"),
    ],
)
def test_an_impossible_bet_is_refused(answer, change, message):
    with pytest.raises(ValueError, match=message):
        replace(answer, **change)


@pytest.mark.parametrize(
    ("answer", "settings", "message"),
    [
        (NUMBER, {"truth": math.nan}, "truth must lie between 0 and 2000, got nan"),
        (NUMBER, {"truth": 2_001}, "truth must lie between 0 and 2000, got 2001"),
        (NUMBER, {"truth": "many"}, "truth must be a number, got 'many'"),
        (NUMBER, {"truth": [1, 2]}, "truth must be a number, got \\[1, 2\\]"),
        (SHARE, {"truth": 45}, "truth must lie between 0 and 1, got 45"),
        (CHOICE, {"truth": "most"}, "truth must be one of 'none', 'half', 'all', got 'most'"),
        (CHOICE, {"truth": 1}, "truth must be one of 'none', 'half', 'all', got 1"),
        (SKETCH, {"truth": [0.5, 0.5]}, "truth must be \\(x, y\\) of one length or 3 heights"),
        (SKETCH, {"truth": ([0, 10], [1, 0.5, 0])}, "truth must be \\(x, y\\) of one length or 3"),
        (SKETCH, {"truth": ([0, 9], [1, 0])}, "reach from 0 to 10"),
        (SKETCH, {"truth": ([1, 10], [1, 0])}, "reach from 0 to 10"),
        (SKETCH, {"truth": ([0, 10, 5], [1, 0, 0])}, "increasing x"),
        (SKETCH, {"truth": [1, math.nan, 0]}, "truth must be one or more finite numbers from 0"),
        (SKETCH, {"truth": [1, 1.1, 0]}, "truth must be numbers from 0 to 1"),
        (SHARE, {"sure": 0.49}, "sure must lie between 0.5 and 1, got 0.49"),
        (SHARE, {"sure": 80}, "sure must lie between 0.5 and 1, got 80"),
        (CHOICE, {"sure": 0.3}, "sure must lie between 0.333333 and 1, got 0.3"),
        (CHOICE, {"sure": math.nan}, "sure must lie between 0.333333 and 1, got nan"),
        (SHARE, {"question": " "}, "question must not be empty, got ' '"),
    ],
)
def test_what_nobody_could_ask_bet_or_reveal_is_refused(answer, settings, message):
    with pytest.raises((ValueError, TypeError), match=message):
        outcome(answer, **settings)


def test_the_reader_starts_from_a_possible_bet_that_favours_nothing():
    every = (NUMBER, SHARE, CHOICE, SKETCH)
    assert [answer.start for answer in every] == [1_000, 0.5, "none", (0.5, 0.5, 0.5)]
    assert all(replace(answer, bet=answer.start).bet != answer.bet for answer in every)
    assert replace(NUMBER, low=3, high=6, step=1, bet=4).start in (4, 5)


@pytest.mark.parametrize(
    ("answer", "truth", "distance", "hit"),
    [
        (NUMBER, 450, 50, True),
        (NUMBER, 300, 100, True),
        (NUMBER, 299, 101, False),
        (SHARE, np.float32(0.5), 0.1, True),
        # 0.8 - 0.7 is a little more than 0.1 in floats.
        (replace(SHARE, bet=0.7), 0.8, 0.1, True),
        (SHARE, 0.52, 0.12, False),
        (CHOICE, "half", None, True),
        (CHOICE, "all", None, False),
        (SKETCH, [1, 0.5, 0], 0, True),
        (SKETCH, [0.7, 0.5, 0], 0.1, True),
        (SKETCH, ([0, 10], [1, 0]), 0, True),
        (SKETCH, ([-5, 0, 10, 20], [0, 0, 1, 0]), 2 / 3, False),
    ],
)
def test_a_hit_is_a_right_choice_or_within_the_stated_distance(answer, truth, distance, hit):
    found = outcome(answer, truth=truth)
    assert found.distance == (None if distance is None else pytest.approx(distance, abs=1e-7))
    assert found.hit is hit


@pytest.mark.parametrize("answer", [NUMBER, SHARE, CHOICE, SKETCH], ids=lambda a: a.kind)
def test_nothing_is_known_before_the_truth_is_revealed(answer):
    found = outcome(answer)
    assert (found.revealed, found.distance, found.hit) == (False, None, None)
    assert found.summary().endswith("; not revealed")


@pytest.mark.parametrize(
    ("answer", "truth", "words"),
    [
        (
            NUMBER,
            1_254.3,
            "400 epochs, 80% sure of being within 100 epochs; "
            "the truth: 1,250 epochs, 850 epochs off, a miss",
        ),
        (SHARE, 0.504, f"{OF_SHARE}; the truth: 50%, 10 points off, a miss"),
        (SHARE, 0.41, f"{OF_SHARE}; the truth: 41%, 1 point off, a hit"),
        (CHOICE, "half", "half, 80% sure; the truth: half, a hit"),
        (
            SKETCH,
            ([0, 10], [0.9123, 0]),
            "from 1 at 0 to 0 at 10, 80% sure of being within 0.1 on average; "
            "the truth: from 0.91 at 0 to 0 at 10, 0.04 off, a hit",
        ),
    ],
    ids=["number", "share", "one point", "choice", "sketch"],
)
def test_the_words_hold_bet_truth_and_distance(answer, truth, words):
    assert outcome(answer, truth=truth).summary() == f"your bet: {words}"


def test_the_words_do_not_depend_on_the_processor():
    texts = {outcome(NUMBER, truth=t).summary() for t in (1_252.0, 1_251.2, 1_250.7)}
    assert len(texts) == 1
    assert outcome(recorded=True).summary().startswith("recorded bet: 40%")
    # A bet is written as finely as it was placed.
    fine = replace(NUMBER, bet=425, step=25, within=200)
    assert outcome(fine).bet_words().startswith("425 epochs")


def bets(*hits, sure=0.8):
    """Bets on 40%, within 10 points: off by half of that or by 30 points."""
    return tuple(outcome(truth=0.45 if hit else 0.7, sure=sure) for hit in hits)


def test_a_tally_counts_hits_distances_and_confidence():
    tally = Tally(outcomes=(*bets(1, 1, 1, sure=0.9), *bets(0, sure=0.7)))
    assert tally.n == 4
    assert tally.mean_distance == pytest.approx((0.5 + 0.5 + 0.5 + 3) / 4)
    assert tally.confidence_gap == pytest.approx(0.75 - 0.85)
    assert tally.brier == pytest.approx((3 * 0.01 + 0.49) / 4)
    assert tally.summary() == (
        "4 bets of yours: 3 hits (75%), 85% sure on average; "
        "neither over- nor under-confident as far as 4 bets can tell; "
        "on average off by 1.1 times what still counts as a hit; "
        "Brier score 0.13 (0 is best; half sure of everything scores 0.25)"
    )


def test_choices_have_no_distance():
    tally = Tally(outcomes=(outcome(CHOICE, truth="half"),))
    assert math.isnan(tally.mean_distance)
    assert "1 bet of yours: 1 hit (100%)" in tally.summary()
    assert "on average off" not in tally.summary()
    assert Tally(outcomes=(*tally.outcomes, *bets(1))).mean_distance == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("hits", "sure", "words"),
    [
        ([0] * 5, 0.9, "over-confident by 90 points"),
        ([1] * 10, 0.6, "under-confident by 40 points"),
        ([0], 1.0, "over-confident by 100 points"),
        ([1], 0.5, "neither over- nor under-confident as far as 1 bet can tell"),
        ([1, 1, 1, 1, 0], 0.8, "neither over- nor under-confident as far as 5 bets can tell"),
    ],
)
def test_only_more_than_two_standard_errors_are_called_a_bias(hits, sure, words):
    assert words in Tally(outcomes=bets(*hits, sure=sure)).summary()


def test_the_gaps_error_is_the_spread_of_calibrated_bets():
    tally = Tally(outcomes=(*bets(1, 1, sure=0.9), *bets(0, sure=0.6)))
    rng = np.random.default_rng(0)
    hits = rng.random((100_000, 3)) < [0.9, 0.9, 0.6]
    spread = (hits.mean(axis=1) - 0.8).std()
    # The standard error of a standard deviation is at most s / sqrt(n) here.
    assert tally.gap_error == pytest.approx(spread, abs=4 * spread / math.sqrt(100_000))


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [((), "no bet has been placed"), ((outcome(),) * 2, "no bet has been revealed yet, of 2")],
)
def test_a_tally_of_nothing_says_so(outcomes, words):
    tally = Tally(outcomes=outcomes)
    assert tally.summary() == words
    assert repr(tally).endswith(words)
    assert words in tally._repr_html_()
    assert tally.n == 0
    assert np.isnan([tally.brier, tally.confidence_gap, tally.gap_error]).all()


def test_the_table_has_a_row_for_each_bet_that_is_revealed():
    first = outcome(question="Is 1 < 2 & 3?", truth=0.45)
    tally = Tally(outcomes=(first, outcome(CHOICE, truth="all"), outcome(NUMBER)))
    rows = [row.split("</td>")[:-1] for row in tally._repr_html_().split("<tr>")[2:]]
    cells = [[cell.partition(">")[2] for cell in row] for row in rows]
    assert cells == [
        ["Is 1 &lt; 2 &amp; 3?", "40%", "45%", "5 points", "80%", "✓ hit"],
        ["How many?", "half", "all", "–", "80%", "✗ miss"],
    ]
    assert repr(tally).splitlines()[0] == f"Is 1 < 2 & 3? | {first.summary()}"
