"""How nbconvert prints these notebooks: it reads this file when it is run in this folder."""

import html
import re
from itertools import zip_longest

from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

PICTURE = re.compile(r'<img alt="([^"]*)"[^>]*?src="data:image/png;base64,([^"]+)"[^>]*>')
FOLDED = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>\n?", re.DOTALL)
BET = re.compile(r"<details><summary>Reveal</summary>(.*?)</details>", re.DOTALL)


class ForPaper(Preprocessor):
    """Give pictures as pictures, which LaTeX keeps; what is folded comes on the last pages."""

    def preprocess(self, nb, resources):
        truths, solutions = [], []
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = [part for output in cell.outputs for part in parts(output, truths)]
            elif cell.cell_type == "markdown":
                if folded := FOLDED.findall(cell.source):
                    solutions.append("".join(f"**{what}**{text}" for what, text in folded))
                cell.source = FOLDED.sub("", cell.source)
        if solutions:
            numbered = [f"### Your turn ({i})\n\n{text}" for i, text in enumerate(solutions, 1)]
            nb.cells.append(new_markdown_cell("\n".join(["## Hints and solutions", *numbered])))
        if truths:
            nb.cells += [new_markdown_cell("## The bets, revealed"), new_code_cell(outputs=truths)]
        return nb, resources


def parts(output, truths):
    """Return an output as words and pictures, in their order; bets leave their truth behind."""
    shown = output.get("data", {}).get("text/html", "")
    questions = re.findall(r"<p>(.*?)</p>", shown)
    for question, truth in zip(questions, BET.findall(shown), strict=False):
        truths += [words(question), *pictures(truth)]
    return pictures(BET.sub("", shown)) if PICTURE.search(shown) else [output]


def pictures(shown):
    """Yield the words and the pictures of a piece of HTML, in their order."""
    pieces = PICTURE.split(shown)
    for between, alt, png in zip_longest(pieces[::3], pieces[1::3], pieces[2::3]):
        if re.sub("<.*?>", "", between).strip():
            yield words(between)
        if png:
            data = {"image/png": png, "text/plain": html.unescape(alt)}
            yield new_output("display_data", data=data)


def words(shown):
    """Return the text of a piece of HTML as an output."""
    text = html.unescape(re.sub("<.*?>", "", shown)).strip()
    return new_output("display_data", data={"text/markdown": text, "text/plain": text})


c = get_config()  # noqa: F821
c.LatexExporter.preprocessors = [ForPaper]
c.WebPDFExporter.preprocessors = [ForPaper]
c.SlidesExporter.reveal_scroll = True
