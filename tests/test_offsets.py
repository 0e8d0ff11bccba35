"""Depth as an offset: the law of the layers against units counted in simulated networks."""

from functools import partial
from math import comb

import numpy as np
import pytest

from nnhelpers import datasets, networks, theory
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import (
    Cloud,
    DepthOffset,
    simulate_active_fraction,
    simulate_depth_offset,
    simulate_normalized_offset,
)
from nnhelpers.simulations.layer_offsets import rough_offset

WIDE = Cloud(n_examples=200, n_features=400, width=np.sqrt(12), kind="normal")
SHARES = np.array([0.0, 0.04, 0.2, 0.45, 0.52, 0.75, 0.96, 0.994])
SMALL = {"depth": 3, "width": 4, "draws": 2}


def by_hand(**changes):
    shares = np.array([[[0.0, 1.0, 0.5, 0.25], [0.0, 0.04, 0.06, 1.0]]])
    plain = {
        "activation": "sigmoid",
        "initializer": "glorot_uniform",
        "gain": 1.0,
        "batch_normalization": False,
        "n_examples": 100,
        "fraction": shares,
        "between": np.array([[4.01, 0.0]]),
        "within": np.array([[1.0, 2.0]]),
        "correlation": np.array([0.8, 0.0]),
    }
    return DepthOffset(**plain | changes)


@pytest.mark.parametrize("r", [0.05, 0.3, 1.0, 2.4, 30.0])
def test_the_offset_of_a_layer_is_that_of_data_that_pass_linear_layers(r):
    correlations = theory.layer_correlations(
        "linear", weight_variance=1, depth=4, input_correlation=r**2 / (1 + r**2)
    )
    assert theory.equivalent_offset(correlations) == pytest.approx(np.full(4, r), rel=1e-9)


def test_no_correlation_is_no_offset_and_a_full_one_has_no_end():
    np.testing.assert_array_equal(theory.equivalent_offset([0, 1]), [0, np.inf])


@pytest.mark.parametrize("n", [1, 7, 200, 900])
@pytest.mark.parametrize("r", [0.0, 0.02, 0.09, 0.1, 0.5, 1.0, 2.4, 50.0, np.inf])
def test_counts_of_active_examples_have_the_moments_of_the_exact_law(r, n):
    pmf = theory.active_examples_pmf(n, mean_over_std=r)
    shares = np.arange(n + 1) / n
    # E[Phi(r Z)^2] is the probability that two normal numbers of correlation c are both positive.
    c = 1.0 if np.isinf(r) else r**2 / (1 + r**2)
    variance = np.arcsin(c) / (2 * np.pi) * (1 - 1 / n) + 1 / (4 * n)
    assert pmf.shape == (n + 1,)
    assert pmf.sum() == pytest.approx(1, abs=1e-9)
    assert pmf @ shares == pytest.approx(0.5, abs=1e-9)
    assert pmf @ (shares - 0.5) ** 2 == pytest.approx(variance, rel=1e-6)
    np.testing.assert_allclose(pmf, pmf[::-1], atol=1e-12)


def test_counts_are_even_for_an_offset_of_one_and_coins_for_none():
    np.testing.assert_allclose(theory.active_examples_pmf(50, mean_over_std=1), 1 / 51, rtol=1e-7)
    coins = np.array([comb(12, k) for k in range(13)]) / 2**12
    np.testing.assert_allclose(theory.active_examples_pmf(12, mean_over_std=0), coins, rtol=1e-12)


def test_with_many_examples_counts_follow_the_law_of_notebook_one():
    pmf = theory.active_examples_pmf(4_000, mean_over_std=2.0)
    counted = (np.cumsum(pmf) - pmf / 2)[[200, 1_000, 2_000, 3_800]]
    law = theory.active_fraction_cdf_normal([0.05, 0.25, 0.5, 0.95], mean_over_std=2.0)
    # Counting adds (f p (1 - p))' / (2 n), f the density, whose product bends by less than 1 here.
    np.testing.assert_allclose(counted, law, atol=1 / (2 * 4_000))


@pytest.mark.parametrize("r", [0.3, 1.0, 12.0])
def test_units_split_clearly_as_the_law_of_notebook_one_has_it(r):
    low, high = theory.active_fraction_cdf_normal([0.05, 0.95], mean_over_std=r)
    assert theory.clearly_splitting_share(r) == pytest.approx(high - low, rel=1e-12)
    assert theory.clearly_splitting_share(0) == 1


