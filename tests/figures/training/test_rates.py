"""Pictures of which learning rates train, and of updates against weights."""

import numpy as np
import pytest
from looking import assert_words_apart, line_of, second_line, words

from nnhelpers import figures, training
from nnhelpers.figures import style


@pytest.fixture
def ranges(pairs):
    return pairs["plot_rate_range"][1]


def test_a_bar_spans_the_rates_that_work_and_its_end_is_named(ranges):
    ax = figures.plot_rate_range(ranges).ax
    assert line_of(ax, style.NORMALIZED).get_ydata().tolist() == [0.2, 0.9, 0.4]
    assert line_of(ax, style.NORMALIZED, at=1).get_xdata().tolist() == [1.0, 1.0]
    assert words(ax).count("up to 1") == 2
    assert second_line(ax) == (
        "loss below 0.2 after 40 epochs; largest that works: batch norm 1, plain 1"
    )


def test_where_no_rate_works_the_picture_says_so(pairs):
    ax = figures.plot_rate_range(pairs["plot_rate_range"][2]).ax
    assert "plain: no rate works" in words(ax)
    assert second_line(ax).endswith("batch norm 10, plain none")
    assert len(line_of(ax, style.PLAIN, at=1).get_xdata()) == 0


def test_large_dots_stand_at_the_rate_that_is_looked_at(pairs):
    choice = pairs["plot_rate_choice"][1]
    ax = figures.plot_rate_choice(choice).ax
    dots = [
        line.get_xydata().tolist() for line in ax.lines if line.get_markeredgecolor() == "white"
    ]
    assert dots == [[[1.0, 0.9]], [[1.0, 0.7]]]
    assert second_line(ax) == "large: these networks, batch norm 90%, plain 70%; curves: by hand"


def history_of(ratios, steps=30):
    """One constant ratio for each layer."""
    return training.UpdateHistory(
        activation="tanh",
        optimizer="sgd",
        epochs=np.arange(1, steps + 1),
        update_to_weight_ratio=np.tile(np.array(ratios, dtype=float), (steps, 1)),
    )


def test_every_layer_has_a_line_and_a_name():
    ax = figures.plot_update_ratios(history_of([1e-5, 2e-4, 3e-3])).ax
    heights = [line.get_ydata()[0] for line in ax.lines]
    assert heights == [1e-5, 2e-4, 3e-3]
    assert {"layer 1", "layer 2", "output"} <= {text.get_text() for text in ax.texts}
    assert len({line.get_color() for line in ax.lines}) == 3
    assert second_line(ax) == "medians from 1·10⁻⁵ to 3·10⁻³"


def test_every_line_carries_its_number_somewhere_else():
    ax = figures.plot_update_ratios(history_of([1e-5, 2e-4, 3e-3])).ax
    on_lines = {
        t.get_text(): t.get_position() for t in ax.texts if t.get_text() in ("1", "2", "out")
    }
    assert [y for _, y in on_lines.values()] == [1e-5, 2e-4, 3e-3]
    assert len({x for x, _ in on_lines.values()}) == 3


def test_the_band_is_half_a_power_of_ten_to_either_side_of_a_thousandth():
    (band,) = figures.plot_update_ratios(history_of([1e-3])).ax.patches
    low = band.get_y()
    np.testing.assert_allclose(low * (low + band.get_height()), 1e-6)
    np.testing.assert_allclose((low + band.get_height()) / low, 10)


def test_what_lies_beyond_the_ruler_stands_on_it_with_an_arrow():
    ax = figures.plot_update_ratios(history_of([0, 3e-10, 200, np.nan])).ax
    names = {text.get_text() for text in ax.texts}
    assert {"layer 1 ↓ 0", "layer 2 ↓ 3·10⁻¹⁰", "layer 3 ↑ 200", "output: all zero"} <= names
    low, high = ax.get_ylim()
    assert [set(line.get_ydata()) for line in ax.lines] == [{low}, {low}, {high}, set()]


def test_weights_of_zero_alone_are_said_to_be_so(assert_finite):
    drawn = figures.plot_update_ratios(history_of([np.nan] * 3))
    assert_finite(drawn)
    assert second_line(drawn.ax) == "all weights are zero"


@pytest.mark.parametrize("ratio", [1e-12, 1e-3, 1e4, np.nan])
@pytest.mark.parametrize("steps", [1, 30])
def test_eight_names_stand_apart_inside_the_picture(ratio, steps):
    ax = figures.plot_update_ratios(history_of([ratio] * 8, steps=steps)).ax
    names = [text for text in ax.texts if text.get_text().startswith(("layer", "output"))]
    assert len(names) == 8
    assert_words_apart(ax, names)
    boxes = [name.get_window_extent() for name in names]
    assert all(ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1 for box in boxes)
