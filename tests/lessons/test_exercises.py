"""Exercises: right answers are right, and each known mistake is called by its name."""

import numpy as np
import pytest

from nnhelpers.lessons import exercises
from nnhelpers.lessons.exercises import EXERCISES
from nnhelpers.lessons.exercises.answers import Exercise


def given(name, how):
    """What a reader hands in: a function, or the number that it computes."""
    return how if EXERCISES[name].cases else how()


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_is_right_and_each_mistake_is_named(name):
    exercise = EXERCISES[name]
    assert exercises.check(**{name: given(name, exercise.right)}).right
    for words in exercise.mistakes:
        feedback = exercises.check(**{name: given(name, exercise.mistaken(words))})
        assert (feedback.right, feedback.words) == (False, f"not yet: {words}")


DOUBLE = Exercise(right=lambda x: 2 * x, cases=((np.array([1.0, -3.0]),), (np.array([0.5]),)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (..., "this should be a function, and is Ellipsis"),
        (lambda x: None, "your turn"),
        (lambda x: "one", "numbers are asked for, and this is 'one'"),
        (lambda x: 1 / 0, "your function raised ZeroDivisionError: division by zero"),
        (lambda x: x[:1], "the shape is (1,), asked for is (2,)"),
        (lambda x: x, "not yet: 2 times too small"),
        (lambda x: 6 * x, "not yet: 3 times too large"),
        (lambda x: x * np.inf, "not yet: it gives numbers that are not finite"),
        (lambda x: x + 9, "not yet: 6 where something smaller is right"),
        (lambda x: -x, "not yet: 3 where something smaller is right"),
    ],
)
def test_the_words_say_how_far_off_or_what_is_wrong(answer, words):
    feedback = DOUBLE.check(answer)
    assert (feedback.right, feedback.words) == (False, words)
    assert repr(feedback) == f"… {words}"


def test_a_function_that_changes_its_arguments_spoils_nothing():
    def doubled(x):
        x *= 2
        return x

    assert DOUBLE.check(doubled).right
    assert DOUBLE.check(doubled).right


def test_one_answer_to_a_known_exercise_is_asked_for():
    with pytest.raises(TypeError, match="answer must be one, got 0: none"):
        exercises.check()
    with pytest.raises(ValueError, match=r"exercise must be one of .*, got 'nothing'"):
        exercises.check(nothing=1)
