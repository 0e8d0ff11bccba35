"""`train` and `train_many`: what they record, what their settings do, what they refuse."""

import dataclasses

import keras
import numpy as np
import pytest
from random_networks import assert_equal_arrays, assert_equal_weights

from nnhelpers import datasets, models, networks, training
from nnhelpers.training import _tasks

SPEC = models.MLPSpec(units=(4,))
SGD = {"optimizer": "sgd", "learning_rate": 0.1}
FLOAT32 = float(np.finfo(np.float32).eps)


@pytest.fixture(scope="module")
def grid(circles):
    """Return the circles rounded so that moving and halving them is exact in float32."""
    return dataclasses.replace(circles, X=np.round(circles.X * 64) / 64)


@pytest.fixture(scope="module")
def some_digits():
    digits = datasets.load_digits()
    return dataclasses.replace(digits, X=digits.X[:300] / 16, y=digits.y[:300])


def started(spec, *, seed):
    drawn = networks.draw(spec, n_features=2, draws=1, seed=seed)[0]
    return drawn.map(lambda array: array.astype(np.float32))


def assert_evaluates_to(model, spec, dataset, loss, accuracy):
    """Compare with Keras, up to float32's rounding of the logits and of the sum over examples."""
    assert type(model) is keras.Sequential
    model.compile(loss=spec.loss, metrics=["accuracy"])
    n = dataset.n_examples
    theirs = model.evaluate(dataset.X.astype(np.float32), dataset.y, batch_size=n, verbose=0)
    tolerance = FLOAT32 * (n * max(1, loss) + 10 * np.abs(dataset.X).max() * dataset.n_features)
    np.testing.assert_allclose([loss, accuracy], theirs, rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    ("epochs", "snapshots", "expected"),
    [(10, 3, [0, 3, 7, 10]), (3, 50, [0, 1, 2, 3]), (7, 1, [0, 7]), (0, 50, [0])],
)
def test_snapshots_are_evenly_spaced_from_the_untrained_network_on(
    circles, epochs, snapshots, expected
):
    run = training.train(SPEC, circles, epochs=epochs, snapshots=snapshots, **SGD)
    assert run.epochs.tolist() == expected
    assert run.loss.shape == run.accuracy.shape == (len(expected),)
    assert {len(array) for array in run.weights.to_list()} == {len(expected)}


@pytest.mark.parametrize("batch_size", [None, 32])
@pytest.mark.parametrize("epochs", [0, 20])
def test_the_first_snapshot_is_the_untrained_network(circles, epochs, batch_size):
    run = training.train(SPEC, circles, epochs=epochs, batch_size=batch_size, seed=6, **SGD)
    assert_equal_weights(run.weights[0], started(SPEC, seed=6))
    assert run.snapshot(0).epoch == 0


ADAM = {"batch_size": 64, "optimizer": "adam", "learning_rate": 0.02}


@pytest.mark.parametrize(
    ("n_outputs", "settings"), [(1, {"epochs": 400, "offset": 0.5, **SGD}), (10, ADAM)]
)
def test_loss_and_accuracy_of_a_run_are_those_of_keras(circles, some_digits, n_outputs, settings):
    dataset = circles if n_outputs == 1 else some_digits
    spec = models.MLPSpec(units=(12,), n_outputs=n_outputs)
    run = training.train(spec, dataset, **{"epochs": 10, "snapshots": 2} | settings)
    for k in (0, 2):
        model = run.model(k)
        assert_equal_arrays(model.get_weights(), run.weights[k].to_list())
        assert_evaluates_to(model, spec, run.dataset, run.loss[k], run.accuracy[k])
    assert run.loss[-1] < run.loss[0]


def test_an_ensemble_records_about_twenty_moments_from_the_untrained_networks_on(circles):
    ensemble = training.train_many(SPEC, circles, draws=20, epochs=100, **SGD)
    assert ensemble.epochs.tolist() == list(range(0, 101, 5))
    assert ensemble.loss.shape == ensemble.accuracy.shape == (20, 21)
    moved = ensemble.weights.kernels[0] != ensemble.initial_weights.kernels[0]
    assert moved.any(axis=(1, 2)).all()


