"""Laws of wide random layers, against closed forms and draws: variances, correlations, gains."""

import numpy as np
import pytest

from nnhelpers import activations, theory
from nnhelpers.theory.normal import NormalPairs

# Squares of exponential have no mean that draws come near to, and for wide z none at all.
NAMES = sorted({*activations.ACTIVATIONS} - {"exponential"})
PAIRS = 200_000
# Two examples of variance 1 and correlation c have pre-activations x and c x + sqrt(1 - c^2) y.
X, Y = np.random.default_rng(0).standard_normal((2, PAIRS))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", [0.25, 4.0])
def test_moments_of_activations_are_those_over_draws(name, variance):
    values = activations.find_activation(name).value(np.sqrt(variance) * X)
    mean = theory.expected_activation(name, variance=variance)
    for law, drawn in (
        (mean, values),
        (theory.activation_variance(name, variance=variance), (values - mean) ** 2),
        (theory.expected_square(name, variance=variance), values**2),
    ):
        assert abs(drawn.mean() - law) < 4 * drawn.std() / np.sqrt(PAIRS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("variance", "correlation"), [(0.25, -0.6), (4.0, 0.95)])
def test_the_expected_product_is_the_mean_over_pairs(name, variance, correlation):
    value = activations.find_activation(name).value
    other = correlation * X + np.sqrt(1 - correlation**2) * Y
    products = value(np.sqrt(variance) * X) * value(np.sqrt(variance) * other)
    error = products.std() / np.sqrt(PAIRS)
    assert abs(NormalPairs(name, variance).mean(correlation) - products.mean()) < 4 * error


@pytest.mark.parametrize("name", NAMES)
def test_at_a_correlation_of_one_the_product_is_the_square(name):
    exact = theory.expected_square(name, variance=2.0)
    assert NormalPairs(name, 2.0).mean(1.0) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("correlation", [-0.5, 0.2, 0.8])
def test_the_slope_of_the_product_is_that_of_its_curve(correlation):
    products, step = NormalPairs("tanh", 1.5), 1e-5
    rise = products.mean(correlation + step) - products.mean(correlation - step)
    assert products.mean_slope(correlation) == pytest.approx(rise / (2 * step) / 1.5, rel=1e-6)


def test_he_keeps_the_variance_of_relu_and_lecun_that_of_a_linear_network():
    relu = theory.layer_variances("relu", weight_variance=2, depth=30, input_square=0.7)
    linear = theory.layer_variances("linear", weight_variance=1, depth=30)
    assert relu == pytest.approx(np.full(30, 1.4), rel=1e-9)
    assert linear == pytest.approx(np.ones(30), rel=1e-9)


def test_the_variance_of_tanh_decays():
    variances = theory.layer_variances("tanh", weight_variance=1, depth=10)
    assert variances[1] == pytest.approx(0.3943, abs=5e-5)
    assert np.all(np.diff(variances) < 0)


def test_weights_of_each_layer_and_biases_enter_the_variances():
    settings = {"weight_variance": [2, 3], "bias_variance": 0.5, "input_square": 4}
    variances = theory.layer_variances("linear", depth=2, **settings)
    assert variances == pytest.approx([8.5, 26.0], rel=1e-9)


def test_an_exploding_variance_ends_at_infinity():
    variances = theory.layer_variances("linear", weight_variance=1e30, depth=20)
    assert variances[0] == 1e30
    assert np.isinf(variances[-1])
    assert np.isinf(theory.residual_variances("linear", weight_variance=1e30, depth=20)[-1])


def test_relu_correlations_follow_the_arc_cosine():
    correlations = theory.layer_correlations("relu", weight_variance=2, depth=3)
    assert correlations[:2] == pytest.approx([0, 1 / np.pi], abs=1e-12)
    c = correlations[1]
    angle = np.arccos(c)
    assert correlations[2] == pytest.approx((np.sin(angle) + (np.pi - angle) * c) / np.pi)


