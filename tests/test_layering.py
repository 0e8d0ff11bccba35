"""The direction of dependency, read from the syntax trees of the package."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import run_python

PACKAGE = Path(__file__).parents[1] / "nnhelpers"

# module -> the modules of ours that it may import
ARROWS = {
    "__init__": set(),
    "startup": set(),
    "lessons": {"datasets"},
    "environment": {"training"},
    "activations": set(),
    "blas": set(),
    "initializers": {"blas"},
    "theory": {"activations"},
    "datasets": {"startup"},
    "measures": {"activations"},
    "networks": {"activations", "blas", "initializers"},
    "simulations": {"initializers", "activations", "blas", "measures", "theory", "networks"},
    "models": {"startup", "initializers", "networks"},
    "diagnosis": {
        "models",
        "measures",
        "networks",
        "initializers",
        "activations",
        "blas",
        "datasets",
        "theory",
    },
    "training": {"models", "measures", "datasets", "networks", "initializers", "activations"},
    "figures": {"activations", "measures", "theory", "datasets"},
}
ARROWS["widgets"] = set(ARROWS)

# imported by all; import nothing of ours
GROUND = {"words", "checks", "tables", "files"}
ARROWS = {module: ours | GROUND for module, ours in ARROWS.items()} | {key: set() for key in GROUND}
# The package itself hushes what starts with it.
ARROWS["__init__"] = {"startup"}

# library -> the modules that may import it
HOMES = {
    "matplotlib": {"figures"},
    "keras": {"models"},
    "tensorflow": {"models"},
    "numba": {"training"},
    "IPython": {"widgets"},
    "anywidget": {"widgets"},
    "ipywidgets": {"widgets"},
    "traitlets": {"widgets"},
}

# MNIST comes through keras.datasets; only who asks for it pays for the import.
EXCEPTIONS = {("datasets", "load_mnist", "keras")}


def imports(tree: ast.AST, function: str = "") -> Iterator[tuple[int, str, str]]:
    """Yield (line, enclosing function, dotted name) of every import, dots included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, function, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            parts = [alias.name for alias in node.names] if origin == "nnhelpers" else []
            names = [f"nnhelpers.{part}" for part in parts] or [origin]
            yield from ((node.lineno, function, name) for name in names)
        elif isinstance(node, ast.FunctionDef):
            yield from imports(node, node.name)
        else:
            yield from imports(node, function)


def violations(module: str, source: str) -> list[str]:
    """Say which imports in the `source` of `module` break the table."""
    found = []
    for line, function, name in imports(ast.parse(source)):
        library, _, ours = name.partition(".")
        ours = ours.partition(".")[0]
        if library == "":
            found.append(f"{module}:{line} imports {name} relatively")
        elif library == "nnhelpers" and ours != module and ours not in ARROWS[module]:
            found.append(f"{module}:{line} imports {name}")
        elif module in HOMES.get(library, {module}):
            continue
        elif (module, function, library) not in EXCEPTIONS:
            found.append(f"{module}:{line} imports {name}")
    return found


def modules_loaded_by(statement: str) -> set[str]:
    run = run_python(f"import sys\n{statement}\nprint(*sys.modules)")
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_every_module_has_its_place_in_the_table():
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert modules | packages <= set(ARROWS)


def test_imports_follow_the_arrows():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).with_suffix("")
        found += [
            f"{place}: {each}"
            for each in violations(place.parts[0], path.read_text(encoding="utf-8"))
        ]
    assert found == []


AGAINST = [
    ("simulations", "from nnhelpers import training"),
    ("simulations", "from nnhelpers.models import MLPSpec"),
    ("figures", "import nnhelpers.simulations"),
    ("training", "from nnhelpers import figures, networks"),
    ("measures", "import nnhelpers"),
    ("widgets", "import matplotlib.pyplot as plt"),
    ("training", "import ipywidgets"),
    ("training", "import keras"),
    ("training", "from nnhelpers.models import MLPSpec\nfrom tensorflow import keras"),
    ("simulations", "import numba"),
    ("networks", "from nnhelpers import models"),
    ("networks", "from nnhelpers import simulations"),
    ("words", "from nnhelpers import checks"),
    ("datasets", "import keras"),
    ("datasets", "def load_digits():\n    with quiet():\n        import keras"),
    ("figures", "from .style import ROLES"),
    ("figures", "from . import style"),
]
ALONG = [
    ("simulations", "import numpy as np\nfrom nnhelpers import checks, measures, theory"),
    ("figures", "import matplotlib\nfrom nnhelpers.figures import style"),
    ("widgets", "import ipywidgets\nfrom nnhelpers import figures, simulations, training"),
    ("datasets", "def load_mnist():\n    import keras"),
]


def test_an_import_against_the_arrows_is_found_and_one_along_them_is_accepted():
    assert [each for each in AGAINST if len(violations(*each)) != 1] == []
    assert [each for each in ALONG if violations(*each)] == []


@pytest.mark.parametrize("module", ["networks", "simulations"])
def test_networks_and_simulations_start_without_a_heavy_library(module):
    heavy = {"tensorflow", "keras", "numba", "matplotlib", "scipy", "sklearn"}
    assert not heavy & modules_loaded_by(f"import nnhelpers.{module}")


def test_widgets_start_without_a_library_that_few_of_them_need():
    loaded = modules_loaded_by("import nnhelpers, nnhelpers.widgets")
    assert not {"tensorflow", "keras", "scipy", "sklearn"} & loaded
