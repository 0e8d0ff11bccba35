"""Deep untrained networks: laws of the error signal and of its growth, and what is counted."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from simulations.held import assert_mean_is
from stopwatch import least_processor_seconds

from nnhelpers import activations, datasets, models, networks, simulations, theory
from nnhelpers.initializers import RandomNormal
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.signals import LayerGradients
from nnhelpers.words import ratio

DRAWS = 100
EPS = np.finfo(np.float32).eps
EPSILON = 1e-3


@pytest.fixture(scope="module")
def digits():
    """Fifty digits of grey values from 0 to 1, all ten classes among them."""
    whole = datasets.rescale(datasets.load_digits(), 1 / 16)
    return replace(whole, X=whole.X[:50], y=whole.y[:50])


def simulate(dataset, *, width=9, depth=3, activation="sigmoid", draws=5, gain=1.0, **settings):
    spec = MLPSpec(units=(width,) * depth, activation=activation, **settings)
    return simulations.simulate_depth(spec, dataset, gain=gain, draws=draws)


@pytest.mark.parametrize(
    "settings",
    [
        {"activation": "sigmoid", "gain": 4.0},
        {"activation": "tanh", "gain": 2.0},
        {"activation": "relu", "kernel_initializer": "he_normal"},
        {"activation": "gelu", "kernel_initializer": "lecun_normal"},
        {"activation": "linear", "gain": 0.5},
    ],
    ids=str,
)
def test_layers_multiply_the_error_signal_by_slopes_and_weights(settings, digits):
    depth, width = 6, 64
    signal = simulate(digits, depth=depth, width=width, draws=DRAWS, **settings)
    expected = (signal.factors[:, :-1] * signal.delta_rms[:, 1:]) ** 2
    # The error above went forward through the same weights: one part in the width.
    assert_mean_is(1, signal.delta_rms[:, :-1] ** 2 / expected, slack=1 / width)
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


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_keras_network_of_the_same_weights_has_the_same_gradients(activation, digits):
    depth, width = 5, 64
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
    z = passed.forward.pre_activations

    def assert_measured(name, values):
        np.testing.assert_allclose(getattr(signal, name)[0], values, rtol=1e-9, atol=1e-12)

    assert_measured("pre_activation_std", [layer.std() for layer in z])
    percentiles = [np.percentile(layer, (10, 50, 90)) for layer in z]
    assert_measured("pre_activation_percentiles", percentiles)
    slopes = [activations.ACTIVATIONS["tanh"].derivative(layer) for layer in z]
    assert_measured("mean_square_slope", [np.mean(slope**2) for slope in slopes])
    assert_measured("delta_rms", [np.sqrt(np.mean(delta**2)) for delta in passed.deltas])
    assert_measured("kernel_gradient_rms", [np.sqrt(np.mean(k**2)) for k in passed.kernels[:-1]])
    assert (signal.draws, signal.depth) == (5, 3)


def test_two_classes_share_an_output_and_more_get_one_each(digits):
    for classes, outputs in ((2, 1), (3, 3), (10, 10)):
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
    single = simulate(digits, depth=1)
    assert single.summary().startswith("1 sigmoid layer, ")
    np.testing.assert_array_equal(single.law, single.delta_rms)
    assert np.isnan(single.factor)
    np.testing.assert_array_equal(single.delta_ratio, 1)


def simulate_growth(*, depth=20, width=60, draws=6, batch_size=32, seed=0, **network):
    spec = MLPSpec(**{"units": (width,) * depth, "kernel_initializer": "he_normal"} | network)
    settings = {"batch_size": batch_size, "draws": draws, "seed": seed}
    return simulations.simulate_gradient_growth(spec=spec, **settings)


def error_of(gradients):
    return np.std(gradients.growths, ddof=1) / np.sqrt(len(gradients.growths))


BENT_AT_ZERO = pytest.mark.parametrize(
    "activation", [name for name, each in activations.ACTIVATIONS.items() if not any(each.kinks)]
)


def test_linear_networks_and_relu_in_large_batches_follow_the_published_laws():
    for batch_size in (4, 5, 64, 1_000):
        law = theory.normalized_gradient_growth("linear", batch_size=batch_size)
        assert law == pytest.approx((batch_size - 2) / (batch_size - 3), rel=1e-10)
    relu = theory.normalized_gradient_growth("relu", batch_size=10**9)
    assert relu == pytest.approx(np.pi / (np.pi - 1), rel=1e-8)


@BENT_AT_ZERO
def test_it_is_the_mean_square_slope_over_the_variance_and_never_below_one(activation):
    passed_on = theory.activation_variance(activation, variance=1.0)
    law = theory.expected_square_slope(activation) / passed_on
    large = theory.normalized_gradient_growth(activation, batch_size=10**9)
    assert large == pytest.approx(law, rel=1e-8)
    for batch_size in (4, 16, 256):
        assert theory.normalized_gradient_growth(activation, batch_size=batch_size) > 1
    # Of the terms k a_k^2 of Hermite's series that make E[f'^2] all but the straight one, which
    # Stein's lemma gives, count twice or more.
    straight = theory.expected_slope(activation) ** 2 / passed_on
    assert law == pytest.approx(1) if activation == "linear" else law > 2 - straight > 1


@pytest.mark.parametrize("batch_size", [4, 16])
@pytest.mark.parametrize("activation", ["relu", "tanh", "silu", "leaky_relu"])
def test_the_law_is_the_mean_over_units_of_one_layer(activation, batch_size):
    # Random z of a unit; what comes back to its activation is independent of them.
    record, rng = activations.find_activation(activation), np.random.default_rng(0)
    h, back = rng.standard_normal((2, 60_000, batch_size))
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
    ("activation", "initializer", "batch_size"),
    [("relu", "he_normal", 8), ("tanh", "glorot_uniform", 16), ("selu", "lecun_normal", 8)],
)
def test_wide_networks_follow_the_law(activation, initializer, batch_size):
    width, network = 200, {"activation": activation, "kernel_initializer": initializer}
    found = simulate_growth(width=width, batch_size=batch_size, **network)
    # A layer's part in the width; and epsilon beside the least variance of the three, tanh's.
    slack = found.law * (1 / width + EPSILON / 0.39)
    off = abs(found.normalized.growth - found.law)
    assert off <= 4 * error_of(found.normalized) + slack
    if activation == "relu":
        # He's weights keep the gradient of plain networks.
        assert abs(found.plain.growth - 1) <= 4 * error_of(found.plain) + 1 / width


def test_the_scale_of_the_weights_plays_no_part_with_batch_norm():
    one, other = (
        simulate_growth(kernel_initializer=RandomNormal(stddev=each)) for each in (0.2, 2.0)
    )
    error = np.hypot(error_of(one.normalized), error_of(other.normalized))
    # Epsilon beside the smaller weights' variance, 60 x 0.04 x 0.34.
    slack = EPSILON / 0.8
    assert abs(one.normalized.growth - other.normalized.growth) <= 4 * error + slack
    assert other.plain.growth > 50 * one.plain.growth


def test_deltas_are_those_of_a_backward_pass_with_batch_norm_and_without():
    found = simulate_growth(depth=3, width=6, batch_size=9, draws=2, seed=4)
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
        np.testing.assert_allclose(part.deltas[0], deltas, rtol=1e-9)
    assert (found.draws, found.depth) == (2, 3)


def test_a_growth_is_fitted_to_all_layers_but_the_last():
    gradients = LayerGradients(deltas=np.array([[8.0, 4.0, 2.0, 77.0], [27.0, 9.0, 3.0, 1e-9]]))
    np.testing.assert_allclose(gradients.growths, [4.0, 9.0])
    assert gradients.growth == pytest.approx(6.5)
    np.testing.assert_allclose(gradients.relative[:, -1], 1)


def test_the_summary_says_what_one_layer_with_batch_norm_does():
    found = simulate_growth(batch_size=16)
    normalized, plain = (np.sqrt(part.growth) for part in (found.normalized, found.plain))
    assert found.summary() == (
        "20 relu layers of 60, he_normal, batches of 16, the gradient on its way back: "
        f"batch norm × {normalized:.2f} a layer (law 1.26), without × {plain:.2f}"
    )


def test_the_default_takes_no_longer_than_a_second_of_processor_time():
    def compute(seed):
        simulations.simulate_gradient_growth(seed=seed)

    assert least_processor_seconds(compute, range(2)) < 1
