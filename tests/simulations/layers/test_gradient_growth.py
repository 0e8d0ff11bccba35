"""The gradient on its way back through batch norm: the law, and networks held to it."""

from dataclasses import replace

import numpy as np
import pytest
from simulations.held import assert_mean_is
from stopwatch import least_processor_seconds

from nnhelpers import activations, networks, simulations, theory
from nnhelpers.initializers import RandomNormal
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import LayerGradients

EPSILON = 1e-3


def simulate(*, depth=20, width=60, draws=6, batch_size=32, seed=0, **network):
    spec = MLPSpec(**{"units": (width,) * depth, "kernel_initializer": "he_normal"} | network)
    settings = {"batch_size": batch_size, "draws": draws, "seed": seed}
    return simulations.simulate_gradient_growth(spec=spec, **settings)


# A gradient passes by what the jump of hard_shrink does to the signal.
CONTINUOUS = pytest.mark.parametrize(
    "activation", [name for name in activations.ACTIVATIONS if name != "hard_shrink"]
)


@pytest.mark.parametrize("batch_size", [4, 5, 8, 64, 1_000])
def test_a_linear_network_follows_the_published_law(batch_size):
    law = theory.normalized_gradient_growth("linear", batch_size=batch_size)
    assert law == pytest.approx((batch_size - 2) / (batch_size - 3), rel=1e-10)


def test_relu_follows_the_published_law_for_large_batches():
    assert theory.normalized_gradient_growth("relu") == pytest.approx(np.pi / (np.pi - 1))


@CONTINUOUS
def test_for_large_batches_it_is_the_mean_square_slope_over_the_variance(activation):
    slope = theory.expected_square_slope(activation)
    passed_on = theory.activation_variance(activation, variance=1.0)
    law = theory.normalized_gradient_growth(activation)
    assert law == pytest.approx(slope / passed_on, rel=1e-6)
    large = theory.normalized_gradient_growth(activation, batch_size=1e7)
    assert large == pytest.approx(law, rel=1e-5)


@CONTINUOUS
def test_no_activation_shrinks_the_gradient_and_only_a_straight_line_keeps_it(activation):
    for batch_size in (4, 16, 256):
        assert theory.normalized_gradient_growth(activation, batch_size=batch_size) > 1
    growth = theory.normalized_gradient_growth(activation)
    # Of the terms k a_k^2 of Hermite's series that make E[f'^2] all but the straight one, which
    # Stein's lemma gives, count twice or more.
    straight = theory.expected_slope(activation) ** 2 / theory.activation_variance(activation)
    assert growth == pytest.approx(1) if activation == "linear" else growth > 2 - straight > 1


@pytest.mark.parametrize("batch_size", [4, 8, 32])
@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu", "hard_silu", "soft_shrink"])
def test_the_law_is_the_mean_over_units_of_one_layer(activation, batch_size):
    # Random z of a unit; what comes back to its activation is independent of them.
    record, rng = activations.find_activation(activation), np.random.default_rng(0)
    h, back = rng.standard_normal((2, 100_000, batch_size))
    z = (h - h.mean(axis=1, keepdims=True)) / h.std(axis=1, keepdims=True)
    f = record.value(z)
    # An unbiased estimate of what the next layer's units get, whose deviation divides the gradient.
    variance = f.var(axis=1, ddof=1)
    back -= back.mean(axis=1, keepdims=True)
    through = record.derivative(z) * back
    through -= through.mean(axis=1, keepdims=True)
    through -= z * np.mean(z * through, axis=1, keepdims=True)
    kept = np.sum(through**2, axis=1) / (batch_size - 1) * batch_size / (batch_size - 3)
    law = theory.normalized_gradient_growth(activation, batch_size=batch_size)
    # Of a ratio of means: the spread of what is 0 on average.
    assert_mean_is(0, kept - law * variance)


@pytest.mark.parametrize(
    ("activation", "initializer"),
    [("relu", "he_normal"), ("tanh", "glorot_uniform"), ("selu", "lecun_normal")],
)
@pytest.mark.parametrize("batch_size", [8, 16])
def test_wide_networks_follow_the_law(activation, initializer, batch_size):
    width, network = 300, {"activation": activation, "kernel_initializer": initializer}
    found = simulate(width=width, batch_size=batch_size, **network)
    # A layer's part in the width; and epsilon beside the least variance of the three, tanh's.
    slack = found.law * (1 / width + EPSILON / 0.39)
    off = abs(found.normalized.growth - found.law)
    assert off <= 4 * found.normalized.standard_error + slack


