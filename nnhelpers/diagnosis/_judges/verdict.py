"""All judges, one after the other."""

from dataclasses import replace

from nnhelpers.diagnosis._judges import (
    batch_norms,
    data,
    output,
    start,
    targets,
    training,
    validation,
)
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding

_JUDGES = tuple(
    row
    for judges in (targets, output, data, validation, start, batch_norms, training)
    for row in judges.JUDGES
)


def judged(looks: Looks) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings, the heaviest first, and what was found in order."""
    findings, in_order = [], []
    for judge, needed, words in _JUDGES if looks.labels else data.JUDGES[:1]:
        views = {name: view for name, view in looks.views(needed).items() if _shows(view, needed)}
        found = [_of_part(judge(view), name) for name, view in views.items()]
        found = [each for each in found if each is not None]
        findings += found
        if views and not found:
            in_order.append(words)
    return tuple(sorted(findings, key=lambda each: -each.weight)), tuple(in_order)


def _shows(looks: Looks, needed: str) -> bool:
    return getattr(looks, needed) not in (None, (), {})


def _of_part(finding: Finding | None, name: str) -> Finding | None:
    """Say which of several inputs or outputs a finding speaks of."""
    if finding is None or not name:
        return finding
    return replace(finding, sentence=f"{name}: {finding.sentence}")
