"""The results of a class: what was right, which mistakes were made, how well the bets do."""

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhelpers.tables import html_table, text_table
from nnhelpers.words import counted

# How sure, from the least to below the next (share), and in words.
_LEVELS = {
    (0.0, 0.6): "below 60% sure",
    (0.6, 0.75): "60% to 74% sure",
    (0.75, 0.9): "75% to 89% sure",
    (0.9, 1.01): "90% sure or more",
}

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    """Results of many readers summed up; shows itself as tables.

    Attributes
    ----------
    readers : sequence of nnhelpers.lessons.results.Results
    skipped : dict of str to str
        Files that were left out, and why.
    """

    readers: Sequence[Any]
    skipped: Mapping[str, str]

    def by_question(self) -> Rows:
        """Return for each question how many have bet, how many were right, and how sure."""
        rows = _grouped((bet.question, bet) for reader in self.readers for bet in reader.bets)
        return [(question, *_scores(bets)) for question, bets in rows.items()]

    def by_sureness(self) -> Rows:
        """Return the same for bets that were about as sure: well calibrated, both shares agree."""
        bets = [bet for reader in self.readers for bet in reader.bets]
        levels = {
            words: [bet for bet in bets if low <= round(bet.sure, 6) < high]
            for (low, high), words in _LEVELS.items()
        }
        return [(words, *_scores(found)) for words, found in levels.items() if found]

    def by_exercise(self) -> Rows:
        """Return for each exercise how many have tried it, how many were right, mean tries."""
        rows = _grouped(
            (each.exercise, each) for reader in self.readers for each in reader.exercises
        )
        return [
            (
                exercise,
                str(len(tries)),
                _share(sum(each.right for each in tries), len(tries)),
                f"{np.mean([each.n for each in tries]):.1f}",
            )
            for exercise, tries in rows.items()
        ]

    def by_mistake(self) -> Rows:
        """Return each mistake, its exercise and how many readers made it, most common first."""
        made = Counter(
            mistake
            for reader in self.readers
            for each in reader.exercises
            for mistake in {(words, each.exercise) for words in each.mistakes}
        )
        ordered = sorted(made.items(), key=lambda item: (-item[1], item[0]))
        return [(words, exercise, str(count)) for (words, exercise), count in ordered]

    def summary(self) -> str:
        """One line: how many readers, and how well they bet."""
        bets = [bet for reader in self.readers for bet in reader.bets]
        parts = [counted(len(self.readers), "reader")]
        if bets:
            right, sure = (
                np.mean([getattr(bet, name) for bet in bets]) for name in ("hit", "sure")
            )
            gap = f"{abs(right - sure) * 100:.0f} points {'more' if sure > right else 'less'}"
            words = f"{right:.0%} of {counted(len(bets), 'bet')} right, {sure:.0%} sure on average"
            parts.append(f"{words}, {gap} than right")
        if self.skipped:
            named = ", ".join(f"{name} ({why})" for name, why in self.skipped.items())
            parts.append(f"{counted(len(self.skipped), 'file')} left out: {named}")
        return "; ".join(parts)

    def _tables(self) -> Iterator[tuple[tuple[str, ...], Rows]]:
        tables = {
            ("question", "bets", "right", "sure"): self.by_question(),
            ("how sure", "bets", "right", "sure"): self.by_sureness(),
            ("exercise", "readers", "right", "tries"): self.by_exercise(),
            ("mistake", "exercise", "readers"): self.by_mistake(),
        }
        return ((columns, rows) for columns, rows in tables.items() if rows)

    def __repr__(self) -> str:
        return "\n\n".join([*(text_table(*table) for table in self._tables()), self.summary()])

    def _repr_html_(self) -> str:
        tables = "".join(html_table(*table) for table in self._tables())
        return f"{tables}<p>{html.escape(self.summary())}</p>"


def _grouped(pairs: Iterator[tuple[str, Any]]) -> dict[str, list]:
    groups: dict[str, list] = {}
    for name, each in pairs:
        groups.setdefault(name, []).append(each)
    return groups


def _scores(bets: Sequence[Any]) -> tuple[str, str, str]:
    """How many bets, how many of them right, and how sure they are on average."""
    sure = np.mean([bet.sure for bet in bets])
    return str(len(bets)), _share(sum(bet.hit for bet in bets), len(bets)), f"{sure:.0%}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})"
