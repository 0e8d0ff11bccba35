"""Painting without drawing anew what was drawn before: not one pixel may differ."""

import functools
import random

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from nnhelpers import figures, simulations
from nnhelpers.figures import painting, style
from nnhelpers.figures.painting import Painter

DPI = 100
# Between them all kinds of artists, scales and places that figures use.
KINDS = """
    active_fraction bet born_dead columns decision_boundary depth_map layer_distributions
    layer_history moving_statistics network rate_choice slopes unit_history weight_error
"""
EVERY = pytest.mark.parametrize("name", [f"plot_{kind}" for kind in KINDS.split()])
# Enough where nothing depends on what a figure draws.
SOME = pytest.mark.parametrize("name", ["plot_depth_map", "plot_layer_history", "plot_slopes"])


def fraction(center, draws=300):
    return simulations.simulate_active_fraction(center=center, draws=draws)


def fully_drawn(figure, dpi=DPI):
    """Return the pixels that matplotlib itself draws; the figure is left as it was found."""
    before = figure.canvas, figure.dpi
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(dpi)
    with style.applied():
        canvas.draw()
    pixels = np.array(canvas.buffer_rgba())
    figure.set_canvas(before[0])
    figure.set_dpi(before[1])
    return pixels


def assert_paints_what_a_full_draw_draws(painter, figure):
    pixels = painter.pixels().copy()
    np.testing.assert_array_equal(pixels, fully_drawn(figure))


@pytest.fixture
def composed(pairs):
    """Draw one figure function's first result as a panel does, and paint it."""

    def make(name):
        plot, first, second = pairs[name]
        drawn = figures.compose("A", {"A": plot}, size=(6.0, 4.0))(first)
        return drawn, Painter(drawn.figure, DPI), (first, second)

    return make


@pytest.fixture
def count_draws(monkeypatch):
    """Count how often ticks, labels and titles were drawn."""
    counts = []
    furnish = painting._furnish

    def counted(ax, renderer):
        counts.append(ax)
        furnish(ax, renderer)

    monkeypatch.setattr(painting, "_furnish", counted)
    return counts


@EVERY
def test_the_pixels_are_those_of_a_full_draw_and_an_update_is_a_fresh_plot(
    name, composed, parts_of
):
    drawn, painter, (first, second) = composed(name)
    for result in (first, second):
        drawn.update(result)
        assert_paints_what_a_full_draw_draws(painter, drawn.figure)
    # Back at what was shown before, as in a panel, whose margins stay where they are.
    drawn.update(first)
    fresh, once, _ = composed(name)
    np.testing.assert_array_equal(painter.pixels(), once.pixels())
    assert parts_of(drawn) == parts_of(fresh)
    assert drawn.summary == fresh.summary


@SOME
def test_the_pixels_are_those_of_a_full_draw_where_a_layout_engine_moves_the_axes(name, pairs):
    plot, first, second = pairs[name]
    # Every draw moves them a little, so that only a twin with the same past looks the same.
    drawn, twin = plot(first), plot(first)
    painter = Painter(drawn.figure, DPI)
    for result in (first, second, first):
        drawn.update(result)
        twin.update(result)
        np.testing.assert_array_equal(painter.pixels(), fully_drawn(twin.figure))


def test_more_parts_than_prints_are_all_painted_as_a_full_draw_draws_them(monkeypatch):
    monkeypatch.setattr(painting, "_PRINTS", 2)
    results = {"near": fraction(0), "far": fraction(9)}
    drawn = figures.small_multiples(figures.plot_active_fraction, results)
    painter = Painter(drawn.figure, DPI)
    for _ in range(2):
        assert_paints_what_a_full_draw_draws(painter, drawn.figure)
        drawn.update({"near": fraction(3), "far": fraction(0)})


@SOME
def test_a_still_picture_in_between_changes_nothing(name, composed):
    drawn, _, (first, second) = composed(name)
    fresh, _, _ = composed(name)
    drawn.frame()
    drawn.png()
    again = drawn.frame()
    assert again == fresh.frame()
    drawn.update(second)
    drawn.png()
    fresh.update(second)
    assert drawn.frame() == fresh.frame()
    fresh.update(first)
    drawn.update(first)
    assert drawn.png() == fresh.png()


