"""Pictures of layers and of many networks over training."""

from dataclasses import replace

import numpy as np
from looking import line_of, second_line, words

from nnhelpers import figures, training
from nnhelpers.figures import style


def test_every_network_has_a_thin_line_and_the_median_a_thick_one(trained):
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


def test_networks_that_diverged_stay_at_the_edge_and_are_counted(trained):
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


def test_moments_of_both_modes_are_drawn_of_the_layer_asked_for(trained):
    result = training.layer_moments(trained.deep_run)
    shifted = replace(result, training=replace(result.training, mean=result.training.mean + 0.25))
    ax = figures.plot_layer_moments(shifted, layer=0).ax
    dashed, solid = (line_of(ax, style.SERIES_COLORS[1], at=at) for at in (0, 1))
    np.testing.assert_allclose(solid.get_ydata(), result.inference.mean[:, 0])
    np.testing.assert_allclose(dashed.get_ydata(), result.inference.mean[:, 0] + 0.25)
    assert dashed.is_dashed()
    assert ax.get_title(loc="left") == "What leaves layer 1"


def test_percentiles_have_one_line_each_and_stay_on_the_ruler(trained):
    history = training.percentile_history(trained.deep_run)
    wide = replace(history, percentiles=history.percentiles * 0 + [-20.0, 0.5, 3.0])
    ax = figures.plot_percentiles(wide).ax
    low, high, middle = (line.get_ydata()[0] for line in ax.lines[1:4])
    assert (low, middle, high) == (-6, 0.5, 3)
    assert words(ax)[1:] == ["15 %", "median", "85 %"]
    # The name of the median gives way where the lines meet.
    narrow = replace(history, percentiles=history.percentiles * 0 + [-0.01, 0.0, 0.01])
    assert words(figures.plot_percentiles(narrow).ax)[1:] == ["15 %", "85 %"]
