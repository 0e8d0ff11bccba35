"""A deck: what it takes, in which order it shows it, what it refuses, and what it saves."""

import base64
import io
import json
import re

import numpy as np
import pytest
from ipywidgets import IntSlider
from matplotlib.figure import Figure
from PIL import Image
from small_panels import fraction, panels_in, plot

from nnhelpers import figures, widgets
from nnhelpers.lessons import bets
from nnhelpers.widgets import Slide
from nnhelpers.widgets._panel import deck, pages


def compute(center):
    if center == 2:
        raise ValueError("center must not be 2")
    return fraction(center)


def connected(*centers, most=3, plot=plot):
    scenes = [widgets.Scene(name=f"at {c}", caption="", settings={"center": c}) for c in centers]
    slider = IntSlider(value=1, max=most, description="offset")
    return widgets.connect(compute, plot, title="Units", scenes=scenes, center=slider)


@pytest.fixture
def panel():
    return connected(0, 2, 3)


@pytest.fixture
def figure():
    figure = Figure(figsize=(4, 2))
    figure.subplots().set_title("a <loss>")
    return figure


@pytest.fixture
def png():
    content = io.BytesIO()
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def bet():
    return widgets.predict("How many?", bets.Share(bet=0.25), truth=lambda: 0.3)


def stops_in(path):
    return json.loads(re.search(r"showDeck\((.*)\);</script>", path.read_text(encoding="utf-8"))[1])


def test_scenes_are_stepped_through_before_the_next_slide_and_counted_as_one(
    panel, figure, bet, png
):
    drawn = figures.plot_active_fraction(compute(0))
    far = Slide(panel, scene=2, title="Far")
    deck = widgets.present([Slide(panel, notes="all"), figure, bet, far, drawn, png])
    steps = [(stop.count, stop.slide, stop.scene, stop.title, stop.name) for stop in deck.stops]
    assert steps == [
        ("1 / 6", 0, 0, "Units", "at 0"),
        ("1 / 6", 0, 1, "Units", "at 2"),
        ("1 / 6", 0, 2, "Units", "at 3"),
        ("2 / 6", 1, None, "", "a <loss>"),
        ("3 / 6", 2, None, "How many?", "How many?"),
        ("4 / 6", 0, 2, "Far", "at 3"),
        ("5 / 6", 3, None, "", drawn.summary),
        ("6 / 6", 4, None, "", "a picture"),
    ]
    assert [stop.notes for stop in deck.stops] == ["all"] * 3 + [""] * 5
    assert (deck.children[0], deck.children[2]) == (panel, bet)
    assert len(deck.children) == 6
    assert repr(deck) == "a deck of 6 slides"


def test_a_deck_begins_at_its_first_scene_and_leaves_a_panel_without_scenes_alone(panel):
    widgets.present([Slide(panel, scene=2)])
    assert panel.settings == {"center": 3}
    lonely = connected()
    widgets.present([lonely, panel])
    assert lonely.settings == {"center": 1}


def test_pictures_are_shown_as_they_are_with_words(figure, png):
    deck = widgets.present([figure, Slide(png, title="red")])
    screens = [child.children[0] for child in deck.children[:2]]
    assert [screen.alt for screen in screens] == ["a <loss>", "red"]
    assert [screen.width for screen in screens] == [400, 30]
    shown = [Image.open(io.BytesIO(screen.picture)) for screen in screens]
    assert [image.size for image in shown] == [(800, 400), (30, 20)]
    assert np.all(np.asarray(shown[1].convert("RGB")) == 255)  # seen through, on white


def test_a_front_end_without_widgets_gets_the_titles_and_the_notes(figure):
    deck = widgets.present([Slide(figure, notes="ask & wait")])
    bundle = deck._repr_mimebundle_()
    assert bundle["text/html"] == "<ol><li><b>a &lt;loss&gt;</b> ask &amp; wait</li></ol>"
    assert bundle["text/plain"] == "a deck of 1 slide"
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == deck.model_id


