"""The pages of the committed notebooks: all links lead somewhere, nothing is left of TeX."""

import copy
import re

import make_site
import pytest
from bs4 import BeautifulSoup
from published import FOLDER, NOTEBOOKS
from rules import read
from website import pictures


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the pages by their paths, without panels: no notebook is run."""
    site = tmp_path_factory.mktemp("site")
    (site / "deeper").mkdir()
    by = make_site.exporter()
    for path in NOTEBOOKS:
        name = str(path.relative_to(FOLDER).with_suffix(""))
        page = make_site.Page(name=name, notebook=copy.deepcopy(read(path)), live={})
        make_site.write(page, site=site, by=by)
    make_site.write_texts(site, by=by)
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), features="html.parser")
        for path in site.rglob("*.html")
    }


def test_every_link_leads_to_a_page_and_a_place_of_the_site(pages):
    places = {path: {each["id"] for each in page(id=True)} for path, page in pages.items()}
    lost = []
    for path, page in pages.items():
        for link in page("a", href=re.compile("^(?!http)")):
            name, _, place = link["href"].partition("#")
            to = (path.parent / name).resolve() if name else path
            if to.name == "index.html":  # it has a panel, so a notebook must be run for it
                continue
            if to not in pages or (place and place not in places[to]):
                lost.append((path.name, link["href"]))
        for term in page("a", class_="term"):
            assert page.find(id=term["aria-describedby"]).get_text()
    assert lost == []
    assert sum(len(page("a", class_="term")) for page in pages.values()) > 40


def test_every_picture_has_words_a_size_and_a_file(pages):
    for path, page in pages.items():
        for image in page.main("img"):
            assert image["alt"]
            assert int(image["width"]) > 0 < int(image["height"])
            assert (path.parent / image["src"]).is_file()


def test_no_formula_is_left_as_tex_and_none_failed(pages):
    for page in pages.values():
        like_tex = page.find_all(string=re.compile(r"\$|\\[a-zA-Z]+\b"))
        assert [each for each in like_tex if not each.find_parent(["pre", "code", "script"])] == []
        assert page(["merror", "menclose"]) == []
    assert sum(len(page("math")) for page in pages.values()) > 300


def test_the_same_code_keeps_its_pictures_and_other_code_does_not():
    notebook = copy.deepcopy(read(NOTEBOOKS[0]))
    key = pictures.key(notebook)
    notebook.cells[0].source += " More prose."
    assert pictures.key(notebook) == key
    notebook.cells[1].source += "\n1 + 1"
    assert pictures.key(notebook) != key
