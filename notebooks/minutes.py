"""How long a student takes for a notebook, by a model of reading, watching and working.

Usage: python notebooks/minutes.py [NAME.ipynb ...]     (every lesson, when none is named)
"""

import re
import sys
from collections import Counter
from pathlib import Path

from nbformat import NotebookNode
from published import LESSONS, read

# Minutes for one of each.
MINUTES = {
    "words": 1 / 190,
    "lines of code": 3 / 60,
    "code cells": 5 / 60,
    "figures": 35 / 60,
    "panels": 2.5,
    "bets": 1.0,
    "exercises": 3.0,
}
_IN_CODE = {
    "figures": r"\bfigures\.",
    "panels": r"\bwidgets\.explore_",
    "bets": r"\bwidgets\.(?:predict|diagnose)\(",
}
_FOLDED = re.compile(r"<details>.*?</details>", flags=re.DOTALL)
_TARGET = re.compile(r"\]\([^)\s]*\)")


def count(cells: list[NotebookNode]) -> Counter:
    """Count what takes time: hints are part of their exercise, and nobody reads addresses."""
    found = Counter(dict.fromkeys(MINUTES, 0))
    for cell in cells:
        if cell.cell_type == "markdown":
            text = _TARGET.sub("]", _FOLDED.sub("", cell.source))
            found["words"] += len(re.findall(r"\w+(?:[’'-]\w+)*", text))
            found["exercises"] += len(re.findall(r"^\*\*Your turn", text, flags=re.MULTILINE))
        elif cell.cell_type == "code" and "colab" not in cell.metadata.get("tags", []):
            found["code cells"] += 1
            found["lines of code"] += sum(1 for line in cell.source.splitlines() if line.strip())
            for what, pattern in _IN_CODE.items():
                times = len(re.findall(pattern, cell.source))
                found[what] += times if what == "bets" else bool(times)
    return found


def minutes(counts: Counter) -> float:
    """Return the time that so many things take."""
    return sum(MINUTES[what] * number for what, number in counts.items())


def main() -> None:
    """Print the counts and minutes of the notebooks on the command line, or of the lessons."""
    for path in [Path(name).resolve() for name in sys.argv[1:]] or LESSONS:
        found = count(read(path).cells)
        parts = ", ".join(f"{number} {what}" for what, number in found.items())
        print(f"{path.name}: {minutes(found):.0f} minutes ({parts})")


if __name__ == "__main__":
    main()
