"""Bets of everybody in a room on one question."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhelpers.checks import check_kind, check_one_of, checked_numbers
from nnhelpers.lessons.bets.answers import Choice, Number, Share
from nnhelpers.words import counted

# Words that could not be read, of which a message names so many.
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class RoomBets:
    """Bets of many on a question, and the truth once it is revealed.

    Attributes
    ----------
    question : str
    answer : Number, Share or Choice
        What can be bet; its own bet is that of the notebook.
    bets : tuple of float or str
        One for each who has bet.
    unread : tuple of str
        What was handed in and is no possible answer.
    truth : float, str or None
        None while it is not revealed.

    Raises
    ------
    ValueError, TypeError
        If the question is empty, the answer is a sketch, or a bet or the truth is no possible
        answer.
    """

    question: str
    answer: Number | Share | Choice
    bets: Sequence[Any] = ()
    unread: Sequence[str] = ()
    truth: Any = None

    def __post_init__(self) -> None:
        check_kind(str, question=self.question)
        check_kind(Sequence, bets=self.bets, unread=self.unread)
        if not self.question.strip():
            raise ValueError(f"question must not be empty, got {self.question!r}")
        if not isinstance(self.answer, Number | Choice):
            raise TypeError(f"answer must be a Number, Share or Choice, got {self.answer!r}")
        if self.answer.kind == "choice":
            for bet in self.bets:
                check_one_of(self.answer.options, bets=bet)
        elif len(self.bets):
            checked_numbers("bets", self.bets, low=self.answer.low, high=self.answer.high)
        for name in ("bets", "unread"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.truth is not None:
            object.__setattr__(self, "truth", self.answer.checked(self.truth))

    @property
    def n(self) -> int:
        """How many have bet."""
        return len(self.bets)

    @property
    def revealed(self) -> bool:
        """Whether the truth is known."""
        return self.truth is not None

    @property
    def counts(self) -> dict[str, int]:
        """How many have bet on each option of a choice."""
        return {option: self.bets.count(option) for option in self.answer.options}

    @property
    def middle(self) -> float | str | None:
        """The median of numbers; of a choice the option most bet on. None without bets."""
        if not self.n:
            return None
        if self.answer.kind == "choice":
            return max(self.answer.options, key=self.bets.count)
        return float(np.median(self.bets))

    @property
    def hits(self) -> int | None:
        """How many are right or close enough; None while not revealed."""
        if not self.revealed:
            return None
        return sum(replace(self.answer, bet=bet).hits(self.truth) for bet in self.bets)

    def middle_words(self) -> str:
        """Return how many have bet, and where their middle is."""
        if not self.n:
            return "nobody has bet yet"
        name = "most on" if self.answer.kind == "choice" else "median"
        return f"{counted(self.n, 'bet')}, {name} {self.answer.spoken(self.middle)}"

    def truth_words(self) -> str:
        """Return the truth, and how many have hit it."""
        if not self.revealed:
            return "not revealed"
        return f"the truth: {self.answer.spoken(self.truth)}{self._hit_words()}"

    def _hit_words(self) -> str:
        if not self.n:
            return ""
        is_choice = self.answer.kind == "choice"
        near = "right" if is_choice else f"within {self.answer.spoken_distance(self.answer.within)}"
        return f", {self.hits:,} of {counted(self.n, 'bet')} {near} ({self.hits / self.n:.0%})"

    def unread_words(self) -> str:
        """Name what could not be read; nothing if all could."""
        if not self.unread:
            return ""
        named = ", ".join(repr(word) for word in self.unread[:_MOST_NAMED])
        more = f" and {len(self.unread) - _MOST_NAMED} more" * (len(self.unread) > _MOST_NAMED)
        return f"not counted: {named}{more}; {allowed(self.answer)}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        words = self.middle_words()
        if self.answer.kind == "choice" and self.n:
            words += f" ({', '.join(f'{option}: {n}' for option, n in self.counts.items())})"
        return f"the room: {words}; {self.truth_words()}"


def read_bets(text: str, *, answer: Number | Share) -> tuple[tuple[float, ...], tuple[str, ...]]:
    r"""Read numbers between spaces, commas, semicolons or new lines.

    A share is written 0.3 or 30%.

    Parameters
    ----------
    text : str
    answer : Number or Share

    Returns
    -------
    tuple of tuples
        The bets, and the words that are no possible answer, both in their order.

    Raises
    ------
    TypeError
        If the text is none, or the answer is a choice or a sketch.

    Examples
    --------
    >>> from nnhelpers.lessons import bets
    >>> bets.read_bets("30%, 0.45 many\n120 %", answer=bets.Share(bet=0.5))
    ((0.3, 0.45), ('many', '120%'))
    """
    check_kind(str, text=text)
    check_kind(Number, answer=answer)
    words = re.sub(r"(?<=\d)\s+%", "%", text).replace("−", "-")
    found, unread = [], []
    for word in re.split(r"[\s,;]+", words.strip(" ,;\n\t")):
        number = _number(word, answer=answer)
        if number is not None:
            found.append(number)
        elif word:
            unread.append(word)
    return tuple(found), tuple(unread)


def allowed(answer: Number | Share) -> str:
    """Say what is a possible answer.

    Examples
    --------
    >>> from nnhelpers.lessons import bets
    >>> allowed(bets.Number(bet=3, low=0, high=10, step=1, within=1))
    'a bet is a number from 0 to 10'
    """
    if answer.kind == "share":
        return "a share is written 0.3 or 30%"
    return f"a bet is a number from {answer.low:g} to {answer.high:g}"


def _number(word: str, *, answer: Number | Share) -> float | None:
    """Return the number, None if it is none or out of range."""
    percent = answer.kind == "share" and word.endswith("%")
    try:
        number = float(word.removesuffix("%")) / 100 if percent else float(word)
    except ValueError:
        return None
    # A NaN is in no range.
    return number if answer.low <= number <= answer.high and math.isfinite(number) else None
