"""Dropout before batch norm: variances of training and inference against their laws and Keras."""

import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import theory
from nnhelpers.simulations import simulate_layer_shift, simulate_variance_shift
from nnhelpers.simulations.batch_norm.dropout import _dropped

RATES = (0.0, 0.2, 0.5, 0.9)


def over_seeds(seeds=60, **settings):
    """Simulate for many seeds, whose examples and weights are independent."""
    few = {"draws": 5, "n_examples": 400, "inputs": 30}
    return [simulate_variance_shift(**few | settings, seed=seed) for seed in range(seeds)]


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (2.0, 0.5), (-1.0, 3.0)])
def test_dropout_keeps_the_mean_and_raises_the_variance_by_its_law(mean, variance):
    rng = np.random.default_rng(0)
    x = mean + np.sqrt(variance) * rng.standard_normal(400_000)
    for rate in RATES:
        y = _dropped(x, rate, rng)
        assert abs(y.mean() - mean) < 4 * y.std() / np.sqrt(y.size)
        error = np.std((y - y.mean()) ** 2) / np.sqrt(y.size)
        law = variance / theory.variance_shift(rate, mean=mean / np.sqrt(variance))
        assert abs(y.var() - law) < 4 * error


def test_dropout_is_that_of_keras():
    import keras

    ones = np.ones((300, 300), dtype=np.float32)
    theirs = keras.layers.Dropout(0.25, seed=0)(ones, training=True).numpy()
    ours = _dropped(ones.astype(float), 0.25, np.random.default_rng(0))
    for values in (theirs, ours):
        np.testing.assert_allclose(np.unique(values), [0, 1 / 0.75], rtol=1e-6)
        assert abs(np.mean(values > 0) - 0.75) < 4 * np.sqrt(0.25 * 0.75 / ones.size)


def test_centred_inputs_keep_one_minus_the_rate_of_their_variance_and_a_mean_makes_it_worse():
    for rate in RATES:
        assert theory.variance_shift(rate) == pytest.approx(1 - rate)
    shifts = [theory.variance_shift(0.5, mean=mean) for mean in (0, 1, 2, 10)]
    assert shifts == pytest.approx([1 / 2, 1 / 3, 1 / 6, 1 / 102])
    assert theory.variance_shift(0.0, mean=10) == 1


@pytest.mark.parametrize("mean", [0.0, 2.0])
def test_variances_are_the_sums_of_their_inputs_and_each_unit_shifts_by_the_law(mean):
    found = over_seeds(mean=mean)
    # Weights N(0, 1): squares of mean 1, products of mean 0; 400 examples: (n - 1)/n.
    sums = 30 * 399 / 400
    laws = np.array([1 / theory.variance_shift(rate, mean=mean) for rate in found[0].rates])
    assert_mean_is(sums * laws, [each.training.mean(axis=1) for each in found])
    assert_mean_is(sums, [each.inference.mean(axis=1) for each in found])
    # Of nearly normal values the inverse of a variance is too large by 2/n, tails add less.
    relative = [(each.ratio / each.law[:, np.newaxis]).mean(axis=1) for each in found]
    assert_mean_is(1.0, relative, slack=3 / 400)


def test_a_network_s_first_batch_norm_shifts_as_one_rectified_input_does():
    c, v = 1 / np.sqrt(2 * np.pi), 0.5 - 1 / (2 * np.pi)
    for rate in RATES:
        spread, offset = theory.shift_by_layer(rate)
        assert spread[0] ** 2 == pytest.approx(theory.variance_shift(rate, mean=c / v**0.5))
        assert offset[0] == pytest.approx(0, abs=1e-9)
    laws = theory.shift_by_layer(0.0, depth=6)
    np.testing.assert_allclose(laws, np.repeat([[1], [0]], 6, axis=1), atol=1e-9)


def test_the_second_layer_s_law_is_the_first_s_twice_and_an_offset_of_all_units():
    spread, offset = theory.shift_by_layer(0.5, depth=2)
    assert spread[1] == pytest.approx(spread[0] ** 2)
    learned = 1 - 1 / (2 * np.pi)
    lost = (1 - spread[0]) / np.sqrt(2 * np.pi) / np.sqrt(learned)
    assert offset[1] == pytest.approx(lost)


def test_a_layer_s_law_is_that_of_normal_numbers_around_normal_offsets():
    rng = np.random.default_rng(0)
    laws = theory.shift_by_layer(0.3, depth=4)
    (*_, spread, next_spread), (*_, offset, next_offset) = laws
    z = offset * rng.standard_normal((8_000, 1)) + spread * rng.standard_normal((8_000, 400))
    a = np.maximum(z, 0)
    learned = 0.5 / 0.7 - 1 / (2 * np.pi)
    inside = a.var(axis=1, ddof=1) / learned
    between = (a.mean(axis=1) - 1 / np.sqrt(2 * np.pi)) ** 2 / learned - inside / 400
    for law, drawn in ((next_spread**2, inside), (next_offset**2, between)):
        assert abs(drawn.mean() - law) < 4 * drawn.std() / np.sqrt(8_000)


@pytest.mark.parametrize("rate", [0.1, 0.8])
def test_wide_layers_follow_the_law_down_the_network(rate):
    found = simulate_layer_shift(rate, width=300, draws=4)
    # By the law's docstring good to 0.01 of the promised 1 per layer at this width.
    allowed = 0.01 * np.arange(1, 6)
    assert (np.abs(found.std.mean - found.std.law) < allowed).all()
    # A unit's mean over 2,000 examples, those that it learned and those that it infers.
    noise = np.sqrt((1 + found.std.law**2) / 2_000)
    wanted = np.hypot(found.offset.law, noise)
    assert (np.abs(found.offset.mean - wanted) < allowed).all()


def test_summaries_name_the_setting_and_the_ratio():
    found = simulate_variance_shift(2, inputs=5, draws=20).summary()
    inputs = "5 inputs of mean 2, variance 1"
    assert found.startswith(f"{inputs}: with dropout 0.9 a unit's variance in inference is 0.")
    layers = simulate_layer_shift(0.0, depth=2, width=8, draws=2)
    assert layers.summary().startswith("dropout 0, 2 networks, 8 wide: standard deviation ")
    assert layers.verdict().endswith("in layer 2, promised was 1")
    assert layers.depth == 2
    more = simulate_layer_shift(0.0, depth=2, width=8, draws=3).std.measured
    np.testing.assert_array_equal(more[:2], layers.std.measured)