@pytest.mark.parametrize("n", [20, 200])
def test_as_many_normal_numbers_lie_above_their_mean_as_the_law_says(n):
    numbers = np.random.default_rng(0).normal(size=(20_000, n))
    counts = np.sum(numbers > numbers.mean(axis=1, keepdims=True), axis=1)
    pmf, k = theory.above_mean_pmf(n), np.arange(n + 1)
    assert pmf.sum() == pytest.approx(1, rel=1e-12)
    assert abs(counts.mean() - pmf @ k) < 4 * counts.std() / np.sqrt(20_000)
    # Good to 1 % by its docstring.
    spread = np.sqrt(pmf @ (k - n / 2) ** 2)
    assert abs(counts.std() - spread) < 0.01 * spread + 4 * spread / np.sqrt(2 * 20_000)


def assert_within(network, *, layer, slack):
    """Hold counted shares to the law, within four errors of the mean over networks."""
    fractions = network.fraction[:, layer - 1]
    counted = np.mean(fractions[..., np.newaxis] <= SHARES, axis=1)
    law = network.layer(layer).law(SHARES)
    # At least the error of independent units, for where all networks happen to agree.
    least = np.sqrt(law * (1 - law) / fractions.size)
    error = np.maximum(counted.std(axis=0, ddof=1) / np.sqrt(len(counted)), least)
    assert (np.abs(counted.mean(axis=0) - law) <= 4 * error + slack).all()


@pytest.mark.parametrize("offset", [0.0, 0.5, 3.0])
def test_the_first_layer_is_the_units_on_moved_data_of_notebook_one(offset):
    X = WIDE.draw(np.random.default_rng(3)) + offset
    network = simulate_depth_offset(X, depth=1, width=400, initializer="lecun_normal", draws=10)
    # The examples' own mean is off by 1/sqrt(n_examples n_features).
    assert network.offset[0] == pytest.approx(offset, abs=4 / np.sqrt(X.size) + 0.005)
    # Pairs of examples differ in correlation by 1/sqrt(n_features), in a share by its square.
    assert_within(network, layer=1, slack=4 / 400)
    units = simulate_active_fraction(data=X, weights="lecun_normal", draws=4_000)
    share = units.splitting_share
    error = 4 * np.sqrt(2 * max(share * (1 - share), 1e-3) / 4_000)
    assert network.splitting_share[0] == pytest.approx(share, abs=error)


@pytest.mark.parametrize(
    ("activation", "initializer", "layers"),
    [
        ("sigmoid", "glorot_uniform", (2, 3, 4)),
        ("relu", "he_normal", (2, 4)),
        ("tanh", "glorot_uniform", (2, 4)),
        ("silu", "lecun_normal", (2, 3)),
    ],
)
def test_active_fractions_in_wide_layers_follow_the_law(activation, initializer, layers):
    network = simulate_depth_offset(
        WIDE, depth=4, width=400, activation=activation, initializer=initializer, draws=16
    )
    for layer in layers:
        # Networks of finite width differ from the wide one by about layers over width.
        assert_within(network, layer=layer, slack=layer / 400)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_the_offset_measured_between_units_is_that_of_the_law(activation):
    network = simulate_depth_offset(WIDE, depth=4, width=400, activation=activation, draws=16)
    ratios = network.between / network.within
    error = ratios.std(axis=0, ddof=1) / np.sqrt(16)
    slack = np.arange(1, 5) / 400 * network.offset**2
    gap = np.abs(network.measured_offset**2 - network.offset**2)
    assert (gap <= 4 * error + slack + 1e-3).all()


def test_in_sigmoid_layers_the_offset_grows_fourfold_a_layer():
    network = simulate_depth_offset(depth=8, draws=1)
    growth = network.offset[3:] / network.offset[2:-1]
    # The map of correlations has slope E[f'^2] at 1, and 1 - c is about 1/offset^2.
    variance = theory.layer_variances("sigmoid", weight_variance=1, depth=8)[-1]
    slope = theory.expected_square_slope("sigmoid", std=np.sqrt(variance))
    assert growth == pytest.approx(np.full(5, 1 / np.sqrt(slope)), rel=0.01)
    assert 4.1 < growth[-1] < 4.4


def test_tanh_builds_up_no_offset_but_passes_on_one():
    assert simulate_depth_offset(activation="tanh", draws=1).offset.max() < 0.05
    moved = WIDE.draw(np.random.default_rng(0)) + 1
    network = simulate_depth_offset(moved, activation="tanh", depth=3, draws=1)
    assert network.offset[-1] > 0.8


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "tanh"])
def test_with_batch_normalization_every_unit_of_twelve_layers_splits_the_data(activation):
    network = simulate_normalized_offset(activation=activation)
    np.testing.assert_array_equal(network.splitting_share, np.ones(12))
    np.testing.assert_array_equal(network.offset, np.zeros(12))
    assert np.abs(network.fraction - 0.5).max() < 0.25


