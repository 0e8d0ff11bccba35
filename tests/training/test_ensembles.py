"""What can be read off an ensemble, and one network of it as a run of its own."""

import dataclasses

import numpy as np
import pytest
from random_networks import assert_equal_arrays, assert_equal_weights

from nnhelpers import datasets, measures, models, training

SPEC = models.MLPSpec(units=(4,))


@pytest.fixture(scope="module")
def ensemble(circles):
    offset, scale = np.repeat([0.0, 2.0], 10), np.tile([1.0, 0.5], 10)
    settings = {"epochs": 400, "optimizer": "sgd", "learning_rate": 0.5}
    return training.train_many(SPEC, circles, draws=20, offset=offset, scale=scale, **settings)


@pytest.fixture(scope="module")
def many(circles):
    spec, rates = models.MLPSpec(units=(6, 4)), np.repeat([0.1, 1.0, 1e30], 2)
    settings = {"epochs": 60, "optimizer": "sgd", "offset": 5.0}
    return training.train_many(spec, circles, draws=6, learning_rate=rates, **settings)


@pytest.mark.parametrize("index", [20, -21])
def test_a_network_that_does_not_exist_is_refused(ensemble, index):
    with pytest.raises(ValueError, match=rf"^i must lie between -20 and 19, got {index}$"):
        ensemble.run(index)


def test_accuracy_on_the_training_data_is_the_one_of_training(ensemble, circles):
    # An example whose logit is zero up to rounding may change sides.
    ours = ensemble.accuracy_on(circles)
    np.testing.assert_allclose(ours, ensemble.final_accuracy, atol=1.01 / circles.n_examples)
    assert np.mean(ours == ensemble.final_accuracy) > 0.8


def test_other_data_are_moved_as_each_network_saw_its_own(ensemble):
    unseen = datasets.make_circles(seed=5)
    ours = ensemble.accuracy_on(unseen)
    for i in (0, 13):
        X = ensemble.scale[i] * unseen.X + ensemble.offset[i]
        answers = ensemble.run(i).model()(X.astype(np.float32)).numpy()[:, 0] > 0.5
        assert ours[i] == pytest.approx(np.mean(answers == unseen.y), abs=1.01 / len(X))


def test_active_fractions_are_read_before_and_after_training(ensemble, circles):
    for weights, trained in ((ensemble.initial_weights, False), (ensemble.weights, True)):
        fractions = ensemble.active_fraction(trained=trained)
        assert fractions.shape == (20, 4)
        for i in (0, 13):
            X = ensemble.scale[i] * circles.X + ensemble.offset[i]
            z = X @ weights.kernels[0][i] + weights.biases[0][i]
            np.testing.assert_array_equal(fractions[i], measures.active_fraction(z))


def test_a_network_of_an_ensemble_is_a_run_from_before_to_after_training(ensemble, circles):
    run = ensemble.run(13)
    assert run.epochs.tolist() == [0, 400]
    assert (run.spec, run.optimizer, run.learning_rate, run.seed) == (SPEC, "sgd", 0.5, None)
    np.testing.assert_array_equal(run.dataset.X, 0.5 * circles.X + 2)
    np.testing.assert_array_equal(run.loss, ensemble.loss[13, [0, -1]])
    np.testing.assert_array_equal(run.accuracy, ensemble.accuracy[13, [0, -1]])
    for moment, weights in ((0, ensemble.initial_weights[13]), (1, ensemble.weights[13])):
        assert_equal_weights(run.weights[moment], weights)
    assert_equal_arrays(run.model().get_weights(), ensemble.weights[13].to_list())


def test_the_share_above_a_threshold_and_the_summary_tell_of_final_accuracies(ensemble):
    accuracy = np.zeros_like(ensemble.accuracy)
    accuracy[:, -1] = np.repeat([0.5, 0.9, 0.9, 1.0], 5)
    ended = dataclasses.replace(ensemble, accuracy=accuracy)
    assert ended.share_above(0.9) == 0.25
    assert ended.share_above(0.4) == 1
    assert ended.summary() == "20 networks: median accuracy 90%"


