"""Each term is linked where its lesson first uses it, and the printed page is current."""

import re
from pathlib import Path

import pytest

from nnhelpers.lessons import glossary, series

FOLDER = Path(__file__).parents[2] / "notebooks"
TERMS = glossary.TERMS
LINK = re.compile(r"\[([^\]]+)\]\(glossary\.md#([\w-]+)\)")
# What is no running text: headings, tables, folded solutions, code and formulas.
ASIDE = re.compile(
    r"^(?:#|\|).*?$|<details>.*?</details>|```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$",
    re.DOTALL | re.MULTILINE,
)


def running_text(text):
    """Return the text that is read, after the introduction."""
    _, _, text = text.partition("\n## ")
    return re.sub(r"(?m)^(#|\|)[^\n]*", "", text)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.term)
def test_its_first_lesson_links_a_term_where_it_first_uses_it(term, text_of):
    text = running_text(text_of(series.lesson(term.lesson).notebook))
    links = [link for link in LINK.finditer(text) if link[2] == term.anchor]
    assert len(links) == 1
    words = links[0][1].strip("*")
    if words.startswith("`"):
        assert words not in text[: links[0].start()]
    else:
        before = LINK.sub(r"\1", ASIDE.sub("", text[: links[0].start()]))
        assert not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", before), words


def test_the_start_page_links_a_term_that_it_needs_before_the_lessons(text_of):
    text = text_of("00_start_here.ipynb")
    for word in ("dead", "splitting"):
        assert re.search(rf"\b{word}\b", text).start() == text.index(f"[{word}]") + 1


def test_every_link_leads_to_a_term():
    anchors = {term.anchor for term in TERMS} | {"notation"}
    for path in [*FOLDER.glob("*.ipynb"), *FOLDER.glob("deeper/*.ipynb")]:
        linked = set(re.findall(r"glossary\.md#([\w-]+)", path.read_text(encoding="utf-8")))
        assert linked <= anchors, path.name


def test_terms_and_anchors_are_different_and_said():
    assert len({term.anchor for term in TERMS}) == len(TERMS) >= 35
    assert all(term.meaning.endswith((".", ".)")) for term in TERMS)


def test_the_printed_page_is_current():
    assert (FOLDER / "glossary.md").read_text(encoding="utf-8") == glossary.page()


def test_the_page_has_a_heading_for_each_term_and_the_notation():
    lines = glossary.page().splitlines()
    assert [line for line in lines if line.startswith("### ")] == [
        f"### {name}" for name in sorted((term.term for term in TERMS), key=str.lower)
    ]
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) > 15
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)
