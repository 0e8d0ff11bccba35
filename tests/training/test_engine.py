"""What is compiled when, and the order in which mini-batches take the examples."""

import numpy as np
import pytest

from nnhelpers import models, training

SPEC = models.MLPSpec(units=(4,))
PLAIN = {"epochs": 30, "optimizer": "sgd"}


def test_every_epoch_takes_each_example_once():
    order = training.batch_order(n_examples=13, epochs=50, seed=2)
    assert order.shape == (50, 13)
    np.testing.assert_array_equal(np.sort(order, axis=1), np.tile(np.arange(13), (50, 1)))


def test_every_epoch_takes_the_examples_in_an_order_of_its_own():
    order = training.batch_order(n_examples=100, epochs=50, seed=2)
    assert len(np.unique(order, axis=0)) == 50
    # Each example comes first half of the time: 50 epochs, four standard errors.
    early = (np.argsort(order, axis=1) < 50).mean(axis=0)
    assert np.abs(early - 0.5).max() < 6 * 0.5 / np.sqrt(50)


def test_the_order_follows_from_the_seed():
    first, again, other = (training.batch_order(n_examples=20, epochs=9, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not (first == other).all(axis=1).any()


def test_more_epochs_begin_with_the_same_order():
    few, many = (training.batch_order(n_examples=20, epochs=n, seed=1) for n in (7, 30))
    np.testing.assert_array_equal(few, many[:7])


def test_no_epochs_need_no_order():
    assert training.batch_order(n_examples=20, epochs=0, seed=1).shape == (0, 20)


def test_a_new_architecture_is_compiled_once(circles):
    spec, before = models.MLPSpec(units=(3,), activation="leaky_relu"), training.compiled_traces()
    training.train(spec, circles, **PLAIN)
    assert training.compiled_traces() == before + 1
    training.train(spec, circles, **PLAIN)
    assert training.compiled_traces() == before + 1


def test_blocks_that_start_at_once_share_what_is_compiled(circles):
    spec, before = models.MLPSpec(units=(16,)), training.compiled_traces()
    ensemble = training.train_many(spec, circles, draws=70, **PLAIN)
    assert training.compiled_traces() == before + 1
    assert ensemble.draws == 70


MOVES = [
    {"offset": 3.5},
    {"scale": 0.1},
    {"learning_rate": 0.2},
    {"gain": 2.0},
    {"seed": 8},
    {"epochs": 1},
    {"epochs": 77},
]


@pytest.mark.parametrize("batch_size", [None, 32])
def test_moving_a_setting_of_a_run_compiles_nothing(circles, batch_size):
    training.train(SPEC, circles, batch_size=batch_size, **PLAIN)
    before = training.compiled_traces()
    for move in [*MOVES, {"snapshots": 1}, {"snapshots": 30}]:
        training.train(SPEC, circles, batch_size=batch_size, **PLAIN | move)
    assert training.compiled_traces() == before


def test_moving_a_setting_of_an_ensemble_compiles_nothing(circles):
    training.train_many(SPEC, circles, draws=20, **PLAIN)
    before = training.compiled_traces()
    for move in [*MOVES, {"offset": np.arange(20.0)}, {"draws": 17}, {"draws": 32}]:
        training.train_many(SPEC, circles, **PLAIN | {"draws": 20} | move)
    assert training.compiled_traces() == before


def test_any_large_number_of_draws_uses_the_same_blocks(circles):
    training.train_many(SPEC, circles, draws=128, **PLAIN)
    before = training.compiled_traces()
    for draws in (129, 260, 300):
        assert training.train_many(SPEC, circles, draws=draws, **PLAIN).draws == draws
    assert training.compiled_traces() == before


def test_moving_the_numbers_of_an_optimizer_compiles_nothing(circles):
    from keras.optimizers import SGD

    training.train(SPEC, circles, **PLAIN)
    before = training.compiled_traces()
    training.train(SPEC, circles, epochs=5, optimizer=SGD(0.3, momentum=0.9))
    assert training.compiled_traces() == before
