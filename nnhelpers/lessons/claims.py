"""A ledger of the articles' claims, each checked against a number, and the place of each row.

Usage: python -m nnhelpers.lessons.claims     (prints the README of `notebooks/deeper`)
"""

from dataclasses import dataclass, field

from nnhelpers.checks import check_one_of
from nnhelpers.lessons.series import lines_of, records_of
from nnhelpers.tables import html_table

HOLDS, CONDITIONAL, FAILS = "holds", "holds under conditions", "does not hold"
_MARKS = {HOLDS: "✓", CONDITIONAL: "(✓)", FAILS: "✗"}


# What the articles say, by row; GB is Glorot and Bengio, 2010, HE He et al., 2015, IS Ioffe and
# Szegedy, 2015, SA Santurkar et al., 2018, SC Schoenholz et al., 2017, LU Lu et al., 2019, YA Yang
# et al., 2019, BE Belkin et al., 2019, NA Nakkiran et al., 2020.
CLAIMS: dict[str, str] = {line["row"]: line["claim"] for line in lines_of("claims.csv")}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim and its verdict.

    Attributes
    ----------
    row : str
        Its number, such as "S0-14".
    text, found : str
        The claim in a few words, and what this notebook measured.
    verdict : str
        "holds", "holds under conditions" or "does not hold".
    condition : str
        Empty if there is none.
    """

    row: str
    text: str
    found: str
    verdict: str
    condition: str = ""

    @property
    def judged(self) -> str:
        """The verdict, with its condition in brackets."""
        return f"{self.verdict} ({self.condition})" if self.condition else self.verdict

    def __repr__(self) -> str:
        return f'{self.row}, "{self.text}": {self.judged}; {self.found}'


@dataclass
class Ledger:
    """Claims in the order in which they were checked; displays as a table."""

    claims: list[Claim] = field(default_factory=list)

    def check(self, row: str, *, found: str, holds: bool, condition: str = "") -> Claim:
        """Enter a claim of `CLAIMS` with what was measured, replacing an earlier check of its row.

        A claim with a condition holds under it alone. Raises ``ValueError`` if the row is unknown
        or `found` is empty.
        """
        check_one_of(CLAIMS, row=row)
        if not found:
            raise ValueError("found must say what was measured, got an empty text")
        verdict = (CONDITIONAL if condition else HOLDS) if holds else FAILS
        words = {"text": CLAIMS[row], "condition": condition * bool(holds)}
        claim = Claim(row=row, found=found, verdict=verdict, **words)
        self.claims = [kept for kept in self.claims if kept.row != row] + [claim]
        return claim

    def count(self, verdict: str) -> int:
        """Count the claims with this verdict."""
        return sum(claim.verdict == verdict for claim in self.claims)

    def __repr__(self) -> str:
        return "\n".join(f"{c.row}: {c.text} | {c.found} | {c.judged}" for c in self.claims)

    def _repr_html_(self) -> str:
        rows = [(c.row, c.text, c.found, f"{_MARKS[c.verdict]} {c.judged}") for c in self.claims]
        return html_table(("row", "the article says", "measured here", "verdict"), rows)


_ARTICLES = {
    "S0": "L. Galletti, *Tuning Neural Networks, Part I: Normalize your data*, first version",
    "S1": "the same, revised",
    "S2": "*Why normalizing inputs matters for dense neural networks and choosing the right "
    "activation functions*, a blog post",
    "S3": "*Deep learning (almost) from scratch*, [a notebook]"
    "(https://github.com/ethen8181/machine-learning)",
    "S4": "K. Perry, *Impediments to learning*, [a lecture notebook]"
    "(https://github.com/kenperry-public/ML_Fall_2025)",
}


_PAGE = """\
# Going deeper

Beside each lesson stands a notebook that assumes it: the articles claim by claim, further \
experiments, published figures. Each claim, figure and experiment of the articles is numbered, \
and has its place:

{articles}

| row | notebook | section |
|---|---|---|
{rows}
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A row, and the notebook (below `notebooks`) and section that treat it."""

    row: str
    notebook: str
    section: str


# In the order of the articles; a row may have several places.
PLACES = records_of("rows.csv", kind=Place)


def table() -> str:
    """Return the places as a page of Markdown.

    Examples
    --------
    >>> print(table().splitlines()[0])
    # Going deeper
    """
    articles = (f"- **{name}** {title}" for name, title in _ARTICLES.items())
    rows = (f"| {p.row} | [{p.notebook}](../{p.notebook}) | {p.section} |" for p in PLACES)
    return _PAGE.format(articles="\n".join(articles), rows="\n".join(rows))


if __name__ == "__main__":
    print(table(), end="")
