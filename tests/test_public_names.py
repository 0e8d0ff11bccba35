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

# What lessons and checks elsewhere call with the keywords of Keras's fit and of an optimizer;
# what examines a model takes all that fit was given and has returned.
MANY_SETTINGS = {"examine", "train", "train_many", "train_from", "weights_at"}

# The network of NumPy is Keras's too: its record keeps its name beside build_mlp.
IMPORTED_TWICE = {"BatchNorm", "MLPSpec"}

# functions whose first arguments belong together and read best by position
POSITIONAL = {
    2: """
        activations as_floats as_numbers batch_pass best_line_accuracy build_recipe
        check_between checked_numbers checked_wholes compose connect counted dead_curve
        decimal describe difference digits errors_and_losses first_layers
        forward_pass from_config html_table learning_curve linear_network_share losses
        measure measure_covariate_shift measure_landscape model_from_weights
        of_comparison of_networks part pre_activations predict predict_together
        pretrained_start reach read_examples redraw rescale run shift
        simulate_depth simulate_depth_offset simulate_layers simulate_variances
        small_multiples take text_table there_and_back titled train train_from train_many
        weights_at with_batch_moments with_batch_norm
    """,
    3: """
        backward backward_pass checked_each error examine forward gradient gradients
        loss_of mean_loss measure_drawn note stepped
    """,
}
POSITIONAL = {name: count for count, names in POSITIONAL.items() for name in names.split()}


def public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield public functions, classes and methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def faults(source: str) -> list[str]:
    """Say which public names in `source` break a convention."""
    tree, found = ast.parse(source), []
    for node in public(tree):
        text = ast.get_docstring(node)
        if not text:
            found.append(f"{node.name} has no docstring")
        if re.match(r"get_|.*(utils|helpers)", node.name):
            found.append(f"{node.name} says too little")
        if isinstance(node, ast.FunctionDef):
            found += signature_faults(node)
            if text and node in tree.body and not has_example(text):
                found.append(f"{node.name} shows no example")
    return found


def has_example(docstring: str) -> bool:
    return ">>> " in docstring.partition("Examples\n--------\n")[2]


def signature_faults(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    positional = [
        argument.arg
        for argument in arguments.posonlyargs + arguments.args
        if argument.arg not in ("self", "cls")
    ]
    found = []
    if len(positional) > POSITIONAL.get(function.name, 1):
        found.append(f"{function.name} takes {', '.join(positional)} by position")
    if function.name in MANY_SETTINGS:
        return found
    if len(positional) + len(arguments.kwonlyargs) > MOST_PARAMETERS:
        found.append(f"{function.name} has more than {MOST_PARAMETERS} parameters")
    # check_whole(draws=3) takes the names of what it checks, a drawing passes looks to matplotlib.
    # connect(center=slider) those of the function that it connects.
    hidden = arguments.kwarg and arguments.kwarg.arg not in {"looks", "controls", "answer"}
    if hidden and not function.name.startswith("check_"):
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


def test_public_names_follow_the_conventions():
    found = []
    for path in PUBLIC_FILES:
        broken = faults(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(PACKAGE)}: {each}" for each in broken]
    assert found == []


def test_every_public_name_is_imported_by_one_package():
    inits = sorted(PACKAGE.rglob("__init__.py"))
    sources = {
        str(path.parent.relative_to(PACKAGE)): path.read_text(encoding="utf-8") for path in inits
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
