"""Each term is linked where its lesson first uses it, and each symptom leads to its section."""

import re

import pytest
from published import FOLDER, code_of, text_of
from rules import read, sections_of

from nnhelpers.lessons import glossary, series, symptoms

TERMS = glossary.TERMS
LINK = re.compile(r"\[([^\]]+)\]\(glossary\.md#([\w-]+)\)")
# What is no running text: headings, tables, folded solutions, code and formulas.
ASIDE = re.compile(
    r"^(?:#|\|).*?$|<details>.*?</details>|```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$",
    re.DOTALL | re.MULTILINE,
)


def running_text(number):
    """Return what is read of a lesson, after the introduction."""
    _, _, text = text_of(read(series.lesson(number).notebook)).partition("\n## ")
    return re.sub(r"(?m)^(#|\|)[^\n]*", "", text)


@pytest.mark.parametrize("number", series.LESSONS)
def test_a_lesson_links_each_of_its_terms_where_it_first_uses_it(number):
    text = running_text(number)
    for term in TERMS:
        if term.lesson != number:
            continue
        (link,) = (link for link in LINK.finditer(text) if link[2] == term.anchor)
        words, before = link[1].strip("*"), text[: link.start()]
        if words.startswith("`"):
            assert words not in before
        else:
            before = LINK.sub(r"\1", ASIDE.sub("", before))
            assert not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", before), words


def test_the_start_page_links_a_term_that_it_needs_before_the_lessons():
    text = text_of(read("00_start_here.ipynb"))
    for word in ("dead", "splitting"):
        assert re.search(rf"\b{word}\b", text).start() == text.index(f"[{word}]") + 1


def test_terms_and_anchors_are_different_and_said():
    assert len({term.anchor for term in TERMS}) == len(TERMS) >= 35
    assert all(term.meaning.endswith((".", ".)")) for term in TERMS)


def test_the_printed_page_is_current():
    assert (FOLDER / "glossary.md").read_text(encoding="utf-8") == glossary.page()


def test_each_symptom_is_said_once_and_leads_to_a_section():
    for symptom in symptoms.SYMPTOMS:
        assert symptom["section"] in sections_of(read(symptom["notebook"]))
        assert symptom["symptom"].endswith(".")
        assert symptom["cause"]
        assert symptom["cure"]
    assert len({each["symptom"] for each in symptoms.SYMPTOMS}) == len(symptoms.SYMPTOMS) >= 14


def test_the_start_page_shows_the_symptoms():
    cells = code_of(read("00_start_here.ipynb"))
    (cell,) = (cell for cell in cells if cell.source == "symptoms.table()")
    assert cell.outputs[0].data == {
        "text/html": symptoms.table()._repr_html_(),
        "text/plain": str(symptoms.table()),
    }
