"""Pictures of what leaves each layer: histograms, stems, numbers and moments."""

from dataclasses import replace

import numpy as np
import pytest
from looking import assert_words_apart, second_line, words
from matplotlib.patches import StepPatch

from nnhelpers import figures, simulations
from nnhelpers.figures.layers import untrained as layers_module
from nnhelpers.networks import BatchNorm, MLPSpec

X = np.random.default_rng(0).standard_normal((20, 3))


def simulated(*, depth=4, width=5, initializer=simulations.NORMAL, gain=1.0, draws=3, **settings):
    spec = MLPSpec(units=(width,) * depth, kernel_initializer=initializer, **settings)
    return simulations.simulate_layers(spec, X, gain=gain, draws=draws)


@pytest.fixture(scope="module")
def result():
    """Three networks of two ReLU layers by hand."""
    drawn = simulated(depth=2)
    shares = np.zeros_like(drawn.shares)
    shares[0, [20, 21, 79]] = 0.2, 0.1, 0.05
    shares[1, 20] = 0.001
    return replace(
        drawn,
        shares=shares,
        above=np.array([0.0, 0.5]),
        zero_share=np.array([[0.5, 0.4], [0.6, 0.5], [0.7, 0.6]]),
        mean=np.array([[0.1, 3.0], [0.2, 4.0], [0.3, 5e4]]),
        std=np.array([[1.0, 0.0], [1.5, 2e-5], [2.0, 1e6]]),
    )


def histograms(ax):
    return [patch for patch in ax.patches if isinstance(patch, StepPatch)]


def test_bars_have_the_width_of_their_bins_and_reach_up_to_the_highest(result):
    first, second = histograms(figures.plot_layer_distributions(result).ax)
    for histogram in (first, second):
        np.testing.assert_array_equal(histogram.get_data().edges, result.edges)
    heights = first.get_data().values - first.get_data().baseline
    np.testing.assert_allclose(heights[[21, 79]] / heights[20], [0.5, 0.25], rtol=1e-9)
    assert np.count_nonzero(np.round(heights, 12)) == 3
    # What little of the second layer is on the ruler must not look like all of it.
    small = second.get_data().values - second.get_data().baseline
    assert small.max() == pytest.approx(heights.max() * 0.001 / (1 / 80), rel=1e-9)


def test_the_first_layer_is_on_top_and_no_row_reaches_into_the_next(result):
    ax = figures.plot_layer_distributions(result).ax
    first, second = (histogram.get_data() for histogram in histograms(ax))
    assert first.baseline > second.values.max()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1", "2"]
    assert np.diff(ax.get_yticks())[0] < 0


def test_exact_zeros_are_a_stem_with_their_share_beside(result):
    ax = figures.plot_layer_distributions(result).ax
    assert {"60% are 0", "50% are 0"} <= set(words(ax))
    heads = [line for line in ax.lines if line.get_marker() == "o"]
    first, second = (histogram.get_data() for histogram in histograms(ax))
    row = first.baseline - second.baseline
    for head, data, share in zip(heads, (first, second), (0.6, 0.5), strict=True):
        assert head.get_xdata()[0] == 0
        rise = (head.get_ydata()[0] - data.baseline) / row
        assert rise == pytest.approx(layers_module._PEAK * share)
    none = replace(result, zero_share=np.zeros((3, 2)))
    assert not any("are 0" in text for text in words(figures.plot_layer_distributions(none).ax))


def test_numbers_are_medians_with_what_eight_in_ten_lie_between(result):
    shown = words(figures.plot_layer_distributions(result).ax)
    assert {"0.20", "0.12 to 0.28", "1.5", "1.1 to 1.9"} <= set(shown)
    assert {"4.0", "3.2 to 4·10⁴", "2·10⁻⁵", "4·10⁻⁶ to 8·10⁵"} <= set(shown)
    assert {"mean", "standard deviation"} <= set(shown)


