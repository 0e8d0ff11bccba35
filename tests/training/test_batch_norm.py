"""Networks with batch norm, trained in the compiled loop."""

from dataclasses import replace

import numpy as np
import pytest
from random_networks import assert_equal_weights

from nnhelpers import datasets, models, networks, training

CIRCLES = datasets.load_circles()
EVERY = models.MLPSpec(units=(5, 4), activation="tanh", batch_normalization=True)
SECOND = models.BatchNorm(layers=(1,))
SETTINGS = {"optimizer": "sgd", "learning_rate": 0.3, "batch_size": 32, "seed": 2}
# Of float32 sums over 166 examples through three layers.
ROUNDING = 2e-5


@pytest.fixture(scope="module")
def run():
    return training.train(EVERY, CIRCLES, epochs=6, snapshots=3, **SETTINGS)


@pytest.fixture(scope="module")
def ensemble():
    return training.train_many(EVERY, CIRCLES, draws=6, epochs=6, **SETTINGS)


def cross_entropy(logits, y):
    return np.logaddexp(0, logits[..., 0] * (1 - 2 * y)).mean(axis=-1)


def test_one_loss_is_that_of_inference_the_other_that_of_all_data_as_one_batch(run):
    for i in range(len(run.epochs)):
        adapted = networks.with_batch_moments(CIRCLES.X, run.weights[i], activation="tanh")
        for weights, loss in ((run.weights[i], run.loss), (adapted, run.training_loss)):
            passed = networks.forward_pass(CIRCLES.X, weights, activation="tanh")
            assert loss[i] == pytest.approx(cross_entropy(passed.logits, CIRCLES.y), abs=ROUNDING)
    assert abs(run.training_loss[1] - run.loss[1]) > 0.01


def test_a_network_without_batch_norm_has_one_loss():
    plain = replace(EVERY, batch_normalization=False)
    many = training.train_many(plain, CIRCLES, draws=2, epochs=2, **SETTINGS)
    for trained in (training.train(plain, CIRCLES, epochs=2, **SETTINGS), many):
        np.testing.assert_array_equal(trained.training_loss, trained.loss)


def test_the_moving_moments_lag_by_the_power_of_the_momentum():
    # Without a learning rate worth the name the batch stays what it is.
    spec = replace(EVERY, batch_normalization=models.BatchNorm(momentum=0.9))
    still = training.train(
        spec, CIRCLES, epochs=20, optimizer="sgd", learning_rate=1e-30, snapshots=20
    )
    adapted = networks.with_batch_moments(CIRCLES.X, still.weights[0], activation="tanh").norms[0]
    left = 0.9 ** still.epochs[:, np.newaxis]
    expected = (1 - left) * adapted.moving_mean
    np.testing.assert_allclose(still.weights.norms[0].moving_mean, expected, atol=1e-6)
    expected = left + (1 - left) * adapted.moving_variance
    np.testing.assert_allclose(still.weights.norms[0].moving_variance, expected, atol=1e-5)


def test_training_goes_on_where_it_ended_moving_moments_included_and_nowhere_else(ensemble):
    np.testing.assert_array_equal(ensemble.accuracy_on(CIRCLES), ensemble.final_accuracy)
    later = training.train_from(EVERY, CIRCLES, start=ensemble.weights, epochs=2, **SETTINGS)
    np.testing.assert_array_equal(later.loss[:, 0], ensemble.loss[:, -1])
    assert later.initial_weights.norms[0].moving_mean.any()
    plain = replace(ensemble.initial_weights, norms=())
    with pytest.raises(ValueError, match="start must have arrays of shapes"):
        training.train_from(EVERY, CIRCLES, start=plain, epochs=1)


def test_the_first_network_of_an_ensemble_is_there_at_every_moment(ensemble):
    first = ensemble.first_run()
    np.testing.assert_array_equal(first.training_loss, ensemble.training_loss[0])
    for moment in (0, -1):
        assert_equal_weights(first.weights[moment], ensemble.run(0).weights[moment])
    passed = first.snapshot(2).forward
    assert cross_entropy(passed.logits, CIRCLES.y) == pytest.approx(first.loss[2], abs=ROUNDING)
    with pytest.raises(ValueError, match="first_snapshots must hold"):
        replace(ensemble, first_snapshots=None).first_run()


def test_a_run_of_an_ensemble_and_ensembles_joined_keep_both_losses(ensemble):
    np.testing.assert_array_equal(ensemble.run(4).training_loss, ensemble.training_loss[4, [0, -1]])
    joined = training.join([ensemble, ensemble])
    np.testing.assert_array_equal(joined.training_loss[6:], ensemble.training_loss)
    np.testing.assert_array_equal(
        joined.weights.norms[1].gamma[6:], ensemble.weights.norms[1].gamma
    )


def test_a_moving_moment_that_is_not_finite_counts_as_diverged():
    broken = training.train_many(
        EVERY, CIRCLES, draws=2, epochs=3, optimizer="sgd", gain=np.array([1.0, 1e30])
    )
    assert broken.diverged.tolist() == [False, True]
    # The gain is for kernels alone.
    assert (broken.initial_weights.norms[0].gamma == 1).all()


def test_the_epsilon_is_that_of_the_specification():
    spec = replace(EVERY, batch_normalization=models.BatchNorm(epsilon=0.5))
    start = training.train_many(EVERY, CIRCLES, draws=2, epochs=0).weights
    trained = training.train_from(spec, CIRCLES, start=start, epochs=1)
    assert trained.weights.norms[0].epsilon == 0.5


def test_a_pretrained_start_can_have_batch_norm():
    digits = datasets.take(datasets.rescale(datasets.load_digits(), 1 / 16), 60)
    spec = models.MLPSpec(units=(6, 5), n_outputs=10, batch_normalization=SECOND)
    start = training.pretrained_start(spec, digits.X, draws=2, steps=2)
    trained = training.train_from(spec, digits, start=start, epochs=2)
    assert trained.weights.norms[0] is None
    assert trained.weights.norms[1].gamma.shape == (2, 5)