def test_what_did_not_change_is_not_drawn_again(composed, count_draws):
    drawn, painter, (first, second) = composed("plot_active_fraction")
    painter.pixels()
    assert len(count_draws) == 1
    for result in (second, first, second):
        drawn.update(result)
        painter.pixels()
    assert len(count_draws) == 1


CHANGES = {
    "limits": lambda ax: ax.set_xlim(0, 7),
    "label": lambda ax: ax.set_ylabel("another"),
    "title": lambda ax: ax.set_title("another"),
    "scale": lambda ax: ax.set_yscale("symlog"),
    "ticks": lambda ax: ax.set_xticks([0.25, 0.5]),
    "place": lambda ax: ax.set_position([0.3, 0.3, 0.4, 0.4]),
    "axis hidden": lambda ax: ax.xaxis.set_visible(False),
    "text": lambda ax: ax.texts[0].set_text("another"),
    "colour": lambda ax: ax.texts[0].set_color("red"),
    "text hidden": lambda ax: ax.texts[0].set_visible(False),
    "target": lambda ax: setattr(ax.texts[0], "xy", (0.3, 1)),
    "headline": lambda ax: ax.figure.texts[0].set_text("another"),
    "formatter": lambda ax: ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"<{x:g}>")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_was_printed_is_seen(change):
    plot = figures.compose(
        "A", {"A": figures.plot_active_fraction}, title=lambda _: "At zero", size=(6.0, 4.0)
    )
    drawn = plot(fraction(0))
    painter = Painter(drawn.figure, DPI)
    before = painter.pixels().copy()
    with style.applied():
        change(drawn.figure.axes[0])
    assert (painter.pixels() != before).any()
    assert_paints_what_a_full_draw_draws(painter, drawn.figure)


def test_a_formatter_that_took_the_place_of_another_is_not_mistaken_for_it():
    figure = Figure(figsize=(3, 2))
    ax = figure.subplots()
    painter = Painter(figure, DPI)
    for number in range(20):
        # Dropped each time: the next one may well live at the same address.
        ax.xaxis.set_major_formatter(FuncFormatter(functools.partial("{1}·{0:g}".format, 0.5)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _, n=number: f"{n}·{x:g}"))
        assert_paints_what_a_full_draw_draws(painter, figure)


def test_a_text_that_has_not_said_anything_yet_is_placed_once_it_does():
    drawn = figures.plot_active_fraction(fraction(0))
    painter = Painter(drawn.figure, DPI)
    outside = drawn.ax.annotate("", (0.5, 1.05), xycoords="axes fraction", annotation_clip=False)
    inside = drawn.ax.annotate("", (0.5, 0.5), xycoords="axes fraction")
    for words in ("", "late", "later", ""):
        outside.set_text(words)
        inside.set_text(words)
        assert_paints_what_a_full_draw_draws(painter, drawn.figure)


def test_prints_are_bounded_and_the_latest_are_kept(monkeypatch, count_draws):
    monkeypatch.setattr(painting, "_PRINTS", 5)
    drawn = figures.compose("A", {"A": figures.plot_active_fraction}, size=(6.0, 4.0))(fraction(0))
    painter = Painter(drawn.figure, DPI)

    def paint_under(title):
        with style.applied():
            drawn.figure.axes[0].set_title(title)
        painter.pixels()

    for i in range(12):
        paint_under(f"number {i}")
        assert len(painter._prints) <= 5
    assert_paints_what_a_full_draw_draws(painter, drawn.figure)
    count_draws.clear()
    paint_under("number 11")
    assert count_draws == []
    paint_under("number 0")
    assert len(count_draws) == 1


def test_random_results_in_random_order_are_painted_as_a_full_draw_draws_them(pairs):
    rng = random.Random(0)
    plots = {"A": figures.plot_active_fraction, "B": figures.plot_wedge}
    plot = figures.compose("AAB", plots, title=lambda result: f"at {result.center:g}")
    drawn = plot(fraction(0))
    painter = Painter(drawn.figure, DPI)
    for _ in range(6):
        drawn.update(fraction(rng.choice([0, 0.25, 1, 5, 10]), draws=100))
        assert_paints_what_a_full_draw_draws(painter, drawn.figure)