def test_what_lies_beyond_the_ruler_is_said_at_its_end(result):
    assert "→ 50%" in words(figures.plot_layer_distributions(result).ax)
    linear = simulated(activation="linear", gain=50.0, depth=1, draws=5)
    shown = words(figures.plot_layer_distributions(linear).ax)
    assert any(text.startswith("← ") for text in shown)
    assert any(text.startswith("→ ") for text in shown)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, "0"),
        (-0.001, "0.00"),
        (-0.25, "−0.25"),
        (0.996, "1.0"),
        (9.96, "10"),
        (999.0, "999"),
        (999.6, "1·10³"),
        (-2.4e6, "−2·10⁶"),
    ],
)
def test_means_are_written_short(number, written):
    assert layers_module._short(number) == written


def test_standard_deviations_keep_their_size_however_small():
    assert [layers_module._power(x) for x in (0.0, 3.4e-7, 0.0051)] == ["0", "3·10⁻⁷", "0.01"]


@pytest.mark.parametrize(("depth", "rows"), [(1, 1), (10, 10), (11, 10)])
def test_of_many_layers_ten_are_shown_the_first_and_the_last_among_them(depth, rows):
    result = simulated(depth=depth, initializer="he_normal")
    ax = figures.plot_layer_distributions(result).ax
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert len(names) == len(set(names)) == len(histograms(ax)) == rows
    assert (names[0], names[-1]) == ("1", str(depth))


@pytest.mark.parametrize(
    ("activation", "ends"), [("tanh", (-1, 1)), ("sigmoid", (0, 1)), ("relu", (-2, 6))]
)
def test_an_activation_keeps_its_ruler_whatever_the_weights(activation, ends):
    for gain in (0.01, 30.0):
        ax = figures.plot_layer_distributions(simulated(activation=activation, gain=gain)).ax
        assert (ax.get_xticks()[0], ax.get_xticks()[-1], ax.get_xlim()[0]) == (*ends, ends[0])


@pytest.mark.parametrize(
    "settings",
    [
        {"depth": 10, "gain": 100.0},
        {"depth": 10, "gain": 1e-3, "activation": "tanh"},
        {"depth": 10, "activation": "linear", "gain": 30.0},
        {"activation": "sigmoid"},
    ],
    ids=str,
)
def test_columns_of_numbers_stay_apart_and_inside_the_picture(settings):
    result = simulated(draws=10, width=20, **settings)
    plot = figures.compose("A", {"A": figures.plot_layer_distributions}, size=(10.0, 5.2))
    (ax,) = plot(result).figure.axes
    shown = [text for text in ax.texts if text.get_text() and text.get_position()[0] > 0.5]
    shown = [text for text in shown if text.get_transform() != ax.transData]
    assert len(shown) >= 4 * result.depth
    assert_words_apart(ax, shown)


def normalized(**settings):
    defaults = {"batch_normalization": BatchNorm(layers=(2,)), "activation": "sigmoid"}
    return simulated(**defaults | settings)


def test_layers_with_batch_norm_are_named_and_the_second_line_says_the_setting():
    plain = figures.plot_layer_distributions(simulated(gain=2.0, initializer="he_normal"))
    assert second_line(plain.ax) == (
        "relu, he_normal, gain 2, 5 wide; medians of 3 networks, grey: 10–90 %"
    )
    ax = figures.plot_layer_distributions(normalized()).ax
    assert [label.get_text() for label in ax.get_yticklabels()] == ["1", "2", "BN 3", "4"]
    assert second_line(ax) == (
        "sigmoid, N(0, 1), 5 wide, BN before sigmoid; medians of 3 networks, grey: 10–90 %"
    )
    assert ax.get_xlabel() == "activation, of all units and examples"


def test_behind_the_activation_it_is_no_activation_that_leaves_and_the_ruler_is_wider():
    drawn = figures.plot_layer_distributions(normalized())
    after = normalized(depth=2, batch_normalization=BatchNorm(after_activation=True))
    drawn.update(after)
    assert drawn.ax.get_xlabel() == "output, of all units and examples"
    assert (drawn.ax.get_xticks()[0], drawn.ax.get_xticks()[-1]) == (-5, 5)
    assert "BN after sigmoid" in second_line(drawn.ax)
    drawn.update(normalized())
    assert (drawn.ax.get_xticks()[0], drawn.ax.get_xticks()[-1]) == (0, 1)
