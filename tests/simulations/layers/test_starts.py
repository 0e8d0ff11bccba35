"""LSUV: every layer's variance is what it was scaled to, for any activation."""

import numpy as np
import pytest

from nnhelpers import activations, datasets, networks, simulations
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import scale_layers

NAMES = list(activations.COMMON)
SIZES = (64, *[30] * 12, 10)
ROUNDING = 1e-12


@pytest.fixture(scope="module")
def digits():
    return datasets.load_digits().X[:80] / 16


def weights_of(name="orthogonal", *, sizes=SIZES, gain=1.0, draws=4):
    spec = MLPSpec(units=sizes[1:-1], kernel_initializer=name, n_outputs=sizes[-1])
    return networks.draw(spec, n_features=sizes[0], gain=gain, draws=draws)


def variances(X, weights, activation):
    passed = networks.forward_pass(X, weights, activation=activation)
    return np.array([z.var(axis=(-2, -1)) for z in (*passed.pre_activations, passed.logits)])


@pytest.mark.parametrize("activation", NAMES)
@pytest.mark.parametrize("start", ["orthogonal", "glorot_uniform", "random_normal"])
def test_every_layer_of_every_network_has_variance_one(start, activation, digits):
    scaled = scale_layers(digits, weights_of(start), activation=activation)
    # The bar is 10 %; one division is exact.
    np.testing.assert_allclose(variances(digits, scaled, activation), 1, rtol=ROUNDING)


def test_one_network_is_scaled_as_it_is_among_many(digits):
    weights = weights_of()
    many = scale_layers(digits, weights, activation="gelu")
    one = scale_layers(digits, weights[2], activation="gelu")
    for ours, theirs in zip(one.kernels, many.kernels, strict=True):
        np.testing.assert_allclose(ours, theirs[2], rtol=ROUNDING)


def test_kernels_change_by_a_factor_alone_and_the_given_ones_stay(digits):
    weights = weights_of()
    before = [kernel.copy() for kernel in weights.kernels]
    scaled = scale_layers(digits, weights, activation="relu")
    for old, kernel, new in zip(before, weights.kernels, scaled.kernels, strict=True):
        np.testing.assert_array_equal(kernel, old)
        factors = new / old
        first = np.broadcast_to(factors[:, :1, :1], factors.shape)
        np.testing.assert_allclose(factors, first, rtol=ROUNDING)


def test_the_scale_of_the_start_does_not_matter(digits):
    plain = scale_layers(digits, weights_of(), activation="tanh")
    strong = scale_layers(digits, weights_of(gain=50.0), activation="tanh")
    for ours, theirs in zip(strong.kernels, plain.kernels, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@pytest.fixture(scope="module")
def starts(digits):
    X = digits / np.sqrt(np.mean(digits**2))
    return simulations.simulate_starts(X, spec=MLPSpec(units=(40,) * 10), draws=20)


def test_lsuv_keeps_every_activation_and_the_others_few(starts):
    kept = dict(zip(starts.starts, starts.keeps.T, strict=True))
    assert kept["LSUV"].all()
    # LeCun's variance keeps a linear network, and SELU was made for it; 40 units blur that.
    assert set(np.array(NAMES)[kept["orthogonal"]]) in ({"linear"}, {"linear", "selu"})
    assert kept["glorot_uniform"].sum() <= 2
    assert starts.variances.shape == (len(NAMES), 5, 20, 10)


def test_starts_are_measured_on_the_examples_that_lsuv_saw_and_on_others(starts, digits):
    X = digits / np.sqrt(np.mean(digits**2))
    weights = weights_of(sizes=(64, *[40] * 10, 1), draws=20)
    scaled = scale_layers(X[::2], weights, activation="silu")
    row = starts.variances[NAMES.index("silu")]
    np.testing.assert_allclose(row[2], variances(X[::2], weights, "silu")[:-1].T, rtol=1e-9)
    np.testing.assert_allclose(row[3], 1, rtol=ROUNDING)
    np.testing.assert_allclose(row[4], variances(X[1::2], scaled, "silu")[:-1].T, rtol=1e-9)


def test_the_table_tells_lowest_and_highest_layer_and_marks_what_is_kept():
    made = simulations.Starts(
        starts=("he_normal", "LSUV"),
        activations=("relu", "tanh"),
        spec=MLPSpec(units=(8, 8)),
        variances=np.array([[[[2.0, 0.004]], [[1.0, 1.0]]], [[[1.05, 0.95]], [[0.89, 1]]]]),
    )
    assert repr(made).splitlines() == [
        "variance of z, lowest to highest of 2 layers (medians of 1 networks, 8 wide); "
        "✓ all within 10 % of 1",
        "activation     he_normal           LSUV",
        "relu        0.00400–2.00           1.00  ✓",
        "tanh          0.950–1.05  ✓  0.890–1.00",
    ]
    assert made.summary() == (
        "all layers' variances within 10 % of 1, of 2 activations: he_normal: 1; LSUV: 1"
    )
