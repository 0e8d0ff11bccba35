"""Deep untrained networks: the law of the error signal, Keras, and what is counted."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import activations, datasets, models, networks, simulations
from nnhelpers.models import MLPSpec
from nnhelpers.words import ratio

DRAWS = 100
EPS = np.finfo(np.float32).eps


@pytest.fixture(scope="module")
def digits():
    """Fifty digits of grey values from 0 to 1, all ten classes among them."""
    whole = datasets.rescale(datasets.load_digits(), 1 / 16)
    return replace(whole, X=whole.X[:50], y=whole.y[:50])


def simulate(dataset, *, width=9, depth=3, activation="sigmoid", draws=5, gain=1.0, **settings):
    spec = MLPSpec(units=(width,) * depth, activation=activation, **settings)
    return simulations.simulate_depth(spec, dataset, gain=gain, draws=draws)


SETTINGS = [
    {"activation": "sigmoid"},
    {"activation": "sigmoid", "gain": 4.0},
    {"activation": "tanh"},
    {"activation": "tanh", "gain": 2.0},
    {"activation": "relu", "kernel_initializer": "he_normal"},
    {"activation": "gelu", "kernel_initializer": "lecun_normal"},
    {"activation": "selu", "kernel_initializer": "lecun_uniform"},
    {"activation": "linear", "gain": 0.5},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_one_layer_multiplies_the_error_signal_by_slopes_and_weights(settings, digits):
    width = 128
    signal = simulate(digits, depth=5, width=width, draws=DRAWS, **settings)
    expected = (signal.factors[:, :-1] * signal.delta_rms[:, 1:]) ** 2
    # The error above went forward through the same weights: one part in the width.
    assert_mean_is(1, signal.delta_rms[:, :-1] ** 2 / expected, slack=1 / width)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_law_multiplies_up_to_the_first_layer(settings, digits):
    depth, width = 8, 64
    signal = simulate(digits, depth=depth, width=width, draws=DRAWS, **settings)
    off = np.log(signal.delta_rms[:, 0] / signal.law[:, 0])
    # The squares are right in the mean; the mean of a logarithm lies below by their variance.
    assert_mean_is(-off.var(ddof=1), off, slack=(depth - 1) / (2 * width))


def test_the_law_starts_from_the_last_layer_and_multiplies_downwards(digits):
    signal = simulate(digits, depth=4, gain=2.0)
    np.testing.assert_array_equal(signal.law[:, -1], signal.delta_rms[:, -1])
    steps = signal.law[:, :-1] / signal.law[:, 1:]
    np.testing.assert_allclose(steps, signal.factors[:, :-1], rtol=1e-12)
    # Glorot's variance is one over the width between layers of one width.
    expected = 2.0 * np.sqrt(signal.mean_square_slope[:, :-1])
    np.testing.assert_allclose(signal.factors[:, :-1], expected, rtol=1e-12)
    assert np.isnan(signal.factors[:, -1]).all()
    assert signal.factor == pytest.approx(np.median(np.prod(expected, axis=1)) ** (1 / 3))


def test_the_law_of_a_single_layer_is_its_own_error_signal(digits):
    signal = simulate(digits, depth=1)
    np.testing.assert_array_equal(signal.law, signal.delta_rms)
    assert np.isnan(signal.factor)
    np.testing.assert_array_equal(signal.delta_ratio, 1)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_a_keras_network_of_the_same_weights_has_the_same_gradients(activation, digits):
    depth, width = 8, 64
    signal = simulate(digits, depth=depth, width=width, draws=2, activation=activation)
    spec = MLPSpec(units=(width,) * depth, activation=activation, n_outputs=10)
    network = models.build_mlp(spec, n_features=digits.X.shape[1], seed=0)
    kernels = models.gradients(network, digits.X, digits.y)[:-2:2]
    rms = [np.sqrt(np.mean(kernel.astype(float) ** 2)) for kernel in kernels]
    # Keras rounds every product of the longest path to float32: forward, back, over examples.
    roundings = 2 * (depth + 1) * width + len(digits.X)
    np.testing.assert_allclose(rms, signal.kernel_gradient_rms[0], rtol=roundings * EPS)


def test_what_is_measured_is_what_the_passes_hold(digits):
    signal = simulate(digits, activation="tanh", gain=3.0)
    spec = MLPSpec(units=(9,) * 3, activation="tanh", n_outputs=10)
    weights = networks.draw(spec, n_features=digits.X.shape[1], draws=1, gain=3.0)[0]
    passed = networks.backward_pass(digits.X, digits.y, weights, activation="tanh")
    z, a = passed.forward.pre_activations, passed.forward.activations

    def assert_measured(name, values):
        np.testing.assert_allclose(getattr(signal, name)[0], values, rtol=1e-9, atol=1e-12)

    assert_measured("activation_std", [layer.std() for layer in a])
    assert_measured("pre_activation_std", [layer.std() for layer in z])
    percentiles = [np.percentile(layer, (10, 50, 90)) for layer in z]
    assert_measured("pre_activation_percentiles", percentiles)
    slopes = [activations.ACTIVATIONS["tanh"].derivative(layer) for layer in z]
    assert_measured("mean_square_slope", [np.mean(slope**2) for slope in slopes])
    assert_measured("delta_rms", [np.sqrt(np.mean(delta**2)) for delta in passed.deltas])
    assert_measured("kernel_gradient_rms", [np.sqrt(np.mean(k**2)) for k in passed.kernels[:-1]])
    assert (signal.draws, signal.depth) == (5, 3)


@pytest.mark.parametrize(("classes", "outputs"), [(2, 1), (3, 3), (10, 10)])
def test_two_classes_share_an_output_and_more_get_one_each(classes, outputs, digits):
    some = SimpleNamespace(X=digits.X, y=digits.y % classes)
    assert simulate(some).spec.n_outputs == outputs


def test_a_network_whose_units_all_died_gets_nothing(digits):
    dark = SimpleNamespace(X=np.zeros((4, 2)), y=np.arange(4))
    signal = simulate(dark, activation="relu")
    np.testing.assert_array_equal(signal.delta_ratio, 0)
    np.testing.assert_array_equal(signal.law, 0)
    assert "is nothing of the last's" in signal.summary()


def test_the_summary_names_setting_and_ratios(digits):
    signal = simulate(digits, depth=8, width=64, draws=20)
    assert signal.summary() == (
        "8 sigmoid layers, glorot_uniform, gain 1: the gradient of the first layer's weights is "
        f"{ratio(np.median(signal.kernel_ratio))} the last's, its error signal "
        f"{ratio(np.median(signal.delta_ratio))} the last's"
    )
    assert simulate(digits, depth=1).summary().startswith("1 sigmoid layer, ")
