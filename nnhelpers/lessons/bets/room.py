"""Bets by everybody in a room on one question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhelpers.checks import check_kind, check_one_of, checked_numbers
from nnhelpers.lessons.bets.answers import Choice, Number, Share
from nnhelpers.lessons.bets.outcomes import NOT_REVEALED, Asked
from nnhelpers.words import counted

# Unread words that a message quotes.
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class RoomBets(Asked):
    """The bets of a room on a question, and the truth once it is revealed.

    Raises ``TypeError`` if the answer is a sketch, ``ValueError`` or ``TypeError`` if a bet is no
    possible answer.

    Attributes
    ----------
    bets : tuple of float or str
        One per person.
    unread : tuple of str
        Words handed in that are no possible answer.
    """

    bets: Sequence[Any] = ()
    unread: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_kind(Sequence, bets=self.bets, unread=self.unread)
        if not isinstance(self.answer, Number | Choice):
            raise TypeError(f"answer must be a Number, Share or Choice, got {self.answer!r}")
        super().__post_init__()
        if self._is_choice:
            for bet in self.bets:
                check_one_of(self.answer.options, bets=bet)
        elif len(self.bets):
            checked_numbers("bets", self.bets, low=self.answer.low, high=self.answer.high)
        for name in ("bets", "unread"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def _is_choice(self) -> bool:
        return self.answer.kind == "choice"

    @property
    def n(self) -> int:
        """Number of bets."""
        return len(self.bets)

    @property
    def counts(self) -> dict[str, int]:
        """Number of bets on each option of a choice."""
        return {option: self.bets.count(option) for option in self.answer.options}

    @property
    def middle(self) -> float | str | None:
        """Median of numbers, or the most frequent option of a choice; None without bets."""
        if not self.n:
            return None
        if self._is_choice:
            return max(self.answer.options, key=self.bets.count)
        return float(np.median(self.bets))

    @property
    def hits(self) -> int | None:
        """Number of bets that are right or close enough; None before the reveal."""
        if not self.revealed:
            return None
        return sum(replace(self.answer, bet=bet).hits(self.truth) for bet in self.bets)

    def middle_words(self) -> str:
        """Return the number of bets and their middle."""
        if not self.n:
            return "nobody has bet yet"
        name = "most on" if self._is_choice else "median"
        return f"{counted(self.n, 'bet')}, {name} {self.answer.spoken(self.middle)}"

    def truth_words(self) -> str:
        """Return the truth and the number of hits."""
        if not self.revealed:
            return NOT_REVEALED
        words = f"the truth: {self.answer.spoken(self.truth)}"
        if not self.n:
            return words
        hits = f"{self.hits:,} of {counted(self.n, 'bet')} {self.answer.near}"
        return f"{words}, {hits} ({self.hits / self.n:.0%})"

    def unread_words(self) -> str:
        """Quote the words that could not be read, if any."""
        if not self.unread:
            return ""
        named = ", ".join(repr(word) for word in self.unread[:_MOST_NAMED])
        more = f" and {len(self.unread) - _MOST_NAMED} more" * (len(self.unread) > _MOST_NAMED)
        allowed = f"a bet is a number from {self.answer.low:g} to {self.answer.high:g}"
        if self.answer.kind == "share":
            allowed = "a share is written 0.3 or 30%"
        return f"not counted: {named}{more}; {allowed}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        words = self.middle_words()
        if self._is_choice and self.n:
            words += f" ({', '.join(f'{option}: {n}' for option, n in self.counts.items())})"
        return f"the room: {words}; {self.truth_words()}"


def read_bets(text: str, *, answer: Number | Share) -> tuple[tuple[float, ...], tuple[str, ...]]:
    r"""Read numbers separated by spaces, commas, semicolons or new lines; a share is 0.3 or 30%.

    Returns the bets and the words that are no possible answer, both in order. Raises ``TypeError``
    if the text is not a string or the answer neither `Number` nor `Share`.

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
    for word in filter(None, re.split(r"[\s,;]+", words)):
        number = _number(word, answer=answer)
        if answer.low <= number <= answer.high:
            found.append(number)
        else:
            unread.append(word)
    return tuple(found), tuple(unread)


def _number(word: str, *, answer: Number | Share) -> float:
    """Return the number, or NaN, which is in no range, if the word is none."""
    percent = answer.kind == "share" and word.endswith("%")
    try:
        return float(word.removesuffix("%")) / 100 if percent else float(word)
    except ValueError:
        return float("nan")