def test_members_with_an_offset_and_a_scale_train_on_moved_data(grid):
    offset, scale = np.tile([0.0, 1.0, -2.0, 5.0], 5), np.repeat([0.5, 1.0, 2.0, 4.0], 5)
    settings = {"draws": 20, "epochs": 300, **SGD}
    ensemble = training.train_many(SPEC, grid, offset=offset, scale=scale, **settings)
    for i in (0, 6, 18):
        moved = datasets.shift(datasets.rescale(grid, scale[i]), offset[i])
        expected = training.train_many(SPEC, moved, **settings)
        assert_equal_weights(ensemble.weights[i], expected.weights[i])
    np.testing.assert_array_equal(ensemble.offset, offset)
    np.testing.assert_array_equal(ensemble.scale, scale)
    assert ensemble.dataset is grid
    np.testing.assert_array_equal(ensemble.run(18).dataset.X, moved.X)
    assert training.train(SPEC, grid, epochs=0).dataset is grid


@pytest.mark.parametrize("name", ["offset", "scale", "learning_rate", "gain"])
def test_a_setting_for_each_member_is_that_setting_for_all(circles, name):
    values = np.linspace(0.1, 2, 20)
    settings = {"draws": 20, "epochs": 50, "optimizer": "sgd"}
    ensemble = training.train_many(SPEC, circles, **settings | {name: values})
    np.testing.assert_array_equal(getattr(ensemble, name), values)
    losses = [ensemble.loss]
    for i in (3, 11):
        alike = training.train_many(SPEC, circles, **settings | {name: values[i]})
        assert_equal_weights(ensemble.weights[i], alike.weights[i])
        losses.append(alike.loss)
    assert not np.allclose(losses[1], losses[2])


def test_a_learning_rate_takes_the_place_of_the_optimizers_own(circles):
    settings = {"epochs": 50, "snapshots": 2}
    run = training.train(SPEC, circles, optimizer="sgd", learning_rate=0.3, **settings)
    other = training.train(SPEC, circles, optimizer=keras.optimizers.SGD(0.3), **settings)
    assert run.learning_rate == 0.3
    assert other.learning_rate == pytest.approx(0.3, rel=FLOAT32)
    assert_equal_weights(run.weights, other.weights)
    default = training.train(SPEC, circles, optimizer="sgd", **settings)
    assert default.learning_rate == pytest.approx(0.01, rel=FLOAT32)
    assert not np.allclose(default.loss[-1], run.loss[-1])


def test_a_gain_multiplies_the_initial_kernels_and_leaves_the_biases(circles):
    spec = models.MLPSpec(units=(4,), bias_initializer="ones")
    start = started(spec, seed=0)
    for gain in (2.5, 0.0):
        run = training.train(spec, circles, epochs=0, gain=gain, optimizer="sgd")
        assert_equal_arrays(run.weights[0].kernels, [np.float32(gain) * k for k in start.kernels])
        assert_equal_arrays(run.weights[0].biases, start.biases)


@pytest.mark.parametrize("batch_size", [None, 32])
def test_the_draws_around_a_member_change_no_bit_of_it(circles, batch_size):
    settings = {"epochs": 30, "batch_size": batch_size, **SGD}
    many = training.train_many(SPEC, circles, draws=30, **settings)
    for draws in (1, 2, 7):
        few = training.train_many(SPEC, circles, draws=draws, **settings)
        assert_equal_weights(few.weights, many.weights[:draws])
        np.testing.assert_array_equal(few.loss, many.loss[:draws])
    alone = training.train(SPEC, circles, snapshots=20, **settings)
    assert_equal_weights(alone.weights, many.first_run().weights)


