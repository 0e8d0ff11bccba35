"""What holds for every figure function alike."""

import subprocess
import sys
from dataclasses import dataclass

import matplotlib as mpl
import pytest
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


@dataclass(frozen=True, kw_only=True)
class Drawings:
    """One figure function's two results, each drawn afresh, and the second one drawn by update."""

    name: str
    results: tuple
    first: figures.Drawn
    second: figures.Drawn
    updated: figures.Drawn


@pytest.fixture(scope="module", params=NAMES)
def drawings(request, pairs):
    plot, first, second = pairs[request.param]
    updated = plot(first)
    updated.update(second)
    return Drawings(
        name=request.param,
        results=(first, second),
        first=plot(first),
        second=plot(second),
        updated=updated,
    )


def test_every_figure_function_has_two_results_here(pairs):
    assert sorted(pairs) == NAMES


# To the pixel in test_painting.py.
def test_an_update_draws_what_a_fresh_plot_draws_and_no_other_result_does(drawings, parts_of):
    assert parts_of(drawings.updated) == parts_of(drawings.second) != parts_of(drawings.first)


def test_title_labels_and_words_say_what_is_drawn(drawings):
    name, ax = drawings.name, drawings.first.ax
    assert ax.get_title(loc="left")
    assert ax.get_xlabel() or name in BARE
    assert ax.get_ylabel() or name in BARE | {"plot_seeds"}
    first, second = drawings.results
    assert drawings.first.summary == summary_of(first) != ""
    assert drawings.updated.summary == summary_of(second)


def test_a_grey_second_line_says_what_matters_and_follows_the_result(drawings):
    before, after = (
        next(text for text in drawn.ax.texts if text.xyann == (0, 8)).get_text()
        for drawn in (drawings.first, drawings.updated)
    )
    assert before
    # The two lines that name what never changes: the kind of view.
    if drawings.name not in {"plot_network", "plot_feature_space"}:
        assert after != before


def test_everything_drawn_is_finite(drawings, assert_finite):
    assert_finite(drawings.first)
    assert_finite(drawings.second)


def test_the_axis_limits_stay_where_a_slider_moves_the_result(drawings):
    one, other = drawings.first.ax, drawings.second.ax
    if drawings.name in FIXED:
        assert one.get_xlim() == other.get_xlim()
    if drawings.name in FIXED_HEIGHT:
        assert one.get_ylim() == other.get_ylim()


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_in_the_axes_that_it_is_given_and_leaves_matplotlib_as_it_was(name, pairs):
    plot, first, second = pairs[name]
    figure = Figure()
    left, right = figure.subplots(1, 2)
    with mpl.rc_context():
        mpl.rcdefaults()
        before = dict(mpl.rcParams)
        drawn = plot(first, ax=right)
        assert drawn.ax is right
        assert drawn.figure is figure
        assert not left.has_data()
        assert right.has_data()
        drawn.update(second)
        assert dict(mpl.rcParams) == before


def test_drawing_needs_no_pyplot():
    # pyplot would print a second, dead copy of every live panel's figure.
    program = (
        "import sys; from nnhelpers import figures, simulations;"
        "figures.plot_active_count(simulations.simulate_active_count(draws=10)).png();"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
