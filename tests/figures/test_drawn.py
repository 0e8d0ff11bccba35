"""The handle of a drawing, and drawings made of several."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from looking import assert_nothing_is_cut_off
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from nnhelpers import figures, simulations


def fraction(center):
    return simulations.simulate_active_fraction(center=center, draws=300)


def opened(picture):
    return Image.open(io.BytesIO(picture))


@pytest.fixture
def plot_both():
    parts = {"A": figures.plot_active_fraction, "B": figures.plot_wedge}
    return figures.compose(
        "AAB", parts, title=lambda result: f"at {result.center:g}", size=(11.0, 5.0)
    )


def test_a_drawing_shows_itself_as_a_picture_with_words_that_stay_words():
    result = SimpleNamespace(summary=lambda: 'a "b" <c>')
    drawn = figures.Drawn(figures.plot_active_fraction(fraction(0)).ax, lambda _: None, result)
    bundle = drawn._repr_mimebundle_()
    assert bundle["text/plain"] == repr(drawn) == result.summary()
    assert '<img alt="a &quot;b&quot; &lt;c&gt;"' in bundle["text/html"]
    assert 'src="data:image/png;base64,' in bundle["text/html"]


@pytest.mark.parametrize(
    ("make", "kind"), [("png", "PNG"), ("frame", "WEBP"), ("sketch", "JPEG")], ids=lambda v: v
)
def test_pictures_are_of_the_figures_shape(make, kind):
    drawn = figures.plot_active_fraction(fraction(3))
    image = opened(getattr(drawn, make)())
    width, height = drawn.figure.get_size_inches()
    assert image.format == kind
    assert image.width / image.height == pytest.approx(width / height, rel=1 / image.height)
    assert image.width >= drawn.shown_width
    assert len(np.unique(np.asarray(image.convert("L")))) > 10


def test_a_frame_is_exact_and_a_sketch_close_to_it_and_of_its_size(plot_both):
    drawn = plot_both(fraction(3))
    frame, sketch = (
        np.asarray(opened(make()).convert("RGB")) for make in (drawn.frame, drawn.sketch)
    )
    np.testing.assert_array_equal(frame, drawn._painters[1.0].pixels()[..., :3])
    assert frame.shape == sketch.shape
    assert np.abs(frame.astype(float) - sketch).mean() < 1


def test_a_fine_display_gets_finer_frames(plot_both):
    drawn = plot_both(fraction(3))
    sizes = [opened(drawn.frame(density)).width for density in (1, 1.5, 2, 1)]
    assert sizes == [drawn.shown_width * density for density in (1, 1.5, 2, 1)]


def test_a_committed_picture_is_small():
    drawn = figures.compose("A", {"A": figures.plot_active_fraction}, size=(11, 7.4))(fraction(3))
    assert len(drawn.png()) < 60_000


def test_a_composition_draws_every_part_updates_all_and_moves_nothing(
    plot_both, assert_same_drawing
):
    drawn = plot_both(fraction(0))
    drawn.frame()
    before = [ax.get_position().bounds for ax in drawn.figure.axes]
    assert len(before) == 2
    assert drawn.figure.texts[0].get_text() == "at 0"
    drawn.update(fraction(3))
    assert drawn.figure.texts[0].get_text() == "at 3"
    assert drawn.summary == fraction(3).summary()
    assert_same_drawing(drawn, plot_both(fraction(3)))
    assert [ax.get_position().bounds for ax in drawn.figure.axes] == before
    assert_nothing_is_cut_off(drawn)
    left, right = (ax.get_tightbbox() for ax in drawn.figure.axes)
    assert left.x1 < right.x0


def test_a_part_draws_one_attribute_and_speaks_of_the_whole():
    whole = SimpleNamespace(inner=fraction(0), summary=lambda: "the whole")
    drawn = figures.part("inner", figures.plot_wedge)(whole)
    assert drawn.summary == "the whole"
    other = SimpleNamespace(inner=fraction(3), summary=lambda: "another")
    drawn.update(other)
    assert drawn.summary == "another"
    fresh = figures.plot_wedge(fraction(3))
    for ours, theirs in zip(drawn.ax.lines, fresh.ax.lines, strict=True):
        np.testing.assert_array_equal(ours.get_xydata(), theirs.get_xydata())


def test_another_title_stays_when_the_result_changes():
    drawn = figures.titled("Untrained", figures.plot_wedge)(fraction(0))
    drawn.update(fraction(3))
    assert drawn.ax.get_title(loc="left") == "Untrained"


def test_small_multiples_stand_side_by_side_under_their_names(assert_same_drawing):
    results = {"near": fraction(0), "far": fraction(9)}
    drawn = figures.small_multiples(figures.plot_active_fraction, results)
    assert [ax.get_title(loc="left") for ax in drawn.figure.axes] == ["near", "far"]
    assert drawn.summary == f"near: {results['near'].summary()}; far: {results['far'].summary()}"
    swapped = {"near": fraction(9), "far": fraction(0)}
    drawn.update(swapped)
    assert_same_drawing(drawn, figures.small_multiples(figures.plot_active_fraction, swapped))


def test_what_is_drawn_anew_keeps_its_name_one_legend_and_what_others_drew(
    assert_same_drawing, curves
):
    named = {"one": curves((0.9, 0.5, 0.1))}
    drawn = figures.small_multiples(figures.plot_curves, named)
    drawn.update(named)
    assert drawn.figure.axes[0].get_title(loc="left") == "one"
    first, second = (simulations.simulate_active_count(center=c, draws=20) for c in (0, 9))
    drawn = figures.small_multiples(figures.plot_active_count, {"one": first})
    drawn.update({"one": second})
    assert_same_drawing(drawn, figures.small_multiples(figures.plot_active_count, {"one": second}))
    ax = Figure().subplots()
    line = ax.axhline(0.5)
    figures.plot_active_count(first, ax=ax).update(second)
    assert ax.lines[0] is line
    assert len(ax.lines) == 2


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 4, 1), (4, 4, 1), (5, 4, 2), (3, 1, 3)])
def test_small_multiples_fill_rows_and_leave_no_empty_frame(count, columns, rows):
    results = {str(i): fraction(i) for i in range(count)}
    settings = {"columns": columns, "size": (5.0, 2.5)}
    figure = figures.small_multiples(figures.plot_wedge, results, **settings).figure
    assert len(figure.axes) == count
    assert {ax.get_subplotspec().get_gridspec().nrows for ax in figure.axes} == {rows}
    assert tuple(figure.get_size_inches()) == (5.0 * min(count, columns), 2.5 * rows)


def test_nothing_cannot_be_drawn():
    with pytest.raises(ValueError, match="results must hold at least one result, got none"):
        figures.small_multiples(figures.plot_wedge, {})


def test_a_handle_of_axes_knows_its_figure():
    drawn = figures.plot_wedge(fraction(0))
    assert isinstance(drawn.ax, Axes)
    assert drawn.figure is drawn.ax.figure
    assert drawn.shown_width == 440
