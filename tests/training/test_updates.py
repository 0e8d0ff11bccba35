"""Updates against weights, from kernels made by hand and from the optimizers' formulas."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import models, training
from nnhelpers.networks import Weights

FLOAT32 = float(np.finfo(np.float32).eps)


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


def test_the_first_step_of_adam_moves_weights_by_the_learning_rate_whatever_the_gradient(run_of):
    run = run_of(optimizer="adam", learning_rate=0.01)
    ratio = training.update_ratios(run).update_to_weight_ratio[0]
    gradients = models.gradients(run.model(0), run.dataset.X, run.dataset.y)
    for layer, kernel in enumerate(run.weights.kernels):
        size = np.abs(gradients[2 * layer])
        # Keras's epsilon, before the correction of the mean square; it only matters to gradients
        # that are nearly zero.
        steps = 0.01 * size / (size + 1e-7 / np.sqrt(1 - 0.999))
        before = np.sqrt(np.mean(kernel[0].astype(float) ** 2))
        assert ratio[layer] == pytest.approx(np.sqrt(np.mean(steps**2)) / before, rel=1e-4)
        assert ratio[layer] == pytest.approx(0.01 / before, rel=0.02)


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
