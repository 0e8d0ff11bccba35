"""A ledger of an article's claims, each held against a number computed in the notebook."""

from dataclasses import dataclass, field

from nnhelpers.checks import check_one_of
from nnhelpers.lessons.series import lines_of
from nnhelpers.tables import html_table

HOLDS, CONDITIONAL, FAILS = "holds", "holds under conditions", "does not hold"
_MARKS = {HOLDS: "✓", CONDITIONAL: "(✓)", FAILS: "✗"}


# What the articles say, by the row under which the series files it; GB is Glorot and Bengio, 2010,
# HE is He et al., 2015, IS Ioffe and Szegedy, 2015, SA Santurkar et al., 2018, SC Schoenholz et
# al., 2017, LU Lu et al., 2019, YA Yang et al., 2019, BE Belkin et al., 2019, NA Nakkiran et al.,
# 2020.
CLAIMS: dict[str, str] = {line["row"]: line["claim"] for line in lines_of("claims.csv")}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim and what came out.

    Attributes
    ----------
    row : str
        Where it stands in the articles, such as "S0-14".
    text : str
        The claim in a few words.
    found : str
        What this notebook measured.
    verdict : str
        "holds", "holds under conditions" or "does not hold".
    condition : str
        Under which conditions, where there are any.
    """

    row: str
    text: str
    found: str
    verdict: str
    condition: str = ""

    @property
    def judged(self) -> str:
        """The verdict, and in brackets its condition."""
        return f"{self.verdict} ({self.condition})" if self.condition else self.verdict

    def __repr__(self) -> str:
        return f'{self.row}, "{self.text}": {self.judged}; {self.found}'


@dataclass
class Ledger:
    """Claims in the order in which they were checked; shows itself as a table."""

    claims: list[Claim] = field(default_factory=list)

    def check(self, row: str, *, found: str, holds: bool, condition: str = "") -> Claim:
        """Enter a claim of `CLAIMS` with what was measured; checking a row again replaces it.

        Whether it holds is a comparison with the number measured; if a condition is given, it holds
        under this condition.

        Raises
        ------
        ValueError
            If the row is unknown or `found` is empty.
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
