"""The terms and symbols of the lessons, as a page.

Usage: python -m nnhelpers.lessons.glossary     (prints `notebooks/glossary.md`)
"""

from dataclasses import dataclass

from nnhelpers.lessons.series import lesson, lines_of, records_of


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term and its meaning here.

    Attributes
    ----------
    term : str
    symbol, api : str
        Letter or formula, and name in the package or in Keras; empty if there is none.
    meaning : str
    lesson : int
        Number of the lesson that first explains it.
    """

    term: str
    symbol: str
    api: str
    meaning: str
    lesson: int

    @property
    def anchor(self) -> str:
        """Anchor of the term on the page."""
        return self.term.lower().replace(" ", "-")


TERMS = records_of("glossary.csv", kind=Term)
_PAGE = """\
# Glossary

What the words of the lessons mean here, with the lesson that explains them, and below \
[the notation](#notation).

{entries}
## Notation

| symbol | meaning | in the package |
|---|---|---|
{letters}
"""


def page() -> str:
    """Return glossary and notation as a page of Markdown.

    Examples
    --------
    >>> print(page().splitlines()[0])
    # Glossary
    """
    letters = [
        f"| {line['symbol']} | {line['meaning']} | {_code(line['api'])} |"
        for line in lines_of("notation.csv")
    ]
    in_order = sorted(TERMS, key=lambda term: term.term.lower())
    return _PAGE.format(entries="\n".join(map(_entry, in_order)), letters="\n".join(letters))


def _entry(term: Term) -> str:
    first = lesson(term.lesson)
    lesson_link = f"[lesson {first.number}]({first.notebook})"
    known = ", ".join(filter(None, (term.symbol, _code(term.api), lesson_link)))
    return f"### {term.term}\n\n{term.meaning} ({known})\n"


def _code(names: str) -> str:
    """Mark up names as code; "X of shape (n, 2)" is one name and its shape."""
    shaped = names.partition(" of shape ")
    coded = ", ".join(f"`{name}`" for name in shaped[0].split(", ") if name)
    return "".join((coded, *shaped[1:]))


if __name__ == "__main__":
    print(page(), end="")
