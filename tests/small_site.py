"""A small notebook with everything that a page of the site can show, and the site made of it."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

SCRIPT = Path(__file__).parents[1] / "notebooks" / "make_site.py"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
PICTURE = (
    f'<img alt="two dots" style="width:300px;max-width:100%" src="data:image/png;base64,{PNG}">'
)
OPENING = "# Small steps\n\nIt opens here.\n\n**You will** see [units](glossary.md#unit) at work."
SECTIONS = """| section | in a sentence |
|---|---|
| 1. What $x_1$ does | Little. |

## 1. What $x_1$ does

A [unit](glossary.md#unit) that is [dead](glossary.md#dead) stays.
See [the next](01_normalization.ipynb) and [below](#Your-turn?).

$$\\boxed{\\mathrm{Var}(z) = \\frac12 \\sum_i w_i^2}$$

## Your turn?

**Your turn (1).** Write it."""
SOLUTION = """<details><summary>Hint</summary>

Half of $z$.

</details>
<details><summary>Solution</summary>

```python
half = 1 / 2
```

</details>"""
PANEL = """from ipywidgets import IntSlider
from nnhelpers import figures, simulations, widgets
from nnhelpers.lessons import bets


def scene(center):
    return widgets.Scene(name=f"at {center}", caption="data there", settings={"center": center})


def panel(title):
    return widgets.connect(
        lambda center: simulations.simulate_active_fraction(center=center, draws=20),
        figures.plot_active_fraction,
        title=title,
        scenes=[scene(0), scene(3), scene(6)],
        center=IntSlider(max=8, description="offset"),
    )


panel("Which units split?")"""
NUMBER = """tenths = bets.Number(bet=0.5, low=0, high=1, step=0.1, within=0.1)
widgets.predict("How many?", tenths, truth=lambda: 0.2)"""
CHOICE = """long = "nobody can say, whatever is measured of this coin"
coin = bets.Choice(options=("yes", "no", long), bet="no")
widgets.predict("Heads?", coin, truth=lambda: "yes")"""
DECK = """other = widgets.Slide(panel("Next"), notes="Wait.", scene=1)
widgets.present([panel("In a deck"), other])"""
TABLE = """<table><tr><td style='text-align:left'>
1, section 2. What a ReLU network can draw</td></tr></table>"""
EXERCISE = """half = ...

exercises.check(offset_where_one_in_twenty_splits=half)"""


def shows(**data: str) -> list:
    return [
        new_output("execute_result", data={each.replace("_", "/"): data[each] for each in data})
    ]


def small_notebook() -> nbformat.NotebookNode:
    """Return it as it would be committed: with the outputs of a run."""
    bet = f"<p><strong>?</strong></p><details><summary>Reveal</summary>{PICTURE}</details>"
    sources = [
        ("from nnhelpers.lessons import exercises", [new_output("stream", text="a < b\n")]),
        (PANEL, shows(text_html=PICTURE)),
        (NUMBER, shows(text_html=bet)),
        (CHOICE, shows(text_html=bet)),
        ("1 + 1", shows(text_plain="2")),
        ("'a table'", shows(text_html=TABLE)),
        (DECK, shows(text_html="<ol><li>a slide</li></ol>")),
        (EXERCISE, shows(text_plain="… your turn")),
        ("widgets.tally_bets()", shows(text_html="<p>no bet has been revealed yet, of 2</p>")),
    ]
    code = [new_code_cell(source, outputs=outputs) for source, outputs in sources]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
    texts = [new_markdown_cell(text) for text in (OPENING, SECTIONS, SOLUTION)]
    return new_notebook(cells=[texts[0], *code[:7], texts[1], code[7], texts[2], code[8]])


def make_site(folder: Path) -> Path:
    """Make the small notebook and its site in an empty folder; return the site."""
    notebook = folder / "00_start_here.ipynb"
    nbformat.write(small_notebook(), notebook)
    command = [sys.executable, SCRIPT, folder / "site", notebook]
    quiet = os.environ | {"PYTHONWARNINGS": "default"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=quiet)
    assert done.returncode == 0, done.stderr
    assert "00_start_here.html: " in done.stdout
    return folder / "site"
