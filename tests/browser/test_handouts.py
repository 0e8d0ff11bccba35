"""Each lesson's page for print is one page on paper."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "notebooks" / "handout.py"

pytestmark = pytest.mark.browser


def test_each_is_one_page_on_paper(page, tmp_path):
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True, capture_output=True)
    for path in sorted(tmp_path.glob("*.html")):
        page.goto(path.as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, path.name
