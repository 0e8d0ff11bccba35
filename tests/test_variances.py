"""The variance calculator: measured beside the law, and where they disagree."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import datasets, networks, simulations, theory
from nnhelpers.initializers import (
    Constant,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations import ByLayer

FEATURES, EXAMPLES = 40, 30
WIDTHS = (64, 200, 50, 200, 50)


def examples(classes=10):
    """Gaussian examples, all of one length, so that the laws are those of each of them."""
    X = np.random.default_rng(0).standard_normal((EXAMPLES, FEATURES))
    X *= np.sqrt(FEATURES / (X**2).sum(axis=1, keepdims=True))
    return SimpleNamespace(X=X, y=np.arange(EXAMPLES) % classes)


def simulate(dataset=None, **settings):
    defaults = {"units": (9, 5), "draws": 4}
    return simulations.simulate_variances(dataset or examples(), **defaults | settings)


def four_errors(measured):
    return 4 * measured.std(axis=0, ddof=1) / np.sqrt(len(measured))


SETTINGS = [
    {"activation": "tanh"},
    {"activation": "tanh", "gain": 3.0},
    {"activation": "sigmoid", "initializer": "lecun_normal"},
    {"activation": "relu", "initializer": "he_normal"},
    {"activation": "gelu", "initializer": "orthogonal"},
    {"activation": "selu", "initializer": "lecun_uniform"},
    {"activation": "linear", "initializer": VarianceScaling(mode="fan_out")},
    {"activation": "softsign", "initializer": RandomNormal(stddev=0.3)},
    {"activation": "tanh", "initializer": RandomUniform(minval=-0.2, maxval=0.2)},
    {"activation": "elu", "initializer": TruncatedNormal(stddev=0.1)},
    {"activation": "tanh", "initializer": Orthogonal(gain=1.5)},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_variances_follow_their_laws_forward_and_back(settings):
    units = (200, 150, 200, 150)
    found = simulate(units=units, draws=60, **settings)
    # A layer's variance varies from network to network, and the laws bend: one part in the
    # width for every layer on the way there.
    parts = np.cumsum(1 / np.array(units))
    for comparison, slack in (
        (found.pre_activations, np.array([0, *parts[:-1]])),
        (found.activations, parts),
        (found.errors, parts[::-1]),
    ):
        ratio = comparison.measured / comparison.law
        rounding = 100 * np.finfo(float).eps  # of orthogonal kernels, which leave no chance
        off = np.abs(ratio.mean(axis=0) - 1)
        assert (off <= four_errors(ratio) + slack + rounding).all()


def test_the_laws_are_those_of_theory_with_each_kernels_fans():
    found = simulate(units=(7, 20), activation="tanh", initializer="glorot_normal", gain=1.5)
    # Glorot's variance is 2 / (fan_in + fan_out); the gain multiplies the output's kernel too.
    first, second, last = 2.25 * 2 / 47, 2.25 * 2 / 27, 2.25 * 2 / 30
    forward_law = theory.layer_variances("tanh", weight_variance=[40 * first, 7 * second], depth=2)
    np.testing.assert_allclose(found.pre_activations.law, forward_law, rtol=1e-9)
    back = theory.error_variances(
        "tanh", variances=forward_law, weight_variances=[20 * second, 10 * last]
    )
    np.testing.assert_allclose(found.errors.law, back, rtol=1e-9)
    passed_on = [theory.activation_variance("tanh", variance=each) for each in forward_law]
    np.testing.assert_allclose(found.activations.law, passed_on, rtol=1e-9)


def test_what_is_measured_is_what_the_networks_hold():
    few = examples(classes=3)
    found = simulate(few, units=(6, 4), activation="relu", gain=2.0, initializer="he_normal")
    weights = networks.draw(
        MLPSpec(units=(6, 4), kernel_initializer=VarianceScaling(scale=2.0), n_outputs=3),
        n_features=FEATURES,
        gain=2.0,
        draws=4,
    )
    passed = networks.forward_pass(few.X, weights, activation="relu")
    z = np.array([np.mean(each**2, axis=(1, 2)) for each in passed.pre_activations]).T
    np.testing.assert_allclose(found.pre_activations.measured, z, rtol=1e-12)
    a = np.array([np.mean((each - each.mean()) ** 2, axis=(1, 2)) for each in passed.activations]).T
    np.testing.assert_allclose(found.activations.measured, a, rtol=1e-12)
    errors = networks.probabilities(passed.logits) - np.eye(3)[few.y]
    last = (errors @ weights.kernels[-1].transpose(0, 2, 1)) * (passed.pre_activations[-1] > 0)
    np.testing.assert_allclose(
        found.errors.measured[:, -1],
        np.mean(last**2, axis=(1, 2)) / np.mean(errors**2, axis=(1, 2)),
        rtol=1e-12,
    )
    assert (found.draws, found.depth, found.units) == (4, 2, (6, 4))


def test_one_over_fan_in_keeps_the_signal_one_over_fan_out_the_error():
    steps = {}
    for mode in ("fan_in", "fan_out", "fan_avg"):
        found = simulate(units=WIDTHS, activation="linear", initializer=VarianceScaling(mode=mode))
        forward_law, back = found.pre_activations.law, found.errors.law
        steps[mode] = forward_law[1:] / forward_law[:-1], back[:-1] / back[1:]
    np.testing.assert_allclose(steps["fan_in"][0], 1, rtol=1e-9)
    np.testing.assert_allclose(steps["fan_out"][1], 1, rtol=1e-9)
    for way in (0, 1):
        ends = np.sort([steps["fan_in"][way], steps["fan_out"][way]], axis=0)
        assert (ends[0] < steps["fan_avg"][way]).all()
        assert (steps["fan_avg"][way] < ends[1]).all()


def test_where_widths_alternate_glorot_loses_a_third_in_every_pair_forward_and_back():
    found = simulate(units=WIDTHS, activation="linear", initializer="glorot_uniform")
    # 2 x 200 / 250 of the way down times 2 x 50 / 250 of the way up.
    forward_law, back = found.pre_activations.law, found.errors.law
    assert forward_law[4] / forward_law[2] == pytest.approx(0.64)
    assert back[1] / back[3] == pytest.approx(0.64)


def test_glorots_variance_is_the_harmonic_mean_of_the_two_conditions():
    std = VarianceScaling(mode="fan_avg").std(fan_in=200, fan_out=50)
    assert std**2 == pytest.approx(2 / (1 / (1 / 200) + 1 / (1 / 50)))


def test_ten_wide_tanh_layers_decay_as_the_series_found():
    found = simulate(units=(500,) * 10, draws=2, activation="tanh")
    begin = theory.layer_variances("tanh", weight_variance=1, depth=10)
    std = np.sqrt([theory.activation_variance("tanh", variance=each) for each in begin])
    published = [0.627, 0.485, 0.407, 0.357, 0.320, 0.294, 0.272, 0.253, 0.238, 0.226]
    np.testing.assert_allclose(std, published, atol=0.005)
    # From the first layer's Var(z) of 80 / 540 on, not of 1.
    ratio = found.activations.mean / found.activations.law
    np.testing.assert_allclose(ratio, 1, atol=0.1)


def test_a_disagreement_is_over_ten_percent_and_uncertain_within_three_standard_errors():
    spread = np.array([[-1.0], [1.0]]) / np.sqrt(2)  # a standard deviation of 1
    for mean, law, error, disagrees, uncertain in (
        (1.09, 1.0, 0.0, False, False),
        (1.11, 1.0, 0.0, True, False),
        (0.89, 1.0, 0.0, True, False),
        (1.2, 1.0, 0.06, True, False),
        (1.2, 1.0, 0.07, True, True),
        (0.0, 0.0, 0.0, False, False),
        (0.1, 0.0, 0.0, True, False),
    ):
        measured = mean + spread * error * np.sqrt(2)
        comparison = ByLayer(measured=measured, law=np.array([law]))
        assert comparison.disagrees.tolist() == [disagrees]
        assert comparison.uncertain.tolist() == [uncertain]
        assert comparison.marks == ("≠?" if uncertain else "≠" if disagrees else "",)


def test_a_single_network_cannot_be_certain():
    comparison = ByLayer(measured=np.array([[2.0, 1.0]]), law=np.ones(2))
    assert comparison.uncertain.tolist() == [True, False]


def test_mean_and_median_are_over_the_networks():
    measured = np.array([[1.0], [2.0], [3.0], [4.0], [15.0]])
    comparison = ByLayer(measured=measured, law=np.array([5.0]))
    assert (comparison.mean.tolist(), comparison.median.tolist()) == ([5], [3])


@pytest.fixture
def by_hand():
    """Two layers of three networks, the second 20 % off forward and uncertain back."""
    found = simulate(units=(3, 12), draws=3, initializer=VarianceScaling(mode="fan_out"), gain=2)
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
    assert by_hand.disagrees.tolist() == [False, True]


def test_the_browsers_table_holds_the_same_and_no_markup_from_names(by_hand):
    shown = replace(by_hand, initializer="<b>")._repr_html_()
    assert "<td>1.20</td><td>≠</td>" in shown
    assert "&lt;b&gt;" in shown
    assert shown.count("<tr>") == 3


def test_the_summary_counts_layers_off_the_law(by_hand):
    assert by_hand.summary() == (
        "2 layers of tanh, Var(w) = 1/fan_out, gain 2: forward variance 0.394 to 1.20, "
        "backward 2.00 to 0; clearly over 10 % off the law: 1 forward, 0 back"
    )


def test_weights_of_zero_pass_nothing_on_and_agree():
    found = simulate(initializer="zeros", activation="sigmoid")
    for part in (found.pre_activations, found.activations, found.errors):
        assert not part.measured.any()
        assert not part.law.any()
    assert not found.disagrees.any()


def test_given_weights_are_measured_beside_the_law_of_their_own_mean_square():
    few = examples()
    drawn = networks.draw(
        MLPSpec(units=(50, 60), kernel_initializer=RandomNormal(stddev=0.2), n_outputs=10),
        n_features=FEATURES,
        draws=5,
    )
    found = simulations.measure_variances(few, drawn, activation="tanh", name="mine")
    like = simulate(few, units=(50, 60), initializer=RandomNormal(stddev=0.2), draws=5)
    np.testing.assert_allclose(found.errors.measured, like.errors.measured, rtol=1e-12)
    square = np.mean(drawn.kernels[0] ** 2)
    assert found.pre_activations.law[0] == pytest.approx(FEATURES * square)
    assert (found.initializer, found.units) == ("mine", (50, 60))
    one = simulations.measure_variances(few, drawn[0], activation="tanh")
    np.testing.assert_allclose(
        one.pre_activations.measured, found.pre_activations.measured[:1], rtol=1e-12
    )


def test_a_seed_repeats_another_differs_and_more_draws_begin_with_the_same():
    first, again, other, more = (
        simulate(**kind).errors.measured for kind in ({}, {}, {"seed": 1}, {"draws": 8})
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()
    np.testing.assert_allclose(more[:4], first, rtol=1e-9)


def test_real_data_and_one_width_are_accepted():
    circles = datasets.load_circles()
    found = simulations.simulate_variances(circles, units=3, draws=2)
    assert found.units == (3,)


NO_STD = SimpleNamespace(draw=lambda rng, draws, fan_in, fan_out: np.ones((draws, fan_in, fan_out)))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"units": ()}, ValueError, r"units must name at least one hidden layer, got \(\)"),
        ({"units": (3, 0)}, ValueError, "units must be a whole number of at least 1, got 0"),
        ({"units": (2.5,)}, ValueError, "units must be a whole number of at least 1, got 2.5"),
        ({"draws": 0}, ValueError, "draws must be a whole number of at least 1, got 0"),
        ({"gain": 0}, ValueError, "gain must be positive and finite, got 0"),
        ({"gain": np.nan}, ValueError, "gain must be positive and finite, got nan"),
        ({"activation": "swoosh"}, ValueError, "activation must be one of .*got 'swoosh'"),
        ({"initializer": "xavier"}, ValueError, "initializer must be one of .*got 'xavier'"),
        ({"initializer": 3}, TypeError, "initializer must be a Keras name or a record, got 3"),
        ({"initializer": "ones"}, ValueError, "mean 0 for the laws to apply, got ones with mean 1"),
        (
            {"initializer": Constant(value=0.5)},
            ValueError,
            "mean 0 for the laws to apply, got all 0.5 with mean 0.5",
        ),
        ({"initializer": NO_STD}, TypeError, "initializer must say its weight_mean and std"),
        (
            {"activation": "relu", "gain": 1e80},
            ValueError,
            "initializer and gain must keep .* got glorot_uniform with gain 1e[+]80",
        ),
        (
            {"activation": "relu", "gain": 1e140},
            ValueError,
            "initializer and gain must keep all numbers of 2 layers below 1e[+]150",
        ),
    ],
)
def test_bad_settings_are_named_with_what_is_allowed(settings, error, message):
    with pytest.raises(error, match=message):
        simulate(**settings)


def like(**changes):
    return SimpleNamespace(**{"X": np.ones((3, 2)), "y": np.arange(3)} | changes)


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (like(X=np.empty((0, 2)), y=[]), r"dataset must have finite X .*got shape \(0, 2\)"),
        (like(X=np.full((3, 2), np.nan)), "dataset must have finite X"),
        (like(y=[0, 1, -1]), "dataset must have 3 classes y"),
    ],
)
def test_bad_data_are_named_with_what_is_allowed(dataset, message):
    with pytest.raises(ValueError, match=message):
        simulate(dataset)


def test_given_weights_with_biases_or_of_the_wrong_size_are_refused():
    kernels = (np.ones((FEATURES, 3)), np.ones((3, 10)))
    biased = Weights(kernels=kernels, biases=(np.zeros(3), np.full(10, -0.5)))
    with pytest.raises(ValueError, match=r"weights must have biases of 0, got one of size 0\.5"):
        simulations.measure_variances(examples(), biased, activation="tanh")
    plain = Weights(kernels=kernels, biases=(np.zeros(3), np.zeros(10)))
    with pytest.raises(ValueError, match="X must have 40 features"):
        simulations.measure_variances(like(), plain, activation="tanh")
    with pytest.raises(ValueError, match="activation must be one of"):
        simulations.measure_variances(examples(), plain, activation="thanh")
    shallow = Weights(kernels=kernels[1:], biases=plain.biases[1:])
    with pytest.raises(ValueError, match="weights must have at least one hidden layer's kernel"):
        simulations.measure_variances(examples(), shallow, activation="tanh")
    huge = Weights(kernels=(1e200 * kernels[0], kernels[1]), biases=plain.biases)
    with pytest.raises(ValueError, match="weights must keep all numbers of 1 layer below"):
        simulations.measure_variances(examples(), huge, activation="linear")
