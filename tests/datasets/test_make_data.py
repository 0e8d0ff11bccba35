"""The script behind the data files."""

import runpy

from published import FOLDER

DATA = FOLDER.parent / "data"
FILES = {"circles.csv", "classification.csv", "digits.csv", "checksums.sha256"}


def test_the_script_makes_every_file_byte_for_byte(tmp_path):
    runpy.run_path(DATA / "make_data.py")["make_data"](tmp_path)
    assert {path.name for path in DATA.glob("*.csv")} < FILES
    assert {path.name for path in tmp_path.iterdir()} == FILES
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name
