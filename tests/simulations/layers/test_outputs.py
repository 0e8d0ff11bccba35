"""The outputs of untrained layers: the laws they follow, and what is counted."""

from dataclasses import replace
from functools import partial

import keras
import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import activations, datasets, models, networks, simulations, theory
from nnhelpers.initializers import RandomNormal
from nnhelpers.networks import BatchNorm, MLPSpec
from nnhelpers.simulations.layers import outputs

DRAWS = 300
X = np.random.default_rng(0).standard_normal((200, 2))
SMALL = RandomNormal(stddev=0.01)


def simulate(*, data=X, depth=4, width=5, gain=1.0, draws=DRAWS, seed=0, **settings):
    spec = MLPSpec(units=(width,) * depth, **{"kernel_initializer": simulations.NORMAL} | settings)
    return simulations.simulate_layers(spec, data, gain=gain, draws=draws, seed=seed)


# Networks with batch norm, wider and on more features.
normalized = partial(
    simulate, data=np.random.default_rng(0).standard_normal((60, 8)), width=20, draws=8
)


@pytest.mark.parametrize(
    ("initializer", "gain", "variance"),
    [(simulations.NORMAL, 0.5, 0.25), (SMALL, 1.0, 1e-4)],
    ids=str,
)
def test_a_relu_layer_multiplies_the_mean_square_by_half_its_fan_in_and_variance(
    initializer, gain, variance
):
    result = simulate(kernel_initializer=initializer, gain=gain)
    squares = result.mean**2 + result.std**2
    first = 0.5 * variance * np.mean((X**2).sum(axis=1))
    assert_mean_is(first * (0.5 * variance * 5) ** np.arange(4), squares)
    # Half of the first layer is exactly zero.
    assert_mean_is(0.5, result.zero_share[:, :1])


