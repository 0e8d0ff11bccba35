"""What is wrong with an environment is said in words, with what to do."""

import subprocess
import sys
from importlib import metadata

import pytest

from nnhelpers import environment, training

REAL = metadata.version


@pytest.fixture
def found(monkeypatch):
    """Look at an environment in which all is well, as a notebook would."""
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    return lambda: environment.check().wrong


@pytest.fixture
def version(monkeypatch):
    """Let a package have another version, or none."""

    def give(name, number):
        def look(asked):
            if asked != name:
                return REAL(asked)
            if number is None:
                raise metadata.PackageNotFoundError(name)
            return number

        monkeypatch.setattr(metadata, "version", look)

    return give


def hide(monkeypatch, module):
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util,
        "find_spec",
        lambda name, *rest: None if name == module else find(name, *rest),
    )


def test_where_all_is_well_it_says_so(found):
    assert set(found().values()) == {()}
    complete = environment.check()
    assert not any(complete.wrong.values())
    assert str(complete).splitlines()[1] == "✓ packages: all is well"
    assert complete._repr_html_().count("all is well") == 5


def test_another_python_is_named_with_the_range(found, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    (words,) = found()["Python"]
    assert "Python 3.14.0" in words
    assert "<3.14" in words
    assert ">=3.11" in words


@pytest.mark.parametrize(
    ("name", "number", "what", "words"),
    [
        ("numba", None, "packages", 'numba is not installed: pip install "numba>=0.61", then'),
        ("numba", "0.59.1", "packages", 'numba is 0.59.1: pip install --upgrade "numba>=0.61"'),
        ("keras", "2.15.0", "Keras", 'keras is 2.15.0: pip install --upgrade "keras>=3.6"'),
        ("keras", None, "Keras", 'keras is not installed: pip install "keras>=3.6"'),
    ],
)
def test_a_package_that_is_missing_or_old_is_named_with_the_command(
    found, version, name, number, what, words
):
    version(name, number)
    wrong = {name: told for name, told in found().items() if told}
    assert list(wrong) == [what]
    (told,) = wrong[what]
    assert told.startswith(words)
    assert told.endswith("restart the kernel")


def test_a_newer_package_is_well_whatever_its_number_ends_with(found, version):
    version("matplotlib", "3.10.0rc1")
    assert found()["packages"] == ()


def test_without_tensorflow_it_says_what_works_all_the_same(found, monkeypatch):
    hide(monkeypatch, "tensorflow")
    (words,) = found()["Keras"]
    assert "panels, simulations and training work without" in words


def test_keras_on_another_backend_is_named(found, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    (words,) = found()["Keras"]
    assert words.startswith("KERAS_BACKEND is set to 'jax'")


def test_an_engine_that_cannot_be_kept_is_told(found, monkeypatch):
    monkeypatch.setattr(training, "prepare", lambda: False)
    (words,) = found()["training engine"]
    assert "NUMBA_CACHE_DIR" in words


def test_an_engine_that_does_not_start_is_a_finding(found, monkeypatch):
    def fail():
        raise OSError("no room")

    monkeypatch.setattr(training, "prepare", fail)
    assert found()["training engine"] == ("could not be looked at: OSError: no room",)
    assert str(environment.check()).splitlines()[3].startswith("✗ training engine: could not")


def test_without_a_front_end_for_widgets_it_says_where_to_install_it(found, monkeypatch):
    hide(monkeypatch, "jupyterlab_widgets")
    (words,) = found()["live panels"]
    assert "pip install jupyterlab_widgets where Jupyter itself runs" in words
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert found()["live panels"] == ()
    monkeypatch.delitem(sys.modules, "ipykernel")
    assert "no notebook" in found()["live panels"][0]


def test_a_package_that_is_not_installed_at_all_is_told(found, monkeypatch):
    def fail(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "metadata", fail)
    (words,) = found()["packages"]
    assert "run pip install ." in words


def test_it_starts_where_the_libraries_do_not():
    source = "import sys\nfrom nnhelpers import environment\nprint(*sys.modules)"
    command = [sys.executable, "-c", source]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    loaded = set(run.stdout.split())
    assert not {"numpy", "numba", "matplotlib", "ipywidgets", "keras"} & loaded
