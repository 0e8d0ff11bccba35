"""Weights multiplied before batch norm: outputs, gradients and growth against their laws."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import networks
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import simulate_scale_invariance

EPS = np.finfo(float).eps
X = np.random.default_rng(0).normal(size=(12, 5))
Y = np.arange(12) % 3
SPEC = MLPSpec(units=(3,), batch_normalization=True, n_outputs=3)
LAYERS = networks.draw(SPEC, n_features=5, draws=4)


def back(kernel, *, epsilon=0.0):
    norm = replace(LAYERS.norms[0], epsilon=epsilon)
    layers = replace(LAYERS, kernels=(kernel, LAYERS.kernels[1]), norms=(norm,))
    return networks.backward_pass(X, Y, layers, activation="linear")


def test_without_epsilon_weights_of_any_size_make_one_output_and_gradients_shrink_as_they_grow():
    result = simulate_scale_invariance()
    # With small weights the biases, about as large as 4, cost as many digits as the factor takes.
    allowed = 1e3 * EPS * np.maximum(1, 1 / result.factors)
    assert (result.change.max(axis=1) < allowed).all()
    np.testing.assert_allclose(result.gradient * result.factors[:, np.newaxis], 1, rtol=1e-10)


def test_without_epsilon_gradients_are_at_right_angles_and_weights_grow_as_pythagoras_says():
    result = simulate_scale_invariance()
    assert 0 < result.alignment.max() < 1e3 * EPS * 100
    kernel, rate = LAYERS.kernels[0], 0.1
    slope = back(kernel).kernels[0]
    after, before, gradient = (np.sum(each**2) for each in (kernel - rate * slope, kernel, slope))
    assert after == pytest.approx(before + rate**2 * gradient, rel=10 * EPS)


@pytest.mark.parametrize("factor", [0.03, 5.0])
@pytest.mark.parametrize("epsilon", [1e-3, 0.5])
def test_with_epsilon_outputs_are_multiplied_as_the_law_says(epsilon, factor):
    kernel = LAYERS.kernels[0]
    passed = (back(each, epsilon=epsilon).forward for each in (kernel, factor * kernel))
    outputs, scaled = (each.outputs[0] for each in passed)
    variance = (X @ kernel).var(axis=1, keepdims=True)
    law = np.sqrt((variance + epsilon) / (variance + epsilon / factor**2))
    np.testing.assert_allclose(scaled, law * outputs, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("factor", [0.03, 5.0])
def test_weights_times_a_have_the_gradient_of_epsilon_over_a_squared(factor):
    kernel, epsilon = LAYERS.kernels[0], 0.01
    scaled = back(factor * kernel, epsilon=epsilon).kernels[0]
    gradient = back(kernel, epsilon=epsilon / factor**2).kernels[0]
    np.testing.assert_allclose(scaled, gradient / factor, rtol=1e-9, atol=1e-13)


def test_with_epsilon_the_gradient_has_a_part_along_the_weights():
    # <g, w> = eps / (v + eps) <outputs, gradient for outputs>: what is left of the derivative.
    epsilon, kernel = 0.3, LAYERS.kernels[0]
    passed = back(kernel, epsilon=epsilon)
    variance = (X @ kernel).var(axis=1)
    outputs, above = passed.forward.outputs[0], passed.deltas[0] / len(X)
    law = epsilon / (variance + epsilon) * (outputs * above).sum(axis=1)
    np.testing.assert_allclose((passed.kernels[0] * kernel).sum(axis=1), law, atol=1e-14)
    assert np.abs(law).max() > 1e-3


def test_the_summary_says_what_is_certain():
    assert simulate_scale_invariance().summary() == (
        "100 layers, weights × 0.01 to 100, epsilon 0: outputs equal, gradient × factor constant "
        "(to 1e-9); gradient at right angles to the weights"
    )
    off = replace(simulate_scale_invariance(), change=np.array([[0.1, 0.5]]))
    assert off.verdict().startswith("outputs change by up to 0.500, gradient × factor by ")


def test_an_update_turns_weights_as_the_effective_rate_would_turn_weights_of_length_one():
    rate, factor = 0.1, 7.0
    unit = LAYERS.kernels[0] / np.sqrt((LAYERS.kernels[0] ** 2).sum(axis=1, keepdims=True))
    effective = rate / factor**2
    large = factor * unit - rate * back(factor * unit).kernels[0]
    small = unit - effective * back(unit).kernels[0]
    np.testing.assert_allclose(large / factor, small, rtol=1e-10, atol=1e-13)
