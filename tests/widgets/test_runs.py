"""Panels draw the figures of their settings; those of runs stand at the stages of a run."""

from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import datasets, figures, models, simulations, training, widgets


@pytest.fixture
def assert_looks_like(parts_of):
    """Compare a panel's drawing with the same figures composed afresh."""

    def assert_alike(drawn, layout, plots, result):
        size = tuple(drawn.figure.get_size_inches())
        fresh = figures.compose(layout, plots, size=size)(result)
        pictures = [drawn.frame(), fresh.frame()]  # which also puts titles in place
        assert parts_of(drawn) == parts_of(fresh)
        assert pictures[0] == pictures[1]

    return assert_alike


def test_offset_and_width_give_histogram_and_wedge_of_those_data(explore, assert_looks_like):
    panel = explore("explore_active_fraction")
    panel.controls["center"].value = 3
    panel.controls["width"].value = 4
    result = simulations.simulate_active_fraction(
        center=3, data=simulations.Cloud(width=4), draws=4_000
    )
    plots = {"A": figures.plot_active_fraction, "B": figures.plot_wedge}
    assert_looks_like(panel.drawn, "AAB", plots, result)
    assert panel.drawn.summary == result.summary()


def test_the_number_of_features_changes_the_overlap(explore, assert_looks_like):
    panel = explore("explore_overlap")
    panel.controls["n_features"].value = 10
    result = simulations.simulate_overlap(data=simulations.Cloud(n_features=10), draws=2_000)
    assert_looks_like(panel.drawn, "A", {"A": figures.plot_overlap}, result)


def test_scrubbing_shows_boundary_features_and_loss_at_that_epoch(
    explore, trained, assert_looks_like
):
    index = 2
    panel = explore("explore_training")
    panel.controls["epoch"].value = int(trained.run.epochs[index])
    snapshot = trained.run.snapshot(index)
    moment = SimpleNamespace(run=trained.run, snapshot=snapshot, summary=snapshot.summary)
    plots = {
        "A": figures.part("snapshot", figures.plot_decision_boundary),
        "B": figures.part("snapshot", figures.plot_feature_space),
        "C": figures.plot_loss_at,
    }
    assert_looks_like(panel.drawn, "ABC", plots, moment)


def test_an_example_is_shown_before_and_after_training(explore, trained, assert_looks_like):
    panel = explore("explore_examples")
    panel.controls["data"].value = "at 10"
    panel.controls["example"].value = 90
    run = trained.shifted_run
    pair = SimpleNamespace(
        before=run.snapshot(0).example(90), after=run.snapshot().example(90), summary=str
    )
    diagram = figures.plot_network_activations
    plots = {
        "A": figures.part("after", figures.plot_example),
        "B": figures.part("before", figures.titled("Untrained", diagram)),
        "C": figures.part("after", figures.titled("Trained", diagram)),
    }
    assert_looks_like(panel.drawn, "ABC", plots, pair)
    for view in (pair.before, pair.after):
        assert view.summary() in panel.summary


def test_the_scenes_of_a_plateau_stand_at_its_stages():
    """Three small sigmoid layers that leave the plateau within a second of training."""
    digits = datasets.rescale(datasets.load_digits(), 1 / 16)
    spec = models.MLPSpec(units=(20, 20, 20), activation="sigmoid", n_outputs=10)
    run = training.train(
        spec, digits, epochs=60, batch_size=32, optimizer="sgd", learning_rate=0.5, snapshots=30
    )
    panel = widgets.explore_plateau(run)
    history = training.layer_history(run)
    indices = {}
    for number, scene in enumerate(panel.scenes):
        panel.show_scene(number)
        indices[scene.name] = list(run.epochs).index(panel.settings["epoch"])
    assert indices["untrained"] == 0
    assert (np.diff(history.spread[0]) < 0).all()
    left = 0.9 * np.log(10)
    assert run.loss[indices["the way out"]] < left
    assert (run.loss[: indices["the way out"]] >= left).all()
    before = history.mean[: indices["the way out"] + 1, -1]
    assert history.mean[indices["saturated"], -1] == before.min()
    assert indices["the end"] == len(run.epochs) - 1
