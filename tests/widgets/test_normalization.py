"""The panels of notebook 1: the right picture at every setting, and none that breaks them."""

import asyncio
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import figures, measures, simulations
from nnhelpers.widgets.explore import seeds

EPOCHS, SEEDS = 60, 20  # those of `explore`


@pytest.fixture(scope="module")
def retrained(explore):
    return explore("explore_normalization")


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


def words(drawn):
    return [text.get_text() for ax in drawn.figure.axes for text in ax.texts]


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


@pytest.mark.parametrize("index", [0, 2, 4])
def test_scrubbing_shows_boundary_features_and_loss_at_that_epoch(
    index, explore, trained, assert_looks_like
):
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


def test_every_move_retrains_the_network_with_the_settings_shown(retrained, circles):
    from nnhelpers import models, training

    settings = {"offset": 2.0, "scale": 0.5, "learning_rate": 0.1}
    for name, value in {**settings, "units": 16, "activation": "tanh", "seed": 5}.items():
        retrained.controls[name].value = value
    spec = models.MLPSpec(units=(16,), activation="tanh")
    run = training.train(spec, circles, epochs=EPOCHS, optimizer="sgd", seed=5, **settings)
    np.testing.assert_array_equal(retrained.result.run.loss, run.loss)
    many = retrained.result.ensemble
    assert (many.spec, many.draws, many.epochs[-1]) == (spec, SEEDS, EPOCHS)
    for name, value in settings.items():
        assert set(getattr(many, name)) == {value}
    assert len({kernel.tobytes() for kernel in many.initial_weights.kernels[0]}) == SEEDS
    title = retrained.drawn.figure.texts[0].get_text()
    assert title == "Data centred at (2, 2)"
    best = measures.best_line_accuracy(circles.X, circles.y)
    assert f"{many.share_above(best):.0%} of {SEEDS} beat the best line" in words(retrained.drawn)


async def test_while_the_seeds_train_nothing_is_claimed_about_them(retrained):
    retrained.controls["seed"].value = 7
    assert retrained.result.ensemble is None
    assert "training …" in words(retrained.drawn)
    assert "seeds beat" not in retrained.summary
    async with asyncio.timeout(60):
        while f"of {SEEDS} seeds beat the best line" not in retrained.summary:
            await asyncio.sleep(0)
    assert "training …" not in words(retrained.drawn)
    (kernels, *_) = retrained.result.ensemble.initial_weights.kernels
    assert len({kernel.tobytes() for kernel in kernels}) == SEEDS


def test_another_seed_of_the_network_trains_no_other_seeds_anew(retrained, monkeypatch):
    retrained.controls["offset"].value = 3.0
    there = retrained.result.ensemble
    monkeypatch.setattr(seeds.training, "train_many", None)
    retrained.controls["seed"].value = 11
    assert retrained.result.run.seed == 11
    np.testing.assert_array_equal(retrained.result.ensemble.loss, there.loss)


def test_a_network_that_diverges_is_never_shown_as_if_it_had_learned(retrained, assert_finite):
    retrained.controls["activation"].value = "relu"
    retrained.controls["scale"].value = 100.0
    retrained.controls["offset"].value = 10.0
    retrained.controls["learning_rate"].value = 3.0
    run, ensemble = retrained.result.run, retrained.result.ensemble
    boundary, features, network, loss, _ = (
        [text.get_text() for text in ax.texts] for ax in retrained.drawn.figure.axes
    )
    assert_finite(retrained.drawn)
    said = [
        any(word.startswith("diverged") for word in each)
        for each in (boundary, features, network, loss)
    ]
    assert said == [run.diverged] * 4
    assert ("diverged" in retrained.summary) == run.diverged
    lost = f"{ensemble.diverged_share:.0%} diverged"
    assert any(lost in word for word in words(retrained.drawn)) == (ensemble.diverged_share > 0)
