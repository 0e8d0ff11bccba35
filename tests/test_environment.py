"""The environment files agree with pyproject.toml, and no file names one machine or registry."""

import ast
import functools
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = [Requirement(line) for line in sum(EXTRAS.values(), start=PROJECT["dependencies"])]
PINS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
]
MACHINES = [
    {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    {"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
]
# TensorFlow has no wheels for them.
WITHOUT_TENSORFLOW = [
    {"sys_platform": "darwin", "platform_machine": "x86_64", "os_name": "posix"},
    {"sys_platform": "win32", "platform_machine": "ARM64", "os_name": "nt"},
]


def environments(machines: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        default_environment()
        | machine
        | {"python_version": python, "python_full_version": f"{python}.9"}
        for machine in machines
        for python in ("3.11", "3.12", "3.13")
    ]


def applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


def dependencies_of(path: Path) -> tuple[Requirement, list]:
    """Return a conda file's requirement of Python and the others."""
    python, *others = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    return Requirement(python.replace("python=3", "python==3")), others


def test_conda_installs_the_declared_range_of_python():
    python, others = dependencies_of(ROOT / "environment.yml")
    assert python.specifier == SpecifierSet(PROJECT["requires-python"])
    assert others == ["pip", {"pip": ["-c constraints.txt", "-e .[keras,lab]"]}]


def test_binder_installs_one_python_of_the_declared_range_and_then_the_package():
    python, others = dependencies_of(ROOT / ".binder" / "environment.yml")
    (pin,) = python.specifier
    assert pin.operator == "=="
    assert SpecifierSet(PROJECT["requires-python"]).contains(pin.version)
    assert others == ["pip"]
    # No constraints: they would lift the Jupyter that is there.
    post_build = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")
    assert "pip install --no-cache-dir -e '.[keras]'\n" in post_build


def processor_of(text: str) -> str:
    """Return the settings of the processor for which a file has the engine compiled."""
    return re.search(r"NUMBA_CPU_NAME=\w+ NUMBA_CPU_FEATURES=(?=\s)", text)[0]


def test_binder_compiles_the_engine_for_the_processor_that_runs_it():
    files = [ROOT / ".binder" / name for name in ("postBuild", "start")]
    built, started = [path.read_text(encoding="utf-8") for path in files]
    assert f"{processor_of(built)} python -m nnhelpers.training\n" in built
    assert f'export {processor_of(built)}\nexec "$@"\n' in started


def test_the_image_for_a_hub_is_made_of_files_that_are_there_and_makes_a_package(tmp_path):
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    steps = [line.split() for line in lines if line and not line.startswith("#")]
    assert [step[0] for step in steps] == ["FROM", "ENV", "COPY", "COPY", "COPY", "RUN"]
    python = steps[0][1].partition(":python-")[2]
    assert f"{python}.9" in SpecifierSet(PROJECT["requires-python"])
    assert " ".join(steps[1][1:]) == processor_of((ROOT / ".binder" / "start").read_text("utf-8"))
    for _, _, *sources, target in steps[2:5]:
        for source in sources:
            place = tmp_path / target.removeprefix("/tmp/")
            copied = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            if target.endswith("/"):
                place.mkdir(parents=True, exist_ok=True)
            copied(ROOT / source, place)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["-q", "--no-deps", "--no-build-isolation", "-w", tmp_path]
    subprocess.run([*pip, "wheel", *options, tmp_path / "nnhelpers"], check=True)
    assert list(tmp_path.glob("nnhelpers-*.whl"))
    installed, _, compiled = " ".join(steps[5][1:]).split(" && ")
    assert installed == "pip install --no-cache-dir '/tmp/nnhelpers[keras]' nbgitpuller"
    assert compiled == "python -m nnhelpers.training"


def test_the_declared_range_of_python_is_the_tested_one():
    declared = SpecifierSet(PROJECT["requires-python"])
    assert [minor for minor in range(8, 20) if f"3.{minor}.9" in declared] == [11, 12, 13]


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_every_dependency_is_pinned_inside_its_range(requirement):
    name = canonicalize_name(requirement.name)
    alike = [pin for pin in PINS if canonicalize_name(pin.name) == name]
    for environment in environments(MACHINES):
        if applies(requirement, environment):
            (pin,) = [pin for pin in alike if applies(pin, environment)]
            (version,) = [each.version for each in pin.specifier]
            assert requirement.specifier.contains(version), (name, version)


@pytest.mark.parametrize(("machines", "count"), [(MACHINES, 1), (WITHOUT_TENSORFLOW, 0)])
def test_every_machine_gets_one_tensorflow_if_there_is_one_for_it(machines, count):
    candidates = [requirement for requirement in DECLARED if "tensorflow" in requirement.name]
    for environment in environments(machines):
        assert sum(applies(candidate, environment) for candidate in candidates) == count


def test_the_package_alone_brings_neither_tensorflow_nor_a_front_end():
    names = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert names.isdisjoint({"tensorflow", "tensorflow-cpu", "keras", "jupyterlab", "ipykernel"})


def test_constraints_are_plain_pins():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|@|/|--hash", text)
    assert all(re.match(r"[\w.-]+==[\w.]+( ;|$)", line) for line in text.splitlines())


@functools.cache
def addresses_of_this_machine() -> list[str]:
    """Return patterns for the home and repository folders and the package indexes in use."""
    folders = [Path.home(), ROOT]
    command = [sys.executable, "-m", "pip", "config", "list"]
    settings = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    hosts = []
    for value in re.findall(r"^\S*(?:index-url|find-links)=(.*)$", settings, flags=re.MULTILINE):
        for address in ast.literal_eval(value).split():
            parts = urlsplit(address)
            if parts.netloc:
                hosts.append("//" + parts.netloc.rpartition("@")[2])
            else:
                folders.append(Path(parts.path))
    named = [str(folder) for folder in folders if len(folder.parts) > 1]
    return [rf"(?<![\w.]){re.escape(place)}(?![\w-])" for place in named + hosts]


REGISTRIES = [r"pypi\.org", r"pythonhosted\.org", r"anaconda\.(org|com)", r"registry\.npmjs"]
HOME_FOLDERS = [r"(?<![\w.])/(home|Users)/\w+", r"[A-Z]:\\Users\\"]


def places_named_in(text: str) -> list[str]:
    patterns = REGISTRIES + HOME_FOLDERS + addresses_of_this_machine()
    return [match.group() for pattern in patterns for match in re.finditer(pattern, text)]


def files_of_the_repository() -> list[Path]:
    # Another user may own the checkout, as in a container; git refuses to list it unless told so.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
    listing = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    return [ROOT / name for name in listing.split("\0") if (ROOT / name).is_file()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    found = {}
    for path in files_of_the_repository():
        if places := places_named_in(path.read_text(encoding="utf-8", errors="ignore")):
            found[str(path.relative_to(ROOT))] = places
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        f"cd {ROOT} && make",
        f'open("{Path.home()}/data.csv")',
        "--index-url https://pypi" + ".org/simple",
        "https://files.pythonhosted" + ".org/packages/a.whl",
        "/home" + "/student/notebooks",
    ],
)
def test_a_place_on_one_machine_is_found(text):
    assert places_named_in(text)