def test_batch_normalized_units_spread_as_numbers_around_their_mean():
    network = simulate_normalized_offset(WIDE, activation="tanh", width=400, depth=3, draws=8)
    counts = network.fraction * 200
    law = theory.above_mean_pmf(200) @ (np.arange(201) - 100) ** 2
    for layer in range(3):
        variances = np.mean((counts[:, layer] - 100) ** 2, axis=-1)
        error = max(variances.std(ddof=1) / np.sqrt(8), law * np.sqrt(2 / 3_200))
        # Examples' lengths differ by 1/sqrt(2 n_features), their squares by twice that.
        assert abs(variances.mean() - law) < 4 * error + law * 4 / 400


def test_with_two_features_fewer_relu_units_split_than_by_law():
    flat = Cloud(n_examples=200, kind="normal", width=np.sqrt(12))
    network = simulate_depth_offset(flat, activation="relu", initializer="he_normal")
    # Two examples are now anything from equal to opposite, not orthogonal.
    assert network.law_splitting_share[1] > 0.99
    assert network.splitting_share[1] < 0.9


def test_on_standardized_digits_two_examples_are_uncorrelated_on_average():
    (digits,) = datasets.standardize(datasets.drop_constant_features(datasets.load_digits()))
    network = simulate_depth_offset(digits.X[::9], depth=3)
    assert network.offset[0] < 0.1
    # Fewer split than by law: pairs of digits are anything but equally correlated.
    assert network.law_splitting_share[1] > network.splitting_share[1] > 0.5


def test_counted_fractions_are_those_of_the_forward_pass():
    X = np.random.default_rng(4).normal(size=(9, 3))
    settings = {"gain": 1.7, "draws": 5, "seed": 8}
    network = simulate_depth_offset(
        X, depth=4, width=6, activation="elu", initializer="he_uniform", **settings
    )
    spec = MLPSpec(units=(6,) * 4, kernel_initializer="he_uniform")
    weights = networks.draw(spec, n_features=3, **settings)
    passed = networks.forward_pass(X, weights, activation="elu")
    for layer, z in enumerate(passed.pre_activations):
        np.testing.assert_array_equal(network.fraction[:, layer], np.mean(z > 0, axis=1))
        means, variances = z.mean(axis=1), z.var(axis=1, ddof=1)
        np.testing.assert_allclose(network.between[:, layer], np.mean(means**2, axis=1))
        np.testing.assert_allclose(network.within[:, layer], variances.mean(axis=1))


def test_batch_normalization_is_that_of_keras_in_training():
    X = np.random.default_rng(4).normal(size=(9, 3))
    network = simulate_normalized_offset(X, depth=2, width=5, activation="relu", draws=1)
    weights = networks.draw(MLPSpec(units=(5, 5)), n_features=3, draws=1)
    z = X @ weights.kernels[0][0]
    normalized = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-3)
    np.testing.assert_array_equal(network.fraction[0, 0], np.mean(normalized > 0, axis=0))
    z = np.maximum(normalized, 0) @ weights.kernels[1][0]
    np.testing.assert_array_equal(network.fraction[0, 1], np.mean(z > z.mean(axis=0), axis=0))
    np.testing.assert_allclose(network.within[0, 1], z.var(axis=0, ddof=1).mean())


def test_the_first_layers_fan_in_enters_the_law():
    # Glorot's weights shrink with the fan-out too, so that z is small and sigmoids nearly linear.
    X = WIDE.draw(np.random.default_rng(0))[:, :20]
    network = simulate_depth_offset(X, depth=2, width=400, draws=1)
    variances = theory.layer_variances("sigmoid", weight_variance=[40 / 420, 1], depth=2)
    assert variances[0] == pytest.approx(20 * 2 / 420, rel=1e-9)
    square = variances[0] * np.mean(X**2)
    expected = 0.25 / theory.expected_square("sigmoid", variance=square)
    assert network.correlation[1] == pytest.approx(expected, abs=1e-3)


def test_a_network_counts_its_units_by_status():
    network = by_hand()
    np.testing.assert_array_equal(network.dead_share, [0.25, 0.25])
    np.testing.assert_array_equal(network.always_active_share, [0.25, 0.25])
    np.testing.assert_array_equal(network.splitting_share, [0.5, 0.5])
    np.testing.assert_array_equal(network.clearly_splitting_share, [0.5, 0.25])
    assert (network.draws, network.depth, network.width) == (1, 2, 4)
    # 4.01 less the 1/100 that one hundred examples add to the spread of a mean.
    np.testing.assert_allclose(network.measured_offset, [2, 0])
    np.testing.assert_allclose(network.offset, [2, 0])


def test_a_layer_without_differences_is_infinitely_far():
    network = by_hand(within=np.zeros((1, 2)), correlation=np.ones(2))
    assert np.isinf(network.measured_offset).all()
    assert network.layer(1).law([0, 0.5, 1]).tolist() == [0.5, 0.5, 1]
    assert "∞" in network.layer(1).summary()


