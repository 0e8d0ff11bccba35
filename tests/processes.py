"""Programs in a process of their own."""

import os
import subprocess
import sys


def run_python(
    program: str, *, without: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess:
    """Run a program, its environment less the names that begin so and with these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    return subprocess.run(
        [sys.executable, "-c", program],
        env=kept | {"TQDM_DISABLE": "1"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
