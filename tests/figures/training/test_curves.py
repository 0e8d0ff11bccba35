"""Pictures of training: one loss, many networks, measured curves."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from looking import words

from nnhelpers import figures


def test_the_loss_is_drawn_at_its_epochs_beside_chance(trained):
    ax = figures.plot_loss(trained.run).ax
    line, chance = ax.lines
    np.testing.assert_array_equal(line.get_xydata().T, [trained.run.epochs, trained.run.loss])
    assert chance.get_ydata() == [np.log(2)] * 2
    assert "chance: ln 2" in words(ax)
    assert ax.get_xlim() == (0, trained.run.epochs[-1])
    assert ax.get_ylim() == (0, 1.25 * np.log(2))


@pytest.mark.parametrize("known", [True, False])
def test_a_diverged_run_says_so_and_when_if_that_is_known(known, trained):
    run = trained.diverged_run
    if not known:  # the loss overflows while the weights hold
        epochs = trained.run.epochs
        run = replace(trained.run, loss=np.full(len(epochs), np.inf), diverged_step=None)
    drawn = figures.plot_loss(run)
    said = f"diverged at step {run.diverged_step}" if known else "diverged"
    assert said in words(drawn.ax)
    assert drawn.summary == said
    drawn.frame()


def test_the_dot_stands_on_the_loss_at_the_chosen_epoch(trained):
    snapshot = trained.run.snapshot(2)
    moment = SimpleNamespace(run=trained.run, snapshot=snapshot, summary=snapshot.summary)
    dot = figures.plot_loss_at(moment).ax.lines[-1]
    assert dot.get_xydata().tolist() == [[trained.run.epochs[2], trained.run.loss[2]]]


@pytest.mark.parametrize("quantity", ["accuracy", "loss"])
def test_an_ensemble_is_its_median_in_a_band_of_percentiles(quantity, trained):
    ensembles = {"centred": trained.ensemble, "at 10": trained.shifted_ensemble}
    ax = figures.plot_ensembles(ensembles, quantity=quantity).ax
    for line, band, ensemble in zip(ax.lines, ax.collections, ensembles.values(), strict=True):
        values = np.sort(getattr(ensemble, quantity), axis=0)
        # Of 20 networks the median lies between the tenth and the eleventh.
        np.testing.assert_allclose(line.get_ydata(), (values[9] + values[10]) / 2)
        edges = band.get_paths()[0].vertices[:, 1]
        assert values[1].min() <= edges.min() <= values[2].min()
        assert values[17].max() <= edges.max() <= values[18].max()
    assert len({line.get_color() for line in ax.lines}) == 2
    assert len({str(line.get_linestyle()) for line in ax.lines}) == 2
    said = "median and 10th to 90th percentile of 20 networks"
    assert {"centred", "at 10", said} <= set(words(ax))


@pytest.mark.parametrize("quantity", ["accuracy", "loss"])
def test_diverged_networks_are_left_out_and_counted(quantity, trained):
    half = trained.half_diverged_ensemble
    ax = figures.plot_ensembles({"half": half}, quantity=quantity).ax
    assert any("50% diverged" in word for word in words(ax))
    left = getattr(half, quantity)[:10, -1]
    assert ax.lines[0].get_ydata()[-1] == pytest.approx(np.median(left))
    # An ensemble that diverged as a whole ends where it did.
    drawn = figures.plot_ensembles({"all": trained.diverged_ensemble}, quantity=quantity)
    assert any("100% diverged" in word for word in words(drawn.ax))
    assert np.isnan(drawn.ax.lines[0].get_ydata()[-1])
    drawn.frame()


def test_only_accuracy_and_loss_are_known_quantities(trained):
    with pytest.raises(ValueError, match="quantity must be 'accuracy' or 'loss', got 'speed'"):
        figures.plot_ensembles({"one": trained.ensemble}, quantity="speed")


def test_every_seed_is_a_dot_above_or_below_the_reference(trained):
    ensemble = trained.ensemble
    reference = float(np.sort(ensemble.final_accuracy)[10])  # one of them reaches it exactly
    ax = figures.plot_seeds(ensemble, reference=reference).ax
    above, below, line = ax.lines
    assert line.get_xdata() == [reference, reference]
    assert (above.get_xdata() > reference).all()
    assert (below.get_xdata() <= reference).all()
    together = np.concatenate([above.get_xdata(), below.get_xdata()])
    assert sorted(together) == sorted(ensemble.final_accuracy)
    assert above.get_marker() != below.get_marker()
    share = ensemble.share_above(reference)
    assert f"{share:.0%} of 20 beat the best line" in words(ax)


def test_diverged_seeds_are_counted_and_none_is_drawn_as_learned(trained):
    ax = figures.plot_seeds(trained.half_diverged_ensemble, reference=0.0).ax
    assert np.isfinite(ax.lines[0].get_xdata()).all()
    assert len(ax.lines[0].get_xdata()) == 10
    assert "50% of 20 beat the best line, 50% diverged" in words(ax)


def test_while_seeds_train_the_last_dots_are_dimmed_and_not_claimed(trained):
    drawn = figures.plot_seeds(trained.ensemble, reference=0.6)
    before = drawn.ax.lines[0].get_xydata().tolist()
    drawn.update(None)
    assert "training …" in words(drawn.ax)
    assert drawn.ax.lines[0].get_alpha() < 0.5
    assert drawn.ax.lines[0].get_xydata().tolist() == before
    drawn.update(trained.ensemble)
    assert drawn.ax.lines[0].get_alpha() == 1


def test_a_curve_has_a_band_of_two_standard_errors(curves):
    ax = figures.plot_curves(curves((0.9, 0.5, 0.1), standard_error=0.05)).ax
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0, 0.9], [2, 0.5], [10, 0.1]])
    corners = {tuple(corner) for corner in ax.collections[0].get_paths()[0].vertices.round(9)}
    assert {(0, 0.8), (0, 1.0), (2, 0.4), (2, 0.6), (10, 0.0), (10, 0.2)} <= corners
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("offset of the data", "share that learn")
    assert ax.get_title(loc="left") == "How likely is learning?"
    assert "starts at 0.9" in words(ax)


def test_a_logarithmic_curve_is_drawn_afresh_by_an_update(curves, assert_same_drawing):
    steep = curves((1.4, 490.0, 48_572.0), standard_error=0, logarithmic=True)
    flat = curves((2.0, 3.0, 4.0), standard_error=0, logarithmic=True)
    drawn = figures.plot_curves(steep)
    assert drawn.ax.get_yscale() == "log"
    drawn.update(flat)
    assert_same_drawing(drawn, figures.plot_curves(flat))
