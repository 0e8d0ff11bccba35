"""Pictures of learning rates, landscapes and layers with batch norm, looked at artist by artist."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from nnhelpers import figures, training
from nnhelpers.figures import style


def line_of(ax, color, *, at=0):
    return [line for line in ax.lines if line.get_color() == color][at]


@pytest.fixture
def ranges(pairs):
    return pairs["plot_rate_range"][1]


def test_a_bar_spans_the_rates_that_work_and_its_end_is_named(ranges, second_line, words):
    ax = figures.plot_rate_range(ranges).ax
    assert line_of(ax, style.NORMALIZED).get_ydata().tolist() == [0.2, 0.9, 0.4]
    assert line_of(ax, style.NORMALIZED, at=1).get_xdata().tolist() == [1.0, 1.0]
    assert words(ax).count("up to 1") == 2
    assert second_line(ax) == (
        "loss below 0.2 after 40 epochs; largest that works: batch norm 1, plain 1"
    )


def test_where_no_rate_works_the_picture_says_so(pairs, second_line, words):
    ax = figures.plot_rate_range(pairs["plot_rate_range"][2]).ax
    assert "plain: no rate works" in words(ax)
    assert second_line(ax).endswith("batch norm 10, plain none")
    assert len(line_of(ax, style.PLAIN, at=1).get_xdata()) == 0


def test_large_dots_stand_at_the_rate_that_is_looked_at(pairs, second_line):
    choice = pairs["plot_rate_choice"][1]
    ax = figures.plot_rate_choice(choice).ax
    dots = [
        line.get_xydata().tolist() for line in ax.lines if line.get_markeredgecolor() == "white"
    ]
    assert dots == [[[1.0, 0.9]], [[1.0, 0.7]]]
    assert second_line(ax) == "large: these networks, batch norm 90%, plain 70%; curves: by hand"


def test_every_network_has_a_thin_line_and_the_median_a_thick_one(trained, second_line):
    ensemble = trained.ensemble
    ax = figures.plot_seed_losses(ensemble).ax
    (seeds,) = ax.collections
    assert len(seeds.get_segments()) == ensemble.draws
    np.testing.assert_allclose(seeds.get_segments()[3][:, 1], ensemble.loss[3])
    thick = line_of(ax, style.PLAIN)
    np.testing.assert_allclose(thick.get_ydata(), np.median(ensemble.loss, axis=0))
    assert thick.get_linewidth() > 2 * seeds.get_linewidths()[0]
    share = np.mean(ensemble.loss[:, -1] < 0.2)
    assert second_line(ax) == f"{share:.0%} of 20 seeds end below 0.2"


def test_networks_that_diverged_stay_at_the_edge_and_are_counted(trained, second_line):
    ax = figures.plot_seed_losses(trained.half_diverged_ensemble).ax
    last = [segment[-1, 1] for segment in ax.collections[0].get_segments()]
    assert last.count(ax.get_ylim()[1]) == 10
    assert second_line(ax).endswith(", 10 diverged")


def test_losses_with_batch_norm_are_those_of_training(trained):
    spec = replace(trained.ensemble.spec, batch_normalization=True)
    other = replace(trained.ensemble, spec=spec, training_loss=0.5 * trained.ensemble.loss)
    ax = figures.plot_seed_losses(other).ax
    np.testing.assert_allclose(
        line_of(ax, style.NORMALIZED).get_ydata(), 0.5 * np.median(other.loss, axis=0)
    )
    assert ax.get_title(loc="left") == "With batch norm"


def band(ax, index):
    """Return the lowest and the highest height of a band at each place."""
    vertices = ax.collections[index].get_paths()[0].vertices
    places = np.unique(vertices[:, 0])
    return np.array(
        [[h.min(), h.max()] for h in (vertices[vertices[:, 0] == x, 1] for x in places)]
    ).T


def test_the_band_of_a_landscape_is_the_median_range_of_the_losses(pairs, second_line):
    landscapes = pairs["plot_landscape"][1]
    ax = figures.plot_landscape(landscapes).ax
    one = landscapes["without"]
    low, high = (np.median(e(one.along, axis=-1), axis=1) for e in (np.min, np.max))
    np.testing.assert_allclose(band(ax, 0), [low, high])
    line = line_of(ax, style.PLAIN)
    np.testing.assert_allclose(line.get_ydata(), np.median(one.loss, axis=1))
    assert line.is_dashed()
    assert not line_of(ax, style.NORMALIZED).is_dashed()
    assert second_line(ax) == "bands: steps of 0.1 to 4 times the rate 0.1; medians of 6 networks"


def test_smoothness_and_shift_are_percentiles_of_the_networks(pairs):
    for name, measure in (("smoothness", "smoothness"), ("covariate_shift", "typical_change")):
        plot, results, _ = pairs[f"plot_{name}"]
        ax = plot(results).ax
        levels = np.percentile(getattr(results["batch norm"], measure), (10, 50, 90), axis=1)
        np.testing.assert_allclose(band(ax, 1), levels[[0, 2]])
        np.testing.assert_allclose(line_of(ax, style.NORMALIZED).get_ydata(), levels[1])


def test_a_network_without_a_gradient_is_left_out(pairs):
    landscapes = pairs["plot_smoothness"][1]
    flat = replace(landscapes["without"], slope=landscapes["without"].slope * [1, 1, 1, 1, 1, 0])
    ax = figures.plot_smoothness(landscapes | {"without": flat}).ax
    expected = np.median(flat.smoothness[:, :5], axis=1)
    np.testing.assert_allclose(line_of(ax, style.PLAIN).get_ydata(), expected)


def test_names_at_the_ends_keep_apart(pairs):
    landscapes = pairs["plot_landscape"][1]
    same = dict.fromkeys(("without", "batch norm"), landscapes["without"])
    ax = figures.plot_landscape(same).ax
    heights = [text.xyann[1] for text in ax.texts if text.get_text() in same]
    assert abs(heights[0] - heights[1]) >= 13


def test_moments_of_both_modes_are_drawn_of_the_layer_asked_for(trained):
    result = training.layer_moments(trained.deep_run)
    shifted = replace(result, training=replace(result.training, mean=result.training.mean + 0.25))
    ax = figures.plot_layer_moments(shifted, layer=0).ax
    dashed, solid = (line_of(ax, style.SERIES_COLORS[1], at=at) for at in (0, 1))
    np.testing.assert_allclose(solid.get_ydata(), result.inference.mean[:, 0])
    np.testing.assert_allclose(dashed.get_ydata(), result.inference.mean[:, 0] + 0.25)
    assert dashed.is_dashed()
    assert ax.get_title(loc="left") == "What leaves layer 1"


def test_percentiles_have_one_line_each_and_stay_on_the_ruler(trained, words):
    history = training.percentile_history(trained.deep_run)
    wide = replace(history, percentiles=history.percentiles * 0 + [-20.0, 0.5, 3.0])
    ax = figures.plot_percentiles(wide, reach=4).ax
    low, high, middle = (line.get_ydata()[0] for line in ax.lines[1:4])
    assert (low, middle, high) == (-4, 0.5, 3)
    assert words(ax)[1:] == ["15 %", "median", "85 %"]


def test_the_name_of_the_median_gives_way_where_the_lines_meet(trained, words):
    history = training.percentile_history(trained.deep_run)
    narrow = replace(history, percentiles=history.percentiles * 0 + [-0.01, 0.0, 0.01])
    assert words(figures.plot_percentiles(narrow).ax)[1:] == ["15 %", "85 %"]


def test_two_maps_side_by_side_have_one_ruler_of_colours(pairs):
    plot, first, second = pairs["plot_depth_map"]
    drawn = figures.small_multiples(partial(plot), {"without": first, "batch norm": second})
    maps = [ax.collections[0] for ax in drawn.figure.axes if ax.get_title(loc="left")]
    assert [image.get_clim() for image in maps] == [(0, 1), (0, 1)]
    assert maps[0].get_cmap() == maps[1].get_cmap()