def test_the_mean_of_an_odd_activation_is_zero_and_of_a_first_sigmoid_one_half():
    assert_mean_is(0.0, simulate(activation="tanh").mean)
    assert_mean_is(0.5, simulate(activation="sigmoid").mean[:, :1])
    assert_mean_is(0.5, simulate(activation="sigmoid", kernel_initializer="zeros").mean)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_moments_and_histograms_are_those_of_keras(activation):
    result = simulate(activation=activation, draws=1, seed=4)
    settings = {"activation": activation, "kernel_initializer": simulations.NORMAL}
    spec = MLPSpec(units=(5,) * 4, **settings)
    weights = networks.draw(spec, n_features=2, draws=1, seed=4)
    theirs = models.activations(models.model_from_weights(spec, weights[0]), X)
    # Rounding to float32 in Keras, a few times over in each layer.
    rounding = {"rtol": 1e-4, "atol": 1e-6}
    np.testing.assert_allclose(result.mean[0], [a.mean() for a in theirs], **rounding)
    np.testing.assert_allclose(result.std[0], [a.std() for a in theirs], **rounding)
    assert result.zero_share[0].tolist() == [np.mean(a == 0) for a in theirs]
    for layer, values in enumerate(theirs):
        counts = np.histogram(values[values != 0], result.edges)[0] / values.size
        # A value beside an edge may fall on its other side in float32.
        assert np.abs(counts - result.shares[layer]).max() <= 2 / values.size


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "elu", "hard_shrink", "linear"])
def test_every_activation_is_in_a_bin_or_beyond_or_exactly_zero(activation):
    result = simulate(activation=activation, gain=2.0)
    everything = result.shares.sum(axis=1) + result.below + result.above
    np.testing.assert_allclose(everything + result.zero_share.mean(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(np.diff(result.edges), np.diff(result.edges)[0], rtol=1e-9)
    low, high = activations.ACTIVATIONS[activation].limits
    if np.isfinite([low, high]).all():
        assert (result.edges[0], result.edges[-1]) == (low, high)
        assert not result.below.any()
        assert not result.above.any()


def test_a_value_on_an_edge_belongs_to_the_bin_above_and_the_last_edge_to_its_own():
    edges = np.linspace(-1, 1, 5)
    nearly = np.nextafter(1, 0)
    values = np.array([-9, -1, -0.5, 0.2, nearly, 1, 1.5])[:, np.newaxis]
    shares = outputs._shares(np.array([values, -values]), edges)
    np.testing.assert_array_equal(7 * shares, [[1, 1, 1, 1, 2, 1], [1, 2, 1, 0, 2, 1]])


def test_the_summary_names_sizes_setting_and_ratio():
    assert simulate(activation="tanh").summary() == (
        "2-5-5-5-5-1 tanh, N(0, 1), gain 1, 300 networks: "
        "the last layer's standard deviation is as large as the first's, "
        "one unit's as large as the first's"
    )
    deep = simulate(depth=10, width=3, draws=2, activation="linear", gain=10.0)
    assert deep.summary().startswith("10 layers of 3 linear, N(0, 1), gain 10, 2 networks: ")
    assert simulate(depth=1, draws=2).verdict().startswith("standard deviation 0.")
    dark = simulate(activation="tanh", kernel_initializer="zeros", draws=3)
    assert (dark.zero_share == 1).all()
    assert not dark.shares.any()
    assert dark.verdict() == "no layer tells examples or units apart"


AFTER = BatchNorm(after_activation=True)


@pytest.mark.parametrize("after", [False, True])
def test_moments_are_those_of_keras_layers_in_training(after):
    norm = BatchNorm(layers=(1,), after_activation=after)
    result = normalized(batch_normalization=norm, depth=2, activation="tanh", draws=1)
    spec = MLPSpec(units=(20, 20), kernel_initializer=simulations.NORMAL)
    weights = networks.draw(spec, n_features=8, draws=1)
    hidden = np.tanh(normalized.keywords["data"] @ weights.kernels[0][0])
    keras_norm = keras.layers.BatchNormalization()

    def normalize(values):
        return keras_norm(values.astype(np.float32), training=True).numpy()

    z = hidden @ weights.kernels[1][0]
    last = normalize(np.tanh(z)) if after else np.tanh(normalize(z))
    # A few roundings to float32.
    rounding = {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(result.mean[0], [hidden.mean(), last.mean()], **rounding)
    np.testing.assert_allclose(result.std[0], [hidden.std(), last.std()], **rounding)


def test_behind_a_bounded_activation_outputs_leave_its_bounds_and_have_wider_bins():
    before = normalized(batch_normalization=True, activation="sigmoid")
    after = normalized(batch_normalization=AFTER, activation="sigmoid")
    assert (before.edges[0], before.edges[-1]) == (0, 1)
    assert (after.edges[0], after.edges[-1]) == outputs._BOTH_SIDES
    np.testing.assert_allclose(after.mean, 0, atol=1e-12)
    everything = after.shares.sum(axis=1) + after.below + after.above
    np.testing.assert_allclose(everything + after.zero_share.mean(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize(
    ("norm", "words"),
    [
        (False, ""),
        (True, "batch norm before each layer's activation"),
        (BatchNorm(layers=(2,)), "batch norm before layer 3's activation"),
        (BatchNorm(layers=(1, 3), after_activation=True), "after layers 2, 4's activation"),
    ],
    ids=str,
)
def test_a_result_says_where_its_batch_norm_stands(norm, words):
    result = normalized(batch_normalization=norm, draws=2)
    assert words in result.places()
    assert result.places() in result.summary()
    assert bool(result.places()) == bool(norm)


@pytest.fixture(scope="module")
def digits():
    every = datasets.load_digits()
    return datasets.rescale(replace(every, X=every.X[:200], y=every.y[:200]), 1 / 8)


def test_tiny_weights_cost_what_guessing_costs_and_huge_ones_the_smallest_probability(digits):
    result = simulations.simulate_initial_loss(digits, std=1e-6, draws=3)
    np.testing.assert_allclose(result.loss, np.log(10), atol=1e-4)
    assert result.chance == np.log(10)
    assert not result.saturated.any()
    result = simulations.simulate_initial_loss(digits, std=1e4, draws=3)
    assert (result.loss <= -np.log(1e-10)).all()
    assert result.loss.min() > np.log(10)


@pytest.mark.parametrize("std", [0.3, 3.0])
def test_the_share_of_saturated_units_obeys_the_law(digits, std):
    result = simulations.simulate_initial_loss(digits, std=std, draws=60)
    assert result.law == theory.saturated_share(digits.X, std=std)
    assert_mean_is(result.law, result.saturated)
    # At the origin z = b: beyond 1.96 standard deviations in one case of twenty.
    share = theory.saturated_share(np.zeros((1, 3)), std=4 / 1.959964)
    assert share == pytest.approx(0.05, abs=1e-6)


def test_the_curve_holds_mean_and_error_of_each_result(digits):
    results = [simulations.simulate_initial_loss(digits, std=s, draws=4) for s in (0.1, 1)]
    curve = simulations.initial_loss_curve(results)
    np.testing.assert_array_equal(curve.x, [0.1, 1])
    np.testing.assert_allclose(curve.y, [r.loss.mean() for r in results])
    np.testing.assert_allclose(curve.standard_error, [r.loss.std() / 2 for r in results])
