"""The panels of runs in notebook 2: captions over seeds, scenes at the stages of a run."""

import numpy as np
import pytest

from nnhelpers import datasets, models, training, widgets


@pytest.fixture(scope="module")
def dying():
    """Return, by scene: median share of dead units and accuracy, and the share that diverged."""
    panel = widgets.explore_dying_units()
    found = {}
    for number, scene in enumerate(panel.scenes):
        panel.show_scene(number)
        many = panel.result.ensemble
        assert many.draws == 20
        layers = [np.nanmean(many.active_fraction(layer=i) == 0) for i in (0, 1)]
        found[scene.name] = {
            "dead": np.nanmedian(many.dead_share()),
            "layers": layers,
            "accuracy": np.nan_to_num(many.final_accuracy),
            "diverged": many.diverged_share,
        }
    return found


def test_small_steps_leave_one_unit_in_ten_dead_and_every_network_learns(dying):
    assert 0.07 < dying["small steps"]["dead"] < 0.13
    assert dying["small steps"]["accuracy"].min() > 0.95


def test_large_steps_kill_two_units_in_five_most_in_layer_1_and_most_networks_learn(dying):
    large = dying["large steps"]
    assert 0.33 < large["dead"] < 0.5
    assert large["layers"][0] > 2 * large["layers"][1]
    assert np.mean(large["accuracy"] > 0.7) > 0.5


def test_too_large_steps_kill_nearly_every_unit_and_the_network_guesses(dying):
    assert dying["too large steps"]["dead"] > 0.9
    assert np.median(dying["too large steps"]["accuracy"]) < 0.15


def test_without_momentum_the_same_rate_kills_hardly_any_unit(dying):
    assert dying["large, without momentum"]["dead"] < 0.1


def test_leaky_units_rarely_fall_silent_but_many_networks_diverge(dying):
    leaky = dying["large, leaky ReLU"]
    assert leaky["dead"] < 0.2
    assert leaky["diverged"] > 0.3


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
