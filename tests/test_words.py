"""Numbers in words where the examples of the docstrings are not enough."""

import pytest

from nnhelpers import words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "nothing of"),
        (1 / 24_900, "1/25,000 of"),
        (1 / 25_600, "1/25,000 of"),
        (1 / 36_000, "1/40,000 of"),
        (1 / 9_800, "1/10,000 of"),
        (1.1e-12, "1/10¹² of"),
        (0.51, "1/2 of"),
        (0.7, "as large as"),
        (1.4, "as large as"),
        (1.6, "2 times"),
        (467.0, "500 times"),
        (4e9, "10¹⁰ times"),
    ],
)
def test_ratios_are_written_as_roughly_as_they_are_known(number, text):
    assert words.ratio(number) == text
