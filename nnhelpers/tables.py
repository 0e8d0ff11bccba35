"""Small tables, as plain text and as HTML."""

import html
from collections.abc import Sequence
from dataclasses import dataclass


class Link(str):
    """A table cell that links to `to`; in plain text only its words are shown.

    Examples
    --------
    >>> Link("lesson 1", to="01_normalization.ipynb")
    'lesson 1'
    """

    to: str

    def __new__(cls, words: str, *, to: str) -> "Link":  # noqa: D102
        link = super().__new__(cls, words)
        link.to = to
        return link


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of strings, displayed in a notebook as an HTML table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __repr__(self) -> str:
        return "\n".join([self.caption] * bool(self.caption) + [" | ".join(r) for r in self.rows])

    def _repr_html_(self) -> str:
        return html_table(self.columns, self.rows, caption=self.caption)


def text_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Format rows as plain text, the first column aligned left, the others right.

    Examples
    --------
    >>> print(text_table(("layer", "variance"), [("1", "0.98"), ("2", "0.5")]))
    layer  variance
    1          0.98
    2           0.5
    """
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    lines = []
    for cells in (columns, *rows):
        first, *others = zip(cells, widths, strict=True)
        texts = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        lines.append("  ".join(texts).rstrip())
    return "\n".join(lines)


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> str:
    """Format rows as an HTML table, escaping their text.

    Examples
    --------
    >>> html_table(("a",), [("<1",)])[-63:]
    "<tr><td style='text-align:left'>&lt;1</td></tr></tbody></table>"
    """
    left = " style='text-align:left'"
    head = "".join(f"<th scope='col'{left}>{html.escape(name)}</th>" for name in columns)
    lines = ("".join(f"<td{left}>{_cell(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    title = f"<caption{left}>{html.escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(words: str) -> str:
    text = html.escape(words)
    return f'<a href="{html.escape(words.to)}">{text}</a>' if isinstance(words, Link) else text
