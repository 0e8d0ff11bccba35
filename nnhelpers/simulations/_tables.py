"""Small tables, as plain text and as HTML."""

import html
from collections.abc import Sequence

import numpy as np


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write rows under their columns, the first to the left, numbers to the right."""
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    lines = []
    for cells in (columns, *rows):
        first, *others = zip(cells, widths, strict=True)
        texts = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        lines.append("  ".join(texts).rstrip())
    return "\n".join(lines)


def html_table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write the same for a browser."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>" for cells in rows
    )
    return (
        f"<table><caption style='text-align:left'>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def short(number: float) -> str:
    """Write a number that is not negative to three digits, far from 1 to two: 0.394 or 4.1e-09."""
    if number == 0:
        return "0"
    rounded = float(f"{number:.3g}")
    if 1e-3 <= rounded < 1e3:
        return f"{number:.{2 - int(np.floor(np.log10(rounded)))}f}"
    return f"{number:.1e}"
