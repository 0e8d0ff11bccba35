"""Do what `make` does, on any system: python make.py TARGET [FOLDER].

Targets: lab, test, notebooks, site, loops, handouts, bench, test-hub, test-colab. A folder may be
given to lab: the copy of the notebooks to write in, or `notebooks` for the published ones.
"""

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
# What is pinned has no wheels for Macs by Intel and Windows on ARM: there the newest that has.
PINS = ["-c", "constraints.txt"]
if (sys.platform, platform.machine()) in {("darwin", "x86_64"), ("win32", "ARM64")}:
    PINS = ["--prefer-binary"]
BENCHMARKS = ("training", "panels", "many")
# Lesson 4 is executed by tests/test_other_processors.py.
SUITE = [
    *("-m", "pytest", "tests", "nnhelpers", "notebooks", "--doctest-modules"),
    *("--ignore-glob=notebooks/*.py", "--ignore=tests/test_cells_again.py"),
    "--ignore=notebooks/04_batch_norm.ipynb",
    *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"),
    *("--nbval-sanitize-with=tests/nbval_sanitize.cfg", "--numprocesses=3"),
    *("--dist=loadfile", "--no-loadscope-reorder"),
]


def run(*command: str | Path, **environment: str) -> None:
    """Run a command in the repository's folder; end with its exit code if that is not 0."""
    finished = subprocess.run([*map(str, command)], cwd=ROOT, env=os.environ | environment)
    if finished.returncode:
        sys.exit(finished.returncode)


def python_of(environment: Path) -> Path:
    """Return where an environment has its Python."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_done(stamp: Path) -> bool:
    """Whether an installation is newer than what it was made from."""
    sources = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    return stamp.exists() and stamp.stat().st_mtime >= max(s.stat().st_mtime for s in sources)


def installed(extras: str = "keras,lab,site", stamp: str = "installed") -> Path:
    """Set up .venv with these extras, unless it is; return its Python."""
    python = python_of(VENV)
    if not is_done(VENV / stamp):
        run(sys.executable, "-m", "venv", VENV)
        run(python, "-m", "pip", "install", "-q", *PINS, "-e", f".[{extras}]")
        run(python, "-m", "nnhelpers.training")
        (VENV / "installed").touch()
        (VENV / stamp).touch()
    return python


def lab(folder: str = "my_notebooks") -> None:
    """Open JupyterLab on a copy of the notebooks, or on the folder given."""
    python = installed()
    if folder != "notebooks":
        run(python, "notebooks/working_copy.py", folder)
    settings = ["--ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    settings.append("--LabApp.default_url=/lab/tree/00_start_here.ipynb")
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        settings.append("--no-browser")  # JupyterLab then prints its address.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        settings.append("--allow-root")
    signal.signal(signal.SIGINT, lambda *_: None)  # JupyterLab asks what is meant.
    run(python, "-m", "jupyterlab", *settings)


def test() -> None:
    """Lint, and run every check and every notebook."""
    python = installed("keras,lab,site,test", "tested")
    run(python, "-m", "ruff", "check")
    run(python, "-m", "ruff", "format", "--check")
    run(python, *SUITE, TQDM_DISABLE="1")


def test_with(versions: str, minor: str) -> None:
    """Run the suite, without browsers, with versions that others have."""
    folder, pins = ROOT / "build" / versions, f"tests/environments/{versions}.txt"
    run(*python_named(minor), "-m", "venv", folder)
    pip = [python_of(folder), "-m", "pip", "install", "-q"]
    run(*pip, "-r", pins)
    run(*pip, "-e", ".", "-r", "tests/environments/tools.txt", "-c", pins)
    ours = ["--ignore=tests/browser", "-W", "ignore::DeprecationWarning"]
    run(python_of(folder), *SUITE, *ours, TQDM_DISABLE="1")


def python_named(minor: str) -> list[str]:
    """Return what starts a Python of this version."""
    if sys.version_info[:2] == tuple(map(int, minor.split("."))):
        return [sys.executable]
    return ["py", f"-{minor}"] if os.name == "nt" else [f"python{minor}"]


def bench() -> None:
    """Measure speed."""
    for name in BENCHMARKS:
        run(installed(), f"benchmarks/{name}.py")


TARGETS = {
    "lab": lab,
    "test": test,
    "test-hub": lambda: test_with("late-2024", "3.11"),
    "test-colab": lambda: test_with("colab", "3.13"),
    "notebooks": lambda: run(installed(), "notebooks/execute.py"),
    "site": lambda: run(installed(), "notebooks/make_site.py", "build/site"),
    "loops": lambda: run(installed(), "notebooks/loops.py"),
    "handouts": lambda: run(installed(), "notebooks/handout.py", "build/handouts"),
    "bench": bench,
}


def main(arguments: list[str]) -> None:
    """Do what the command line says, or say what it may be."""
    target, *folder = arguments or [""]
    if target not in TARGETS or len(folder) > (target == "lab"):
        sys.exit(__doc__)
    TARGETS[target](*folder)


if __name__ == "__main__":
    main(sys.argv[1:])
