"""Gains that keep a variance, and the laws of the way back and of residual blocks."""

import numpy as np
import pytest

from nnhelpers import activations, theory

# Squares of exponential have no mean that draws come near to, and for wide z none at all.
NAMES = sorted({*activations.ACTIVATIONS} - {"exponential"})
POINTS = 400_000
X = np.random.default_rng(0).standard_normal(POINTS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", [0.25, 4.0])
def test_mean_and_variance_of_activations_are_those_over_draws(name, variance):
    values = activations.find_activation(name).value(np.sqrt(variance) * X)
    mean, spread = theory.expected_activation(name, variance=variance), values.std()
    squares = (values - mean) ** 2
    assert abs(values.mean() - mean) < 4 * spread / np.sqrt(POINTS)
    expected = theory.activation_variance(name, variance=variance)
    assert abs(squares.mean() - expected) < 4 * squares.std() / np.sqrt(POINTS)


def test_behind_hes_weights_a_relu_has_neither_mean_zero_nor_variance_one():
    # Of a pre-activation N(0, 1), times sqrt(2), as the variance is 2 where E[x^2] is 1.
    assert theory.expected_activation("relu", variance=2) == pytest.approx(1 / np.sqrt(np.pi))
    assert theory.activation_variance("relu", variance=2) == pytest.approx(1 - 1 / np.pi)
    assert theory.expected_square("relu", variance=2) == pytest.approx(1)


def test_activations_at_variance_zero_are_all_alike():
    assert theory.expected_activation("sigmoid", variance=0) == 0.5
    assert theory.activation_variance("sigmoid", variance=0) == 0


@pytest.mark.parametrize(
    ("name", "slope"), [("relu", 0), ("leaky_relu", 0.2), ("prelu", 0.25), ("linear", 1)]
)
@pytest.mark.parametrize("variance", [0.01, 1.0, 50.0])
def test_hes_gain_keeps_every_variance_behind_any_slope(name, slope, variance):
    gain = theory.preserving_gain(name, variance=variance)
    assert gain == pytest.approx(np.sqrt(2 / (1 + slope**2)), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_the_preserving_gain_keeps_the_variance_over_many_layers(name):
    gain = theory.preserving_gain(name, variance=0.8)
    first = 0.8 / gain**2
    variances = theory.layer_variances(name, weight_variance=gain**2, depth=5, input_square=first)
    assert variances == pytest.approx(np.full(5, 0.8), rel=1e-9)


def test_selu_has_its_fixed_point_at_mean_zero_and_variance_one():
    assert theory.expected_activation("selu") == pytest.approx(0, abs=1e-12)
    assert theory.expected_square("selu") == pytest.approx(1, rel=1e-12)
    assert theory.preserving_gain("selu") == pytest.approx(1, rel=1e-12)


def test_errors_keep_their_variance_at_one_over_fan_out_where_slopes_are_one():
    ones = theory.error_variances("linear", variances=[1, 2, 3], weight_variances=[1, 1, 1])
    assert ones == pytest.approx(np.ones(3))


def test_errors_multiply_up_from_the_output():
    found = theory.error_variances("relu", variances=[1, 5, 3], weight_variances=[2, 6, 10])
    assert found == pytest.approx([15, 15, 5])
    slope = theory.expected_square_slope("tanh", std=2)
    found = theory.error_variances("tanh", variances=[0, 4], weight_variances=[3, 0.5])
    assert found == pytest.approx([3 * 0.5 * slope, 0.5 * slope])


def test_residual_blocks_double_the_variance_with_he_and_grow_it_e_times_when_scaled():
    doubled = theory.residual_variances("relu", weight_variance=2, depth=6, input_variance=3)
    assert doubled == pytest.approx(3 * 2.0 ** np.arange(7))
    scaled = theory.residual_variances("relu", weight_variance=2, depth=10_000, branch_scale=0.01)
    assert scaled[-1] == pytest.approx(np.e, rel=1e-4)
    kept = theory.residual_variances("tanh", weight_variance=2, depth=3, branch_scale=0)
    assert kept.tolist() == [1, 1, 1, 1]


def test_residual_blocks_of_tanh_add_what_a_tanh_passes_on():
    found = theory.residual_variances("tanh", weight_variance=1.5, depth=2, branch_scale=0.5)
    first = 1 + 0.25 * 1.5 * theory.expected_square("tanh", variance=1)
    second = first + 0.25 * 1.5 * theory.expected_square("tanh", variance=first)
    assert found == pytest.approx([1, first, second])


def test_an_exploding_residual_variance_ends_at_infinity():
    found = theory.residual_variances("linear", weight_variance=1e30, depth=20)
    assert np.isinf(found[-1])
