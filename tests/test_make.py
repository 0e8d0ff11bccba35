"""What `make` does is done by make.py, on Windows too, from files that are there."""

import importlib.util
import itertools
import os
import re
import sys
from pathlib import Path

import pytest
from published import FOLDER

ROOT = FOLDER.parent


@pytest.fixture
def make():
    return loaded()


def loaded():
    specification = importlib.util.spec_from_file_location("make", ROOT / "make.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def commands(make, monkeypatch, tmp_path):
    """Return the commands of a target, of which none is run."""
    given = []

    def run(*command, **environment):
        given.append([*map(str, command)])
        Path(make.VENV).mkdir(exist_ok=True)

    monkeypatch.setattr(make, "run", run)
    monkeypatch.setattr(make, "VENV", tmp_path / "venv")
    monkeypatch.setattr(make.signal, "signal", lambda *_: None)

    def of(*arguments):
        given.clear()
        make.main([*arguments])
        return list(given)

    return of


def targets() -> list[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.search(r"^TARGETS := (.*)$", text, flags=re.MULTILINE)[1].split()


@pytest.mark.parametrize("target", targets())
def test_a_target_sets_up_what_it_needs_and_names_files_that_are_there(commands, target, make):
    assert set(targets()) == set(make.TARGETS)
    assert re.search(rf"\b{target}\b", make.__doc__)
    first, *_ = given = commands(target)
    assert first[1:3] == ["-m", "venv"]
    for word in itertools.chain.from_iterable(given):
        if re.fullmatch(r"(?!build)[\w-]+/[\w/-]+\.(py|txt|cfg)|\w+\.txt", word):
            assert (ROOT / word).is_file(), word


def test_what_is_set_up_is_not_set_up_again(commands, make):
    assert len(commands("handouts")) == 4
    assert len(commands("handouts")) == 1
    assert len(commands("test")) == 6
    assert len(commands("test")) == 3
    os.utime(make.VENV / "installed", (0, 0))
    assert len(commands("handouts")) == 4


def test_windows_has_its_programs_elsewhere(make, monkeypatch):
    monkeypatch.setattr(make.os, "name", "nt")
    assert make.python_of(ROOT / ".venv").as_posix().endswith(".venv/Scripts/python.exe")
    here = "{}.{}".format(*sys.version_info)
    assert make.python_named(here) == [sys.executable]
    assert make.python_named("3.9") == ["py", "-3.9"]


@pytest.mark.parametrize(
    ("machine", "pinned"),
    [
        (("linux", "x86_64"), True),
        (("linux", "aarch64"), True),
        (("darwin", "arm64"), True),
        (("win32", "AMD64"), True),
        (("darwin", "x86_64"), False),
        (("win32", "ARM64"), False),
    ],
)
def test_machines_for_which_pins_have_no_wheels_get_the_newest_that_has(
    monkeypatch, machine, pinned
):
    monkeypatch.setattr(sys, "platform", machine[0])
    monkeypatch.setattr("platform.machine", lambda: machine[1])
    assert ("constraints.txt" in loaded().PINS) == pinned


def test_the_lab_opens_a_copy_or_the_published_notebooks(commands):
    copying = [command for command in commands("lab") if "notebooks/working_copy.py" in command]
    assert [command[-1] for command in copying] == ["my_notebooks"]
    *_, opening = commands("lab", "notebooks")
    assert "--ServerApp.root_dir=notebooks" in opening
    assert opening[1:3] == ["-m", "jupyterlab"]


@pytest.mark.parametrize("arguments", [["lap"], ["test", "folder"]])
def test_what_is_no_target_is_answered_with_those_there_are(make, arguments):
    with pytest.raises(SystemExit, match="Targets: lab, test"):
        make.main(arguments)


def test_the_exit_code_of_a_command_is_that_of_make(make):
    with pytest.raises(SystemExit) as caught:
        make.run(sys.executable, "make.py")
    assert caught.value.code == 1
    with pytest.raises(SystemExit) as caught:
        make.run(sys.executable, "-c", "raise SystemExit(3)")
    assert caught.value.code == 3
