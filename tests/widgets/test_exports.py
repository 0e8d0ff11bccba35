"""Pictures as files for a page elsewhere, and what is said of them."""

import io
import json

import pytest
from ipywidgets import IntSlider
from PIL import Image

from nnhelpers import figures, simulations, widgets
from nnhelpers.lessons import bets


def panel(title="Which units split?"):
    return widgets.connect(
        lambda center: simulations.simulate_active_fraction(center=center, draws=20),
        figures.plot_active_fraction,
        title=title,
        scenes=[widgets.Scene(name="far", caption="away", settings={"center": 2})],
        center=IntSlider(max=2, description="offset"),
    )


def test_each_picture_of_a_panel_is_a_file_with_its_words(tmp_path):
    found = json.loads(json.dumps(widgets.save_pictures({"a": panel()}, folder=tmp_path)))["a"]
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [frame["src"] for frame in found["frames"]]
    assert files == ["a-0-0.webp", "a-0-1.webp", "a-0-2.webp"]
    result = simulations.simulate_active_fraction(center=2, draws=20)
    assert found["frames"][2]["alt"] == f"offset 2: {result.summary()}"
    picture = Image.open(tmp_path / "a-0-2.webp")
    fresh = Image.open(io.BytesIO(figures.plot_active_fraction(result).webp()))
    assert picture.convert("RGB").tobytes() == fresh.convert("RGB").tobytes()
    assert (found["width"], found["height"]) == picture.size


def test_every_answer_to_a_bet_has_the_picture_and_the_row_of_its_outcome(tmp_path):
    answer = bets.Number(bet=1, low=0, high=4, step=1, within=1, unit="units")
    bet = widgets.predict("How many?", answer, truth=lambda: 3)
    found = widgets.save_pictures({"b": bet}, folder=tmp_path)["b"]
    assert [each["hit"] for each in found["answers"]] == [False, False, True, True, True]
    assert [each["off"] for each in found["answers"]] == [3, 2, 1, 0, 1]
    outcome = bet.revealed(1)
    assert found["answers"][1]["words"] == outcome.truth_words()
    assert found["answers"][1]["cells"] == outcome.cells()[1:]
    assert (found["start"], found["sure"][found["startSure"]]) == (2, 0.7)
    fresh = Image.open(io.BytesIO(figures.plot_bet(bet.revealed(1)).webp()))
    saved = Image.open(tmp_path / found["answers"][1]["src"])
    assert saved.convert("RGB").tobytes() == fresh.convert("RGB").tobytes()
    assert not bet.controls["reveal"].value


def test_a_deck_gives_its_slides_and_its_stops(tmp_path):
    drawn = figures.plot_active_fraction(simulations.simulate_active_fraction(draws=20))
    still = widgets.Slide(drawn, title="At two", notes="Wait.")
    found = widgets.save_pictures({"d": widgets.present([panel(), still])}, folder=tmp_path)["d"]
    assert [slide["title"] for slide in found["slides"]] == ["Which units split?", "At two"]
    assert [(stop["slide"], stop["scene"]) for stop in found["stops"]] == [(0, 0), (1, None)]
    (frame,) = found["slides"][1]["frames"]
    assert (frame["alt"], (tmp_path / frame["src"]).is_file()) == (drawn.summary, True)


def test_panels_share_the_room_and_what_does_not_fit_is_refused(tmp_path):
    shown = {name: panel() for name in "abc"}
    each = [panel().picture_at({"center": n}, figures.Drawn.webp) for n in range(3)]
    # Each has room for the scene and the start, and not for the position between them.
    most_bytes = 6 * max(len(picture) + len(words) + 60 for picture, words in each) + 300
    found = widgets.save_pictures(shown, folder=tmp_path, most_bytes=most_bytes)
    assert [len(each["frames"]) for each in found.values()] == [2, 2, 2]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < most_bytes
    with pytest.raises(ValueError, match=r"'Which units split\?' do not fit into 500 bytes"):
        widgets.save_pictures(shown, folder=tmp_path, most_bytes=1_500)
