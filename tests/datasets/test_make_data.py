"""The script behind the data files."""

import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
FILES = ("circles.csv", "classification.csv", "digits.csv", "checksums.sha256")


def test_the_script_makes_every_file_byte_for_byte(tmp_path):
    subprocess.run([sys.executable, DATA / "make_data.py", tmp_path], check=True)
    assert {path.name for path in DATA.glob("*.csv")} < set(FILES)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name
