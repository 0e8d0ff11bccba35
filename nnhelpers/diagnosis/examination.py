"""The diseases of a network, and the findings of an examination: plain data, without Keras."""

import csv
import html
from dataclasses import dataclass, field
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from nnhelpers.words import counted


@dataclass(frozen=True, kw_only=True)
class Disease:
    """One thing that keeps a network from learning.

    Attributes
    ----------
    name : str
        Key in `DISEASES`, used by findings.
    title : str
        The name in words.
    cause : str
        Why it keeps a network from learning.
    cure : str
        What to do, as a line of Keras.
    lesson : str
        Notebook and section that show it; "" for none.
    """

    name: str
    title: str
    cause: str
    cure: str
    lesson: str


def _read() -> dict[str, Disease]:
    file = resources.files("nnhelpers.diagnosis") / "diseases.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return {line["name"]: Disease(**line) for line in csv.DictReader(lines)}


# By name, root causes before their consequences.
DISEASES = _read()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A disease that a network has, with the evidence.

    Attributes
    ----------
    sentence : str
        The measurement, with its numbers.
    threshold : str
        From where on it counts as a disease, and why.
    name : str
        A key of `DISEASES`.
    layers : tuple of str
        Names of the layers concerned; empty if it concerns the whole network.
    weight : float
        How strongly it explains that the network does not learn, 0 to 1.
    remedy : str
        What to do, with measured numbers; "" if the disease's own cure says it all.
    """

    sentence: str
    threshold: str = ""
    name: str = ""
    layers: tuple[str, ...] = ()
    weight: float = 0.0
    remedy: str = ""

    @property
    def title(self) -> str:
        """The disease in words."""
        return DISEASES[self.name].title

    @property
    def cause(self) -> str:
        """Why it keeps a network from learning."""
        return DISEASES[self.name].cause

    @property
    def cure(self) -> str:
        """What to do, as a line of Keras."""
        return self.remedy or DISEASES[self.name].cure

    @property
    def lesson(self) -> str:
        """Notebook and section that show it; "" for none."""
        return DISEASES[self.name].lesson


@dataclass(frozen=True, kw_only=True)
class ExaminedLayer:
    """One layer with weights, at the start of training; NaN for numbers that were not measured.

    Attributes
    ----------
    percentiles : array of shape (5,)
        5th, 25th, 50th, 75th and 95th percentile of the pre-activations.
    dead, always_active : float
        Shares of the units that are active on no example, and on every example.
    saturated : float
        Share of the pre-activations at which the slope of a bounded activation is below a tenth of
        its largest.
    std : float
        Standard deviation of the pre-activations.
    alike : float
        Mean cosine between the activations of two examples: 1 if all are alike.
    gradient : float
        Root mean square of the kernel's gradient.
    update_ratio : float
        Median of rms(update) / rms(weight) over steps.
    """

    name: str
    activation: str
    units: int
    percentiles: NDArray = field(default_factory=lambda: np.full(5, np.nan))
    dead: float = 0.0
    always_active: float = 0.0
    saturated: float = 0.0
    std: float = np.nan
    alike: float = np.nan
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
        What is in order.
    not_looked_at : tuple of str
        What could not be examined, and why.
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
    lines = [
        f"{number}. {_titled(finding)} [{finding.name}]",
        f"   {finding.sentence}",
        f"   why:       {finding.cause}",
        f"   do:        {finding.cure}",
        *([f"   lesson:    {finding.lesson}"] if finding.lesson else []),
        f"   threshold: {finding.threshold}",
    ]
    return "\n".join(lines)


def _as_html(finding: Finding) -> str:
    told = (_titled(finding), finding.name, finding.sentence, finding.cause, finding.cure)
    title, name, sentence, cause, cure = map(html.escape, told)
    lesson, threshold = html.escape(finding.lesson), html.escape(finding.threshold)
    link = f'<a href="{lesson.partition(",")[0]}">{lesson}</a> · ' if lesson else ""
    return (
        f"<b>{title}</b> <code>{name}</code><br>{sentence} {cause}<br>"
        f"<code>{cure}</code><br>{link}<small>{threshold}</small>"
    )


def _titled(finding: Finding) -> str:
    layers = f" ({', '.join(finding.layers)})" if finding.layers else ""
    return finding.title + layers
