"""Conventions for the public names of the package, read from its syntax trees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nnhelpers"
PUBLIC_FILES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not any(re.match(r"_(?!_init__)", part) for part in path.relative_to(PACKAGE).parts)
]
MOST_PARAMETERS = 8

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
    "measure_layers": 2,
    "measure_covariate_shift": 2,
    "measure_drawn": 2,
    "measure_landscape": 2,
    "measure_variances": 2,
    "model_from_weights": 2,
    "part": 2,
    "pre_activations": 2,
    "pretrained_start": 2,
    "predict": 2,
    "rescale": 2,
    "run": 2,
    "scale_layers": 2,
    "shift": 2,
    "small_multiples": 2,
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


def faults(source: str) -> list[str]:
    """Say which public names in `source` break a convention."""
    found = []
    for node in public(ast.parse(source)):
        if not ast.get_docstring(node):
            found.append(f"{node.name} has no docstring")
        if re.match(r"get_|.*(utils|helpers)", node.name):
            found.append(f"{node.name} says too little")
        if isinstance(node, ast.FunctionDef):
            found += signature_faults(node)
    return found


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
    if len(positional) + len(arguments.kwonlyargs) > MOST_PARAMETERS:
        found.append(f"{function.name} has more than {MOST_PARAMETERS} parameters")
    return found


@pytest.mark.parametrize("path", PUBLIC_FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_names_follow_the_conventions(path):
    assert faults(path.read_text()) == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not {name for name in names if re.search(r"utils|helpers|misc|common", name)}


@pytest.mark.parametrize(
    "source",
    [
        "def shares():\n    return 1",
        "class Panel:\n    '''A panel.'''\n    def show(self):\n        return 1",
        "def get_shares():\n    '''Shares.'''",
        "def plot_utils():\n    '''Plot.'''",
        "def simulate(center, width):\n    '''Simulate.'''",
        "def train(spec, dataset, epochs):\n    '''Train.'''",
        "class Panel:\n    '''A panel.'''\n    def move(self, name, to):\n        '''Move.'''",
        "def plot(*, a, b, c, d, e, f, g, h, i):\n    '''Plot.'''",
    ],
)
def test_a_name_against_the_conventions_is_found(source):
    assert len(faults(source)) == 1


def test_a_name_along_the_conventions_is_accepted():
    source = "def train(spec, dataset, *, epochs=1):\n    '''Train.'''\ndef _get(a, b):\n    pass"
    assert faults(source) == []
