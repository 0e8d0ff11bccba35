"""All judges, one after the other."""

from nnhelpers.diagnosis._judges import data, output, start, training
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding

_JUDGES = (*output.JUDGES, *data.JUDGES, *start.JUDGES, *training.JUDGES)


def judged(looks: Looks) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings, the heaviest first, and what was found in order."""
    findings, in_order = [], []
    for judge, needed, words in _JUDGES if looks.labels else data.JUDGES[:1]:
        if getattr(looks, needed) in (None, (), {}):
            continue
        found = judge(looks)
        if found is None:
            in_order.append(words)
        else:
            findings.append(found)
    return tuple(sorted(findings, key=lambda each: -each.weight)), tuple(in_order)