def test_the_law_of_a_layer_is_that_of_counts_among_its_examples():
    layer = by_hand().layer(1)
    pmf = theory.active_examples_pmf(100, mean_over_std=2)
    for count in (0, 29, 57, 99, 100):
        assert layer.law([count / 100]) == pytest.approx(pmf[: count + 1].sum(), rel=1e-12)
    assert layer.law([np.nextafter(1, 0), -0.1]) == pytest.approx([1 - pmf[-1], 0], rel=1e-12)


def test_a_layer_says_where_data_would_lie_that_units_see_alike():
    first, second = by_hand().layer(1), by_hand().layer(2)
    assert first.place == "layer 1, like data moved by 2.0 σ"
    assert second.place == "layer 2, like centred data"
    assert first.summary().endswith(": 50% of units split the data, 25% dead, 25% always active")
    assert by_hand().summary() == (
        "2 sigmoid layers of 4 units, glorot_uniform: "
        "share of units that split the data, by layer: 50%, 50%"
    )
    batch = by_hand(batch_normalization=True, gain=2.0)
    assert "glorot_uniform, gain 2, batch normalization:" in batch.summary()
    assert batch.first_and_last() == "sigmoid, batch norm: 50% split in layer 1, 50% in layer 2"
    assert by_hand().offsets_in_words() == ["2.0", "0"]


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (0, "0"), (0.049, "0"), (0.06, "0.1"), (9.94, "9.9"), (9.96, "10"), (10.54, "11"),
        (99.4, "99"), (99.6, "10²"), (189.5, "10²"), (994, "10³"), (1.4e4, "10⁴"), (np.inf, "∞"),
    ],
)  # fmt: skip
def test_offsets_are_written_as_roughly_as_they_matter(offset, words):
    assert rough_offset(offset) == words


def test_a_seed_repeats_another_differs_and_more_networks_begin_with_the_same():
    first, again = (simulate_depth_offset(**SMALL, seed=1) for _ in range(2))
    other = simulate_depth_offset(**SMALL, seed=2)
    more = simulate_depth_offset(**SMALL | {"draws": 4}, seed=1)
    np.testing.assert_array_equal(first.fraction, again.fraction)
    assert (first.fraction != other.fraction).any()
    np.testing.assert_array_equal(first.fraction, more.fraction[:2])


BAD_INPUT = [
    (partial(simulate_depth_offset, depth=0), "depth must be a whole number of at least 1, got 0"),
    (partial(simulate_depth_offset, width=1.5), "width must be a whole number"),
    (partial(simulate_normalized_offset, draws=0), "draws must be a whole number"),
    (partial(simulate_depth_offset, gain=0), "gain must be positive and finite, got 0"),
    (partial(simulate_depth_offset, gain=np.nan), "gain must be positive and finite, got nan"),
    (partial(simulate_depth_offset, gain=1e99, activation="relu"), "gain must keep .*got 1e"),
    (partial(simulate_depth_offset, gain=1e-99, activation="relu"), "gain must keep .*got 1e-99"),
    (partial(simulate_depth_offset, activation="thanh"), "activation must be .*'thanh'"),
    (partial(simulate_normalized_offset, activation="thanh"), "activation must be .*'thanh'"),
    (partial(simulate_depth_offset, initializer="ones"), "initializer must be one of .*got 'ones'"),
    (partial(simulate_depth_offset, [[np.nan, 1.0]]), "X must be finite"),
    (partial(simulate_depth_offset, [[1.0, 2.0]]), "data must hold two examples or more"),
    (partial(simulate_normalized_offset, np.zeros((4, 2))), "data must hold .*not all 0"),
    (partial(by_hand().layer, 0), "number must be a layer from 1 to 2, got 0"),
    (partial(by_hand().layer, 3), "number must be a layer from 1 to 2, got 3"),
    (partial(theory.equivalent_offset, 1.1), r"correlation must lie in \[0, 1\], got 1.1"),
    (partial(theory.equivalent_offset, [0.5, np.nan]), r"correlation must lie in \[0, 1\]"),
    (partial(theory.active_examples_pmf, 0, mean_over_std=1), "n_examples must be a whole number"),
    (partial(theory.active_examples_pmf, 5, mean_over_std=-1), "mean_over_std must not be neg"),
    (partial(theory.active_examples_pmf, 5, mean_over_std=np.nan), "mean_over_std must not be"),
    (partial(theory.above_mean_pmf, 0.5), "n_examples must be a whole number"),
    (partial(theory.clearly_splitting_share, -1), "mean_over_std must not be negative, got -1"),
]


@pytest.mark.parametrize(("call", "message"), BAD_INPUT, ids=range(len(BAD_INPUT)))
def test_bad_input_is_named_with_what_is_allowed(call, message):
    with pytest.raises(ValueError, match=message):
        call()
