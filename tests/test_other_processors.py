"""The notebooks print the same text on an older processor, with one thread."""

import platform
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="instruction sets of x86 processors"
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_prints_the_same_on_one_core_of_an_older_processor(path, older_processor):
    finished = older_processor[path].result()
    assert finished.returncode == 0, finished.stdout[-4_000:]
