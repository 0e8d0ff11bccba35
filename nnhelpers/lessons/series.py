"""The lessons in their order: what each asks, and how long it takes."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import resources
from typing import TypeVar

from nnhelpers.checks import check_one_of
from nnhelpers.tables import Link, Table

Record = TypeVar("Record")


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson.

    Attributes
    ----------
    number : int
    notebook : str
        The name of its file.
    title, question : str
    minutes : int
        By the model of `notebooks/minutes.py`.
    """

    number: int
    notebook: str
    title: str
    question: str
    minutes: int


def lines_of(name: str) -> Iterator[dict[str, str]]:
    """Yield the lines of a data file of this folder, by column.

    Examples
    --------
    >>> next(lines_of("series.csv"))["title"]
    'Normalize your data'
    """
    with resources.files("nnhelpers.lessons").joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def records_of(name: str, *, kind: type[Record]) -> Iterator[Record]:
    """Yield the same lines as records, with numbers where the record has them, 0 where none stands.

    Examples
    --------
    >>> next(records_of("series.csv", kind=Lesson)).minutes
    45
    """
    numbers = [each for each in fields(kind) if each.type in (int, float)]
    for line in lines_of(name):
        yield kind(**line | {each.name: each.type(line[each.name] or 0) for each in numbers})


def lessons() -> dict[int, Lesson]:
    """Return the lessons by their numbers.

    Examples
    --------
    >>> lessons()[3].question
    'how large must the first weights be?'
    """
    return {lesson.number: lesson for lesson in records_of("series.csv", kind=Lesson)}


def lesson(number: int) -> Lesson:
    """Return the lesson of this number.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> lesson(1).title
    'Normalize your data'
    """
    check_one_of(lessons(), number=number)
    return lessons()[number]


def address(notebook: str, *, section: str) -> str:
    """Return where a link to a section of a notebook leads.

    Examples
    --------
    >>> address("01_normalization.ipynb", section="7. The valley")
    '01_normalization.ipynb#7.-The-valley'
    """
    return f"{notebook}#{section.replace(' ', '-')}"


def contents() -> Table:
    """Return a table of the lessons.

    Examples
    --------
    >>> print(str(contents()).splitlines()[0])
    1 Normalize your data | why does a network on data at (10, 10) not learn at all? | 45
    """
    return Table(
        columns=("lesson", "the question", "minutes"),
        rows=tuple(
            (
                Link(f"{each.number} {each.title}", to=each.notebook),
                each.question,
                f"{each.minutes}",
            )
            for each in lessons().values()
        ),
    )
