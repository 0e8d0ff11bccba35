"""Exercises, which compare a reader's answer with the right one and with known mistakes."""

import copy
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnhelpers.checks import check_kind

# The feedback while nothing has been handed in.
OPEN = "your turn"


@dataclass(frozen=True)
class Feedback:
    """Feedback on an answer; displays as a sentence."""

    right: bool
    words: str

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '…'} {self.words}"


@dataclass(frozen=True, kw_only=True)
class Tries:
    """A reader's tries at one exercise, up to the first right answer.

    Raises ``TypeError`` for a value of the wrong type.

    Attributes
    ----------
    exercise : str
        Name of the exercise.
    right : bool
        Whether the last answer was right.
    mistakes : list of str
        Feedback on the wrong answers; kept as a tuple.
    """

    exercise: str
    right: bool
    mistakes: Sequence[str]

    def __post_init__(self) -> None:
        check_kind(list, mistakes=self.mistakes)
        object.__setattr__(self, "mistakes", tuple(self.mistakes))
        for words in (self.exercise, *self.mistakes):
            check_kind(str, **{"exercise and mistakes": words})
        check_kind(bool, right=self.right)

    @property
    def n(self) -> int:
        """Number of tries."""
        return len(self.mistakes) + self.right


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """A question with a computed answer: a number or array, or a function of some arguments.

    Attributes
    ----------
    right : callable
        Computes the right answer from the arguments of a case.
    cases : tuple of tuples
        Arguments on which a function is tried; empty if the answer is no function.
    mistakes : dict of str to callable or dict
        Each mistake in words, and what computes it: a function, or keywords of `right`.
    within : float
        Largest error allowed, as a share of the largest right number.
    praise : str
        Shown for a right answer.
    """

    right: Callable[..., Any]
    cases: tuple[tuple, ...] = ()
    mistakes: Mapping[str, Callable[..., Any] | Mapping[str, Any]] = field(default_factory=dict)
    within: float = 1e-6
    praise: str = ""

    def check(self, answer: Any) -> Feedback:
        """Say whether an answer is right, which mistake it is, or how far off it is."""
        if not self.cases:
            return self._judge([answer], cases=[()])
        if not callable(answer):
            return Feedback(False, f"this should be a function, and is {answer!r}")
        try:
            found = [answer(*copy.deepcopy(case)) for case in self.cases]
        except Exception as error:
            return Feedback(False, f"your function raised {type(error).__name__}: {error}")
        return self._judge(found, cases=self.cases)

    def mistaken(self, words: str) -> Callable[..., Any]:
        """Return the function that makes a mistake from the arguments of a case."""
        how = self.mistakes[words]
        return how if callable(how) else functools.partial(self.right, **how)

    def _judge(self, found: list, *, cases: Sequence[tuple]) -> Feedback:
        if any(_is_open(each) for each in found):
            return Feedback(False, OPEN)
        asked = [_numbers(self.right(*case)) for case in cases]
        try:
            found = [_numbers(each) for each in found]
        except (TypeError, ValueError):
            return Feedback(False, f"numbers are asked for, and this is {found[0]!r}")
        if self._agree(found, asked):
            return Feedback(True, " ".join(("right.", self.praise)).strip())
        for words in self.mistakes:
            wrong = self.mistaken(words)
            if self._agree(found, [_numbers(wrong(*case)) for case in cases]):
                return Feedback(False, f"not yet: {words}")
        for got, right in zip(found, asked, strict=True):
            if got.shape != right.shape:
                return Feedback(False, f"the shape is {got.shape}, asked for is {right.shape}")
        return Feedback(False, f"not yet: {_distance(found, asked)}")

    def _agree(self, found: list, asked: list) -> bool:
        """Whether all numbers are within the largest error allowed."""
        return all(
            got.shape == right.shape
            and np.abs(got - right).max() <= self.within * max(np.abs(right).max(), 1e-12)
            for got, right in zip(found, asked, strict=True)
        )


def _is_open(answer: Any) -> bool:
    """Whether an answer, or an entry of its list, is None or an ellipsis."""
    parts = answer if isinstance(answer, list | tuple) else [answer]
    return any(part is None or part is Ellipsis for part in parts)


def _numbers(value: Any) -> np.ndarray:
    """Return an array with at least one axis, so that cases can be concatenated."""
    return np.atleast_1d(np.asarray(value, dtype=float))


def _distance(found: list[np.ndarray], asked: list[np.ndarray]) -> str:
    """Say how far off an answer is, as a factor if one explains it."""
    found, asked = (np.concatenate([each.ravel() for each in cases]) for cases in (found, asked))
    if not np.isfinite(found).all():
        return "it gives numbers that are not finite"
    some = asked != 0
    factors = found[some] / asked[some]
    if some.any() and not found[~some].any() and factors[0] > 0 and np.ptp(factors) < 1e-6:
        factor = factors[0]
        size, side = (factor, "large") if factor > 1 else (1 / factor, "small")
        off = f"{size:.3g} times" if size > 1.1 else f"{100 * (size - 1):.2g} %"
        return f"{off} too {side}"
    worst = int(np.argmax(np.abs(found - asked)))
    side = "larger" if asked[worst] > found[worst] else "smaller"
    return f"{found[worst]:.3g} where something {side} is right"
