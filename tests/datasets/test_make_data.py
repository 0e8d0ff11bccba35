"""The script behind the data files."""

import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
FILES = ("circles.csv", "classification.csv", "digits.csv", "checksums.sha256")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    subprocess.run([sys.executable, DATA / "make_data.py", folder], check=True)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_the_script_makes_the_same_file_byte_for_byte(name, made):
    assert (made / name).read_bytes() == (DATA / name).read_bytes()


def test_the_script_makes_every_table_of_the_folder(made):
    assert {path.name for path in made.iterdir()} == set(FILES)
    assert {path.name for path in DATA.glob("*.csv")} < set(FILES)
