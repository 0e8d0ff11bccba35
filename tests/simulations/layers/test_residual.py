"""Residual blocks: what they do to the variance, and the cures."""

import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import networks, simulations
from nnhelpers.networks import MLPSpec

EXAMPLES, FEATURES = 30, 20


def examples():
    """Gaussian examples, all of one length, so that the laws are those of each of them."""
    X = np.random.default_rng(0).standard_normal((EXAMPLES, FEATURES))
    return X * np.sqrt(FEATURES / (X**2).sum(axis=1, keepdims=True))


def simulate(X=None, *, depth=6, width=100, draws=60, branch_scale=1.0, **network):
    spec = MLPSpec(**{"units": (width,) * depth, "kernel_initializer": "he_normal"} | network)
    X = examples() if X is None else X
    return simulations.simulate_residual(X, spec=spec, draws=draws, branch_scale=branch_scale)


@pytest.mark.parametrize("scale", [1.0, -0.5])
@pytest.mark.parametrize(
    ("activation", "initializer"),
    [("relu", "he_normal"), ("linear", "lecun_normal"), ("tanh", "glorot_uniform")],
)
def test_variances_and_correlations_follow_their_laws(activation, initializer, scale):
    found = simulate(activation=activation, kernel_initializer=initializer, branch_scale=scale)
    # A bend in the law sees the layer below's variance vary: one part in the width per layer.
    slack = np.arange(found.depth + 1) / found.spec.units[0]
    for comparison in (found.plain, found.residual):
        assert_mean_is(1, comparison.measured / comparison.law, slack=slack)
    assert_mean_is(found.correlation.law, found.correlation.measured, slack=slack + 1e-12)


def test_a_relu_block_doubles_the_variance_and_a_scaled_one_keeps_it_within_e():
    found = simulate()
    assert found.residual.law == pytest.approx(2 * 2.0 ** np.arange(7))
    assert found.growth == pytest.approx(2, abs=0.1)
    assert found.correlation.law == pytest.approx(2 ** (-np.arange(7) / 2))
    scaled = simulate(depth=20, branch_scale=20**-0.5, draws=2, width=9)
    assert scaled.residual.law[-1] < 2 * np.e


def test_both_networks_have_the_same_kernels_and_differ_by_the_connection_alone():
    X = examples()
    found = simulate(depth=2, width=5, draws=3, branch_scale=0.7)
    spec = MLPSpec(units=(5, 5), kernel_initializer="he_normal", n_outputs=5)
    kernels = networks.draw(spec, n_features=FEATURES, draws=3).kernels
    first = X @ kernels[0]
    plain = np.maximum(np.maximum(first, 0) @ kernels[1], 0) @ kernels[2]
    second = first + 0.7 * np.maximum(first, 0) @ kernels[1]
    third = second + 0.7 * np.maximum(second, 0) @ kernels[2]
    over = (1, 2)
    np.testing.assert_allclose(found.plain.measured[:, 2], np.mean(plain**2, axis=over))
    np.testing.assert_allclose(found.residual.measured[:, 2], np.mean(third**2, axis=over))
    size = np.sqrt(np.sum(first**2, axis=over) * np.sum(third**2, axis=over))
    expected = np.sum(first * third, axis=over) / size
    np.testing.assert_allclose(found.correlation.measured[:, 2], expected)


def test_zero_weights_are_measured_without_a_hitch():
    found = simulate(kernel_initializer="zeros", depth=2, draws=2)
    assert not found.residual.measured.any()
    assert not found.correlation.measured.any()
    assert np.isnan(found.growth)
    assert "nan" not in found.summary()


def test_the_summary_says_what_a_block_does():
    found = simulate(depth=20, draws=30)
    assert found.summary().startswith("20 relu blocks, he_normal, branches × 1: variance × 2.0")
    assert "correlation with the input 0.0" in found.summary()
    kept = simulate(depth=1, branch_scale=0)
    said = "1 relu block, he_normal, branches × 0: variance × 1.00 per block"
    assert kept.summary().startswith(said)
    # Branches that start at zero leave the signal as it is.
    assert (kept.residual.measured == kept.residual.measured[:, :1]).all()
    np.testing.assert_allclose(kept.correlation.measured, 1, rtol=1e-12)
    assert kept.growth == 1


def test_more_draws_begin_with_the_same():
    first, more = (simulate(draws=n, width=6).residual.measured for n in (3, 5))
    np.testing.assert_allclose(more[:3], first, rtol=1e-9)