@pytest.mark.parametrize("batch_size", [None, 32])
def test_the_number_of_snapshots_changes_no_bit_of_a_run(circles, batch_size):
    settings = {"epochs": 200, "batch_size": batch_size, **SGD}
    few, many = (training.train(SPEC, circles, snapshots=n, **settings) for n in (4, 200))
    assert len(many.epochs) == 201
    assert_equal_weights(few.weights, many.weights[few.epochs])
    np.testing.assert_array_equal(few.loss, many.loss[few.epochs])


@pytest.mark.parametrize("batch_size", [166, 1_000])
def test_a_batch_that_holds_all_examples_is_the_full_batch(circles, batch_size):
    run = training.train(SPEC, circles, epochs=20, batch_size=batch_size, **SGD)
    assert_equal_weights(run.weights, training.train(SPEC, circles, epochs=20, **SGD).weights)


def test_one_example_is_enough_to_train_on(circles):
    lone = dataclasses.replace(circles, X=circles.X[:1], y=circles.y[:1])
    run = training.train(SPEC, lone, epochs=200, batch_size=32, **SGD)
    assert run.accuracy[-1] == 1


def test_runs_with_another_seed_start_elsewhere_and_take_other_batches(circles):
    settings = {"epochs": 5, "batch_size": 32, **SGD}
    first, again, other = (training.train(SPEC, circles, seed=s, **settings) for s in (1, 1, 2))
    assert_equal_weights(first.weights, again.weights)
    assert not np.isin(first.weights.kernels[0][0], other.weights.kernels[0][0]).any()
    alike = models.MLPSpec(units=(4,), kernel_initializer="ones")
    ends = [training.train(alike, circles, seed=s, **settings).loss[-1] for s in (1, 2)]
    assert ends[0] != ends[1]


@pytest.fixture
def forbid_work(monkeypatch):
    def work(*_, **__):
        raise AssertionError("work began before the arguments were checked")

    monkeypatch.setattr(_tasks, "job_of", work)
    monkeypatch.setattr(networks, "draw", work)


DIGITS = datasets.load_digits()
NORMALIZED = models.MLPSpec(batch_normalization=True)
REFUSED = [
    ({"epochs": 3 * 10**9}, "epochs must stay below .* steps, got 3,000,000,000"),
    ({"offset": np.nan}, "offset must be finite in float32, got nan"),
    ({"offset": None}, "offset must hold numbers, got None"),
    ({"scale": 1e300}, r"scale must be finite in float32, got 1e\+300"),
    ({"scale": 0}, "scale must be positive in float32, got 0"),
    ({"learning_rate": 1e-60}, "learning_rate must be positive in float32, got 1e-60"),
    ({"gain": -2.0}, "gain must not be negative, got -2.0"),
    ({"gain": [1.0, 2.0]}, r"gain must be a number or 1 of them, got shape \(2,\)"),
    ({"ofset": 1}, r"train\(\) got an unexpected keyword argument 'ofset'.*"),
    ({"l2": -0.1}, "l2 must not be negative, got -0.1"),
    ({"dropout": 1.0}, r"dropout must lie in \[0, 1\), got 1.0"),
    ({"class_weight": {2: 1.0}}, r"class_weight must have classes 0 to 1, got \[2\]"),
    ({"class_weight": [1, -1]}, r"class_weight must be numbers from 0 to 3.*e\+38, got \[1, -1\]"),
    ({"sample_weight": [1, 2]}, "sample_weight must be 166 numbers, got 2"),
    ({"optimizer": "adagrad"}, "optimizer must be one of .*, got 'adagrad'"),
    ({"spec": NORMALIZED, "batch_size": 1}, "batch_size must leave no batch of one .* of 1"),
    ({"spec": NORMALIZED, "batch_size": 15}, "batch_size must leave no batch of one .* of 15"),
    ({"dataset": DIGITS}, "spec must have n_outputs=10 for these classes, got 1"),
    (
        {"dataset": DIGITS, "spec": models.MLPSpec(n_outputs=9)},
        "spec must have n_outputs=10 for these classes, got 9",
    ),
]


