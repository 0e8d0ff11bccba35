"""What experiments on deep networks share: disagreements with a law, and what is refused."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import networks, simulations
from nnhelpers.initializers import Constant, RandomNormal
from nnhelpers.networks import BatchNorm, MLPSpec
from nnhelpers.simulations import ByLayer

EXAMPLES = SimpleNamespace(X=np.random.default_rng(0).standard_normal((8, 3)), y=np.arange(8) % 3)
SIMULATIONS = {
    "depth": (simulations.simulate_depth, EXAMPLES),
    "variances": (simulations.simulate_variances, EXAMPLES),
    "outputs": (simulations.simulate_layers, EXAMPLES.X),
    "offset": (simulations.simulate_depth_offset, EXAMPLES.X),
}
SPEC = MLPSpec(units=(9, 9), activation="tanh")


def test_a_disagreement_is_over_ten_percent_and_uncertain_within_three_standard_errors():
    deviation = np.array([[-1.0], [1.0]]) / np.sqrt(2)  # a standard deviation of 1
    for mean, law, error, disagrees, uncertain in (
        (1.09, 1.0, 0.0, False, False),
        (1.11, 1.0, 0.0, True, False),
        (0.89, 1.0, 0.0, True, False),
        (1.2, 1.0, 0.06, True, False),
        (1.2, 1.0, 0.07, True, True),
        (0.0, 0.0, 0.0, False, False),
        (0.1, 0.0, 0.0, True, False),
    ):
        measured = mean + deviation * error * np.sqrt(2)
        comparison = ByLayer(measured=measured, law=np.array([law]))
        assert comparison.disagrees.tolist() == [disagrees]
        assert comparison.uncertain.tolist() == [uncertain]


def test_a_single_network_cannot_be_certain_and_mean_and_median_are_over_the_networks():
    comparison = ByLayer(measured=np.array([[2.0, 1.0]]), law=np.ones(2))
    assert comparison.uncertain.tolist() == [True, False]
    measured = np.array([[1.0], [2.0], [3.0], [4.0], [15.0]])
    comparison = ByLayer(measured=measured, law=np.array([5.0]))
    assert (comparison.mean.tolist(), comparison.median.tolist()) == ([5], [3])


@pytest.mark.parametrize("name", SIMULATIONS)
def test_the_networks_are_those_of_the_one_stream_with_the_gain_on_every_kernel(name):
    simulate, data = SIMULATIONS[name]
    gain = {} if name == "offset" else {"gain": 1.5}
    result = simulate(SPEC, data, **gain, draws=4, seed=3)
    weights = networks.draw(replace(SPEC, n_outputs=3), n_features=3, **gain, draws=3, seed=3)
    z = np.array(networks.forward_pass(EXAMPLES.X, weights, activation="tanh").pre_activations)
    found, wanted = {
        "depth": lambda: (result.pre_activation_std, z.std(axis=(2, 3))),
        "variances": lambda: (result.pre_activations.measured, np.mean(z**2, axis=(2, 3))),
        "outputs": lambda: (result.std, np.tanh(z).std(axis=(2, 3))),
        "offset": lambda: (result.fraction, np.mean(z > 0, axis=2)),
    }[name]()
    # More draws begin with the same.
    np.testing.assert_allclose(found[:3], np.swapaxes(wanted, 0, 1), rtol=1e-12)


@pytest.mark.parametrize(
    ("initializer", "words"),
    [
        ("he_normal", "he_normal"),
        (RandomNormal(stddev=0.01), "N(0, 0.01²)"),
    ],
)
def test_a_result_says_which_initializer_it_was(initializer, words):
    spec = replace(SPEC, kernel_initializer=initializer)
    result = simulations.simulate_layers(spec, EXAMPLES.X, draws=2)
    assert (result.initializer, result.activation) == (words, "tanh")


NO_STD = SimpleNamespace(draw=lambda rng, draws, fan_in, fan_out: np.ones((draws, fan_in, fan_out)))
LARGE, TINY = RandomNormal(stddev=1e99), RandomNormal(stddev=1e-99)
RELU, BEFORE = {"activation": "relu"}, "batch_normalization must be before every activation"
BELOW = r"layers below 1e\+150, got glorot_uniform with gain"
ALL, LAWS = tuple(SIMULATIONS), ("depth", "variances", "offset")
# Which simulations, changes of the specification, other settings, and what is said.
REFUSALS = [
    (ALL, {"units": ()}, {}, "at least one hidden layer, got units"),
    (ALL, {"activation": ("tanh", "relu")}, {}, "activation must be one for all layers"),
    (ALL, {"kernel_initializer": ("zeros", "ones", "ones")}, {}, "initializer must be one for all"),
    (ALL, {"dropout": 0.5}, {}, r"dropout must be 0 .*got 0\.5"),
    (LAWS, {"kernel_initializer": "ones"}, {}, "mean 0 for the laws, got ones with mean 1"),
    (LAWS, {"kernel_initializer": Constant(value=0.5)}, {}, "got all 0.5 with mean 0.5"),
    (LAWS, {"kernel_initializer": NO_STD}, {}, "must say its weight_mean and std"),
    (LAWS, {"bias_initializer": "ones"}, {}, "bias_initializer must be zeros .*got ones"),
    (LAWS[:2], {"batch_normalization": True}, {}, "batch_normalization must be False .*got True"),
    (("offset",), {"units": (3, 4)}, {}, r"units must be as many in each layer .*got \(3, 4\)"),
    (("offset",), {"batch_normalization": BatchNorm(layers=(1,))}, {}, BEFORE),
    (("offset",), {"batch_normalization": BatchNorm(after_activation=True)}, {}, BEFORE),
    (("depth", "outputs"), RELU, {"gain": 1e140}, rf"all numbers of 2 {BELOW} 1e\+140"),
    (("variances",), RELU, {"gain": 1e80}, rf"initializer and gain must keep .* {BELOW} 1e\+80"),
    (("offset",), {"kernel_initializer": "zeros"}, {}, "must keep the signal, got zeros"),
    (("offset",), RELU | {"kernel_initializer": LARGE}, {}, r"must keep the signal, got N\(0, 1e"),
    (
        ("offset",),
        RELU | {"kernel_initializer": TINY},
        {},
        r"must keep the signal, got N\(0, 1e-99",
    ),
]


@pytest.mark.parametrize(
    ("name", "changes", "settings", "message"),
    [(name, *rest) for names, *rest in REFUSALS for name in names],
)
def test_bad_networks_are_named_with_what_is_allowed(name, changes, settings, message):
    simulate, data = SIMULATIONS[name]
    with pytest.raises((ValueError, TypeError), match=message):
        simulate(replace(SPEC, **changes), data, **settings)


@pytest.mark.parametrize("name", SIMULATIONS)
def test_bad_data_and_what_is_no_specification_are_named(name):
    simulate, _ = SIMULATIONS[name]
    features = name in ("outputs", "offset")
    nan = np.full((3, 2), np.nan)
    for bad in (nan, np.empty((0, 2)), np.ones(3)):
        data = bad if features else SimpleNamespace(X=bad, y=np.zeros(len(bad)))
        with pytest.raises(ValueError, match=r"(X|data) must "):
            simulate(SPEC, data)
    with pytest.raises(TypeError, match="spec must be an MLPSpec, got 'tanh'"):
        simulate("tanh", EXAMPLES.X if features else EXAMPLES)


def test_too_few_examples_are_refused():
    with pytest.raises(ValueError, match="two examples or more"):
        simulations.simulate_depth_offset(SPEC, [[1.0, 2.0]])
    with pytest.raises(ValueError, match="not all 0"):
        simulations.simulate_depth_offset(SPEC, np.zeros((4, 2)))
    with pytest.raises(ValueError, match="at least two examples"):
        simulations.simulate_layers(replace(SPEC, batch_normalization=True), [[1.0]])
