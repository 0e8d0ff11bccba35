"""Pictures of which learning rates train."""

import pytest
from looking import second_line, words

from nnhelpers import figures
from nnhelpers.figures import style


def line_of(ax, color, *, at=0):
    return [line for line in ax.lines if line.get_color() == color][at]


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