def test_ensembles_are_joined_member_by_member(ensemble, circles):
    other = training.train_many(
        SPEC, circles, draws=5, epochs=400, optimizer="sgd", learning_rate=0.1, offset=7, seed=1
    )
    joined = training.join([ensemble, other])
    assert joined.draws == 25
    for name in ("offset", "scale", "learning_rate", "gain", "loss", "accuracy", "diverged_step"):
        both = np.concatenate([getattr(ensemble, name), getattr(other, name)])
        np.testing.assert_array_equal(getattr(joined, name), both)
    for name in ("weights", "initial_weights"):
        assert_equal_weights(getattr(joined, name)[20:], getattr(other, name))


def test_ensembles_of_different_kinds_are_not_joined(ensemble):
    others = {
        "specification": {"spec": models.MLPSpec(units=(5,))},
        "dataset": {"dataset": datasets.shift(ensemble.dataset, 3)},
        "optimizer": {"optimizer": "adam"},
        "list of epochs": {"epochs": ensemble.epochs * 2},
    }
    for what, change in others.items():
        with pytest.raises(ValueError, match=f"ensembles must share one {what}, got two"):
            training.join([ensemble, dataclasses.replace(ensemble, **change)])
    with pytest.raises(ValueError, match="at least one ensemble, got none"):
        training.join([])


def test_active_fractions_of_a_deeper_layer_are_those_of_the_keras_model(many):
    for member in range(4):
        z = models.pre_activations(many.run(member).model(), many.dataset.X + 5)[1]
        np.testing.assert_allclose(
            many.active_fraction(layer=1)[member], measures.active_fraction(z), atol=1e-12
        )
    with pytest.raises(ValueError, match="layer must lie between -2 and 1, got 2"):
        many.active_fraction(layer=2)


def test_the_dead_share_counts_the_units_of_all_layers_and_leaves_out_the_diverged(many):
    dead = many.dead_share()
    first, second = (many.active_fraction(layer=layer) == 0 for layer in (0, 1))
    expected = (first.sum(axis=1) + second.sum(axis=1)) / 10
    np.testing.assert_allclose(dead[:4], expected[:4])
    assert many.diverged[4:].all()
    assert np.isnan(dead[4:]).all()


def test_a_network_escapes_at_its_first_loss_below_a_level(many):
    loss = many.loss[:4]
    level = float(np.median(loss[:, 1:]))
    expected = [
        next((epoch for epoch, each in zip(many.epochs, row, strict=True) if each < level), np.inf)
        for row in loss
    ]
    np.testing.assert_array_equal(many.escape_epochs(below=level)[:4], expected)
    assert np.isinf(many.escape_epochs(below=0)).all()


def test_networks_are_separated_by_a_setting_as_if_each_value_had_been_trained_alone(ensemble):
    parts, active = ensemble.by("offset"), ensemble.active_fraction()
    assert list(parts) == [0.0, 2.0]
    for rows, part in zip((slice(0, 10), slice(10, 20)), parts.values(), strict=True):
        np.testing.assert_array_equal(part.scale, ensemble.scale[rows])
        np.testing.assert_array_equal(part.loss, ensemble.loss[rows])
        np.testing.assert_array_equal(part.active_fraction(), active[rows])
    by_offset_alone = ensemble.by("scale")[1.0].active_fraction()
    np.testing.assert_array_equal(by_offset_alone, active[ensemble.scale == 1])
    assert parts[0.0].first_run().epochs.tolist() == ensemble.epochs.tolist()
    assert parts[2.0].first_snapshots is None
    joined = training.join(list(parts.values()))
    np.testing.assert_array_equal(joined.accuracy, ensemble.accuracy)
    with pytest.raises(ValueError, match=r"setting must be one of .*'dropout', got 'seed'"):
        ensemble.by("seed")


def test_classes_that_the_network_cannot_tell_are_refused(ensemble, circles):
    three = dataclasses.replace(circles, y=np.arange(166) % 3, class_names=("0", "1", "2"))
    with pytest.raises(ValueError, match="y must hold classes 0 to 1"):
        ensemble.accuracy_on(three)
    with pytest.raises(ValueError, match="threshold must lie between 0 and 1, got 85"):
        ensemble.share_above(85)
