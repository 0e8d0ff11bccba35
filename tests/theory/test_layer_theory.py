"""The laws of wide random layers, against closed forms and simulated pairs of examples."""

import numpy as np
import pytest

from nnhelpers import activations, theory
from nnhelpers.theory.normal import NormalPairs

# Squares of exponential have no mean that draws come near to, and for wide z none at all.
NAMES = sorted({*activations.ACTIVATIONS} - {"exponential"})
PAIRS = 400_000
# Two examples of variance 1 and correlation c have pre-activations x and c x + sqrt(1 - c^2) y.
X, Y = np.random.default_rng(0).standard_normal((2, PAIRS))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variance", [0.25, 4.0])
def test_the_expected_square_is_the_mean_over_draws(name, variance):
    squares = activations.find_activation(name).value(np.sqrt(variance) * X) ** 2
    error = squares.std() / np.sqrt(PAIRS)
    assert abs(theory.expected_square(name, variance=variance) - squares.mean()) < 4 * error


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("variance", "correlation"), [(0.25, -0.6), (1.0, 0.3), (4.0, 0.95)])
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


def test_selu_comes_back_to_variance_one():
    variances = theory.layer_variances("selu", weight_variance=1, depth=60, input_square=4)
    assert variances[-1] == pytest.approx(1, abs=1e-3)


def test_weights_of_each_layer_and_biases_enter_the_variances():
    settings = {"weight_variance": [2, 3], "bias_variance": 0.5, "input_square": 4}
    variances = theory.layer_variances("linear", depth=2, **settings)
    assert variances == pytest.approx([8.5, 26.0], rel=1e-9)


def test_an_exploding_variance_ends_at_infinity():
    variances = theory.layer_variances("linear", weight_variance=1e30, depth=20)
    assert variances[0] == 1e30
    assert np.isinf(variances[-1])


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
