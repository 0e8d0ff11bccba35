"""What an examination found, in order, as text and for a browser."""

import html
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis.findings import Finding
from nnhelpers.words import counted


@dataclass(frozen=True, kw_only=True)
class ExaminedLayer:
    """One layer with weights, at the start of the training.

    Attributes
    ----------
    name, activation : str
    units : int
    percentiles : array of shape (5,)
        5, 25, 50, 75 and 95 percent of the pre-activations; NaN where they were not looked at.
    dead, always_active : float
        Shares of the units that are active on no, or on every example.
    saturated : float
        Share of the pre-activations in the flat part of a bounded activation.
    gradient : float
        Root mean square of the kernel's gradient; NaN where it was not looked at.
    update_ratio : float
        rms(update) / rms(weight) of a step, median; NaN where it was not looked at.
    """

    name: str
    activation: str
    units: int
    percentiles: NDArray = field(default_factory=lambda: np.full(5, np.nan))
    dead: float = 0.0
    always_active: float = 0.0
    saturated: float = 0.0
    gradient: float = np.nan
    update_ratio: float = np.nan

    @property
    def splitting(self) -> float:
        """Share of the units that are active on some examples but not on all."""
        return 1 - self.dead - self.always_active


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What is wrong with a network, the likeliest reason first.

    Attributes
    ----------
    findings : tuple of Finding
    looked_at : tuple of str
        What was looked at and found in order.
    not_looked_at : tuple of str
        What could not be looked at, and why.
    layers : tuple of ExaminedLayer
    """

    findings: tuple[Finding, ...]
    looked_at: tuple[str, ...]
    not_looked_at: tuple[str, ...]
    layers: tuple[ExaminedLayer, ...]

    @property
    def first(self) -> str:
        """Name of the finding that explains most, "" if nothing was found."""
        return self.findings[0].name if self.findings else ""

    @property
    def headline(self) -> str:
        """The finding that explains most, in words."""
        return self.findings[0].title if self.findings else "Nothing found"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if not self.findings:
            return "nothing found"
        names = "; ".join(finding.title for finding in self.findings)
        return f"{counted(len(self.findings), 'finding')}: {names}"

    def __str__(self) -> str:
        blocks = [_as_text(number, each) for number, each in enumerate(self.findings, start=1)]
        for heading, lines in self._lists():
            blocks.append("\n".join([heading, *(f"  - {line}" for line in lines)]))
        return "\n\n".join([self._headline(), *blocks])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        found = "".join(f"<li>{_as_html(each)}</li>" for each in self.findings)
        parts = [
            f"<p><b>{html.escape(self._headline())}</b></p>",
            f"<ol>{found}</ol>" * bool(found),
        ]
        for heading, lines in self._lists():
            items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
            summary = html.escape(heading)
            parts.append(f"<details><summary>{summary}</summary><ul>{items}</ul></details>")
        return "".join(parts)

    def _headline(self) -> str:
        if self.findings:
            return f"{counted(len(self.findings), 'finding')}, the likeliest reason first"
        return "Nothing found. That is no proof that all is well: see what was not looked at."

    def _lists(self) -> list[tuple[str, tuple[str, ...]]]:
        lists = [
            ("Looked at and found in order:", self.looked_at),
            ("Not looked at:", self.not_looked_at),
        ]
        return [(heading, lines) for heading, lines in lists if lines]


def _as_text(number: int, finding: Finding) -> str:
    layers = f" ({', '.join(finding.layers)})" if finding.layers else ""
    lines = [
        f"{number}. {finding.title}{layers} [{finding.name}]",
        f"   {finding.sentence}",
        f"   why:       {finding.cause}",
        f"   do:        {finding.cure}",
        *([f"   lesson:    {finding.lesson}"] if finding.lesson else []),
        f"   threshold: {finding.threshold}",
    ]
    return "\n".join(lines)


def _as_html(finding: Finding) -> str:
    layers = f" ({', '.join(finding.layers)})" if finding.layers else ""
    notebook = finding.lesson.partition(",")[0]
    link = f'<a href="{html.escape(notebook)}">{html.escape(finding.lesson)}</a> · ' * bool(
        notebook
    )
    return (
        f"<b>{html.escape(finding.title + layers)}</b> <code>{html.escape(finding.name)}</code><br>"
        f"{html.escape(finding.sentence)} {html.escape(finding.cause)}<br>"
        f"<code>{html.escape(finding.cure)}</code><br>"
        f"{link if notebook else ''}<small>{html.escape(finding.threshold)}</small>"
    )
