"""Pictures of sums of products, and of a layer as the sums that it computes."""

from dataclasses import replace

import numpy as np
import pytest
from looking import assert_words_apart, words
from matplotlib.collections import LineCollection
from scipy.integrate import trapezoid

from nnhelpers import figures, simulations
from nnhelpers.figures import style
from nnhelpers.initializers import RandomNormal
from nnhelpers.simulations import DenseLayer


@pytest.fixture(scope="module")
def result():
    """Four sums by hand; the law has mean 6 and standard deviation 2."""
    drawn = simulations.simulate_dot_product(n=3, draws=4)
    return replace(
        drawn,
        inputs=RandomNormal(mean=2.0, stddev=0.5),
        weights=RandomNormal(mean=1.0, stddev=np.sqrt((4 / 3 - 0.25) / 4.25)),
        sums=np.array([6.0, 6.1, 8.0, -100.0]),
        variances=np.array([1.5, 2.0, 5.0]),
        standard_errors=np.array([0.1, 0.2, 0.5]),
    )


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_bars_are_densities_over_bins_of_their_true_width(result):
    ax = figures.plot_dot_product(result).ax
    bars = {round(bar.get_x() + bar.get_width() / 2, 9): bar for bar in ax.patches}
    assert {round(bar.get_width(), 9) for bar in ax.patches} == {0.2}
    # Two of four sums in a bin of 0.2: higher than the axis, which says so.
    assert bars[0.0].get_height() == pytest.approx(2.5)
    assert "↑ 2.5" in words(ax)
    # (8 - 6) / 2 is on the edge between the fifth and the sixth bin from the middle.
    assert sum(bars[place].get_height() for place in (0.8, 1.0, 1.2)) == pytest.approx(1.25)
    assert "← 25.0%" in words(ax)
    assert not any("→" in text for text in words(ax))
    # The curve is the standard normal density, and ticks say the sums.
    z, density = ax.lines[-1].get_data()
    # Beyond 4.5 lies less than 1e-5; the trapezoidal rule is better than that.
    assert trapezoid(density, z) == pytest.approx(1, abs=1e-5)
    assert trapezoid(density * z**2, z) == pytest.approx(1, abs=2e-4)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["−2", "2", "6", "10", "14"]


def test_a_bar_within_the_ruler_stands_at_its_height():
    result = simulations.simulate_dot_product(n=100, draws=5_000)
    ax = figures.plot_dot_product(result).ax
    total = sum(bar.get_height() * bar.get_width() for bar in ax.patches)
    assert total == pytest.approx(1, abs=1e-3)
    assert not any("↑" in text for text in words(ax))
    assert ax.get_title(loc="left") == "A sum of 100 products"


def test_variances_are_dots_on_the_line_of_the_law(result):
    ax = figures.plot_variance_growth(result).ax
    law, centred, dots = ax.lines
    np.testing.assert_array_equal(dots.get_xydata(), [[1, 1.5], [2, 2.0], [3, 5.0]])
    np.testing.assert_allclose(law.get_ydata() / law.get_xdata(), 4 / 3, rtol=1e-12)
    ratio = centred.get_ydata() / centred.get_xdata()
    np.testing.assert_allclose(
        ratio, (result.inputs.stddev * result.weights.stddev) ** 2, rtol=1e-12
    )
    assert centred.is_dashed()
    assert legend(ax) == ["exact law", "if both means were 0", "measured"]
    # Without means there is one law.
    ax = figures.plot_variance_growth(simulations.simulate_dot_product(n=3, draws=10)).ax
    assert not len(ax.lines[1].get_xdata())
    assert legend(ax) == ["exact law", "measured"]


def test_the_rulers_grow_only_for_what_lies_beyond_them():
    usual = figures.plot_variance_growth(simulations.simulate_dot_product(n=10, draws=5)).ax
    assert usual.get_ylim() == (1e-3, 1e5)
    huge = simulations.simulate_dot_product(n=3_000, inputs=RandomNormal(stddev=1e3), draws=5)
    ax = figures.plot_variance_growth(huge).ax
    assert ax.get_ylim()[1] >= huge.expected_variance
    assert ax.get_xlim()[1] > 3_000
    tiny = simulations.simulate_dot_product(n=3, inputs=RandomNormal(stddev=1e-6), draws=5)
    assert figures.plot_variance_growth(tiny).ax.get_ylim()[0] <= 1e-12


def test_every_weight_is_a_line_and_a_term_in_the_ink_of_its_sign():
    layer = DenseLayer(kernel=[[0.5, -0.25], [-2, 0]])
    ax = figures.plot_layer(layer).ax
    inks = {text.get_text(): text.get_color() for text in ax.texts}
    assert inks["x₁·0.50"] == inks["x₁·0.50"] == style.PLUS
    assert inks["− x₂·2.00"] == inks["− x₁·0.25"] == style.MINUS
    assert inks["+ x₂·0"] == style.QUIET
    positive, negative = (c for c in ax.collections if isinstance(c, LineCollection))
    assert (len(positive.get_segments()), len(negative.get_segments())) == (1, 2)
    # The thicker, the larger the weight.
    assert np.ptp(negative.get_linewidths()) > 0
    assert {"z₁", "z₂", "= x·W₁", "= x·W₂", "the layer"} <= set(inks)


def test_units_with_equal_weights_share_their_paper_and_the_name_of_their_weights():
    ax = figures.plot_layer(DenseLayer(kernel=[[1, 2, 1, 2], [3, 4, 3, 4]])).ax
    names = [text for text in words(ax) if text.startswith("= ")]
    assert names == ["= x·W′", "= x·W″".replace("″", "′′")] * 2
    papers = [patch.get_facecolor() for patch in ax.patches[1:]]
    assert papers[0] == papers[2] != papers[1] == papers[3]
    assert (1, 1, 1, 1) not in papers
    different = figures.plot_layer(DenseLayer(kernel=[[1, 2]])).ax
    assert {patch.get_facecolor() for patch in different.patches[1:]} == {(1, 1, 1, 1)}


@pytest.mark.parametrize("shape", [(1, 1), (4, 4), (1, 4), (4, 1), (2, 2)], ids=str)
def test_terms_stay_inside_their_box_and_apart(shape):
    kernel = np.where(np.arange(np.prod(shape)) % 2, -12.5, 1e-5).reshape(shape)
    ax = figures.plot_layer(DenseLayer(kernel=kernel)).ax
    terms = [t for t in ax.texts if "·" in t.get_text() and "x·" not in t.get_text()]
    assert len(terms) == kernel.size
    assert_words_apart(ax, terms)
    frame, boxes = ax.patches[1].get_window_extent(), [t.get_window_extent() for t in terms]
    assert all(frame.x0 <= box.x0 < box.x1 <= frame.x1 for box in boxes)
