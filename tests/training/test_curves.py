"""What became of networks against a setting: shares that learn, dead units, rates that train."""

from dataclasses import replace
from functools import partial

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
    return replace(ensemble, loss=loss, training_loss=loss)


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


def test_where_no_rate_works_there_is_no_largest_and_what_diverged_does_not_train(many):
    lost = replace(with_ends(many[PLAIN], 0.0), diverged_step=np.ones(7, dtype=int))
    for ensemble in (with_ends(many[PLAIN], 5.0), lost):
        result = training.rate_range(ensemble)
        assert (result.share == 0).all()
        assert result.largest is None
        assert result.summary() == "no learning rate trains half of 2 networks"


def test_a_learning_curve_has_a_point_for_each_value_of_the_setting(many):
    accuracy = np.zeros_like(many[PLAIN].accuracy)
    accuracy[:, -1] = [0.5, 0.9, 0.95, 1.0, 0.2, 0.2, 1.0]
    offset = np.array([3.0, 0, 0, 3, 3, 3, 0])
    ensemble = replace(many[PLAIN], accuracy=accuracy, offset=offset)
    curve = training.learning_curve(ensemble, "offset", threshold=0.9)
    assert curve.x.tolist() == [0, 3]
    np.testing.assert_allclose(curve.y, [2 / 3, 1 / 4])
    # The standard error of a share p of n networks, sqrt(p (1 - p) / n).
    np.testing.assert_allclose(curve.standard_error, [np.sqrt(2 / 27), np.sqrt(3 / 64)])
    assert curve.x_label == "offset of the data"
    assert curve.caption == "share of 3 networks above 90% accuracy"


def test_the_dead_curve_has_the_mean_and_its_error_at_each_setting(circles):
    spec, rates = models.MLPSpec(units=(6, 4)), np.repeat([0.1, 1.0, 1e30], 2)
    settings = {"draws": 6, "epochs": 60, "optimizer": "sgd", "offset": 5.0}
    ensemble = training.train_many(spec, circles, learning_rate=rates, **settings)
    curve, dead = training.dead_curve(ensemble, "learning_rate"), ensemble.dead_share()
    np.testing.assert_allclose(curve.x, [0.1, 1.0, 1e30])
    np.testing.assert_allclose(curve.y, [dead[:2].mean(), dead[2:4].mean(), np.nan])
    np.testing.assert_allclose(
        curve.standard_error[:2], [np.ptp(dead[:2]) / 2, np.ptp(dead[2:4]) / 2]
    )


def test_a_curve_over_something_else_is_refused(many):
    for curve in (partial(training.learning_curve, threshold=0.9), training.dead_curve):
        with pytest.raises(ValueError, match=r"^setting must be one of .*'gain', got 'seed'$"):
            curve(many[PLAIN], "seed")
