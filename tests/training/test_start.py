"""Training from weights that the caller brings along."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import datasets, models, training
from nnhelpers.networks import Weights

SPEC = models.MLPSpec(units=(3,), activation="tanh")
CIRCLES = datasets.load_circles()
SETTINGS = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 32, "seed": 2}


@pytest.fixture(scope="module")
def drawn():
    return training.train_many(SPEC, CIRCLES, draws=4, epochs=6, **SETTINGS)


def test_the_same_start_gives_the_same_networks(drawn):
    again = training.train_from(SPEC, CIRCLES, start=drawn.initial_weights, epochs=6, **SETTINGS)
    for ours, theirs in zip(again.weights.to_list(), drawn.weights.to_list(), strict=True):
        assert np.array_equal(ours, theirs)
    assert np.array_equal(again.loss, drawn.loss)


def test_the_gain_multiplies_the_given_kernels(drawn):
    doubled = training.train_from(
        SPEC, CIRCLES, start=drawn.initial_weights, epochs=0, gain=2.0, **SETTINGS
    )
    kernel, twice = drawn.initial_weights.kernels[0], doubled.initial_weights.kernels[0]
    assert np.array_equal(twice, 2 * kernel)


def test_training_goes_on_where_it_ended(drawn):
    later = training.train_from(SPEC, CIRCLES, start=drawn.weights, epochs=6, **SETTINGS)
    assert np.array_equal(later.loss[:, 0], drawn.loss[:, -1])


def broken(weights, change):
    kernel, *others = weights.kernels
    return replace(weights, kernels=(change(kernel), *others))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda kernel: kernel[:, :, :2], "start must have arrays of shapes"),
        (lambda kernel: kernel[:2], "start must have arrays of shapes"),
        (lambda kernel: kernel * np.nan, "start must be finite"),
    ],
    ids=["units", "draws", "nan"],
)
def test_a_start_that_does_not_fit_is_refused(drawn, change, message):
    start = broken(drawn.initial_weights, change)
    with pytest.raises(ValueError, match=message):
        training.train_from(SPEC, CIRCLES, start=start, epochs=1)


def test_no_network_at_all_is_refused(drawn):
    nothing = Weights.from_list([array[:0] for array in drawn.initial_weights.to_list()])
    with pytest.raises(ValueError, match="start must have arrays"):
        training.train_from(SPEC, CIRCLES, start=nothing, epochs=1)


def test_a_gain_of_zero_starts_from_zero_kernels():
    from_zeros = training.train_many(SPEC, CIRCLES, draws=3, gain=[0.0, 1.0, 0.0], epochs=6)
    first, other, last = from_zeros.initial_weights.kernels[0]
    assert not first.any()
    assert not last.any()
    assert other.any()
    # With tanh and zero weights no gradient reaches a kernel.
    assert not from_zeros.weights.kernels[0][0].any()
