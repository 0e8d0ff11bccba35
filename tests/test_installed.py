"""The package as others install it: from a wheel, and where text is read in another code page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
USE = """
import sys
import warnings
from pathlib import Path

# What others read without an encoding is theirs.
warnings.filterwarnings("ignore", category=EncodingWarning)
warnings.filterwarnings("error", category=EncodingWarning, module="nnhelpers")

import nnhelpers
from ipywidgets import IntSlider
from nnhelpers import datasets, figures, networks, simulations, training, widgets
from nnhelpers.lessons import bets, claims

assert Path(nnhelpers.__file__).is_relative_to(sys.argv[1]), nnhelpers.__file__
for load in (datasets.load_circles, datasets.load_classification, datasets.load_digits):
    assert load().n_examples > 100
circles = datasets.load_circles()
spec = networks.MLPSpec(units=(4,))
simulations.simulate_layers(spec, circles.X, draws=3)
run = training.train(spec, circles, epochs=5)
print(run.weights.kernels[0][-1].tobytes().hex())
figures.plot_loss(run).png()
widgets.explore_active_fraction().controls["center"].value = 2
panel = widgets.connect(
    lambda center: simulations.simulate_active_fraction(center=center, draws=20),
    figures.plot_active_fraction,
    title="Wie weit? 多远? ±σ",
    center=IntSlider(max=2, description="offset"),
)
panel.save_html(sys.argv[2])
bet = widgets.predict("How many?", bets.Share(bet=0.25), truth=lambda: 0.5)
bet.controls["reveal"].value = True
assert bet.still().truth == 0.5
assert claims.Ledger()
"""
# Numba asks for a folder that can be written to; as root every one can.
NO_PLACE = """
import numba.core.caching

for locator in numba.core.caching.CacheImpl._locator_classes:
    locator.from_function = classmethod(lambda *_: None)
"""
PREPARING = "Preparing the training engine, once on this machine ..."


def use(package: Path, page: Path, *options: str, before: str = "", **settings: str) -> list[str]:
    """Run the package of a folder in a process of its own, and return the lines that it prints.

    It names every encoding.
    """
    own = {"PYTHONPATH": str(package), "PYTHONWARNDEFAULTENCODING": "1"}
    environment = os.environ | settings | own
    program = page.with_suffix(".py")
    program.write_text(before + USE, encoding="utf-8")
    command = [sys.executable, *options, str(program)]
    run = subprocess.run(
        [*command, str(package), str(page)],
        cwd=page.parent,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Unpack a wheel of the package into a folder with nothing else in it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = ["wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    subprocess.run([*pip, "install", "-q", "--no-deps", "--target", target, wheel], check=True)
    return target


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """Return the weights and the page of the package as it stands here."""
    path = tmp_path_factory.mktemp("usual") / "page.html"
    (weights,) = use(ROOT, path)
    return weights, path.read_bytes()


def test_a_wheel_holds_all_that_loaders_training_and_panels_need(installed, usual, tmp_path):
    # The engine is compiled anew where it cannot be kept, and says so: quickly, for so few steps.
    said, weights = use(installed, tmp_path / "page.html", before=NO_PLACE, NUMBA_OPT="0")
    assert said == PREPARING
    assert weights == usual[0]
    assert "多远? ±σ" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("localedef") is None, reason="there are no other code pages")
def test_texts_are_read_and_written_alike_under_another_code_page(usual, tmp_path):
    made = ["localedef", "-i", "zh_CN", "-f", "GBK", str(tmp_path / "zh_CN.GBK")]
    subprocess.run(made, check=True, capture_output=True)
    other = {"LC_ALL": "zh_CN.GBK", "LOCPATH": str(tmp_path), "PYTHONUTF8": "0"}
    (weights,) = use(ROOT, tmp_path / "other.html", "-X", "utf8=0", **other)
    assert (weights, (tmp_path / "other.html").read_bytes()) == usual
    known = "import locale; print(locale.getpreferredencoding(False))"
    found = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", known],
        env=os.environ | other,
        capture_output=True,
        check=True,
    )
    assert found.stdout.decode().strip().upper() == "GBK"
