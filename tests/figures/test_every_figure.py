"""What holds for every figure function alike."""

import subprocess
import sys
from types import SimpleNamespace

import matplotlib as mpl
import pytest
from looking import second_line
from matplotlib.figure import Figure

from nnhelpers import figures
from nnhelpers.figures.drawn import summary_of

# It makes a table of its own out of bare numbers, and takes no axes: see test_activations.py.
TABLES = {"plot_activations"}
# A whole figure of four that are tested here.
TABLES |= {"plot_examination"}
NAMES = sorted({name for name in dir(figures) if name.startswith("plot_")} - TABLES)
# Diagrams and a ruler of percentages, without axes to label.
BARE = {"plot_bet", "plot_layer", "plot_network", "plot_network_activations"}
BARE |= {"plot_room_bets"}
# A slider moves the result; the axis limits stay.
FIXED = """
    activation active_count active_fraction batch_noise bet born_dead columns dead_shares
    depth_map descent dot_product example_in_batches gradient_by_layer gradient_growth
    lag_and_noise layer layer_activations layer_distributions layer_history losses_by_width
    moving_statistics network network_activations normalized_batch overlap percentiles
    rate_choice rate_range room_bets scale_invariance seeds signal_by_layer slopes
    splitting_by_layer unit_history update_directions update_ratios variance_growth variance_shift
    variances wedge weight_error weight_vectors
"""
FIXED_HEIGHT = """
    column_spread covariate_shift curves ensembles gradients layer_bands layer_gradients
    layer_moments layer_shift layer_units layer_updates loss loss_curves
    loss_at residual seed_losses smoothness weight_decay
"""
FIXED = {f"plot_{name}" for name in FIXED.split()}
FIXED_HEIGHT = FIXED | {f"plot_{name}" for name in FIXED_HEIGHT.split()}


@pytest.fixture(scope="module", params=NAMES)
def seen(request, pairs, parts_of, assert_finite):
    """What one figure function's two results show on the right of two axes.

    The first one, then the second one by an update, and the second one drawn afresh.
    """
    plot, *results = pairs[request.param]
    figure, other = Figure(), Figure()
    left, right = figure.subplots(1, 2)
    with mpl.rc_context():
        mpl.rcdefaults()
        before = dict(mpl.rcParams)
        drawn = plot(results[0], ax=right)
        first = _shown(drawn, parts_of)
        assert_finite(drawn)
        drawn.update(results[1])
        settings_changed = dict(mpl.rcParams) != before
    fresh = plot(results[1], ax=other.subplots(1, 2)[1])
    assert_finite(fresh)
    assert drawn.ax is right
    assert drawn.figure is figure
    return SimpleNamespace(
        name=request.param,
        results=results,
        left_alone=not left.has_data() and right.has_data() and not settings_changed,
        first=first,
        updated=_shown(drawn, parts_of),
        fresh=_shown(fresh, parts_of),
    )


def _shown(drawn, parts_of):
    ax = drawn.ax
    return SimpleNamespace(
        parts=parts_of(drawn),
        limits=(ax.get_xlim(), ax.get_ylim()),
        labels=(ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()),
        second_line=second_line(ax),
        summary=drawn.summary,
    )


def test_every_figure_function_has_two_results_here(pairs):
    assert sorted(pairs) == NAMES


# To the pixel in test_painting.py.
def test_an_update_draws_what_a_fresh_plot_draws_and_no_other_result_does(seen):
    assert seen.updated.parts == seen.fresh.parts != seen.first.parts


def test_title_labels_and_words_say_what_is_drawn_and_follow_the_result(seen):
    title, x_label, y_label = seen.first.labels
    assert title
    assert x_label or seen.name in BARE
    assert y_label or seen.name in BARE | {"plot_seeds"}
    assert seen.first.summary == summary_of(seen.results[0]) != ""
    assert seen.updated.summary == summary_of(seen.results[1])
    assert seen.first.second_line
    # The two lines that name what never changes: the kind of view.
    if seen.name not in {"plot_network", "plot_feature_space"}:
        assert seen.updated.second_line != seen.first.second_line


def test_the_axis_limits_stay_where_a_slider_moves_the_result(seen):
    (x, y), (other_x, other_y) = seen.first.limits, seen.fresh.limits
    assert seen.name not in FIXED or x == other_x
    assert seen.name not in FIXED_HEIGHT or y == other_y


def test_it_draws_in_the_axes_that_it_is_given_and_leaves_matplotlib_as_it_was(seen):
    assert seen.left_alone


def test_drawing_needs_no_pyplot():
    # pyplot would print a second, dead copy of every live panel's figure.
    program = (
        "import sys; from nnhelpers import figures, simulations;"
        "figures.plot_active_count(simulations.simulate_active_count(draws=10)).png();"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
