"""Conventions for the public names of the package, read from its syntax trees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "nnhelpers"
PUBLIC_FILES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not any(re.match(r"_(?!_init__)", part) for part in path.relative_to(PACKAGE).parts)
]
MOST_PARAMETERS = 6

# What lessons and checks elsewhere call with the keywords of Keras's fit and of an optimizer.
MANY_SETTINGS = {"train", "train_many", "train_from", "weights_at"}

# Where each function has an example, few parameters and none of them hidden, and each name is
# imported by one __init__ alone. To be all.
DONE = {
    "__init__",
    "bets",
    "checks",
    "claims",
    "datasets",
    "initializers",
    "measures",
    "models",
    "simulations/batch_norm",
    "simulations/layers",
    "tables",
    "training",
    "words",
}
# The network of NumPy is Keras's too: its record keeps its name beside build_mlp.
IMPORTED_TWICE = {"BatchNorm", "MLPSpec"}

# functions whose first arguments belong together and read best by position
POSITIONAL = {
    "activations": 2,
    "backward_pass": 3,
    "batch_pass": 2,
    "best_line_accuracy": 2,
    "block_size": 2,
    "check_between": 2,
    "checked_each": 3,
    "checked_numbers": 2,
    "compose": 2,
    "counted": 2,
    "decimal": 2,
    "digits": 2,
    "html_table": 2,
    "reach": 2,
    "text_table": 2,
    "connect": 2,
    "errors_and_losses": 2,
    "forward_pass": 2,
    "from_config": 2,
    "gradient": 3,
    "gradients": 3,
    "dead_curve": 2,
    "difference": 2,
    "learning_curve": 2,
    "linear_network_share": 2,
    "measure": 2,
    "measure_covariate_shift": 2,
    "measure_drawn": 3,
    "measure_landscape": 2,
    "model_from_weights": 2,
    "of_comparison": 2,
    "of_networks": 2,
    "part": 2,
    "pre_activations": 2,
    "pretrained_start": 2,
    "predict": 2,
    "rescale": 2,
    "run": 2,
    "scale_layers": 2,
    "shift": 2,
    "small_multiples": 2,
    "simulate_depth": 2,
    "simulate_depth_offset": 2,
    "simulate_layers": 2,
    "simulate_variances": 2,
    "for_classes": 2,
    "stepped": 3,
    "take": 2,
    "titled": 2,
    "train": 2,
    "training_pass": 2,
    "train_from": 2,
    "train_many": 2,
    "weights_at": 2,
    "with_batch_moments": 2,
    "with_batch_norm": 2,
}


def public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield public functions, classes and methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def faults(source: str, *, done: bool = True) -> list[str]:
    """Say which public names in `source` break a convention."""
    tree, found = ast.parse(source), []
    for node in public(tree):
        text = ast.get_docstring(node)
        if not text:
            found.append(f"{node.name} has no docstring")
        if re.match(r"get_|.*(utils|helpers)", node.name):
            found.append(f"{node.name} says too little")
        if isinstance(node, ast.FunctionDef):
            found += signature_faults(node, done=done)
            if done and text and node in tree.body and not has_example(text):
                found.append(f"{node.name} shows no example")
    return found


def has_example(docstring: str) -> bool:
    return ">>> " in docstring.partition("Examples\n--------\n")[2]


def signature_faults(function: ast.FunctionDef, *, done: bool) -> list[str]:
    arguments = function.args
    positional = [
        argument.arg
        for argument in arguments.posonlyargs + arguments.args
        if argument.arg not in ("self", "cls")
    ]
    found = []
    if len(positional) > POSITIONAL.get(function.name, 1):
        found.append(f"{function.name} takes {', '.join(positional)} by position")
    if not done or function.name in MANY_SETTINGS:
        return found
    if len(positional) + len(arguments.kwonlyargs) > MOST_PARAMETERS:
        found.append(f"{function.name} has more than {MOST_PARAMETERS} parameters")
    # check_whole(draws=3) takes the names of what it checks.
    if arguments.kwarg and not function.name.startswith("check_"):
        found.append(f"{function.name} hides parameters in **{arguments.kwarg.arg}")
    return found


def imported_twice(sources: dict[str, str]) -> list[str]:
    """Say which names more than one __init__ imports from us; `sources` by package."""
    places = {}
    for package, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnhelpers."):
                for alias in node.names:
                    places.setdefault(alias.asname or alias.name, []).append(package)
    return [
        f"{name} is imported by {' and '.join(packages)}"
        for name, packages in sorted(places.items())
        if len(packages) > 1 and name not in IMPORTED_TWICE
    ]


def done(path: Path) -> bool:
    place = path.relative_to(PACKAGE).with_suffix("").as_posix()
    return any(place == room or place.startswith(f"{room}/") for room in DONE)


def test_public_names_follow_the_conventions():
    found = []
    for path in PUBLIC_FILES:
        broken = faults(path.read_text(), done=done(path))
        found += [f"{path.relative_to(PACKAGE)}: {each}" for each in broken]
    assert found == []


def test_every_public_name_is_imported_by_one_package():
    inits = sorted(PACKAGE.rglob("__init__.py"))
    sources = {
        str(path.parent.relative_to(PACKAGE)): path.read_text() for path in inits if done(path)
    }
    assert imported_twice(sources) == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not {name for name in names if re.search(r"utils|helpers|misc|common", name)}


DOCSTRING = "'''{}.\n\n    Examples\n    --------\n    >>> 1\n    1\n    '''"
AGAINST = [
    "def shares():\n    return 1",
    "class Panel:\n    '''A panel.'''\n    def show(self):\n        return 1",
    f"def get_shares():\n    {DOCSTRING}",
    f"def plot_utils():\n    {DOCSTRING}",
    f"def simulate(center, width):\n    {DOCSTRING}",
    f"def train(spec, dataset, epochs):\n    {DOCSTRING}",
    "class Panel:\n    '''A panel.'''\n    def move(self, name, to):\n        '''Move.'''",
    f"def plot(*, a, b, c, d, e, f, g):\n    {DOCSTRING}",
    f"def plot(ax, **settings):\n    {DOCSTRING}",
    "def plot(ax):\n    '''Plot, as in >>> 1.'''",
]
ALONG = [
    f"def train(spec, dataset, *, epochs=1, **settings):\n    {DOCSTRING}",
    "def _get(a, b):\n    pass",
    f"def check_share(**shares):\n    {DOCSTRING}",
    "class Panel:\n    '''A panel.'''\n    def move(self):\n        '''Move.'''",
]
TWICE = {"a": "from nnhelpers.a.b import plot", "a/b": "from nnhelpers.a.b.c import plot"}


def test_a_name_against_the_conventions_is_found_and_one_along_them_is_accepted():
    assert [source for source in AGAINST if len(faults(source)) != 1] == []
    assert [source for source in ALONG if faults(source)] == []
    assert imported_twice(TWICE) == ["plot is imported by a and a/b"]
