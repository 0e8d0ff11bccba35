"""The words and letters of the lessons, as a page.

Usage: python -m nnhelpers.lessons.glossary     (prints `notebooks/glossary.md`)
"""

from dataclasses import dataclass

from nnhelpers.lessons.series import lesson, lines_of, records_of


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word and what it means here.

    Attributes
    ----------
    term : str
    symbol : str
        Its letter or formula, where it has one.
    api : str
        Its name in the package or in Keras, where it has one.
    meaning : str
    lesson : int
        The number of the lesson that explains it first.
    """

    term: str
    symbol: str
    api: str
    meaning: str
    lesson: int

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return self.term.lower().replace(" ", "-")


def terms() -> list[Term]:
    """Return the terms, lesson by lesson.

    Examples
    --------
    >>> terms()[0].term, terms()[0].lesson
    ('unit', 1)
    """
    return list(records_of("glossary.csv", kind=Term))


def page() -> str:
    """Return glossary and notation as a page of Markdown.

    Examples
    --------
    >>> print(page().splitlines()[0])
    # Glossary
    """
    in_order = sorted(terms(), key=lambda term: term.term.lower())
    entries = [line for term in in_order for line in _entry(term)]
    letters = [
        f"| {line['symbol']} | {line['meaning']} | {_code(line['api'])} |"
        for line in lines_of("notation.csv")
    ]
    opening = [
        "# Glossary",
        "",
        "What the words of the lessons mean here, with the lesson that explains them, and below "
        "[the notation](#notation).",
        "",
    ]
    notation = ["## Notation", "", "| symbol | meaning | in the package |", "|---|---|---|"]
    return "\n".join([*opening, *entries, *notation, *letters, ""])


def _entry(term: Term) -> list[str]:
    first = lesson(term.lesson)
    known = ", ".join(filter(None, (term.symbol, _code(term.api))))
    where = f"[lesson {first.number}]({first.notebook})"
    return [f"### {term.term}", "", f"{term.meaning} ({known}{', ' * bool(known)}{where})", ""]


def _code(names: str) -> str:
    """Set names as code; "X of shape (n, 2)" is one name and its shape."""
    shaped = names.partition(" of shape ")
    coded = ", ".join(f"`{name}`" for name in shaped[0].split(", ") if name)
    return "".join((coded, *shaped[1:]))


if __name__ == "__main__":
    print(page(), end="")
