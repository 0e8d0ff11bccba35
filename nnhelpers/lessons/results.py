"""Files of readers' bets and exercises, sent nowhere, and the results of a class from a folder."""

import html
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from nnhelpers.checks import check_between, check_kind
from nnhelpers.files import replacing
from nnhelpers.lessons.bets import Tally
from nnhelpers.lessons.exercises import Tries, tried
from nnhelpers.tables import html_table, text_table
from nnhelpers.words import counted

_FORMAT, _VERSION = "results of a reader of nnhelpers", 1
_MOST_BYTES = 1_000_000
# Ranges of sureness (share, upper end excluded), in words.
_LEVELS = {
    (0.0, 0.6): "below 60% sure",
    (0.6, 0.75): "60% to 74% sure",
    (0.75, 0.9): "75% to 89% sure",
    (0.9, 1.01): "90% sure or more",
}


@dataclass(frozen=True, kw_only=True)
class RevealedBet:
    """A saved bet: its words, how sure it was (share), and whether it was a hit.

    Raises ``TypeError`` for a value of the wrong type, ``ValueError`` if `sure` is not in [0, 1].
    """

    question: str
    bet: str
    sure: float
    truth: str
    hit: bool

    def __post_init__(self) -> None:
        check_kind(str, question=self.question, bet=self.bet, truth=self.truth)
        check_kind(bool, hit=self.hit)
        check_between(0, 1, sure=self.sure)


@dataclass(frozen=True, kw_only=True)
class Results:
    """A reader's revealed bets and tried exercises; displays as a sentence."""

    bets: tuple[RevealedBet, ...]
    exercises: tuple[Tries, ...]

    def __repr__(self) -> str:
        bets = counted(len(self.bets), "revealed bet")
        return f"{bets}, {counted(len(self.exercises), 'exercise')}"


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    """Results of many readers, summed up; displays as tables.

    Attributes
    ----------
    readers : sequence of Results
    skipped : dict of str to str
        Files that were left out, and why.
    """

    readers: Sequence[Results]
    skipped: Mapping[str, str]

    def _bets(self) -> list[RevealedBet]:
        return [bet for reader in self.readers for bet in reader.bets]

    def _tries(self) -> list[Tries]:
        return [tries for reader in self.readers for tries in reader.exercises]

    def by_question(self) -> list[tuple[str, ...]]:
        """Return each question with the number of bets, the hits and the mean sureness."""
        return _summed_up(self._bets(), by=attrgetter("question"), cells=_scores)

    def by_sureness(self) -> list[tuple[str, ...]]:
        """Return `by_question`, by level of sureness: with good calibration both shares agree."""
        return _summed_up(sorted(self._bets(), key=attrgetter("sure")), by=_level, cells=_scores)

    def by_exercise(self) -> list[tuple[str, ...]]:
        """Return each exercise with the number of readers, those finally right, and mean tries."""
        return _summed_up(self._tries(), by=attrgetter("exercise"), cells=_tried)

    def by_mistake(self) -> list[tuple[str, ...]]:
        """Return each mistake, its exercise and the number of readers, most common first."""
        made = Counter(
            (words, tries.exercise) for tries in self._tries() for words in set(tries.mistakes)
        )
        ordered = sorted(made.items(), key=lambda item: (-item[1], item[0]))
        return [(words, exercise, str(count)) for (words, exercise), count in ordered]

    def summary(self) -> str:
        """One line: the number of readers, how well they bet, and the files left out."""
        parts = [counted(len(self.readers), "reader")]
        if bets := self._bets():
            right, sure = np.mean([(bet.hit, bet.sure) for bet in bets], axis=0)
            gap = f"{abs(right - sure) * 100:.0f} points {'more' if sure > right else 'less'}"
            words = f"{right:.0%} of {counted(len(bets), 'bet')} right, {sure:.0%} sure on average"
            parts.append(f"{words}, {gap} than right")
        if self.skipped:
            named = ", ".join(f"{name} ({why})" for name, why in self.skipped.items())
            parts.append(f"{counted(len(self.skipped), 'file')} left out: {named}")
        return "; ".join(parts)

    def _tables(self) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
        tables = {
            ("question", "bets", "right", "sure"): self.by_question(),
            ("how sure", "bets", "right", "sure"): self.by_sureness(),
            ("exercise", "readers", "right", "tries"): self.by_exercise(),
            ("mistake", "exercise", "readers"): self.by_mistake(),
        }
        return {columns: rows for columns, rows in tables.items() if rows}

    def __repr__(self) -> str:
        tables = [text_table(*table) for table in self._tables().items()]
        return "\n\n".join([*tables, self.summary()])

    def _repr_html_(self) -> str:
        tables = [html_table(*table) for table in self._tables().items()]
        return "".join([*tables, f"<p>{html.escape(self.summary())}</p>"])


