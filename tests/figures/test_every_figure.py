"""What holds for every figure function alike."""

import subprocess
import sys

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from nnhelpers import figures
from nnhelpers.figures.drawn import summary_of

# It makes a table of its own out of bare numbers, and takes no axes: see test_activations.py.
TABLES = {"plot_activations"}
NAMES = sorted({name for name in dir(figures) if name.startswith("plot_")} - TABLES)
EVERY = pytest.mark.parametrize("name", NAMES)
# Diagrams and a ruler of percentages, without axes to label.
BARE = {"plot_bet", "plot_layer", "plot_network", "plot_network_activations"}
# A slider moves the result; the ruler stays.
FIXED = {
    "plot_percentiles",
    "plot_rate_choice",
    "plot_rate_range",
    "plot_batch_noise",
    "plot_example_in_batches",
    "plot_normalized_batch",
    "plot_depth_map",
    "plot_losses_by_width",
    "plot_born_dead",
    "plot_splitting_by_layer",
    "plot_activation",
    "plot_active_count",
    "plot_active_fraction",
    "plot_columns",
    "plot_dead_shares",
    "plot_dot_product",
    "plot_gradient_by_layer",
    "plot_gradient_growth",
    "plot_lag_and_noise",
    "plot_moving_statistics",
    "plot_variance_shift",
    "plot_layer",
    "plot_layer_activations",
    "plot_layer_distributions",
    "plot_layer_history",
    "plot_signal_by_layer",
    "plot_unit_history",
    "plot_update_ratios",
    "plot_bet",
    "plot_descent",
    "plot_network",
    "plot_network_activations",
    "plot_overlap",
    "plot_scale_invariance",
    "plot_seeds",
    "plot_slopes",
    "plot_update_directions",
    "plot_variance_growth",
    "plot_variances",
    "plot_wedge",
    "plot_weight_error",
}
FIXED_HEIGHT = FIXED | {
    "plot_covariate_shift",
    "plot_landscape",
    "plot_layer_moments",
    "plot_seed_losses",
    "plot_smoothness",
    "plot_kernel_length",
    "plot_plain_weight_decay",
    "plot_weight_decay",
    "plot_column_spread",
    "plot_curves",
    "plot_ensembles",
    "plot_gradients",
    "plot_layer_shift",
    "plot_loss",
    "plot_loss_at",
    "plot_residual",
}


def test_every_figure_function_has_two_results_here(pairs):
    assert sorted(pairs) == NAMES


@EVERY
def test_an_update_draws_what_a_fresh_plot_draws(name, pairs, assert_same_drawing):
    plot, first, second = pairs[name]
    drawn = plot(first)
    drawn.update(second)
    assert_same_drawing(drawn, plot(second))


@EVERY
def test_an_update_of_what_was_shown_draws_what_a_fresh_plot_draws(
    name, pairs, assert_same_drawing
):
    plot, first, second = pairs[name]
    # As in a panel, whose margins stay where they are.
    composed = figures.compose("A", {"A": plot}, size=(6.0, 4.0))
    drawn = composed(second)
    drawn.frame()
    drawn.update(first)
    assert_same_drawing(drawn, composed(first))


@EVERY
def test_the_two_results_look_different(name, pairs, parts_of):
    plot, first, second = pairs[name]
    assert parts_of(plot(first)) != parts_of(plot(second))


@EVERY
def test_title_and_labels_say_what_is_drawn(name, pairs):
    plot, first, _ = pairs[name]
    ax = plot(first).ax
    assert ax.get_title(loc="left")
    assert ax.get_xlabel() or name in BARE
    assert ax.get_ylabel() or name in BARE | {"plot_seeds"}


@EVERY
def test_a_grey_second_line_says_what_matters_and_follows_the_result(name, pairs):
    plot, first, second = pairs[name]

    def second_line(drawn):
        return next(text for text in drawn.ax.texts if text.xyann == (0, 8)).get_text()

    drawn = plot(first)
    before = second_line(drawn)
    drawn.update(second)
    assert before
    # The two lines that name what never changes: the kind of view.
    if name not in {"plot_network", "plot_feature_space"}:
        assert second_line(drawn) != before


@EVERY
def test_the_drawing_says_in_words_what_it_shows(name, pairs):
    plot, first, second = pairs[name]
    drawn = plot(first)
    assert drawn.summary == summary_of(first) != ""
    drawn.update(second)
    assert drawn.summary == summary_of(second)


@EVERY
def test_everything_drawn_is_finite(name, pairs, assert_finite):
    plot, *results = pairs[name]
    for result in results:
        assert_finite(plot(result))


@EVERY
def test_the_ruler_stays_where_a_slider_moves_the_result(name, pairs):
    plot, first, second = pairs[name]
    one, other = plot(first).ax, plot(second).ax
    if name in FIXED:
        assert one.get_xlim() == other.get_xlim()
    if name in FIXED_HEIGHT:
        assert one.get_ylim() == other.get_ylim()


@EVERY
def test_it_draws_in_the_axes_that_it_is_given(name, pairs):
    plot, first, _ = pairs[name]
    figure = Figure()
    left, right = figure.subplots(1, 2)
    drawn = plot(first, ax=right)
    assert drawn.ax is right
    assert drawn.figure is figure
    assert not left.has_data()
    assert right.has_data()


@EVERY
def test_settings_of_matplotlib_are_left_alone(name, pairs):
    plot, first, second = pairs[name]
    with mpl.rc_context():
        mpl.rcdefaults()
        before = dict(mpl.rcParams)
        plot(first).update(second)
        assert dict(mpl.rcParams) == before


def test_drawing_needs_no_pyplot():
    # pyplot would print a second, dead copy of every live panel's figure.
    program = (
        "import sys; from nnhelpers import figures, simulations;"
        "figures.plot_active_count(simulations.simulate_active_count(draws=10)).png();"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
