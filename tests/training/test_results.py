"""What can be read off a training run, one moment of it, and one example there."""

import dataclasses

import numpy as np
import pytest
from random_networks import assert_equal_arrays

from nnhelpers import models, networks, training

SPEC = models.MLPSpec(units=(4,))
FLOAT32 = 100 * float(np.finfo(np.float32).eps)


@pytest.fixture(scope="module")
def run(circles):
    settings = {"epochs": 400, "snapshots": 4, "optimizer": "sgd", "learning_rate": 0.5}
    return training.train(SPEC, circles, offset=0.5, **settings)


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
    assert run.snapshot().example(-1).index == 165
    assert_equal_arrays(run.model().get_weights(), run.weights[-1].to_list())


@pytest.mark.parametrize("index", [5, -6])
def test_a_snapshot_that_does_not_exist_is_refused(run, index):
    message = rf"^index must lie between -5 and 4, got {index}$"
    for read in (run.snapshot, run.model):
        with pytest.raises(ValueError, match=message):
            read(index)
    with pytest.raises(ValueError, match=r"^index must lie between -166 and 165, got 166$"):
        run.snapshot().example(166)
    with pytest.raises(TypeError, match=r"^index must be a whole number, got 2\.5$"):
        run.snapshot(2.5)


def test_a_run_tells_its_settings_and_cannot_be_changed(run, circles):
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.loss = 0
    assert (run.spec, run.optimizer, run.learning_rate, run.seed) == (SPEC, "sgd", 0.5, 0)
    np.testing.assert_array_equal(run.dataset.X, circles.X + 0.5)
    assert run.summary().endswith("after 400 epochs")


@pytest.fixture(scope="module")
def snapshot(run):
    return run.snapshot()


def with_active_fractions(snapshot, *fractions):
    """Give the units pre-activations that are positive on these shares of the data."""
    n = snapshot.dataset.n_examples
    ranks = np.arange(n)[:, np.newaxis]
    z = np.where(ranks < np.round(np.array(fractions) * n), 1.0, -1.0)
    passed = dataclasses.replace(snapshot.forward, pre_activations=(z,))
    return dataclasses.replace(snapshot, forward=passed)


def test_hidden_values_are_those_that_keras_computes(run, snapshot):
    model = run.model()
    for ours, theirs in (
        (snapshot.forward.pre_activations, models.pre_activations(model, run.dataset.X)),
        (snapshot.forward.activations, models.activations(model, run.dataset.X)),
    ):
        largest = max(1, np.abs(theirs[0]).max())
        np.testing.assert_allclose(ours[0], theirs[0], rtol=0, atol=FLOAT32 * largest)


def test_units_are_counted_by_what_they_do(snapshot):
    moment = with_active_fractions(snapshot, 0, 0, 1, 0.5)
    counts = [moment.status_count(status) for status in ("dead", "always active", "splitting")]
    assert counts == [2, 1, 1]
    assert moment.summary().endswith("units: 1 splitting, 2 dead, 1 always active")
    assert moment.summary().startswith("epoch 400: accuracy 100%, ")


def test_the_response_is_what_keras_answers_on_a_grid_around_the_data(run, snapshot):
    response = snapshot.response()
    X = run.dataset.X
    # Standard deviations of both features together, about their own means.
    half = 3.2 * np.sqrt(X.var(axis=0).mean())
    for middle, values in zip(X.mean(axis=0), (response.x0, response.x1), strict=True):
        np.testing.assert_allclose(values, np.linspace(middle - half, middle + half, 121))
    model = run.model()
    for row, column in ((0, 0), (0, 120), (100, 40)):
        point = np.array([[response.x0[column], response.x1[row]]], dtype=np.float32)
        answer = float(model(point)[0, 0])
        assert response.probability[row, column] == pytest.approx(answer, abs=10 * FLOAT32)
    assert np.ptp(response.probability) > 0.1


def test_a_response_of_other_than_two_features_and_one_output_is_refused(circles):
    run = training.train(models.MLPSpec(n_outputs=2), circles, epochs=0)
    with pytest.raises(ValueError, match=r"^response needs two features and one .*, got 2 and 2$"):
        run.snapshot().response()


def test_an_example_is_one_row_of_the_forward_pass(run, snapshot):
    example = snapshot.example(7)
    np.testing.assert_array_equal(
        example.pre_activations[0], snapshot.forward.pre_activations[0][7]
    )
    np.testing.assert_array_equal(example.activations[0], snapshot.forward.activations[0][7])
    answer = float(run.model()(run.dataset.X[7:8].astype(np.float32))[0, 0])
    assert example.probability == pytest.approx(answer, abs=10 * FLOAT32)


def test_an_example_tells_how_many_units_it_activates(snapshot):
    example = with_active_fractions(snapshot, 0, 0.5, 1, 0.5).example(0)
    assert example.summary() == (f"example 0: 3 of 4 units active, p = {example.probability:.1f}")
