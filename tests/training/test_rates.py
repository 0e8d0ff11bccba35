"""Which learning rates train, over ensembles and by hand; weights at several moments."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import models, training

PLAIN = models.MLPSpec(units=(4,))
NORMALIZED = models.MLPSpec(units=(4,), batch_normalization=True)
RATES = [0.1, 0.1, 2.0, 2.0, 1.0, 1.0, 1.0]


@pytest.fixture(scope="module")
def many(circles):
    return {
        spec: training.train_many(
            spec, circles, draws=7, epochs=10, optimizer="sgd", learning_rate=RATES
        )
        for spec in (PLAIN, NORMALIZED)
    }


def with_ends(ensemble, ends):
    """Return the ensemble with other losses at the end, in both modes."""
    loss = ensemble.loss.copy()
    loss[:, -1] = ends
    both = None if ensemble.training_loss is None else loss
    return replace(ensemble, loss=loss, training_loss=both)


@pytest.mark.parametrize("spec", [PLAIN, NORMALIZED])
def test_a_share_counts_the_networks_of_one_rate_below_the_level(spec, many):
    ensemble = with_ends(many[spec], [0.1, 0.3, 0.1, 0.1, 0.3, 0.3, 0.1])
    result = training.rate_range(ensemble, below=0.2)
    np.testing.assert_array_equal(result.rates, [0.1, 1.0, 2.0])
    np.testing.assert_allclose(result.share, [1 / 2, 1 / 3, 1])
    errors = np.sqrt([0.25 / 2, (2 / 9) / 3, 0])
    np.testing.assert_allclose(result.standard_error, errors)
    assert result.networks == 2
    assert result.largest == 2
    assert result.working.tolist() == [0.1, 2.0]
    assert result.batch_norm is (spec is NORMALIZED)
    assert result.summary() == "at least half of 2 networks train at rates from 0.1 to 2"


def test_with_batch_norm_the_loss_of_training_counts(many):
    lagging = replace(many[NORMALIZED], training_loss=0 * many[NORMALIZED].loss)
    assert (training.rate_range(lagging).share == 1).all()
    forgotten = replace(lagging, training_loss=1 + 0 * lagging.loss, loss=0 * lagging.loss)
    assert (training.rate_range(forgotten).share == 0).all()


def test_where_no_rate_works_there_is_no_largest(many):
    result = training.rate_range(with_ends(many[PLAIN], 5.0))
    assert result.largest is None
    assert result.summary() == "no learning rate trains half of 2 networks"


def test_a_network_that_diverged_does_not_train(many):
    ensemble = with_ends(many[PLAIN], 0.0)
    lost = replace(ensemble, diverged_step=np.ones(7, dtype=int))
    assert (training.rate_range(lost).share == 0).all()


@pytest.mark.parametrize("below", [0, -1.0, np.nan, np.inf])
def test_a_level_that_is_no_loss_is_refused(below, many):
    with pytest.raises(ValueError, match="below must be positive and finite"):
        training.rate_range(many[PLAIN], below=below)


@pytest.mark.parametrize("spec", [PLAIN, NORMALIZED])
def test_weights_at_a_moment_are_those_of_a_training_that_long(spec, circles):
    settings = {"draws": 3, "learning_rate": 0.3, "seed": 4}
    found = training.weights_at(spec, circles, epochs=(0, 2, 7), **settings)
    for index, epochs in enumerate((0, 2, 7)):
        direct = training.train_many(spec, circles, epochs=epochs, optimizer="sgd", **settings)
        for ours, theirs in zip(found[index].to_list(), direct.weights.to_list(), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert found.kernels[0].shape == (3, 3, 2, 4)


@pytest.mark.parametrize("epochs", [(), (3, 3), (5, 2), (-1, 2)])
def test_moments_that_do_not_ascend_from_zero_are_refused(epochs, circles):
    with pytest.raises(ValueError, match="epochs must"):
        training.weights_at(PLAIN, circles, epochs=epochs, draws=2)