def closed():
    panel = connected()
    panel.close()
    return panel


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (list, r"^slides must hold at least one slide, got none"),
        (connected, r"^slides must be a list, each of it a panel, .*, got offset 1: "),
        (lambda: b"PNG", r"^slides must be a list.*, got b'PNG'"),
        (lambda: [connected(), 3], r"^slides\[1\] must be a panel, .* or a Slide .*, got 3"),
        (
            lambda: [widgets.Scene(name="one", caption="")],
            r"^slides\[0\] .*, got Scene\(name='one'",
        ),
        (lambda: [Figure().subplots()], r"^slides\[0\] must be .*, got <Axes"),
        (lambda: [Slide([1] * 90)], r"^slides\[0\] must be .*, got a list"),
        (lambda: [b"GIF89a"], r"^slides\[0\] must be .*, got no complete PNG .*6 "),
        (lambda: [Slide(connected(), notes=3)], r"^slides\[0\].notes must be .*, got 3"),
        (lambda: [Slide(connected(), title=3)], r"^slides\[0\].title must be .*, got 3"),
        (
            lambda: [Slide(connected(0, 3), scene=2)],
            r"^slides\[0\].scene must be less than 2: it has 2 scenes, got 2",
        ),
        (
            lambda: [Slide(connected(0), scene=-1)],
            r"^slides\[0\].scene must be a whole number of at least 0, got -1",
        ),
        (lambda: [Slide(connected(0), scene="at 0")], r"scene must be a whole .*'at 0'"),
        (
            lambda: [Slide(Figure(), scene=0)],
            r"^slides\[0\].scene must be None: it has 0 scenes, got 0",
        ),
        (lambda: [closed()], r"^slides\[0\] must be a panel that is open, got"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_its_place(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        widgets.present(make())


def test_a_refused_deck_has_moved_nothing(panel):
    with pytest.raises(TypeError):
        widgets.present([Slide(panel, scene=2), None])
    assert panel.settings == {"center": 1}


def test_a_saved_deck_holds_every_slide_once_and_skips_scenes_without_a_picture(
    panel, figure, tmp_path
):
    slides = [panel, Slide(figure, notes="</script>"), Slide(panel, scene=2)]
    deck = widgets.present(slides)
    deck.save_html(tmp_path / "deck.html")
    shown = panels_in(tmp_path / "deck.html")
    steps = [(s["slide"], s["scene"], s["name"]) for s in stops_in(tmp_path / "deck.html")]
    assert steps == [
        (0, 0, "at 0"),
        (0, 1, "at 3"),
        (1, None, "a <loss>"),
        (0, 1, "at 3"),
    ]
    assert [scene["name"] for scene in shown[0]["scenes"]] == ["at 0", "at 3"]
    picture = base64.b64decode(shown[1]["frames"][0]["picture"])
    assert picture == deck.children[1].children[0].picture
    text = (tmp_path / "deck.html").read_text(encoding="utf-8")
    assert text.count("</script>") == 2
    assert "<title>Units</title>" in text
    assert re.findall(r"(?:src|href)=|https?:|@import|url\((?!\"#)", text) == []


@pytest.mark.parametrize(("most", "pictures"), [(8, 7), (1, 3)])
def test_a_saved_deck_has_all_scenes_and_some_positions_around_them(
    most, pictures, tmp_path, monkeypatch
):
    monkeypatch.setattr(deck, "_A_PANEL", most)
    widgets.present([connected(13, 17, most=99)]).save_html(tmp_path / "deck.html")
    (data,) = panels_in(tmp_path / "deck.html")
    assert len(data["frames"]) == pictures
    assert [scene["name"] for scene in data["scenes"]] == ["at 13", "at 17"]


def test_a_deck_that_is_not_on_the_page_shows_itself_before_it_fills_the_screen(panel, capsys):
    made = widgets.present([panel])
    made.present()
    assert capsys.readouterr().out == "a deck of 1 slide\n"
    assert made._clicker.asked == 1
    made._repr_mimebundle_()
    made.present()
    assert capsys.readouterr().out == ""


def test_pictures_alone_make_a_page_too(figure, tmp_path):
    widgets.present([figure]).save_html(tmp_path / "deck.html")
    assert "<title>Slides</title>" in (tmp_path / "deck.html").read_text(encoding="utf-8")


def test_a_saved_bet_can_be_revealed_however_many_controls_it_has(tmp_path):
    sketch = bets.Sketch(
        x=(0, 1, 2, 3, 4), low=0, high=1, bet=(0.5,) * 5, within=0.1, x_label="", y_label=""
    )
    bet = widgets.predict("How does it fall?", sketch, truth=lambda: (0.5,) * 5)
    widgets.present([bet]).save_html(tmp_path / "deck.html")
    (data,) = panels_in(tmp_path / "deck.html")
    switches = [control["label"] for control in data["controls"] if control["isSwitch"]]
    assert switches == ["Reveal"]


def test_slides_that_do_not_fit_are_refused_and_nothing_is_left(figure, tmp_path, monkeypatch):
    deck = widgets.present([figure, connected(plot=figures.plot_active_fraction)])
    for most, message in ((70_000, "of 'Units' do not fit into"), (61_000, "they take")):
        monkeypatch.setattr(pages, "MOST_BYTES", most)
        with pytest.raises(ValueError, match=message):
            deck.save_html(tmp_path / "deck.html")
    assert list(tmp_path.iterdir()) == []
