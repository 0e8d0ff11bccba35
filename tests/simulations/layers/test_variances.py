"""The variance calculator: measured beside the law, and where they disagree."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from simulations.held import assert_mean_is

from nnhelpers import networks, simulations, theory
from nnhelpers.initializers import Orthogonal, RandomUniform, VarianceScaling
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import ByLayer

FEATURES, EXAMPLES = 40, 30
WIDTHS = (64, 200, 50, 200, 50)


def examples(classes=10):
    """Gaussian examples, all of one length, so that the laws are those of each of them."""
    X = np.random.default_rng(0).standard_normal((EXAMPLES, FEATURES))
    X *= np.sqrt(FEATURES / (X**2).sum(axis=1, keepdims=True))
    return SimpleNamespace(X=X, y=np.arange(EXAMPLES) % classes)


def simulate(dataset=None, *, units=(9, 5), activation="tanh", gain=1.0, draws=4, **settings):
    spec = MLPSpec(units=units, activation=activation, **settings)
    return simulations.simulate_variances(spec, dataset or examples(), gain=gain, draws=draws)


SETTINGS = [
    {"activation": "tanh", "gain": 3.0},
    {"activation": "sigmoid", "kernel_initializer": "lecun_normal"},
    {"activation": "relu", "kernel_initializer": "he_normal"},
    {"activation": "gelu", "kernel_initializer": "orthogonal"},
    {"activation": "linear", "kernel_initializer": VarianceScaling(mode="fan_out")},
    {"activation": "tanh", "kernel_initializer": RandomUniform(minval=-0.2, maxval=0.2)},
    {"activation": "tanh", "kernel_initializer": Orthogonal(gain=1.5)},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_variances_follow_their_laws_forward_and_back(settings):
    units = (150, 100, 150)
    found = simulate(units=units, draws=50, **settings)
    # A layer's variance varies from network to network, and the laws bend: one part in the
    # width for every layer on the way there.
    parts = np.cumsum(1 / np.array(units))
    for comparison, slack in (
        (found.pre_activations, np.array([0, *parts[:-1]])),
        (found.activations, parts),
        (found.errors, parts[::-1]),
    ):
        rounding = 100 * np.finfo(float).eps  # of orthogonal kernels, which leave no chance
        assert_mean_is(1, comparison.measured / comparison.law, slack=slack + rounding)


def test_the_laws_are_those_of_theory_with_each_kernels_fans():
    found = simulate(units=(7, 20), activation="tanh", kernel_initializer="glorot_normal", gain=1.5)
    # Glorot's variance is 2 / (fan_in + fan_out); the gain multiplies the output's kernel too.
    first, second, last = 2.25 * 2 / 47, 2.25 * 2 / 27, 2.25 * 2 / 30
    forward_law = theory.layer_variances("tanh", weight_variance=[40 * first, 7 * second], depth=2)
    np.testing.assert_allclose(found.pre_activations.law, forward_law, rtol=1e-9)
    fans = [20 * second, 10 * last]
    back = theory.error_variances("tanh", variances=forward_law, weight_variances=fans)
    np.testing.assert_allclose(found.errors.law, back, rtol=1e-9)
    passed_on = [theory.activation_variance("tanh", variance=each) for each in forward_law]
    np.testing.assert_allclose(found.activations.law, passed_on, rtol=1e-9)


def test_what_is_measured_is_what_the_networks_hold():
    few = examples(classes=3)
    found = simulate(few, units=(6, 4), activation="relu", gain=2.0, kernel_initializer="he_normal")
    spec = MLPSpec(units=(6, 4), kernel_initializer=VarianceScaling(scale=2.0), n_outputs=3)
    weights = networks.draw(spec, n_features=FEATURES, gain=2.0, draws=4)
    passed = networks.forward_pass(few.X, weights, activation="relu")
    z = np.array([np.mean(each**2, axis=(1, 2)) for each in passed.pre_activations]).T
    np.testing.assert_allclose(found.pre_activations.measured, z, rtol=1e-12)
    a = np.array([np.mean((each - each.mean()) ** 2, axis=(1, 2)) for each in passed.activations]).T
    np.testing.assert_allclose(found.activations.measured, a, rtol=1e-12)
    errors = networks.probabilities(passed.logits) - np.eye(3)[few.y]
    last = (errors @ weights.kernels[-1].transpose(0, 2, 1)) * (passed.pre_activations[-1] > 0)
    relative = np.mean(last**2, axis=(1, 2)) / np.mean(errors**2, axis=(1, 2))
    np.testing.assert_allclose(found.errors.measured[:, -1], relative, rtol=1e-12)
    assert (found.draws, found.depth) == (4, 2)


def test_fan_in_keeps_the_signal_fan_out_the_error_and_glorot_loses_a_third_of_both_in_a_pair():
    def steps(mode):
        scaling = VarianceScaling(mode=mode)
        found = simulate(units=WIDTHS, activation="linear", kernel_initializer=scaling)
        signal, error = found.pre_activations.law, found.errors.law
        return signal[1:] / signal[:-1], error[:-1] / error[1:]

    np.testing.assert_allclose(steps("fan_in")[0], 1, rtol=1e-9)
    np.testing.assert_allclose(steps("fan_out")[1], 1, rtol=1e-9)
    for way in steps("fan_avg"):
        # 2 x 200 / 250 of the way down times 2 x 50 / 250 of the way up.
        assert way[1] * way[2] == pytest.approx(0.64)


@pytest.fixture
def by_hand():
    """Two layers of three networks, the second 20 % off forward and uncertain back."""
    found = simulate(
        units=(3, 12), draws=3, kernel_initializer=VarianceScaling(mode="fan_out"), gain=2
    )
    exact = np.ones((3, 1))
    return replace(
        found,
        pre_activations=ByLayer(measured=exact * [0.394, 1.2], law=np.array([0.394, 1.0])),
        activations=ByLayer(measured=exact * [2e-9, 123.4], law=np.array([2e-9, 120.0])),
        errors=ByLayer(measured=np.array([[0.0, 1], [0.0, 1], [0.0, 4]]), law=np.array([0.0, 1.0])),
    )


def test_the_table_stands_side_by_side_with_marks(by_hand):
    assert repr(by_hand).splitlines() == [
        "tanh, Var(w) = 1/fan_out, gain 2; means of 3 networks",
        "layer  units  z: law  measured     f(z): law  measured    error: law  measured",
        "1          3   0.394     0.394       2.0e-09   2.0e-09             0         0",
        "2         12    1.00      1.20  ≠        120       123          1.00      2.00  ≠?",
        "≠ over 10% from the law, ≠? within 3 standard errors of the mean",
    ]

    shown = by_hand._repr_html_()
    assert shown.startswith("<table><caption style='text-align:left'>tanh, Var(w) = 1/fan_out")
    assert ">1.20</td><td style='text-align:left'>≠</td>" in shown
    assert shown.count("<tr>") == 3


def test_summary_and_verdict_say_steps_and_layers_off_the_law(by_hand):
    assert by_hand.verdict() == "each layer: z × 3.05, error back × 0"
    assert by_hand.summary() == (
        "2 layers of tanh, Var(w) = 1/fan_out, gain 2: forward variance 0.394 to 1.20, "
        "backward 2.00 to 0; clearly over 10 % off the law: 1 forward, 0 back"
    )


def test_a_single_layer_and_a_dead_one_have_no_step_and_weights_of_zero_agree():
    assert simulate(units=(4,)).verdict() == "each layer: z × –, error back × –"
    found = simulate(kernel_initializer="zeros", activation="sigmoid")
    assert found.verdict() == "each layer: z × –, error back × –"
    for part in found.parts:
        assert not part.measured.any()
        assert not part.law.any()
        assert not part.disagrees.any()
