"""Why a network does not learn: symptom, cause, cure, and the section that shows it."""

from dataclasses import dataclass

from nnhelpers.lessons.series import LESSONS, link, records_of
from nnhelpers.tables import Table


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """One way not to learn, and the notebook and section that show it."""

    symptom: str
    cause: str
    cure: str
    notebook: str
    section: str


SYMPTOMS = records_of("symptoms.csv", kind=Symptom)


def table() -> Table:
    """Return a table of the symptoms in the order of the lessons, with links to the sections.

    Examples
    --------
    >>> table().columns
    ('what you see', 'likely cause', 'cure', 'lesson and section')
    """
    numbers = {each.notebook: each.number for each in LESSONS.values()}
    rows = []
    for each in SYMPTOMS:
        words = f"{numbers[each.notebook]}, section {each.section}"
        place = link(words, notebook=each.notebook, section=each.section)
        rows.append((each.symptom, each.cause, each.cure, place))
    return Table(
        columns=("what you see", "likely cause", "cure", "lesson and section"), rows=tuple(rows)
    )