@pytest.mark.usefixtures("forbid_work")
@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_a_run_refuses_bad_arguments_before_any_work(circles, arguments, message):
    given = {"spec": SPEC, "dataset": circles, "epochs": 5} | arguments
    with pytest.raises((ValueError, TypeError), match=f"^{message}$"):
        training.train(**given)


OF_MANY = [
    ({"draws": 0}, "draws must be a whole number of at least 1, got 0"),
    ({"offset": [1, np.inf, 2, 3]}, r"offset must be finite in float32, got \[1, inf.*"),
    ({"scale": [1, 0, 2, 3]}, r"scale must be positive in float32, got \[1, 0, 2, 3\]"),
    ({"dataset": DIGITS}, "spec must have n_outputs=10 for these classes, got 1"),
]


@pytest.mark.usefixtures("forbid_work")
@pytest.mark.parametrize(("arguments", "message"), OF_MANY, ids=[text for _, text in OF_MANY])
def test_ensembles_refuse_bad_arguments_before_any_work(circles, arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        training.train_many(**{"spec": SPEC, "dataset": circles, "draws": 4} | arguments)


@pytest.mark.parametrize("spec", [SPEC, NORMALIZED])
def test_weights_at_a_moment_are_those_of_a_training_that_long(spec, circles):
    settings = {"draws": 3, "learning_rate": 0.3, "seed": 4}
    found = training.weights_at(spec, circles, epochs=(0, 2, 7), **settings)
    for index, epochs in enumerate((0, 2, 7)):
        direct = training.train_many(spec, circles, epochs=epochs, optimizer="sgd", **settings)
        assert_equal_weights(found[index], direct.weights)
    assert found.kernels[0].shape[:2] == (3, 3)


@pytest.mark.parametrize("epochs", [(), (3, 3), (5, 2), (-1, 2)])
def test_moments_that_do_not_ascend_from_zero_are_refused(epochs, circles):
    with pytest.raises(ValueError, match="epochs must"):
        training.weights_at(SPEC, circles, epochs=epochs, draws=2)


@pytest.fixture(scope="module")
def drawn(circles):
    return training.train_many(SPEC, circles, draws=4, epochs=6, batch_size=32, seed=2, **SGD)


def test_the_same_start_gives_the_same_networks(circles, drawn):
    settings = {"epochs": 6, "batch_size": 32, "seed": 2, **SGD}
    again = training.train_from(SPEC, circles, start=drawn.initial_weights, **settings)
    assert_equal_weights(again.weights, drawn.weights)
    np.testing.assert_array_equal(again.loss, drawn.loss)
    later = training.train_from(SPEC, circles, start=drawn.weights, **settings)
    np.testing.assert_array_equal(later.loss[:, 0], drawn.loss[:, -1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda kernel: kernel[:, :, :2], "start must have arrays of shapes"),
        (lambda kernel: kernel[:2], "start must have arrays of shapes"),
        (lambda kernel: kernel[:0], "start must have arrays of shapes"),
        (lambda kernel: kernel * np.nan, "start must be finite"),
    ],
    ids=["units", "draws", "none", "nan"],
)
def test_a_start_that_does_not_fit_is_refused(circles, drawn, change, message):
    kernel, *others = drawn.initial_weights.kernels
    start = dataclasses.replace(drawn.initial_weights, kernels=(change(kernel), *others))
    with pytest.raises(ValueError, match=message):
        training.train_from(SPEC, circles, start=start, epochs=1)


def test_a_class_without_a_weight_counts_once(circles):
    named, one = (
        training.train(networks.MLPSpec(units=(2,)), circles, epochs=3, class_weight=weights)
        for weights in ({0: 1.0, 1: 3.0}, {1: 3.0})
    )
    np.testing.assert_array_equal(one.loss, named.loss)
