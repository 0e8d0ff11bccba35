"""Firefox opens a page from a file and answers the keyboard."""

import pytest

PAGE = """<!doctype html>
<input type="range" min="0" max="10" value="3" autofocus>
<canvas width="200" height="50"></canvas>
<script>
  const slider = document.querySelector("input");
  const ink = document.querySelector("canvas").getContext("2d");
  slider.oninput = () => ink.fillRect(0, 0, 20 * slider.value, 50);
</script>
"""

pytestmark = pytest.mark.browser


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_an_arrow_key_moves_a_slider_of_a_saved_page(saved, firefox):
    firefox.open(saved.as_uri())
    before = firefox.screenshot()
    firefox.evaluate("document.querySelector('input').focus()")
    firefox.press("ArrowRight")
    assert firefox.evaluate("document.querySelector('input').valueAsNumber") == 4
    assert firefox.evaluate("document.activeElement.tagName") == "INPUT"
    assert firefox.screenshot() != before


def test_errors_of_the_page_and_of_the_protocol_are_raised(saved, firefox):
    firefox.open(saved.as_uri())
    with pytest.raises(RuntimeError, match="nothing is not defined"):
        firefox.evaluate("nothing")
    with pytest.raises(RuntimeError, match="unknown command"):
        firefox.call("session.nothing")
