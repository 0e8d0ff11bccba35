"""The notebooks print the same text on one core of an older processor."""

import os
import platform
import subprocess
import sys
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_prints_the_same_on_one_core_of_an_older_processor(path):
    command = [sys.executable, "-m", "pytest", "-q", str(path), "-p", "no:cacheprovider"]
    command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=240"]
    command += ["--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    finished = subprocess.run(
        command, cwd=ROOT, env=os.environ | ONE_OLD_CORE, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stdout[-4_000:]
