"""The notebooks print the same text on an older processor, with one thread."""

import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ONE_OLD_CORE = {
    "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Nehalem",
    "TQDM_DISABLE": "1",
}


pytestmark = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="instruction sets of x86 processors"
)


def execute(path: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pytest", "-q", str(path), "--nbval"]
    command += ["--nbval-current-env", "--nbval-cell-timeout=240", "-p", "no:cacheprovider"]
    command += ["--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | ONE_OLD_CORE, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def executions():
    """Execute the notebooks side by side; each takes one thread, so that no core is idle."""
    with ThreadPoolExecutor(max_workers=len(NOTEBOOKS)) as workers:
        yield {path: workers.submit(execute, path) for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_prints_the_same_on_one_core_of_an_older_processor(path, executions):
    finished = executions[path].result()
    assert finished.returncode == 0, finished.stdout[-4_000:]
