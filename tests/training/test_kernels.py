"""Columns of kernels: units that start alike stay alike; updates against the weights."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import initializers, models, training
from nnhelpers.networks import Weights
from nnhelpers.training import ColumnHistory

FLOAT32 = float(np.finfo(np.float32).eps)
ONE = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]).T
CONSTANT = initializers.constant_with_noise(0.5)


def history_of(*snapshots):
    epochs = 10 * np.arange(len(snapshots))
    return ColumnHistory(epochs=epochs, columns=np.array(snapshots, dtype=float))


def train(circles, activation, *, initializer=CONSTANT, units=(4,), **settings):
    spec = models.MLPSpec(units=units, activation=activation, kernel_initializer=initializer)
    plain = {"epochs": 300, "snapshots": 10, "optimizer": "sgd", "learning_rate": 0.5}
    return training.train(spec, circles, **plain | settings)


def test_columns_count_as_one_where_no_weight_differs_by_more_than_a_hundredth():
    near, apart = ONE.copy(), ONE.copy()
    near[0, 2] += 0.019  # of a largest weight of 2
    apart[0, 2] += 0.021
    history = history_of(ONE, near, apart)
    np.testing.assert_array_equal(history.distinct, [1, 1, 2])
    np.testing.assert_array_equal(history.places, [[0, 0, 0], [0, 0, 0], [0, 0, 2]])


def test_the_spread_compares_distances_from_the_mean_with_lengths():
    opposite = np.array([[3.0, -3.0], [4.0, -4.0]])
    beside = np.array([[3.0, 3.0], [4.0, -4.0]])
    spread = history_of(opposite, beside, np.zeros((2, 2)), 0.1 * np.ones((2, 2))).spread
    np.testing.assert_allclose(spread, [1, 0.8, 0, 0], rtol=1e-12, atol=0)
    assert (history_of(np.full((2, 7), 0.1), np.full((2, 7), 1 / 3)).spread == 0).all()


def test_units_escape_at_the_first_epoch_with_a_spread_above_a_tenth():
    # Columns at 1 ± s in one direction have a spread of s / sqrt(1 + s²).
    below, above = ([[1 - s, 1 + s], [0, 0]] for s in (0.099, 0.102))
    assert history_of(below, below, above, above).escape_epoch == 20
    assert history_of(below, below).escape_epoch == np.inf


def test_a_history_holds_the_kernels_of_the_keras_model(trained):
    run = trained.deep_run
    for layer in (0, 1, -1):
        history = training.column_history(run, layer=layer)
        dense = [each for each in run.model(2).layers if each.name.endswith(("0", "1", "output"))]
        np.testing.assert_array_equal(history.columns[2], dense[layer].get_weights()[0])


def test_a_layer_that_is_not_there_is_refused(trained):
    with pytest.raises(ValueError, match="layer must lie between -2 and 1, got 2"):
        training.column_history(trained.run, layer=2)


def test_a_run_that_diverged_has_columns_up_to_then(trained):
    history = training.column_history(trained.diverged_run)
    assert np.isfinite(history.columns[0]).all()
    assert np.isnan(history.spread[-1])
    assert history.summary() == "diverged"


ZEROS = {"initializer": "zeros", "optimizer": "adam"}


@pytest.mark.parametrize(
    ("activation", "settings"),
    [("relu", {}), ("tanh", {"units": (5,) * 4}), ("sigmoid", {"batch_size": 32, **ZEROS})],
)
def test_units_with_one_start_are_trained_as_one_in_every_layer(circles, activation, settings):
    run = train(circles, activation, **settings)
    for layer in range(len(run.spec.units)):
        history = training.column_history(run, layer=layer)
        assert np.abs(history.columns[-1] - history.columns[0]).max() > 0.01
        assert (history.distinct == 1).all()
        assert history.spread.max() == 0


@pytest.fixture(scope="module")
def run_of(circles):
    """Train a step at a time."""

    def make(**settings):
        spec = models.MLPSpec(units=(5, 4), activation="tanh")
        return training.train(spec, circles, epochs=6, snapshots=6, **settings)

    return make


def with_kernels(run, *kernels):
    arrays = [np.array(kernel, dtype=np.float32) for kernel in kernels]
    biases = tuple(np.zeros((len(kernel), kernel.shape[-1])) for kernel in arrays)
    return replace(
        run, epochs=np.arange(len(arrays[0])), weights=Weights(kernels=tuple(arrays), biases=biases)
    )


def test_a_ratio_compares_an_update_with_the_weights_before_it(run_of):
    run = with_kernels(run_of(), [[[3.0, 4.0]], [[3.0, 4.5]], [[0.0, 0.0]], [[1.0, 0.0]]])
    history = training.update_ratios(run)
    np.testing.assert_allclose(history.update_to_weight_ratio[:, 0], [0.1, 1, np.nan], rtol=1e-12)
    assert history.epochs.tolist() == [1, 2, 3]
    assert history.median[0] == pytest.approx(0.55)


def test_a_step_of_gradient_descent_is_the_rate_times_the_gradient(run_of):
    run = run_of(optimizer="sgd", learning_rate=0.1)
    ratio = training.update_ratios(run).update_to_weight_ratio
    assert ratio.shape == (6, 3)
    for index in range(6):
        gradients = models.gradients(run.model(index), run.dataset.X, run.dataset.y)
        for layer, kernel in enumerate(run.weights.kernels):
            before = np.sqrt(np.mean(kernel[index].astype(float) ** 2))
            step = 0.1 * np.sqrt(np.mean(gradients[2 * layer] ** 2))
            # Each new weight is rounded to float32.
            rounding = FLOAT32 * np.abs(kernel[index]).max() / before
            expected = step / before
            assert ratio[index, layer] == pytest.approx(expected, rel=1e-3, abs=rounding)


def test_kernels_of_zeros_and_diverged_ones_have_no_ratio(run_of, trained):
    zeros = with_kernels(run_of(), np.zeros((3, 2, 2)), np.ones((3, 2, 1)))
    history = training.update_ratios(zeros)
    assert np.isnan(history.update_to_weight_ratio[:, 0]).all()
    assert np.isnan(history.median[0])
    assert history.median[1] == 0
    assert history.summary().endswith("none in layer 1, 0 in the output layer")
    diverged = training.update_ratios(trained.diverged_run).update_to_weight_ratio
    assert not np.isinf(diverged).any()
    assert np.isnan(diverged[-1]).all()


def test_the_summary_gives_one_digit_for_both_ends(run_of):
    kernels = [[[1.0]], [[1.0043]]], [[[1.0]], [[1.2]]], [[[1.0]], [[1.0 + 2**-20]]]
    history = training.update_ratios(with_kernels(run_of(), *kernels))
    assert history.summary() == (
        "tanh, rmsprop: median update to weight 0.004 in layer 1, 1e-06 in the output layer"
    )


def test_a_run_of_one_snapshot_has_no_update(run_of):
    run = with_kernels(run_of(), np.ones((1, 2, 1)))
    with pytest.raises(ValueError, match="run must have at least two snapshots, got 1"):
        training.update_ratios(run)