def save_results(path: str | Path, *, bets: Tally) -> Results:
    """Write the revealed bets and the exercises tried in this notebook to a file; return them.

    `bets` is the tally of `widgets.tally_bets`. An existing file is replaced only when the new one
    is complete. Raises ``ValueError`` if there is nothing to write or the path does not end in
    .json, ``TypeError`` if `bets` is no tally, ``FileNotFoundError`` if the folder does not exist.

    Examples
    --------
    >>> from nnhelpers.lessons import bets, exercises, results
    >>> _ = exercises.check(offset_where_one_in_twenty_splits=19)
    >>> results.save_results("no_folder/anna.json", bets=bets.Tally())
    Traceback (most recent call last):
    FileNotFoundError: path must lie in a folder that exists, got 'no_folder/anna.json'
    """
    check_kind(Tally, bets=bets)
    if Path(path).suffix != ".json":
        raise ValueError(f"path must end in .json, got {str(path)!r}")
    revealed = tuple(
        RevealedBet(
            question=outcome.question,
            bet=outcome.answer.spoken_bet(),
            sure=float(outcome.sure),
            truth=outcome.answer.spoken(outcome.truth),
            hit=bool(outcome.hit),
        )
        for outcome in bets.scored
    )
    found = Results(bets=revealed, exercises=tried())
    if not found.bets and not found.exercises:
        raise ValueError("bets must hold a revealed bet while no exercise is tried, got none")
    with replacing(path) as part:
        data = {"format": _FORMAT, "version": _VERSION, **asdict(found)}
        part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return found


def read_results(folder: str | Path) -> ClassResults:
    """Sum up a folder of files written by `save_results`, one for each reader.

    Other files are listed and left out. Raises ``FileNotFoundError`` if there is no such folder.

    Examples
    --------
    >>> from nnhelpers.lessons import results
    >>> results.read_results("no_folder")
    Traceback (most recent call last):
    FileNotFoundError: folder must be a folder that exists, got 'no_folder'
    """
    if not Path(folder).is_dir():
        raise FileNotFoundError(f"folder must be a folder that exists, got {str(folder)!r}")
    readers, skipped = [], {}
    for path in sorted(Path(folder).iterdir()):
        if path.is_dir() or path.name.startswith("."):
            continue
        try:
            readers.append(_read(path))
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            skipped[path.name] = str(error) or type(error).__name__
    return ClassResults(readers=tuple(readers), skipped=skipped)


def _read(path: Path) -> Results:
    if (size := path.stat().st_size) > _MOST_BYTES:
        raise ValueError(f"a file of results has at most {_MOST_BYTES:,} bytes, and this {size:,}")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        data = None
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise ValueError("no file of results")
    if data.get("version") != _VERSION:
        raise ValueError(f"version must be {_VERSION}, got {data.get('version')!r}")
    return Results(
        bets=tuple(RevealedBet(**each) for each in data["bets"]),
        exercises=tuple(Tries(**each) for each in data["exercises"]),
    )


def _summed_up(
    each: Iterable[Any], *, by: Callable[[Any], str], cells: Callable[[list], tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Return a row for each group, in order of first appearance."""
    groups: dict[str, list] = {}
    for thing in each:
        groups.setdefault(by(thing), []).append(thing)
    return [(name, *cells(group)) for name, group in groups.items()]


def _level(bet: RevealedBet) -> str:
    """Say how sure a bet is, free of a slider's rounding errors."""
    sure = round(bet.sure, 6)
    return next(words for (low, high), words in _LEVELS.items() if low <= sure < high)


def _scores(bets: Sequence[RevealedBet]) -> tuple[str, str, str]:
    """Return the number of bets, those that are right, and the mean sureness."""
    sure = np.mean([bet.sure for bet in bets])
    return str(len(bets)), _share([bet.hit for bet in bets]), f"{sure:.0%}"


def _tried(tries: Sequence[Tries]) -> tuple[str, str, str]:
    """Return the number of readers, those finally right, and the mean number of tries."""
    mean = np.mean([each.n for each in tries])
    return str(len(tries)), _share([each.right for each in tries]), f"{mean:.1f}"


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right)} ({sum(right) / len(right):.0%})"
