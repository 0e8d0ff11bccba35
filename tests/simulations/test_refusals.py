"""What simulations refuse beyond what `tests/test_bad_input.py` does, and what a seed repeats."""

import dataclasses
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from bad_input import CALLS

from nnhelpers import simulations
from nnhelpers.initializers import RandomNormal
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import DenseLayer, UnitBatch

SEEDED = [
    each
    for each in CALLS
    if each.__module__.startswith("nnhelpers.simulations") and "seed" in CALLS[each]
]
SEEDED.remove(simulations.simulate_batch_norm)  # of numbers that are given


@pytest.mark.parametrize("simulate", SEEDED, ids=lambda each: each.__name__)
def test_a_seed_repeats_and_others_differ(simulate):
    first, again, *others = (
        dataclasses.asdict(simulate(**CALLS[simulate] | {"seed": seed})) for seed in (1, 1, 2, 3, 4)
    )
    np.testing.assert_equal(again, first)
    # A few small draws may be counted alike, but not all of them.
    with pytest.raises(AssertionError):
        np.testing.assert_equal(others, [first] * 3)


def up_to(width, depth, initializer="he_normal", **settings):
    return MLPSpec(units=(width,) * depth, kernel_initializer=initializer, **settings)


def wide(spread):
    return RandomNormal(stddev=spread)


def three(**changes):
    return SimpleNamespace(
        **{"X": np.array([[0.0], [1.0], [3.0]]), "y": np.arange(3) % 2} | changes
    )


noise, batch_norm = simulations.simulate_batch_noise, simulations.simulate_batch_norm
growth = simulations.simulate_gradient_growth
fraction = simulations.simulate_active_fraction
descent, same_sign = simulations.simulate_descent, simulations.simulate_same_sign
decay, invariance = simulations.simulate_weight_decay, simulations.simulate_scale_invariance
residual, starts = partial(simulations.simulate_residual, np.eye(4)), simulations.simulate_starts
products = simulations.simulate_dot_product
REFUSALS = [
    (partial(noise, batch_sizes=(1, 2)), "batch_sizes must be .* at least 2, got 1"),
    (partial(noise, [0.0] * 9), "n_units must be a whole number of at least 9, got 8"),
    (partial(noise, n_units=5), "n_groups must divide the 5 channels evenly"),
    (partial(UnitBatch, center=1e200), r"between -1e\+150 and 1e\+150, got 1e\+200"),
    (partial(batch_norm, [3.0]), "n_examples must be a whole number of at least 2, got 1"),
    (partial(batch_norm, [1.0, 1e200]), "data must be numbers from"),
    (partial(same_sign, batch_sizes=[1, 0]), "batch_sizes must be .*got 0"),
    (partial(descent, batch_size=201), "batch_size must lie .* 200, got 201"),
    (partial(invariance, (1e7,)), "factors must be numbers from 1e-06 to 1e.06"),
    (partial(decay, three(), l2=(-0.1,)), "l2 must be finite and not negative"),
    (partial(decay, three(), l2=(5.0,)), "l2 must stay below"),
    (partial(decay, three(), l2=(4.9,), steps=99), "l2 must keep losses finite"),
    (partial(decay, three(y=np.array([0, 1, 2]))), "y must hold classes 0 to 1"),
    (partial(decay, three(X=np.ones((3, 1)))), "must keep losses finite"),
    (partial(growth, spec=up_to(9, 2)), "hidden_layers must be a whole number .* 3, got 2"),
    (partial(growth, spec=up_to(9, 3, batch_normalization=True)), "must be False in spec"),
    (partial(growth, spec=MLPSpec(units=(9, 8, 9))), "as many in each layer of spec"),
    (partial(growth, spec=up_to(9, 3, bias_initializer="ones")), "bias_initializer must be zeros"),
    (partial(growth, spec=up_to(9, 20, "zeros")), "the gradients of 20 layers .*got zeros"),
    (partial(growth, spec=up_to(9, 20, wide(1e9))), r"20 layers below 1e\+150, got N\(0, 1e"),
    (partial(residual, spec=MLPSpec(units=(3, 4))), "units must be as many in each layer"),
    (partial(residual, spec=up_to(9, 2, batch_normalization=True)), "normalization must be False"),
    (partial(residual, spec=up_to(9, 3), branch_scale=1e60), "of 3 blocks below 1e[+]150"),
    (partial(starts, np.zeros((3, 4))), "X must keep a variance, got a layer 1 without"),
    (partial(starts, np.ones((1, 3))), "X must hold at least two examples, got 1"),
    (partial(fraction, weights="xavier"), "initializer must be one of .*got 'xavier'"),
    (partial(fraction, bias="orthogonal"), "bias initializer must not be orthogonal"),
    (partial(fraction, data=[1.0, 2.0]), r"data must have shape .*got \(2,\)"),
    (partial(products, inputs=wide(1e60)), "variance of 1e-100 to 1e.100, got 1e.12"),
    (partial(products, weights=wide(1e-60)), "variance of 1e-100 to 1e.100, got 1e-119"),
    (partial(DenseLayer, kernel=np.ones((5, 1))), r"kernel must have up to 4 .*got \(5, 1\)"),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS, ids=range(len(REFUSALS)))
def test_bad_input_is_named_with_what_is_allowed(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
