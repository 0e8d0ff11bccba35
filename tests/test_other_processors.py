"""The notebooks print the same text on an older processor, with one thread."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ONE_OLD_CORE = {
    "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Nehalem",
    "TQDM_DISABLE": "1",
}


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="instruction sets of x86 processors"
)
def test_notebook_1_prints_the_same_on_one_core_of_an_older_processor():
    command = [sys.executable, "-m", "pytest", "-q", "notebooks/01_normalization.ipynb", "--nbval"]
    command += ["--nbval-current-env", "--nbval-cell-timeout=240", "-p", "no:cacheprovider"]
    command += ["--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    finished = subprocess.run(
        command, cwd=ROOT, env=os.environ | ONE_OLD_CORE, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stdout[-4_000:]
