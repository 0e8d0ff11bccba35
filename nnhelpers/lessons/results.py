"""A reader's bets and exercises in a small file, and a folder of such files for a whole class.

Nothing is sent anywhere.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nnhelpers.checks import check_between, check_kind
from nnhelpers.files import replacing
from nnhelpers.lessons.bets import Tally
from nnhelpers.lessons.class_results import ClassResults
from nnhelpers.lessons.exercises import Tries, tried
from nnhelpers.words import counted

_FORMAT, _VERSION = "results of a reader of nnhelpers", 1
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class RevealedBet:
    """What is kept of a bet: words, how sure (share), and whether it was a hit.

    Raises
    ------
    ValueError, TypeError
        If one of them is of another kind, or `sure` is no share.
    """

    question: str
    bet: str
    sure: float
    truth: str
    hit: bool

    def __post_init__(self) -> None:
        for name in ("question", "bet", "truth"):
            check_kind(str, **{name: getattr(self, name)})
        check_kind(bool, hit=self.hit)
        check_between(0, 1, sure=self.sure)


@dataclass(frozen=True, kw_only=True)
class Results:
    """The revealed bets of a reader, and the exercises tried; shows itself as a sentence."""

    bets: tuple[RevealedBet, ...]
    exercises: tuple[Tries, ...]

    def __repr__(self) -> str:
        bets, exercises = len(self.bets), len(self.exercises)
        return f"{counted(bets, 'revealed bet')}, {counted(exercises, 'exercise')}"


def save_results(path: str | Path, *, bets: Tally) -> Results:
    """Write the bets that are revealed, and the exercises tried in this notebook, to a file.

    Parameters
    ----------
    path : str or path
        Ends in .json. Replaced only when the new file is complete.
    bets : nnhelpers.lessons.bets.Tally
        From `widgets.tally_bets`.

    Returns
    -------
    Results
        What was written.

    Raises
    ------
    ValueError, TypeError, FileNotFoundError
        If there is nothing to write yet, the path ends in something else, `bets` is no tally or
        the folder does not exist; nothing has changed then.

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
    """Sum up the files that `save_results` wrote into one folder, one for each reader.

    Files of another kind are named and left out; nothing in the folder changes.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.

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
    except ValueError as error:
        raise ValueError("no file of results") from error
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise ValueError("no file of results")
    if data.get("version") != _VERSION:
        raise ValueError(f"version must be {_VERSION}, got {data.get('version')!r}")
    return Results(
        bets=tuple(RevealedBet(**each) for each in data["bets"]),
        exercises=tuple(Tries(**each) for each in data["exercises"]),
    )
