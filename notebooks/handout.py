"""Write one printable page for each lesson: question, formula, three pictures, sections.

Usage: python notebooks/handout.py FOLDER

Everything is taken from the committed notebooks; nothing is executed.
"""

import base64
import html
import io
import re
import sys
from pathlib import Path

from matplotlib import mathtext
from nbformat import NotebookNode
from published import code_of, read, text_of

from nnhelpers.lessons import series
from nnhelpers.tables import html_table

_IMAGE = re.compile(r'<img alt="([^"]*)"[^>]*?src="(data:image/png;base64,[^"]+)"[^>]*>')
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 12mm 15mm; }}
body {{ font: 10.5pt/1.35 system-ui, sans-serif; color: #111; max-width: 180mm; margin: auto; }}
h1 {{ font-size: 17pt; margin: 0; }}
.question {{ font-size: 12pt; margin: 1mm 0 3mm; }}
.formula {{ text-align: center; margin: 0 0 2mm; }}
.formula img {{ max-height: 12mm; max-width: 100%; }}
.pictures {{ display: flex; flex-wrap: wrap; justify-content: space-evenly; gap: 0 8mm; }}
figure {{ margin: 0 0 2mm; text-align: center; max-width: 100%; break-inside: avoid; }}
figure img {{ max-height: 50mm; max-width: 100%; }}
figcaption {{ font-size: 9.5pt; width: 0; min-width: 100%; }}
table {{ border-collapse: collapse; font-size: 9.5pt; width: 100%; }}
td, th {{ padding: 0.4mm 3mm 0.4mm 0; vertical-align: top; border-top: 0.2mm solid #bbb; }}
footer {{ font-size: 8.5pt; color: #555; margin-top: 2mm; }}
</style>
<h1>{number} {title}</h1>
<p class="question">{question}</p>
<p class="formula"><img alt="{latex}" src="{formula}"></p>
<div class="pictures">
{pictures}
</div>
{table}
<footer>Why a neural network learns, or doesn't. The lesson: {notebook}, {minutes} minutes.</footer>
</html>
"""

# By lesson, part of the formula.
FORMULAS = {
    1: r"P(\text{a unit splits",
    2: r"\delta_1 = \delta_2",
    3: r"\boxed",
    4: r"\text{moving}_k-\mu",
    5: r"\frac{h}{h+2\lambda}",
    6: r"\eta_\text{new}",
}
# By lesson, part of the code of each picture, and its caption.
PICTURES = {
    1: {
        "plot_decision_boundary, folds": "One fold is a line; three make a fence.",
        "plot_wedge": "Units that split data at (3, 3) lie between the black lines: a quarter.",
        "plot_decision_boundary, pair": "One layer, Normalization, is all the difference.",
    },
    2: {
        "plot_activations": "Where the curve is flat its slope is 0, and nothing passes.",
        "plot_gradients(signals)": "Every sigmoid layer keeps less than a quarter.",
        "plot_ensembles(repaired)": "Eight layers, thirty starts each: one word changed.",
    },
    3: {
        "plot_dot_product": "A sum of n products has n times the variance of one.",
        "plot_variances": "He's start keeps the variance of ReLU layers, forward and back.",
        "plot_ensembles(thirty)": "Thirty layers, thirty starts each.",
    },
    4: {
        "plot_ensembles(modes": "The same networks on the same digits, in both modes.",
        "plot_moving_statistics": "The moving mean forgets its start step by step.",
        "plot_curves": "Batch norm makes the differences large again in every layer.",
    },
    5: {
        "plot_curves(curves(widths": "More units: more points learned, no more new ones.",
        "plot_decision_boundary, pulled": "Twenty units: L2 takes islands, then bays.",
        "plot_weight_vectors": "Each dot is a unit at its two weights.",
    },
    6: {
        'figures.plot_curves({"five': "The first loss, where the start is too large.",
        "three.items()": "One step: the rate moves a line, vanishing gradients tilt it.",
        "plot_examination": "The instruments, on a network whose steps are too short.",
    },
}


def formula_of(notebook: NotebookNode, part: str) -> str:
    """Return the one display formula that contains `part`."""
    formulas = re.findall(r"\$\$(.+?)\$\$", text_of(notebook), re.DOTALL)
    (found,) = [latex for latex in formulas if part in latex]
    return found.strip()


def drawn(latex: str) -> str:
    """Return a formula as the address of a picture that holds it."""
    plain = re.sub(r"\\boxed\{(.*)\}", r"\1", latex)
    plain = re.sub(r"\\frac(\d)(\d)", r"\\frac{\1}{\2}", plain)
    plain = re.sub(r"\\ge\b", r"\\geq", plain)
    picture = io.BytesIO()
    mathtext.math_to_image(f"${plain}$", picture, format="svg")
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.getvalue()).decode()}"


def picture_of(notebook: NotebookNode, part: str) -> tuple[str, str]:
    """Return words and address of the picture of the first code cell that contains `part`."""
    for cell in code_of(notebook):
        if part in cell.source:
            shown = "".join(o.get("data", {}).get("text/html", "") for o in cell.outputs)
            if found := _IMAGE.search(shown):
                return found.groups()
    raise ValueError(f"no picture of a cell with {part!r}")


def sections_of(notebook: NotebookNode) -> list[tuple[str, str]]:
    """Return the rows of the lesson's table of contents."""
    return re.findall(r"^\| (\d+\. .+?) \| (.+?) \|$", text_of(notebook), flags=re.MULTILINE)


def page(lesson: series.Lesson) -> str:
    """Return the page of a lesson."""
    notebook = read(lesson.notebook)
    figures = []
    for part, caption in PICTURES[lesson.number].items():
        words, address = picture_of(notebook, part)
        image = f'<img alt="{words}" src="{address}">'
        figures.append(f"<figure>{image}<figcaption>{html.escape(caption)}</figcaption></figure>")
    latex = formula_of(notebook, FORMULAS[lesson.number])
    return PAGE.format(
        number=lesson.number,
        title=html.escape(lesson.title),
        question=html.escape(f"{lesson.question[0].upper()}{lesson.question[1:]}"),
        latex=html.escape(latex),
        formula=drawn(latex),
        pictures="\n".join(figures),
        table=html_table(("section", "in a sentence"), sections_of(notebook)),
        notebook=lesson.notebook,
        minutes=lesson.minutes,
    )


def main() -> None:
    """Write the pages of all lessons."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in series.LESSONS.values():
        path = folder / Path(lesson.notebook).with_suffix(".html")
        path.write_text(page(lesson), encoding="utf-8")
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
