"""What is wrong with a network that does not learn: symptom, cause, cure, and where it is shown."""

from dataclasses import dataclass

from nnhelpers.lessons.series import address, lessons, records_of
from nnhelpers.tables import Link, Table


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """One way not to learn; `notebook` and `section` are where it is shown.

    Attributes
    ----------
    symptom, cause, cure : str
    notebook, section : str
    """

    symptom: str
    cause: str
    cure: str
    notebook: str
    section: str


def symptoms() -> list[Symptom]:
    """Return the symptoms, in the order of the lessons.

    Examples
    --------
    >>> symptoms()[2].cause
    'A valley: the loss is steep in one direction and flat in another.'
    """
    return list(records_of("symptoms.csv", kind=Symptom))


def table() -> Table:
    """Return them as a table whose last column leads to the section.

    Examples
    --------
    >>> table().columns
    ('what you see', 'likely cause', 'cure', 'lesson and section')
    """
    number = {each.notebook: each.number for each in lessons().values()}
    return Table(
        columns=("what you see", "likely cause", "cure", "lesson and section"),
        rows=tuple(
            (
                each.symptom,
                each.cause,
                each.cure,
                Link(
                    f"{number[each.notebook]}, section {each.section}",
                    to=address(each.notebook, section=each.section),
                ),
            )
            for each in symptoms()
        ),
    )
