"""What a lesson promises its reader, and that every exercise can be solved."""

import re

import minutes
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from published import LESSONS, code_of
from rules import Rules, named, read, sections_of

from nnhelpers.lessons.exercises import EXERCISES

MOST = {"words": 2_300, "code cells": 45, "figures": 10, "panels": 4}
LONGEST, MOST_SECTIONS, LEAST_TURNS = 45, 8, 4
HINT = re.compile(r"^<details><summary>Hint</summary>\n\n.+?\n\n</details>", re.DOTALL)
SOLUTION = re.compile(
    r"<details><summary>Solution</summary>\n\n```python\n(.+?)\n```\n.*?\n?</details>", re.DOTALL
)

rule = Rules()


def turns(notebook):
    """Yield the cell to complete and the text after it, for each *Your turn*."""
    for first, second, third in zip(
        notebook.cells, notebook.cells[1:], notebook.cells[2:], strict=False
    ):
        if first.cell_type == "markdown" and re.search(r"^\*\*Your turn", first.source, re.M):
            yield second, third.source


def source(number, text):
    return lambda notebook: notebook.cells[number].update(source=text)


@rule(
    source(0, "word " * 190 * 46),
    lambda notebook: notebook.cells.extend(new_code_cell("x") for _ in range(46)),
)
def it_takes_45_minutes_at_most(notebook):
    found = minutes.count(notebook.cells)
    if minutes.minutes(found) > LONGEST:
        yield f"{minutes.minutes(found):.1f} minutes: {dict(found)}"
    yield from (f"{found[what]} {what}" for what, most in MOST.items() if found[what] > most)


@rule(
    source(0, "# A lesson\n\n## 1. One"),
    source(0, "| 1. One |" + "\n## 1. One" * 9),
)
def it_has_a_few_sections_that_its_contents_name(notebook):
    *titles, _, _ = sections_of(notebook)  # but for the summary and the references
    if len(titles) > MOST_SECTIONS:
        yield f"{len(titles)} sections"
    contents = "".join(cell.source.partition("\n## ")[0] for cell in notebook.cells[:4])
    yield from (f"no row for {title}" for title in titles if f"| {title} |" not in contents)


@rule(
    lambda notebook: notebook.cells.__delitem__(slice(3, 6)),
    source(4, "offset = 3"),
    source(5, "<details><summary>Hint</summary>\n\nThink.\n\n</details>"),
)
def it_asks_for_the_reader_s_hand(notebook):
    found = list(turns(notebook))
    if len(found) < LEAST_TURNS:
        yield f"{len(found)} times"
    for cell, after in found:
        if cell.cell_type != "code" or "exercises.check(" not in cell.source.splitlines()[-1]:
            yield f"no check in {cell.source!r}"
        if not HINT.search(after) or not SOLUTION.search(after):
            yield f"no hint and solution after {cell.source!r}"


@rule(
    source(1, "claims.Ledger()"),
    source(2, "**What we see.** S0-14 holds."),
    lambda notebook: notebook.cells[1].update(
        outputs=[new_output("stream", name="stdout", text="True")]
    ),
)
def it_gives_no_verdicts(notebook):
    for cell in notebook.cells:
        if re.search(r"ledger|claims\b", cell.source) or re.search(r"\bS[0-4]-\d", cell.source):
            yield f"a claim is judged in {cell.source[:60]!r}"
        for output in cell.get("outputs", []):
            if re.search(r"\b(True|False)\b", output.get("text", "")):
                yield f"a boolean in {output.text!r}"


@rule(source(2, "And then:"))
def a_figure_is_followed_by_what_we_see(notebook):
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and re.search(r"^figures\.", cell.source, flags=re.MULTILINE):
            after = [c.source for c in notebook.cells[number + 1 :] if c.cell_type == "markdown"]
            if not after or "**What we see.**" not in after[0]:
                yield f"nothing after {cell.source!r}"


@pytest.fixture
def lesson():
    text = "# A lesson\n\n| section | in a sentence |\n|---|---|\n| 1. One | It is. |\n\n## 1. One"
    folded = (
        "<details><summary>Hint</summary>\n\nThink.\n\n</details>\n"
        "<details><summary>Solution</summary>\n\n```python\noffset = 3\n```\n\n</details>"
    )
    turn = [
        cell
        for _ in range(LEAST_TURNS)
        for cell in (
            new_markdown_cell("**Your turn (1).** Say it."),
            new_code_cell("offset = ...\n\nexercises.check(one=offset)"),
            new_markdown_cell(folded),
        )
    ]
    drawn = [new_code_cell("figures.plot(it)"), new_markdown_cell("**What we see.** A dot.")]
    end = [new_markdown_cell("## Summary\n\n## References")]
    return new_notebook(cells=[new_markdown_cell(text), *drawn, *turn, *end])


def test_a_lesson_that_breaks_a_rule_is_found(lesson):
    assert rule.missed(lesson) == []


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_a_lesson_keeps_every_rule(path):
    assert rule.faults(read(path)) == {}


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_every_solution_is_right_and_the_cell_as_it_comes_is_not(path):
    """On the notebook's imports alone: whoever restarts can go on from any exercise."""
    for_colab, imports, *_ = (cell.source for cell in code_of(read(path)))
    for cell, after in turns(read(path)):
        names: dict = {}
        exec(f"{for_colab}\n{imports}", names)
        check = cell.source.splitlines()[-1]
        exec(cell.source.removesuffix(check), names)
        assert eval(check, names).words == "your turn"
        exec(SOLUTION.search(after)[1], names)
        feedback = eval(check, names)
        assert feedback.right, f"{check}: {feedback}"


def test_nobody_reads_the_cell_for_colab_or_the_address_of_a_link(lesson):
    before = minutes.count(lesson.cells)
    lesson.cells.insert(1, new_code_cell("import sys", metadata={"tags": ["colab"]}))
    assert minutes.count(lesson.cells) == before
    cell = new_markdown_cell("two [words](glossary.md#the-first-one)")
    assert minutes.count([cell])["words"] == 2


def test_every_exercise_is_asked_in_a_lesson():
    asked = "".join(cell.source for path in LESSONS for cell in code_of(read(path)))
    assert [name for name in EXERCISES if f"check({name}=" not in asked] == []
