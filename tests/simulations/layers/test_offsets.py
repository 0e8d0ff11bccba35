"""Depth as an offset: the law of the layers against units counted in simulated networks."""

from functools import partial

import numpy as np
import pytest

from nnhelpers import networks, theory
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import (
    Cloud,
    DepthOffset,
    simulate_active_fraction,
    simulate_depth_offset,
)
from nnhelpers.simulations.layers import offsets
from nnhelpers.simulations.layers.offsets import CENTRED

WIDE = Cloud(n_examples=200, n_features=400, width=np.sqrt(12), kind="normal")
SHARES = np.array([0.0, 0.04, 0.2, 0.45, 0.52, 0.75, 0.96, 0.994])


def simulate(data=CENTRED, *, depth=12, width=100, activation="sigmoid", draws=20, **settings):
    spec = MLPSpec(units=(width,) * depth, activation=activation, **settings)
    return simulate_depth_offset(spec, data, draws=draws)


normalized = partial(simulate, batch_normalization=True)


def by_hand(*, correlation=(0.8, 0.0), **settings):
    return DepthOffset(
        spec=MLPSpec(units=(4, 4), activation="sigmoid", **settings),
        draws=1,
        n_examples=100,
        fraction=np.array([[[0.0, 1.0, 0.5, 0.25], [0.0, 0.04, 0.06, 1.0]]]),
        correlation=np.array(correlation),
    )


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
    network = simulate(X, depth=1, width=400, kernel_initializer="lecun_normal", draws=10)
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
        ("sigmoid", "glorot_uniform", (2, 4)),
        ("relu", "he_normal", (2, 4)),
        ("tanh", "glorot_uniform", (2, 4)),
    ],
)
def test_active_fractions_in_wide_layers_follow_the_law(activation, initializer, layers):
    spec = {"activation": activation, "kernel_initializer": initializer}
    network = simulate(WIDE, depth=4, width=400, draws=10, **spec)
    for layer in layers:
        # Networks of finite width differ from the wide one by about layers over width.
        assert_within(network, layer=layer, slack=layer / 400)


def test_tanh_builds_up_no_offset_but_passes_on_one():
    assert simulate(activation="tanh", draws=1).offset.max() < 0.05
    moved = WIDE.draw(np.random.default_rng(0)) + 1
    network = simulate(moved, activation="tanh", depth=3, draws=1)
    assert network.offset[-1] > 0.8


def test_with_batch_normalization_every_unit_of_twelve_layers_splits_the_data():
    network = normalized(activation="sigmoid")
    np.testing.assert_array_equal(network.splitting_share, np.ones(12))
    np.testing.assert_array_equal(network.offset, np.zeros(12))
    assert np.abs(network.fraction - 0.5).max() < 0.25


def test_batch_normalized_units_spread_as_numbers_around_their_mean():
    network = normalized(WIDE, activation="tanh", width=400, depth=3, draws=8)
    counts = network.fraction * 200
    np.testing.assert_array_equal(network.law_pmf, [theory.above_mean_pmf(200)] * 3)
    law = network.law_pmf[0] @ (np.arange(201) - 100) ** 2
    for layer in range(3):
        variances = np.mean((counts[:, layer] - 100) ** 2, axis=-1)
        error = max(variances.std(ddof=1) / np.sqrt(8), law * np.sqrt(2 / 3_200))
        # Examples' lengths differ by 1/sqrt(2 n_features), their squares by twice that.
        assert abs(variances.mean() - law) < 4 * error + law * 4 / 400


def test_batch_normalization_is_that_of_keras_in_training():
    X = np.random.default_rng(4).normal(size=(9, 3))
    network = normalized(X, depth=2, width=5, activation="relu", draws=1)
    weights = networks.draw(MLPSpec(units=(5, 5)), n_features=3, draws=1)
    z = X @ weights.kernels[0][0]
    standardized = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-3)
    np.testing.assert_array_equal(network.fraction[0, 0], np.mean(standardized > 0, axis=0))
    z = np.maximum(standardized, 0) @ weights.kernels[1][0]
    np.testing.assert_array_equal(network.fraction[0, 1], np.mean(z > z.mean(axis=0), axis=0))


def test_the_first_layers_fan_in_enters_the_law():
    # Glorot's weights shrink with the fan-out too, so that z is small and sigmoids nearly linear.
    X = WIDE.draw(np.random.default_rng(0))[:, :20]
    network = simulate(X, depth=2, width=400, draws=1)
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
    np.testing.assert_allclose(network.offset, [2, 0])
    for number in (0, 3, 1.5):
        with pytest.raises(ValueError, match="number must be a layer from 1 to 2, got"):
            network.layer(number)


def test_the_law_of_a_layer_is_that_of_counts_among_its_examples():
    layer = by_hand().layer(1)
    pmf = theory.active_examples_pmf(100, mean_over_std=2)
    for count in (0, 29, 57, 99, 100):
        assert layer.law([count / 100]) == pytest.approx(pmf[: count + 1].sum(), rel=1e-12)
    assert layer.law([np.nextafter(1, 0), -0.1]) == pytest.approx([1 - pmf[-1], 0], rel=1e-12)
    alike = by_hand(correlation=(1, 1)).layer(1)
    assert alike.law([0, 0.5, 1]).tolist() == [0.5, 0.5, 1]
    assert "∞" in alike.summary()


def test_a_layer_says_where_data_would_lie_that_units_see_alike():
    first, second = by_hand().layer(1), by_hand().layer(2)
    assert first.place == "layer 1, like data moved by 2.0 σ"
    assert second.place == "layer 2, like centred data"
    assert first.summary().endswith(": 50% of units split the data, 25% dead, 25% always active")
    assert by_hand().summary() == (
        "2 sigmoid layers of 4 units, glorot_uniform: "
        "share of units that split the data, by layer: 50%, 50%"
    )
    batch = by_hand(batch_normalization=True)
    assert "glorot_uniform, batch normalization:" in batch.summary()
    assert batch.first_and_last() == "sigmoid, batch norm: 50% split in layer 1, 50% in layer 2"
    assert by_hand().offsets_in_words() == ["2.0", "0"]


def test_offsets_are_written_as_roughly_as_they_matter():
    numbers = (0, 0.049, 0.06, 9.94, 9.96, 10.54, 99.4, 99.6, 189.5, 994, 1.4e4, np.inf)
    words = "0 0 0.1 9.9 10 11 99 10² 10² 10³ 10⁴ ∞"
    assert " ".join(map(offsets._rough, numbers)) == words
