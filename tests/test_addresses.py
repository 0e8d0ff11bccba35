"""The repository's address stands in pyproject.toml, and is the same wherever it is needed."""

import copy
import re
import subprocess
import sys
import types
from urllib.parse import parse_qs, urlsplit

import addresses
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from published import FOLDER, NOTEBOOKS, SERIES, code_of
from rules import named, read

REPOSITORY = addresses.repository()


def asked(link: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}


def test_readme_has_the_links_of_the_address():
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    between = re.search(r"<!-- links -->\n(.*?)<!-- /links -->", readme, flags=re.DOTALL)[1]
    assert between == addresses.table()
    assert between.count("\n") == 2 + len(SERIES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_begins_with_the_cell_for_colab(path):
    assert addresses.with_install_cell(copy.deepcopy(read(path))) == read(path)


@pytest.fixture
def notebook():
    shown = new_output("execute_result", data={"text/plain": "3"}, execution_count=2)
    cells = [new_code_cell("import math", execution_count=1)]
    cells.append(new_code_cell("3", execution_count=2, outputs=[shown]))
    return new_notebook(cells=[new_markdown_cell("# A title"), *cells])


def test_the_cell_is_put_before_the_others_once_and_all_are_counted(notebook):
    once = addresses.with_install_cell(notebook)
    nbformat.validate(once)
    code = code_of(once)
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert code[2].outputs[0].execution_count == 3
    assert REPOSITORY in code[0].source
    again = copy.deepcopy(once)
    code[0].source = "old"
    assert addresses.with_install_cell(once) == again


@pytest.mark.parametrize("on_colab", [True, False])
def test_the_cell_installs_on_colab_and_does_nothing_elsewhere(notebook, monkeypatch, on_colab):
    ran, enabled = [], []
    colab, output = types.ModuleType("google.colab"), types.ModuleType("google.colab.output")
    colab.output, output.enable_custom_widget_manager = output, lambda: enabled.append(True)
    if on_colab:
        for module in (types.ModuleType("google"), colab, output):
            monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(subprocess, "run", lambda command, check: ran.append(command))
    exec(addresses.with_install_cell(notebook).cells[1].source, {})
    wanted = ["-m", "pip", "install", "-q", f"git+{REPOSITORY}"]
    assert ran == [[sys.executable, *wanted]] * on_colab
    assert enabled == [True] * on_colab


def test_a_link_to_a_hub_pulls_the_repository_and_opens_the_notebook():
    link = addresses.hub_link("https://hub.example.org/", "teach.ipynb")
    assert link.startswith("https://hub.example.org/hub/user-redirect/git-pull?")
    folder = REPOSITORY.rpartition("/")[2]
    urlpath = f"lab/tree/{folder}/notebooks/teach.ipynb"
    assert asked(link) == {"repo": REPOSITORY, "branch": "main", "urlpath": urlpath}


@pytest.mark.parametrize("hub", ["hub.example.org", "ftp://hub", "https://", ""])
def test_what_is_no_hub_is_refused(hub):
    with pytest.raises(ValueError, match="hub must be an address"):
        addresses.hub_link(hub, "teach.ipynb")


def test_colab_and_binder_open_the_notebook():
    place = urlsplit(REPOSITORY).path
    assert addresses.colab_link("teach.ipynb").endswith(f"{place}/blob/main/notebooks/teach.ipynb")
    binder = addresses.binder_link("teach.ipynb")
    assert urlsplit(binder).path == f"/v2/gh{place}/main"
    assert asked(binder) == {"urlpath": "lab/tree/notebooks/teach.ipynb"}