def test_equal_examples_stay_equal_and_sigmoids_make_all_alike():
    equal = theory.layer_correlations("tanh", weight_variance=4, depth=5, input_correlation=1)
    sigmoid = theory.layer_correlations("sigmoid", weight_variance=1, depth=5)
    assert equal == pytest.approx(np.ones(5), abs=1e-5)
    # E[f]^2 / E[f^2] is the limit of independent examples after one layer: 0.25 / 0.2933.
    assert sigmoid[1] == pytest.approx(0.25 / theory.expected_square("sigmoid"), rel=1e-9)
    assert sigmoid[-1] > 0.999


def test_the_correlation_length_is_the_pace_of_the_correlations():
    settings = {"weight_variance": 4.0, "bias_variance": 0.05}
    correlations = theory.layer_correlations("tanh", depth=120, input_correlation=0.9, **settings)
    differences = np.abs(correlations[35:45] - correlations[-1])
    pace = -1 / np.polyfit(np.arange(10), np.log(differences), 1)[0]
    assert theory.correlation_length("tanh", **settings) == pytest.approx(pace, rel=0.005)


def test_the_correlation_length_is_longest_between_order_and_chaos():
    variances = np.linspace(1.0, 6.0, 51)
    lengths = [
        theory.correlation_length("tanh", weight_variance=v, bias_variance=0.05) for v in variances
    ]
    # Where chi is 1 for Var(b) = 0.05, near 1.76 (figure 1 of Poole et al., 2016).
    assert variances[np.argmax(lengths)] == pytest.approx(1.76, abs=0.1)
    assert np.all(np.diff(lengths[: np.argmax(lengths)]) > 0)


def test_behind_hes_weights_a_relu_has_neither_mean_zero_nor_variance_one():
    # Of a pre-activation N(0, 1), times sqrt(2), as the variance is 2 where E[x^2] is 1.
    assert theory.expected_activation("relu", variance=2) == pytest.approx(1 / np.sqrt(np.pi))
    assert theory.activation_variance("relu", variance=2) == pytest.approx(1 - 1 / np.pi)
    assert theory.expected_square("relu", variance=2) == pytest.approx(1)
    assert theory.expected_activation("sigmoid", variance=0) == 0.5
    assert theory.activation_variance("sigmoid", variance=0) == 0


@pytest.mark.parametrize(
    ("name", "slope"), [("relu", 0), ("leaky_relu", 0.2), ("prelu", 0.25), ("linear", 1)]
)
@pytest.mark.parametrize("variance", [0.01, 50.0])
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


def test_errors_multiply_up_from_the_output():
    found = theory.error_variances("relu", variances=[1, 5, 3], weight_variances=[2, 6, 10])
    assert found == pytest.approx([15, 15, 5])
    slope = theory.expected_square_slope("tanh", std=2)
    found = theory.error_variances("tanh", variances=[0, 4], weight_variances=[3, 0.5])
    assert found == pytest.approx([3 * 0.5 * slope, 0.5 * slope])


def test_residual_blocks_double_the_variance_with_he_and_grow_it_e_times_when_scaled():
    doubled = theory.residual_variances("relu", weight_variance=2, depth=6, input_variance=3)
    assert doubled == pytest.approx(3 * 2.0 ** np.arange(7))
    scaled = theory.residual_variances("relu", weight_variance=2, depth=400, branch_scale=0.05)
    assert scaled[-1] == pytest.approx(1.0025**400)
    kept = theory.residual_variances("tanh", weight_variance=2, depth=3, branch_scale=0)
    assert kept.tolist() == [1, 1, 1, 1]


def test_residual_blocks_of_tanh_add_what_a_tanh_passes_on():
    found = theory.residual_variances("tanh", weight_variance=1.5, depth=2, branch_scale=0.5)
    first = 1 + 0.25 * 1.5 * theory.expected_square("tanh", variance=1)
    second = first + 0.25 * 1.5 * theory.expected_square("tanh", variance=first)
    assert found == pytest.approx([1, first, second])
