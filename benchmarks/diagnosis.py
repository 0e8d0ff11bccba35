"""How often `diagnosis.examine` finds what `diagnosis.sabotage` did.

Found: the disease is among the findings, or one that says the same of it (`SYNONYMS`). Named first:
it is the first of them. False alarm: any finding on a healthy network. Cured: after the cure of the
first finding alone the network learns at least 90 % of what its healthy twin learns.

    python benchmarks/diagnosis.py                                    # the benchmark
    python benchmarks/diagnosis.py --each 3 --healthy 20 --seeds 0    # while working on it
"""

import argparse
import os
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing import get_context

# Two processes side by side, each on one core.
os.environ.setdefault("TQDM_DISABLE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

from nnhelpers import diagnosis

# Seeds from here on are for this alone: nothing may be tuned on them.
FIRST_SEED = 40_000
# Two names of one mistake, which have one cure.
SYNONYMS = {
    "relu_output": {"activation_does_not_fit_loss"},
    "logits_without_from_logits": {"activation_does_not_fit_loss"},
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found in one network."""

    disease: str
    seed: int
    findings: tuple[str, ...]
    cured: bool

    @property
    def found(self) -> bool:
        return bool(_names(self.disease) & set(self.findings))

    @property
    def named_first(self) -> bool:
        return self.findings[:1] != () and self.findings[0] in _names(self.disease)


def _names(disease: str) -> set[str]:
    return {disease} | SYNONYMS.get(disease, set())


def outcome(job: tuple[int, int]) -> Outcome:
    """Examine one network, and cure it of the first finding."""
    number, seed = job
    sick = diagnosis.sabotage(number, seed=seed)
    examination = diagnosis.examine(
        sick.model,
        sick.X,
        sick.y,
        validation_data=sick.validation_data,
        history=sick.history,
    )
    findings = tuple(finding.name for finding in examination.findings)
    cured = number > 0 and findings != () and sick.cured(findings[0]).learns()
    return Outcome(disease=sick.disease, seed=seed, findings=findings, cured=cured)


def table(outcomes: list[Outcome]) -> str:
    """Return a line for each disease, and what was named first instead."""
    lines = [f"{'disease':30} {'n':>3} {'found':>6} {'first':>6} {'cured':>6}  instead"]
    for disease in diagnosis.SABOTAGES[1:]:
        own = [each for each in outcomes if each.disease == disease]
        if own:
            found, first, cured = _shares(own)
            instead = Counter(
                each.findings[0] if each.findings else "nothing"
                for each in own
                if not each.named_first
            )
            other = ", ".join(f"{name} {count}" for name, count in instead.most_common())
            lines.append(
                f"{disease:30} {len(own):3} {found:6.0%} {first:6.0%} {cured:6.0%}  {other}"
            )
    alarms = Counter(
        name for each in outcomes if each.disease == "healthy" for name in each.findings
    )
    lines.append(f"false alarms: {', '.join(f'{n} {c}' for n, c in alarms.most_common())}")
    return "\n".join(lines)


def _shares(outcomes: list[Outcome]) -> tuple[float, float, float]:
    names = ("found", "named_first", "cured")
    return tuple(sum(getattr(each, name) for each in outcomes) / len(outcomes) for name in names)


def line(outcomes: list[Outcome]) -> str:
    """Return all in one line."""
    sick = [each for each in outcomes if each.disease != "healthy"]
    healthy = [each for each in outcomes if each.disease == "healthy"]
    found, first, cured = _shares(sick) if sick else (0.0, 0.0, 0.0)
    alarms = sum(each.findings != () for each in healthy) / max(1, len(healthy))
    return (
        f"found {found:.1%}, named first {first:.1%}, "
        f"false alarms {alarms:.1%} of healthy networks, cured {cured:.1%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=20, help="networks of each disease")
    parser.add_argument("--healthy", type=int, default=150, help="healthy networks")
    parser.add_argument("--seeds", type=int, default=FIRST_SEED, help="first seed")
    asked = parser.parse_args()
    diseases = range(1, len(diagnosis.SABOTAGES))
    counts = {0: asked.healthy} | dict.fromkeys(diseases, asked.each)
    # Evenly mixed, so that the first part of a run says something already.
    turns = sorted((i / count, number, i) for number, count in counts.items() for i in range(count))
    jobs = [(number, asked.seeds + i) for _, number, i in turns]
    began, outcomes = time.perf_counter(), []
    # A fresh process now and then: TensorFlow keeps what it has traced.
    with get_context("spawn").Pool(2, maxtasksperchild=60) as pool:
        for each in pool.imap(outcome, jobs):
            outcomes.append(each)
            cured = "cured" if each.cured else "not cured"
            print(each.disease, each.seed, f"{cured}:", *each.findings, flush=True)
    print(table(outcomes))
    print(f"{len(outcomes)} networks in {time.perf_counter() - began:.0f} s")
    print(line(outcomes))


if __name__ == "__main__":
    main()
