"""Loops that are compiled before they are needed."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import datasets, models, training

CIRCLES = datasets.load_circles()
KIND = {"draws": 12, "batch_size": 40, "optimizer": "adam"}


def test_what_was_compiled_ahead_is_not_compiled_again():
    first = models.MLPSpec(units=(3, 2), activation="elu")
    specs = [first, replace(first, batch_normalization=True), replace(first, units=(3,))]
    before = training.compiled_traces()
    compiling = training.compile_ahead(specs, CIRCLES, **KIND)
    assert repr(compiling) == "compiling 3 kinds of network in the background"
    compiling.join()
    assert training.compiled_traces() == before + 3
    for spec in specs:
        training.train_many(spec, CIRCLES, epochs=7, seed=3, learning_rate=0.1, **KIND)
    assert training.compiled_traces() == before + 3


def test_a_loop_that_is_not_ready_is_compiled_once_and_trains_the_same():
    spec = models.MLPSpec(units=(3, 3), activation="elu", batch_normalization=True)
    before = training.compiled_traces()
    thread = training.compile_ahead([spec], CIRCLES, **KIND)
    early = training.train_many(spec, CIRCLES, epochs=5, **KIND)
    thread.join()
    again = training.train_many(spec, CIRCLES, epochs=5, **KIND)
    assert training.compiled_traces() == before + 1
    np.testing.assert_array_equal(early.loss, again.loss)


def test_what_cannot_be_trained_is_refused_at_once():
    normalized = models.MLPSpec(batch_normalization=True)
    with pytest.raises(ValueError, match="batch_size must leave no batch of one"):
        training.compile_ahead([normalized], CIRCLES, **KIND | {"batch_size": 1})
    with pytest.raises(ValueError, match="draws must be at least 1"):
        training.compile_ahead([normalized], CIRCLES, **KIND | {"draws": 0})
    with pytest.raises(ValueError, match="specs must hold at least one specification"):
        training.compile_ahead([], CIRCLES, **KIND)
