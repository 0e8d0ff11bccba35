"""The exercises of the lessons, by the name of what the reader writes."""

from typing import Any

from nnhelpers.checks import check_one_of
from nnhelpers.lessons.exercises import lessons_1_2, lessons_3_4, lessons_5_6
from nnhelpers.lessons.exercises.answers import OPEN, Exercise, Feedback, Tries

EXERCISES: dict[str, Exercise] = {
    name: each
    for lessons in (lessons_1_2, lessons_3_4, lessons_5_6)
    for name, each in vars(lessons).items()
    if isinstance(each, Exercise)
}

# The feedback may quote an answer of any length.
_LONGEST = 200

# Feedback given in this notebook (each has its own kernel), by exercise.
_said: dict[str, list[Feedback]] = {}


def check(**answer: Any) -> Feedback:
    """Say whether the answer to one exercise is right, and if not, what kind of mistake it is.

    The answer, a number, array or function, is passed under the exercise's name. Raises
    ``TypeError`` unless there is exactly one answer, ``ValueError`` if the name is unknown.

    Examples
    --------
    >>> from nnhelpers.lessons import exercises
    >>> exercises.check(offset_where_one_in_twenty_splits=9.5)
    … not yet: 2 times too small
    """
    if len(answer) != 1:
        raise TypeError(f"answer must be one, got {len(answer)}: {', '.join(answer) or 'none'}")
    ((name, given),) = answer.items()
    check_one_of(EXERCISES, exercise=name)
    feedback = EXERCISES[name].check(given)
    said = _said.setdefault(name, [])
    if feedback.words != OPEN and not any(each.right for each in said):
        said.append(feedback)
    return feedback


def tried() -> tuple[Tries, ...]:
    """Return the tries at the exercises of this notebook.

    Examples
    --------
    >>> from nnhelpers.lessons import exercises
    >>> _ = exercises.check(offset_where_one_in_twenty_splits=19)
    >>> "offset_where_one_in_twenty_splits" in {each.exercise for each in exercises.tried()}
    True
    """
    return tuple(
        Tries(
            exercise=name,
            right=said[-1].right,
            mistakes=[each.words[:_LONGEST] for each in said if not each.right],
        )
        for name, said in _said.items()
        if said
    )
