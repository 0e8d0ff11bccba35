"""What can be read off a training run and an ensemble."""

import dataclasses

import numpy as np
import pytest

from nnhelpers import datasets, measures, models, networks, training
from nnhelpers.networks import Weights

SPEC = models.MLPSpec(units=(4,))
FLOAT32 = float(np.finfo(np.float32).eps)


@pytest.fixture(scope="module")
def run(circles):
    settings = {"epochs": 400, "snapshots": 4, "optimizer": "sgd", "learning_rate": 0.5}
    return training.train(SPEC, circles, offset=0.5, **settings)


@pytest.fixture(scope="module")
def ensemble(circles):
    offset, scale = np.repeat([0.0, 2.0], 10), np.tile([1.0, 0.5], 10)
    settings = {"epochs": 400, "optimizer": "sgd", "learning_rate": 0.5}
    return training.train_many(SPEC, circles, draws=20, offset=offset, scale=scale, **settings)


def with_accuracies(ensemble, accuracies, **settings):
    """Give the first members these final accuracies, and drop the others."""
    n = len(accuracies)
    kept = {f.name: getattr(ensemble, f.name) for f in dataclasses.fields(ensemble)}
    cut = {
        name: value[:n]
        for name, value in kept.items()
        if isinstance(value, np.ndarray | Weights) and name != "epochs"
    }
    cut["accuracy"] = np.tile(np.array(accuracies)[:, np.newaxis], len(ensemble.epochs))
    return dataclasses.replace(ensemble, **cut | settings)


def test_a_snapshot_is_the_network_of_its_epoch(run):
    for index, epoch in ((0, 0), (2, 200), (-1, 400), (4, 400)):
        snapshot = run.snapshot(index)
        assert snapshot.epoch == epoch
        assert snapshot.loss == run.loss[index]
        assert snapshot.accuracy == run.accuracy[index]
        passed = networks.forward_pass(run.dataset.X, run.weights[index], activation="relu")
        np.testing.assert_array_equal(snapshot.forward.logits, passed.logits)
        np.testing.assert_array_equal(
            snapshot.forward.pre_activations[0], passed.pre_activations[0]
        )


def test_the_last_snapshot_and_model_are_the_ones_that_are_meant(run):
    assert run.snapshot().epoch == 400
    for ours, weight in zip(run.weights[-1].to_list(), run.model().get_weights(), strict=True):
        np.testing.assert_array_equal(ours, weight)


@pytest.mark.parametrize("index", [5, -6])
def test_a_snapshot_that_does_not_exist_is_refused(run, index):
    message = rf"^index must lie between -5 and 4, got {index}$"
    for read in (run.snapshot, run.model):
        with pytest.raises(ValueError, match=message):
            read(index)


@pytest.mark.parametrize("index", [20, -21])
def test_a_network_that_does_not_exist_is_refused(ensemble, index):
    for read in (ensemble.model, ensemble.run):
        with pytest.raises(ValueError, match=rf"^i must lie between -20 and 19, got {index}$"):
            read(index)


@pytest.mark.parametrize("name", ["run", "ensemble"])
def test_results_cannot_be_changed(request, name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        request.getfixturevalue(name).loss = 0


def test_a_run_tells_its_settings(run, circles):
    assert (run.spec, run.optimizer, run.learning_rate, run.seed) == (SPEC, "sgd", 0.5, 0)
    np.testing.assert_array_equal(run.dataset.X, circles.X + 0.5)
    assert run.summary().endswith("after 400 epochs")


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
        answers = ensemble.model(i)(X.astype(np.float32)).numpy()[:, 0] > 0.5
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
        for ours, theirs in zip(run.weights[moment].to_list(), weights.to_list(), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    for ours, weight in zip(
        run.model().get_weights(), ensemble.model(13).get_weights(), strict=True
    ):
        np.testing.assert_array_equal(ours, weight)


def test_the_share_above_a_threshold_counts_final_accuracies(ensemble):
    few = with_accuracies(ensemble, [0.5, 0.9, 0.95, 1.0])
    assert few.draws == 4
    assert few.share_above(0.9) == 0.5
    assert few.share_above(0.4) == 1


def test_a_learning_curve_has_a_point_for_each_value_of_the_setting(ensemble):
    few = with_accuracies(
        ensemble, [0.5, 0.9, 0.95, 1.0, 0.2], offset=np.array([3.0, 0.0, 0.0, 3.0, 3.0])
    )
    curve = training.learning_curve(few, "offset", threshold=0.9)
    assert curve.x.tolist() == [0, 3]
    np.testing.assert_allclose(curve.y, [1 / 2, 1 / 3])
    # The standard error of a share p of n networks, sqrt(p (1 - p) / n).
    np.testing.assert_allclose(curve.standard_error, [np.sqrt(1 / 8), np.sqrt(2 / 27)])


@pytest.mark.parametrize(
    ("setting", "label"),
    [
        ("offset", "offset of the data"),
        ("scale", "scale of the data"),
        ("learning_rate", "learning rate"),
        ("gain", "gain of the initial kernels"),
    ],
)
def test_a_learning_curve_is_labelled_with_its_setting(ensemble, setting, label):
    assert training.learning_curve(ensemble, setting, threshold=0.9).x_label == label


def test_a_learning_curve_over_something_else_is_refused(ensemble):
    with pytest.raises(ValueError, match=r"^setting must be one of .*'gain', got 'seed'$"):
        training.learning_curve(ensemble, "seed", threshold=0.9)


def test_the_summary_of_an_ensemble_tells_the_median(ensemble):
    few = with_accuracies(ensemble, [0.5, 0.9, 1.0])
    assert few.summary() == "3 networks: median accuracy 90%"


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
        for ours, last in zip(
            getattr(joined, name)[20:].to_list(), getattr(other, name).to_list(), strict=True
        ):
            np.testing.assert_array_equal(ours, last)


def test_ensembles_of_different_kinds_are_not_joined(ensemble):
    other_epochs = dataclasses.replace(ensemble, epochs=ensemble.epochs * 2)
    other_spec = dataclasses.replace(ensemble, spec=models.MLPSpec(units=(5,)))
    for other in (other_epochs, other_spec):
        with pytest.raises(ValueError, match="ensembles must share one specification"):
            training.join([ensemble, other])
    with pytest.raises(ValueError, match="at least one ensemble, got none"):
        training.join([])
