"""Whatever fails while a picture is made: the reader is told, and the rest goes on."""

import html
from dataclasses import dataclass

import pytest
from ipywidgets import IntSlider
from PIL import Image
from small_panels import kept, message, panels_in

from nnhelpers import widgets
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.widgets import Scene

BAD = 3
WHERE = ("compute", "plot", "refine", "summary")
TOLD = "this picture could not be made: KeyError: 'three'"
pytestmark = pytest.mark.usefixtures("without_pauses")


@dataclass(frozen=True)
class Result:
    n: int
    where: str
    refined: bool = False

    def summary(self):
        fail(self, "summary")
        return f"n is {self.n}"


def fail(result, where):
    if (result.n, result.where) == (BAD, where):
        raise KeyError("three")


@styled
def plot(result, *, ax=None):
    ax = new_axes(ax, width=2, height=1)
    line = ax.plot([0, 1], [0, 0])[0]

    def draw(result):
        line.set_ydata([0, result.n])
        fail(result, "plot")

    return Drawn(ax, draw, result)


@pytest.fixture(params=WHERE)
def where(request):
    return request.param


@pytest.fixture
def panel(where):
    def compute(n):
        fail(Result(n, where), "compute")
        return Result(n, where)

    def refine(result, n):
        yield Result(n, where, refined=True)
        fail(result, "refine")

    return widgets.connect(
        compute,
        plot,
        refine=refine,
        title="Three fails",
        scenes=[
            Scene(name="two", caption="good", settings={"n": 2}),
            Scene(name="three", caption="bad", settings={"n": BAD}),
        ],
        n=IntSlider(value=1, min=0, max=5, description="n"),
    )


def move_to(panel, n):
    panel.controls["n"].value = n


def step_to_scene(panel, n):
    panel.show_scene([scene.settings["n"] for scene in panel.scenes].index(n))


@pytest.mark.parametrize("how", [move_to, step_to_scene])
async def test_a_move_that_fails_is_told_and_taken_back(panel, where, how, until):
    how(panel, BAD)
    if where == "refine":  # the picture stays as it was before the refinement
        await until(lambda: TOLD in message(panel))
        assert panel.settings == {"n": BAD}
        assert panel.result == Result(BAD, where, refined=True)
    else:
        assert TOLD in message(panel)
        assert panel.settings == {"n": panel.controls["n"].value} == {"n": 1}
        assert panel._screen.at == [1]
        assert panel.result.n == 1
    move_to(panel, 4)
    assert message(panel) == ""
    assert panel.summary == "n 4: n is 4"
    assert panel.drawn.ax.lines[0].get_ydata()[1] == 4


async def test_preparing_goes_on_behind_a_position_that_fails(panel, where, watch, until):
    heard = watch(panel)
    await until(lambda: set(kept(heard)) == {(n,) for n in (0, 1, 2, 4, 5)})
    assert message(panel) == ""
    assert panel.summary == "n 1: n is 1"
    panel.close()


def test_a_page_leaves_the_position_out_and_says_so(panel, tmp_path):
    panel.save_html(tmp_path / "page.html")
    (data,) = panels_in(tmp_path / "page.html")
    assert [frame["at"] for frame in data["frames"]] == [[0, n] for n in (0, 1, 2, 4, 5)]
    assert [scene["name"] for scene in data["scenes"]] == ["two"]
    assert data["missing"] == f"1 position without a picture: {TOLD}"


def test_a_gif_leaves_the_position_out_and_says_so(panel, tmp_path):
    with pytest.warns(UserWarning, match="1 position without a picture: .*'three'"):
        panel.save_gif(tmp_path / "sweep.gif")
    with Image.open(tmp_path / "sweep.gif") as gif:
        assert gif.n_frames == 5
        assert gif.info["comment"].decode() == f"1 position without a picture: {TOLD}"


def test_the_still_twin_says_it_in_the_place_of_the_picture(panel):
    shown = panel.still_html()
    assert shown.count("<img") == 1
    assert html.unescape(shown).count(TOLD) == 1


def test_where_nothing_can_be_drawn_nothing_is_written(tmp_path):
    works = [True]

    def compute(n):
        if not works[0]:
            raise ValueError("n must be smaller")
        return Result(n, "nowhere")

    panel = widgets.connect(compute, plot, n=IntSlider(value=1, max=5, description="n"))
    works[0] = False
    for save in (panel.save_html, panel.save_gif):
        with pytest.raises(ValueError, match=r"no picture to save: 6 positions .* must be smaller"):
            save(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []
