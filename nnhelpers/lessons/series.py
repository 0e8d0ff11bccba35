"""The lessons in order, with their questions and minutes, and readers of the data files."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import resources
from typing import TypeVar

from nnhelpers.checks import check_one_of
from nnhelpers.tables import Link, Table

Record = TypeVar("Record")


def lines_of(name: str) -> Iterator[dict[str, str]]:
    """Yield the lines of a CSV file of this folder as dicts by column.

    Examples
    --------
    >>> next(lines_of("series.csv"))["title"]
    'Normalize your data'
    """
    with resources.files("nnhelpers.lessons").joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def records_of(name: str, *, kind: type[Record]) -> tuple[Record, ...]:
    """Return the lines of a CSV file as records; an empty number is 0.

    Examples
    --------
    >>> records_of("series.csv", kind=Lesson)[0].minutes
    45
    """
    numbers = {each.name: each.type for each in fields(kind) if each.type in (int, float)}
    return tuple(
        kind(**line | {column: number(line[column] or 0) for column, number in numbers.items()})
        for line in lines_of(name)
    )


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson; `minutes` are by the model of `notebooks/minutes.py`."""

    number: int
    notebook: str
    title: str
    question: str
    minutes: int


LESSONS = {lesson.number: lesson for lesson in records_of("series.csv", kind=Lesson)}


def lesson(number: int) -> Lesson:
    """Return the lesson of this number, or raise ``ValueError`` if there is none.

    Examples
    --------
    >>> lesson(3).question
    'how large must the first weights be?'
    """
    check_one_of(LESSONS, number=number)
    return LESSONS[number]


def link(words: str, *, notebook: str, section: str) -> Link:
    """Return words linked to a section of a notebook.

    Examples
    --------
    >>> link("there", notebook="01_normalization.ipynb", section="7. The valley").to
    '01_normalization.ipynb#7.-The-valley'
    """
    return Link(words, to=f"{notebook}#{section.replace(' ', '-')}")


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
            for each in LESSONS.values()
        ),
    )
