"""Networks retrained with many seeds: what is shown is what was trained; the captions hold."""

import asyncio

import numpy as np
import pytest

from nnhelpers import datasets, measures
from nnhelpers.widgets.explore import seeds


@pytest.fixture(scope="module")
def scenes(opened):
    """Return, for both panels, the results of each scene with its seeds trained."""
    found = {}
    for name in ("normalization", "dying_units"):
        panel = opened(name)
        for scene, settings in zip(panel.scenes, panel.scene_settings, strict=True):
            found[scene.name] = panel._picture.best(settings)
    return found


@pytest.fixture(scope="module")
def shares(scenes):
    """Return, by scene, shares of seeds above the best line and above 0.95, and of dead units."""
    circles = datasets.load_circles()
    line = measures.best_line_accuracy(circles.X, circles.y)
    found = {}
    for name in ("centred", "moved a little", "moved far", "smaller steps", "more units"):
        many = scenes[name].ensemble
        assert many.draws == 200
        above = {"line": many.share_above(line), "solved": many.share_above(0.95)}
        found[name] = above | {"dead": np.mean(many.active_fraction() == 0)}
    return found


def test_centred_the_circle_is_solved_from_nearly_every_seed(shares):
    assert shares["centred"]["solved"] > 0.9


def test_moved_a_little_most_beat_the_line_and_a_third_solve_it(shares):
    assert shares["moved a little"]["line"] > 0.6
    assert 0.2 < shares["moved a little"]["solved"] < 0.45


def test_moved_far_most_units_are_dead_and_hardly_any_beats_the_line(shares):
    assert shares["moved far"]["line"] < 0.15
    assert shares["moved far"]["dead"] > 0.5


def test_smaller_steps_kill_fewer_and_more_beat_the_line_but_none_solves_it(shares):
    far, small = shares["moved far"], shares["smaller steps"]
    assert small["dead"] < far["dead"]
    assert small["line"] > far["line"] + 0.05
    assert small["solved"] == 0


def test_with_more_units_more_beat_the_line_but_none_solves_it(shares):
    far, many = shares["moved far"], shares["more units"]
    assert many["line"] > far["line"] + 0.05
    assert many["solved"] == 0


def test_the_network_far_from_the_origin_ends_as_the_median_of_the_seeds_does(scenes):
    far = scenes["moved far"]
    assert far.run.accuracy[-1] == np.median(far.ensemble.final_accuracy)


@pytest.fixture(scope="module")
def dying(scenes):
    """Return, by scene: median share of dead units and accuracy, and the share that diverged."""
    found = {}
    for name, result in scenes.items():
        if result.run.spec.n_outputs == 10:
            many = result.ensemble
            assert many.draws == 20
            layers = [np.nanmean(many.active_fraction(layer=i) == 0) for i in (0, 1)]
            found[name] = {
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


EPOCHS, SEEDS = 60, 20  # those of `explore`


@pytest.fixture(scope="module")
def retrained(explore):
    return explore("explore_normalization")


def words(drawn):
    return [text.get_text() for ax in drawn.figure.axes for text in ax.texts]


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
