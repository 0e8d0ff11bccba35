"""Why a network does not learn: symptom, cause, cure, and the section that shows it."""

from nnhelpers.lessons.series import LESSONS, lines_of, link
from nnhelpers.tables import Table

# One way not to learn in each line, its cause and cure, and the notebook and section that show it.
SYMPTOMS = tuple(lines_of("symptoms.csv"))


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
        notebook, section = each["notebook"], each["section"]
        place = link(f"{numbers[notebook]}, section {section}", notebook=notebook, section=section)
        rows.append((each["symptom"], each["cause"], each["cure"], place))
    return Table(
        columns=("what you see", "likely cause", "cure", "lesson and section"), rows=tuple(rows)
    )