def test_plain_relu_networks_with_hes_weights_keep_the_gradient():
    found = simulate(width=200)
    assert abs(found.plain.growth - 1) <= 4 * found.plain.standard_error + 1 / 200


def test_the_scale_of_the_weights_plays_no_part_with_batch_norm():
    one, other = (simulate(kernel_initializer=RandomNormal(stddev=each)) for each in (0.2, 2.0))
    error = np.hypot(one.normalized.standard_error, other.normalized.standard_error)
    # Epsilon beside the smaller weights' variance, 60 x 0.04 x 0.34.
    slack = EPSILON / 0.8
    assert abs(one.normalized.growth - other.normalized.growth) <= 4 * error + slack
    assert other.plain.growth > 50 * one.plain.growth


def test_kernels_get_a_gradient_that_grows_alike():
    found = simulate(depth=30)
    as_deltas = LayerGradients(deltas=found.normalized.kernels, kernels=found.normalized.kernels)
    error = np.hypot(found.normalized.standard_error, as_deltas.standard_error)
    assert abs(as_deltas.growth - found.normalized.growth) <= 4 * error
    assert found.normalized.kernels.shape == (6, 30)


def test_smaller_batches_grow_faster():
    sizes = (4, 8, 32)
    growths = [simulate(batch_size=size).normalized.growth for size in sizes]
    assert growths[0] > growths[1] > growths[2] > 1.4


def test_the_law_is_a_little_off_where_batches_are_larger_than_layers_are_wide():
    found = simulate(depth=50, width=100, batch_size=128, draws=10)
    off = abs(found.normalized.growth - found.law)
    assert 4 * found.normalized.standard_error < off < 0.03 * found.law


def test_what_is_measured_is_what_a_backward_pass_gives():
    found = simulate(depth=3, width=6, batch_size=9, draws=2, seed=4)
    spec = MLPSpec(units=(6,) * 3, kernel_initializer="he_normal", n_outputs=10)
    weights = networks.draw(spec, n_features=6, draws=2, seed=4)[0]
    normalized = replace(spec, batch_normalization=True)
    batch = np.random.default_rng(4).standard_normal((2, 9, 6))[0]
    for part, network in (
        (found.plain, weights),
        (found.normalized, networks.with_batch_norm(normalized, weights)),
    ):
        passed = networks.backward_pass(batch, np.arange(9), network, activation="relu")
        deltas = [np.sqrt(np.mean(delta**2)) for delta in passed.deltas]
        kernels = [np.sqrt(np.mean(kernel**2)) for kernel in passed.kernels[:-1]]
        np.testing.assert_allclose(part.deltas[0], deltas, rtol=1e-9)
        np.testing.assert_allclose(part.kernels[0], kernels, rtol=1e-9)
    assert (found.draws, found.depth) == (2, 3)


def test_a_growth_is_fitted_to_all_layers_but_the_last():
    deltas = np.array([[8.0, 4.0, 2.0, 77.0], [27.0, 9.0, 3.0, 1e-9]])
    gradients = LayerGradients(deltas=deltas, kernels=deltas)
    np.testing.assert_allclose(gradients.growths, [4.0, 9.0])
    assert gradients.growth == pytest.approx(6.5)
    assert gradients.standard_error == pytest.approx(2.5)
    np.testing.assert_allclose(gradients.relative[:, -1], 1)
    single = LayerGradients(deltas=deltas[:1], kernels=deltas[:1])
    assert single.standard_error == np.inf


def test_the_summary_says_what_one_layer_does():
    found = simulate(batch_size=16)
    normalized, plain = (np.sqrt(part.growth) for part in (found.normalized, found.plain))
    assert found.summary() == (
        "20 relu layers of 60, he_normal, batches of 16, the gradient on its way back: "
        f"batch norm × {normalized:.2f} a layer (law 1.26), without × {plain:.2f}"
    )


def test_the_default_takes_no_longer_than_a_second_of_processor_time():
    def compute(seed):
        simulations.simulate_gradient_growth(seed=seed)

    assert least_processor_seconds(compute, range(2)) < 1
