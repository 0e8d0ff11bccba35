"""Pages without a kernel: what is in them, what fits, and what happens to a file that exists."""

import base64
import io
import re

import pytest
from ipywidgets import Dropdown, FloatSlider, IntSlider
from PIL import Image
from small_panels import fraction, panels_in

from nnhelpers import figures, widgets
from nnhelpers.widgets._panel import pages
from nnhelpers.widgets._panel.gallery import plans, thinned

SCENES = (
    widgets.Scene(name="start", caption="where it begins"),
    widgets.Scene(name="far", caption="< far & away >", settings={"center": 7}),
    widgets.Scene(name="many", caption="more draws", settings={"draws": 30}),
)


@pytest.fixture
def panel():
    return widgets.connect(
        fraction,
        figures.plot_active_fraction,
        title="Draws </script> of units",
        scenes=SCENES,
        center=FloatSlider(value=0, min=0, max=7, step=3.5, description="offset"),
        draws=IntSlider(value=20, min=10, max=30, step=10, description="draws"),
    )


def test_a_page_holds_a_picture_with_words_for_every_position_and_nothing_from_elsewhere(
    panel, tmp_path
):
    panel.save_html(tmp_path / "page.html")
    (data,) = panels_in(tmp_path / "page.html")
    assert [control["label"] for control in data["controls"]] == ["offset", "draws"]
    assert data["controls"][1]["positions"] == ["10", "20", "30"]
    assert not any(control["isSwitch"] or control["isList"] for control in data["controls"])
    assert data["contexts"] == [""]
    at = {tuple(frame["at"]): frame for frame in data["frames"]}
    assert set(at) == {(0, i, j) for i in range(3) for j in range(3)}
    result = fraction(7, draws=30)
    frame = at[0, 2, 2]
    assert frame["alt"] == f"offset 7, draws 30: {result.summary()}"
    picture = Image.open(io.BytesIO(base64.b64decode(frame["picture"])))
    fresh = Image.open(io.BytesIO(figures.plot_active_fraction(result).webp()))
    assert picture.convert("RGB").tobytes() == fresh.convert("RGB").tobytes()
    assert [scene["at"] for scene in data["scenes"]] == [[0, 0, 1], [0, 2, 1], [0, 0, 2]]
    # Words cannot break out of it.
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.count("</script>") == 2
    assert "<title>Draws &lt;/script&gt; of units</title>" in text
    assert data["scenes"][1]["caption"] == "< far & away >"
    assert "default-src 'none'" in text
    assert re.findall(r"(?:src|href)=|https?:|@import|url\((?!\"#)", text) == []


def test_a_page_starts_where_the_panel_stands_and_leaves_it_there(panel, tmp_path):
    panel.controls["center"].value = 3.5
    words, picture = panel.summary, panel._screen.picture
    panel.save_html(tmp_path / "page.html")
    assert panels_in(tmp_path / "page.html")[0]["start"] == [0, 1, 1]
    assert (panel.summary, panel._screen.picture) == (words, picture)
    assert panel.result.center == 3.5
    assert panel.drawn.summary == panel.result.summary()


def test_with_less_room_fewer_controls_move_and_the_scenes_set_the_others(
    panel, tmp_path, monkeypatch
):
    monkeypatch.setattr(pages, "MOST_PICTURES", 7)
    panel.save_html(tmp_path / "page.html")
    (data,) = panels_in(tmp_path / "page.html")
    assert [control["label"] for control in data["controls"]] == ["offset"]
    assert data["contexts"] == ["draws 20", "draws 30"]
    assert len(data["frames"]) == 6
    assert data["scenes"][2]["at"] == [1, 0]


def test_what_fits_nowhere_is_refused(panel, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MOST_BYTES", 70_000)
    with pytest.raises(ValueError, match=r"do not fit into 7,500 bytes"):
        panel.save_html(tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_stays_until_the_new_one_is_complete(panel, tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(figures.Drawn, "webp", lambda drawn: 1 / 0)
        with pytest.raises(ValueError, match=r"no picture to save: .*: ZeroDivisionError"):
            panel.save_html(path)
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text(encoding="utf-8") == "old"
    panel.save_html(path)
    assert path.read_text(encoding="utf-8") != "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_folder_that_does_not_exist_is_refused_before_anything_is_drawn(panel, tmp_path):
    panel.picture_at = None
    with pytest.raises(FileNotFoundError, match="path must lie in a folder that exists, got"):
        panel.save_html(tmp_path / "nowhere" / "page.html")


@pytest.fixture
def controls():
    return {
        "center": FloatSlider(value=0, min=0, max=10, step=0.25, description="offset"),
        "kind": Dropdown(options=["uniform", "normal", "none"], description="kind"),
        "seed": IntSlider(value=0, min=0, max=30, description="seed"),
    }


def test_every_plan_holds_the_scenes_and_the_first_one_is_the_richest(controls):
    scenes = [
        {"center": 0.0, "kind": "uniform", "seed": 0},
        {"center": 3.1, "kind": "normal", "seed": 7},
    ]
    found = list(plans(controls, scenes))
    for each in found:
        pictures = dict(each.pictures())
        assert len(pictures) == each.size
        for scene in scenes:
            assert pictures[each.place(scene)] == scene
    assert found[0].size == max(each.size for each in found)
    assert list(found[-1].levels) == ["center"]
    assert found[-1].levels["center"] == [0.0, 3.1]
    assert [len(each.levels) for each in found] == sorted(
        (len(each.levels) for each in found), reverse=True
    )


def test_thinned_positions_keep_both_ends_and_their_order(controls):
    levels = thinned(controls["center"], 5, [3.1])
    assert levels == [0, 2.5, 3.1, 5, 7.5, 10]
    assert thinned(controls["kind"], 2, ["normal"]) == ["uniform", "normal", "none"]
