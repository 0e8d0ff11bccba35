"""For instructors: panels by question, lectures of twenty minutes, plans for ninety."""

from dataclasses import dataclass

from nnhelpers.lessons.series import lesson, link, records_of
from nnhelpers.tables import Table
from nnhelpers.words import counted


@dataclass(frozen=True, kw_only=True)
class PanelCard:
    """What to know about a panel before opening it.

    Attributes
    ----------
    panel : str
        Name without the verb: "depth" for `widgets.explore_depth`.
    lesson : int
    notebook : str
        Path of its notebook below `notebooks`.
    minutes : float
        Time it takes in class.
    question, needs : str
    """

    panel: str
    lesson: int
    notebook: str
    minutes: float
    question: str
    needs: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a lecture: one scene of a panel, or the picture or bet of a lesson's section.

    Attributes
    ----------
    lesson : int
    minutes : float
    panel : str
        Empty for a section of the lesson.
    show : str
        The scene or the section.
    say, ask, wrong, point : str
        `wrong` is the usual wrong answer, `point` what to remember.
    """

    lesson: int
    minutes: float
    panel: str
    show: str
    say: str
    ask: str
    wrong: str
    point: str

    @property
    def notes(self) -> str:
        """Notes for the presenter."""
        asked = f"Ask: {self.ask} The usual wrong answer: {self.wrong}"
        return f"{self.minutes:g} min. {self.say} {asked} The point: {self.point}"


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A line of a plan; `kind` is "objective", "part" (with minutes) or "homework"."""

    lesson: int
    kind: str
    minutes: int
    text: str


PANEL_CARDS = {card.panel: card for card in records_of("panels.csv", kind=PanelCard)}
_STEPS = records_of("lectures.csv", kind=Step)


def steps(number: int) -> list[Step]:
    """Return the steps of the lecture on a lesson.

    Examples
    --------
    >>> sum(step.minutes for step in steps(1))
    19.0
    """
    lesson(number)
    return [step for step in _STEPS if step.lesson == number]


def lecture(number: int) -> Table:
    """Return a table of the twenty-minute lecture on a lesson.

    Examples
    --------
    >>> lecture(1).caption
    'Why does a network on data at (10, 10) not learn at all? 13 steps, 19 minutes'
    """
    found, question = steps(number), lesson(number).question
    minutes = f"{sum(step.minutes for step in found):g} minutes"
    return Table(
        columns=("minutes", "show", "say", "ask", "the usual wrong answer", "the point"),
        rows=tuple(
            (f"{step.minutes:g}", _place(step), step.say, step.ask, step.wrong, step.point)
            for step in found
        ),
        caption=f"{question[0].upper()}{question[1:]} {counted(len(found), 'step')}, {minutes}",
    )


def plan(number: int) -> Table:
    """Return a table of the objectives, parts and homework of ninety minutes on a lesson.

    Examples
    --------
    >>> plan(1).rows[-1][0]
    'homework'
    """
    caption = f"Ninety minutes on lesson {number}, {lesson(number).title}"
    rows = tuple(
        (f"{line.minutes} min" if line.kind == "part" else line.kind, line.text)
        for line in records_of("plans.csv", kind=PlanLine)
        if line.lesson == number
    )
    return Table(columns=("", "what"), rows=rows, caption=caption)


def _place(step: Step) -> str:
    if step.panel:
        return f"{step.panel}: {step.show}"
    notebook = lesson(step.lesson).notebook
    return link(f"lesson, {step.show}", notebook=notebook, section=step.show)
