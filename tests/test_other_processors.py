"""A notebook prints the same text on one core of an older processor.

What the engine computes has the same bits everywhere, which tests of its own hold; this is for
what NumPy and Keras compute, in the notebook that shows most of it. It is not executed a second
time on this machine's own processor.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "04_batch_norm.ipynb"
ONE_CORE = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
}
OLD = {"NUMBA_CPU_NAME": "nehalem", "NUMBA_CPU_FEATURES": "", "OPENBLAS_CORETYPE": "Nehalem"}
ONE_OLD_CORE = ONE_CORE | (OLD if platform.machine() in {"x86_64", "AMD64"} else {})


def test_a_notebook_prints_the_same_on_one_core_of_an_older_processor():
    # The engine is compiled for that processor first, so that no cell says so.
    engine = [sys.executable, "-m", "nnhelpers.training"]
    subprocess.run(engine, cwd=ROOT, env=os.environ | ONE_OLD_CORE, check=True)
    command = [sys.executable, "-m", "pytest", "-q", str(NOTEBOOK), "-p", "no:cacheprovider"]
    command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=240"]
    command += ["--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    # Of Jupyter's own parts, in versions that others have; a cell's warnings are its output.
    command += ["-W", "ignore::DeprecationWarning"]
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | ONE_OLD_CORE,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert finished.returncode == 0, finished.stdout[-4_000:]
