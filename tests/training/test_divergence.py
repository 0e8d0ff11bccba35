"""Runs whose weights leave float32's range are reported, never shown as if they had learned."""

import itertools

import numpy as np
import pytest
from random_networks import assert_equal_weights

from nnhelpers import models, training

SPEC = models.MLPSpec(units=(4,))
ABSURD = {"optimizer": "sgd", "learning_rate": 1e20, "scale": 1e5}


def first_broken_step(run):
    """Return the first snapshot with a weight that is not finite, or None."""
    flat = [np.isfinite(array).reshape(len(array), -1) for array in run.weights.to_list()]
    finite = np.concatenate(flat, axis=1).all(axis=1)
    return None if finite.all() else int(np.argmin(finite))


@pytest.mark.parametrize("snapshots", [30, 1])
def test_the_step_is_the_first_after_which_a_weight_is_not_finite(circles, snapshots):
    steps = []
    for rate, scale in itertools.product([0.1, 1e3, 1e20, 1e30], [1.0, 1e5, 1e20]):
        settings = {"epochs": 30, "optimizer": "sgd", "learning_rate": rate, "scale": scale}
        run = training.train(SPEC, circles, snapshots=snapshots, **settings)
        # With a snapshot after each of the 30 full-batch steps, the weights show when they broke.
        shown = training.train(SPEC, circles, snapshots=30, **settings)
        assert run.diverged_step == first_broken_step(shown)
        assert run.diverged == (run.diverged_step is not None)
        steps.append(run.diverged_step)
        assert ("diverged" in run.summary()) == run.snapshot().diverged == run.diverged
    assert {None, 1, 2} < set(steps)


def test_mini_batches_are_counted_as_steps(circles):
    # Six mini-batches an epoch: the weights break within the first epoch.
    run = training.train(SPEC, circles, epochs=3, batch_size=32, snapshots=3, **ABSURD)
    assert 1 < run.diverged_step <= 6
    assert first_broken_step(run) == 1


def test_a_diverged_run_says_so_wherever_it_is_read(circles):
    run = training.train(SPEC, circles, epochs=20, snapshots=4, **ABSURD)
    assert run.diverged
    assert run.summary() == f"diverged at step {run.diverged_step}"
    assert np.isfinite(run.loss[0])
    assert np.isfinite(run.accuracy[0])
    assert np.isnan(run.accuracy[1:]).all()
    snapshot = run.snapshot()
    assert snapshot.diverged
    assert snapshot.summary() == "epoch 20: diverged"
    assert np.isnan(snapshot.active_fraction).all()
    assert snapshot.status_count("dead") == 0
    assert np.isnan(snapshot.response().probability).all()
    assert snapshot.example(0).summary() == "example 0: diverged"
    assert not run.snapshot(0).diverged


def test_a_loss_beyond_float32_counts_as_diverged_even_with_finite_weights(circles):
    run = training.train(SPEC, circles, epochs=0, optimizer="sgd", scale=1e38, gain=1e3)
    assert run.diverged_step is None
    assert not np.isfinite(run.loss[0])
    assert np.isnan(run.accuracy[0])
    assert run.diverged
    assert run.summary() == "diverged"


@pytest.fixture(scope="module")
def every_second_diverged(circles):
    settings = {"learning_rate": np.tile([0.1, 1e30], 10), "scale": np.tile([1.0, 100.0], 10)}
    return training.train_many(SPEC, circles, draws=20, epochs=20, optimizer="sgd", **settings)


def test_each_member_of_an_ensemble_diverges_on_its_own(every_second_diverged):
    broken = np.tile([False, True], 10)
    np.testing.assert_array_equal(every_second_diverged.diverged, broken)
    np.testing.assert_array_equal(every_second_diverged.diverged_step > 0, broken)
    np.testing.assert_array_equal(np.isnan(every_second_diverged.final_accuracy), broken)
    assert every_second_diverged.diverged_step.max() <= 20
    assert every_second_diverged.diverged_share == 0.5


def test_the_healthy_members_train_as_if_nothing_had_happened(circles, every_second_diverged):
    settings = {"draws": 20, "epochs": 20, "optimizer": "sgd", "learning_rate": 0.1}
    healthy = training.train_many(SPEC, circles, **settings)
    assert_equal_weights(every_second_diverged.weights[0::2], healthy.weights[0::2])


def test_diverged_members_never_count_as_having_learned(circles, every_second_diverged):
    assert every_second_diverged.share_above(0) == 0.5
    curve = training.learning_curve(every_second_diverged, "learning_rate", threshold=0)
    assert curve.y.tolist() == [1, 0]
    elsewhere = every_second_diverged.accuracy_on(circles)
    np.testing.assert_array_equal(np.isnan(elsewhere), every_second_diverged.diverged)


def test_diverged_members_have_no_active_fractions_after_training(every_second_diverged):
    after = every_second_diverged.active_fraction()
    assert np.isnan(after[1::2]).all()
    assert np.isfinite(after[0::2]).all()
    assert np.isfinite(every_second_diverged.active_fraction(trained=False)).all()


def test_an_ensembles_summary_tells_how_many_diverged(circles, every_second_diverged):
    assert every_second_diverged.summary().endswith(", 50% diverged")
    assert "nan" not in every_second_diverged.summary()
    lost = training.train_many(SPEC, circles, draws=20, epochs=20, **ABSURD)
    assert lost.diverged_share == 1
    assert "nan" not in lost.summary()
