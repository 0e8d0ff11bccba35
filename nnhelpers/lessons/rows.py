"""Where each figure, experiment and claim of the articles has its place, as a table.

Usage: python -m nnhelpers.lessons.rows     (prints the README of `notebooks/deeper`)
"""

from dataclasses import dataclass

from nnhelpers.lessons.series import records_of

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


@dataclass(frozen=True)
class Place:
    """A row of an article, and the notebook (below `notebooks`) and section where it stands."""

    row: str
    notebook: str
    section: str


def places() -> list[Place]:
    """Return the places of all rows, in the order of the articles; a row may have several.

    Examples
    --------
    >>> places()[0]
    Place(row='S0-1', notebook='01_normalization.ipynb', section='1. A network that does not learn')
    """
    return list(records_of("rows.csv", kind=Place))


def table() -> str:
    """Return the places as a page of Markdown.

    Examples
    --------
    >>> print(table().splitlines()[0])
    # Going deeper
    """
    articles = [f"- **{name}** {title}" for name, title in _ARTICLES.items()]
    rows = [f"| {p.row} | [{p.notebook}](../{p.notebook}) | {p.section} |" for p in places()]
    return "\n".join(
        [
            "# Going deeper",
            "",
            "Beside each lesson stands a notebook that assumes it: the articles claim by claim, "
            "further experiments, published figures. Each claim, figure and experiment of the "
            "articles is numbered, and has its place:",
            "",
            *articles,
            "",
            "| row | notebook | section |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    print(table(), end="")
