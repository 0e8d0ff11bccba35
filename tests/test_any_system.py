"""Nothing assumes a system: no shell, no module of one kind of system, no code page."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [
    *(ROOT / "nnhelpers").rglob("*.py"),
    *(ROOT / "notebooks").glob("*.py"),
    *(ROOT / "benchmarks").glob("*.py"),
    *(ROOT / "data").glob("*.py"),
    ROOT / "make.py",
]
OF_POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"}
FOLDERS = ("/tmp", "/dev/", "/usr", "/home/")
STARTS_A_PROGRAM = {"run", "Popen", "check_output", "check_call"}


def faults(source: str) -> Iterator[str]:
    """Say what in a source works on some systems only."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in OF_POSIX)
        elif isinstance(node, ast.ImportFrom) and node.module in OF_POSIX:
            yield node.module
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.fork", "os.uname"):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and str(node.value).startswith(FOLDERS):
            yield node.value
        elif isinstance(node, ast.Call):
            yield from _faults_of_a_call(node)


def _faults_of_a_call(call: ast.Call) -> Iterator[str]:
    named = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    called = ast.unparse(call.func)
    if called in ("os.system", "os.popen") or named.get("shell") == "True":
        yield f"{called} goes through a shell"
    if called == "os.path.join" and any("/" in ast.unparse(each) for each in call.args):
        yield f"{called} of a path that is joined already"
    starts = called.rpartition(".")[2] in STARTS_A_PROGRAM
    if starts and named.get("text") == "True" and "encoding" not in named:
        yield f"{called} reads text in the system's code page"


def test_every_source_works_on_any_system():
    found = {
        path.relative_to(ROOT): [*faults(path.read_text(encoding="utf-8"))] for path in SOURCES
    }
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import fcntl",
        "from resource import getrusage",
        "os.fork()",
        "open('/tmp/file', encoding='utf-8')",
        "subprocess.run('ls', shell=True)",
        "os.system('ls')",
        "os.path.join('a/b', 'c')",
        "subprocess.run(['ls'], text=True)",
    ],
)
def test_what_works_on_some_systems_only_is_found(source):
    assert len(list(faults(source))) == 1
