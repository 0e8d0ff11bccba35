"""The repository's address stands in pyproject.toml, and is the same wherever it is needed."""

import copy
import importlib.util
import re
import subprocess
import sys
import types
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("**/[0-9t]*.ipynb"))
README = (ROOT / "README.md").read_text(encoding="utf-8")

specification = importlib.util.spec_from_file_location(
    "addresses", ROOT / "notebooks" / "addresses.py"
)
addresses = importlib.util.module_from_spec(specification)
specification.loader.exec_module(addresses)


def test_readme_has_the_links_of_the_address():
    between = re.search(r"<!-- links -->\n(.*?)<!-- /links -->", README, flags=re.DOTALL)[1]
    assert between == addresses.table()
    assert between.count("\n") == 2 + len(addresses.series())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_notebook_begins_with_the_cell_for_colab(path):
    notebook = nbformat.read(path, as_version=4)
    assert addresses.with_install_cell(copy.deepcopy(notebook)) == notebook


@pytest.fixture
def notebook():
    shown = new_output("execute_result", data={"text/plain": "3"}, execution_count=2)
    cells = [new_code_cell("import math", execution_count=1)]
    cells.append(new_code_cell("3", execution_count=2, outputs=[shown]))
    return new_notebook(cells=[new_markdown_cell("# A title"), *cells])


def test_the_cell_is_put_before_the_others_once_and_all_are_counted(notebook):
    once = addresses.with_install_cell(notebook)
    nbformat.validate(once)
    code = [cell for cell in once.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert code[2].outputs[0].execution_count == 3
    assert addresses.repository() in code[0].source
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
    wanted = ["-m", "pip", "install", "-q", f"git+{addresses.repository()}"]
    assert ran == [[sys.executable, *wanted]] * on_colab
    assert enabled == [True] * on_colab


def test_a_link_to_a_hub_pulls_the_repository_and_opens_the_notebook():
    link = urlsplit(addresses.hub_link("https://hub.example.org/", "teach.ipynb"))
    assert (link.netloc, link.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    asked = {name: value for name, (value,) in parse_qs(link.query).items()}
    folder = addresses.repository().rpartition("/")[2]
    assert asked == {
        "repo": addresses.repository(),
        "branch": "main",
        "urlpath": f"lab/tree/{folder}/notebooks/teach.ipynb",
    }


@pytest.mark.parametrize("hub", ["hub.example.org", "ftp://hub", "https://", ""])
def test_what_is_no_hub_is_refused(hub):
    with pytest.raises(ValueError, match="hub must be an address"):
        addresses.hub_link(hub, "teach.ipynb")


def test_colab_and_binder_open_the_notebook():
    place = urlsplit(addresses.repository()).path
    assert addresses.colab_link("teach.ipynb").endswith(f"{place}/blob/main/notebooks/teach.ipynb")
    binder = urlsplit(addresses.binder_link("teach.ipynb"))
    assert binder.path == f"/v2/gh{place}/main"
    assert parse_qs(binder.query) == {"urlpath": ["lab/tree/notebooks/teach.ipynb"]}
