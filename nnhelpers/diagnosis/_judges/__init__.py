"""What measurements mean: each judge turns records of numbers into a finding, without Keras."""

from nnhelpers.diagnosis._judges import data, output, start, training
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding

_JUDGES = (*output.JUDGES, *data.JUDGES, *start.JUDGES, *training.JUDGES)


def judged(looks: Looks) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings, the heaviest first, and what was found in order."""
    findings, in_order = [], []
    for judge, words in _JUDGES:
        found = judge(looks)
        if found is None:
            in_order.append(words)
        else:
            findings.append(found)
    return tuple(sorted(findings, key=lambda each: -each.weight)), tuple(in_order)
