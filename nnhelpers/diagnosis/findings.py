"""What can be wrong with a network, and what was found: plain data, without Keras."""

import csv
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class Disease:
    """One thing that keeps a network from learning.

    Attributes
    ----------
    name : str
        What a finding calls it.
    title : str
        The same in words.
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


# By name, root causes before what follows from them.
DISEASES = _read()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A disease that a network has, with the evidence.

    Attributes
    ----------
    name : str
        A key of `DISEASES`.
    sentence : str
        What was measured, with its numbers.
    layers : tuple of str
        Names of the layers concerned; none where it concerns the whole.
    weight : float
        How strongly it explains that the network does not learn, 0 to 1.
    threshold : str
        From where on it is called a disease, and where that comes from.
    remedy : str
        What to do, with measured numbers; "" where the disease's own cure says all.
    """

    name: str
    sentence: str
    layers: tuple[str, ...] = ()
    weight: float = 0.5
    threshold: str = ""
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
