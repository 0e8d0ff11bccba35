"""Runs of the notebooks as on one core of an older processor, beside other tests."""

import os
import subprocess
import sys
from pathlib import Path

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


def execute(path: Path) -> subprocess.CompletedProcess:
    """Run a notebook under nbval, giving way to whatever else needs the processor."""
    command = ["nice", sys.executable, "-m", "pytest", "-q", str(path), "--nbval"]
    command += ["--nbval-current-env", "--nbval-cell-timeout=240", "-p", "no:cacheprovider"]
    command += ["--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | ONE_OLD_CORE, capture_output=True, text=True
    )
