"""The outputs of untrained layers: the laws they follow, and what is counted."""

from functools import partial

import numpy as np
import pytest

from nnhelpers import activations, datasets, initializers, models, networks, simulations
from nnhelpers.initializers import RandomNormal, RandomUniform, VarianceScaling
from nnhelpers.models import MLPSpec
from nnhelpers.simulations.layers import outputs as layers_module

DRAWS = 300
# Four layers of the exponential function leave no number below 1e150.
BOUNDED_GROWTH = [name for name in activations.ACTIVATIONS if name != "exponential"]
X = np.random.default_rng(0).standard_normal((200, 2))
SMALL = RandomNormal(stddev=0.01)
simulate = partial(simulations.simulate_layers, X)


def assert_close_to(samples, law, *, axis=0):
    """Hold the mean over draws to a law, within 4 standard errors."""
    error = samples.std(axis=axis, ddof=1) / np.sqrt(samples.shape[axis])
    assert (np.abs(samples.mean(axis=axis) - law) <= 4 * error).all()


@pytest.mark.parametrize(
    ("initializer", "gain", "variance"),
    [(simulations.NORMAL, 1.0, 1.0), (simulations.NORMAL, 0.5, 0.25), (SMALL, 1.0, 1e-4)],
    ids=str,
)
def test_a_relu_layer_multiplies_the_mean_square_by_half_its_fan_in_and_variance(
    initializer, gain, variance
):
    result = simulate(initializer=initializer, gain=gain)
    squares = result.mean**2 + result.std**2
    first = 0.5 * variance * np.mean((X**2).sum(axis=1))
    assert_close_to(squares, first * (0.5 * variance * result.width) ** np.arange(4))


def test_half_of_the_first_relu_layer_is_exactly_zero():
    assert_close_to(simulate().zero_share[:, :1], 0.5)


@pytest.mark.parametrize("activation", ["tanh", "linear", "softsign"])
def test_the_mean_of_an_odd_activation_is_zero(activation):
    assert_close_to(simulate(activation=activation).mean, 0.0)


def test_the_sigmoid_of_the_first_layer_is_centred_on_one_half():
    result = simulate(activation="sigmoid")
    assert_close_to(result.mean[:, :1], 0.5)
    assert_close_to(simulate(activation="sigmoid", initializer="zeros").mean, 0.5)


def test_the_articles_networks_are_within_the_spread_of_300_draws():
    # S4-17, read off one draw; sigmoid's and tanh's alike.
    articles = {
        "relu": [0.98, 1.34, 1.78, 1.98],
        "sigmoid": [0.26, 0.17, 0.20, 0.20],
        "tanh": [0.69, 0.70, 0.77, 0.72],
    }
    for activation, stds in articles.items():
        low, high = np.percentile(simulate(activation=activation).std, (10, 90), axis=0)
        assert ((low <= stds) & (stds <= high)).all()


def test_weights_a_hundred_times_smaller_leave_nothing_after_the_first_layer():
    for activation in ("relu", "tanh"):
        middle = np.median(simulate(activation=activation, initializer=SMALL).std, axis=0)
        assert 0.005 < middle[0] < 0.02
        assert (middle[1:] < 0.001).all()


def test_a_square_orthogonal_layer_keeps_the_mean_square_of_its_inputs():
    examples = np.random.default_rng(1).standard_normal((30, 6))
    result = simulations.simulate_layers(
        examples, width=6, activation="linear", initializer="orthogonal", draws=20
    )
    squares = result.mean**2 + result.std**2
    np.testing.assert_allclose(squares, np.mean(examples**2), rtol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "tanh", "elu"])
def test_moments_and_histograms_are_those_of_keras(activation):
    result = simulate(activation=activation, draws=1, seed=4)
    weights = networks.draw(
        MLPSpec(units=(5,) * 4, kernel_initializer=simulations.NORMAL),
        n_features=2,
        draws=1,
        seed=4,
    )
    spec = MLPSpec(units=(5, 5, 5, 5), activation=activation)
    theirs = models.activations(models.model_from_weights(spec, weights[0]), X)
    # Rounding to float32 in Keras, a few times over in each layer.
    rounding = {"rtol": 1e-4, "atol": 1e-6}
    np.testing.assert_allclose(result.mean[0], [a.mean() for a in theirs], **rounding)
    np.testing.assert_allclose(result.std[0], [a.std() for a in theirs], **rounding)
    assert result.zero_share[0].tolist() == [np.mean(a == 0) for a in theirs]
    for layer, values in enumerate(theirs):
        counts = np.histogram(values[values != 0], result.edges)[0] / values.size
        # A value beside an edge may fall on its other side in float32.
        assert np.abs(counts - result.shares[layer]).max() <= 2 / values.size


@pytest.mark.parametrize("activation", BOUNDED_GROWTH)
def test_every_activation_is_in_a_bin_or_beyond_or_exactly_zero(activation):
    result = simulate(activation=activation, gain=2.0)
    everything = result.shares.sum(axis=1) + result.below + result.above
    np.testing.assert_allclose(everything + result.zero_share.mean(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(np.diff(result.edges), np.diff(result.edges)[0], rtol=1e-9)
    low, high = activations.ACTIVATIONS[activation].limits
    if np.isfinite([low, high]).all():
        assert (result.edges[0], result.edges[-1]) == (low, high)
        assert not result.below.any()
        assert not result.above.any()


def test_a_value_on_an_edge_belongs_to_the_bin_above_and_the_last_edge_to_its_own():
    edges = np.linspace(-1, 1, 5)
    nearly = np.nextafter(1, 0)
    values = np.array([-9, -1, -0.5, 0.2, nearly, 1, 1.5])[:, np.newaxis]
    shares = layers_module._shares(np.array([values, -values]), edges)
    np.testing.assert_array_equal(7 * shares, [[1, 1, 1, 1, 2, 1], [1, 2, 1, 0, 2, 1]])


def test_saturated_tanh_units_are_in_the_outermost_bins():
    result = simulate(activation="tanh", gain=1e3, width=50, draws=5)
    assert result.shares[-1, [0, -1]].sum() > 0.99


def test_zeros_are_counted_and_are_in_no_bin():
    result = simulate(activation="tanh", initializer="zeros", draws=3)
    assert (result.zero_share == 1).all()
    assert not result.shares.any()
    assert result.verdict() == "no layer tells examples or units apart"


def test_the_gain_multiplies_the_kernels():
    result = simulate(activation="linear", gain=3.0, draws=4)
    plain = simulate(activation="linear", draws=4)
    np.testing.assert_allclose(result.std, plain.std * 3.0 ** np.arange(1, 5), rtol=1e-12)


def test_a_seed_repeats_another_differs_and_more_draws_begin_with_the_same():
    first, again, other, more = (
        simulate(**{"draws": 5} | kind).std for kind in ({}, {}, {"seed": 1}, {"draws": 8})
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()
    np.testing.assert_allclose(more[:5], first, rtol=1e-12)


def test_the_data_are_left_as_they_are():
    examples = datasets.load_circles().X.copy()
    before = examples.copy()
    simulations.simulate_layers(examples, draws=2)
    np.testing.assert_array_equal(examples, before)


@pytest.mark.parametrize(
    ("initializer", "words"),
    [
        ("he_normal", "he_normal"),
        (simulations.NORMAL, "N(0, 1)"),
        (SMALL, "N(0, 0.01²)"),
        (RandomUniform(minval=-1, maxval=1), "uniform on [-1, 1]"),
        (VarianceScaling(scale=3.0), "Var(w) = 3/fan_in"),
        (initializers.Orthogonal(gain=2.0), "2 × orthogonal"),
    ],
)
def test_a_result_says_which_initializer_it_was(initializer, words):
    assert simulate(initializer=initializer, draws=2).initializer == words


def test_the_summary_names_sizes_setting_and_ratio():
    assert simulate(activation="tanh").summary() == (
        "2-5-5-5-5-1 tanh, N(0, 1), gain 1, 300 networks: "
        "the last layer's standard deviation is as large as the first's"
    )
    deep = simulate(depth=10, width=3, draws=2, activation="linear", gain=10.0)
    assert deep.summary().startswith("10 layers of 3 linear, N(0, 1), gain 10, 2 networks: ")
    assert simulate(depth=1, draws=2).verdict().startswith("standard deviation 0.")


BAD_INPUT = [
    ({"depth": 0}, "depth must be a whole number of at least 1, got 0"),
    ({"width": 2.5}, "width must be a whole number of at least 1, got 2.5"),
    ({"draws": np.nan}, "draws must be a whole number of at least 1, got nan"),
    ({"gain": 0}, "gain must be positive and finite, got 0"),
    ({"gain": np.inf}, "gain must be positive and finite, got inf"),
    ({"activation": "swoosh"}, "activation must be one of .*got 'swoosh'"),
    ({"initializer": "xavier"}, "initializer must be one of .*'orthogonal'.*got 'xavier'"),
    ({"gain": 1e80}, r"all numbers of 4 layers below 1e\+150, got N\(0, 1\) with gain 1e\+80"),
    ({"depth": 400, "width": 50, "draws": 1, "initializer": RandomNormal(stddev=1e3)}, "of 400 la"),
]


@pytest.mark.parametrize(("bad", "message"), BAD_INPUT, ids=range(len(BAD_INPUT)))
def test_bad_input_is_named_with_what_is_allowed(bad, message):
    with pytest.raises(ValueError, match=message):
        simulate(**bad)


@pytest.mark.parametrize("bad", [np.ones(3), np.empty((0, 2)), [[np.nan]]], ids=str)
def test_bad_data_are_refused(bad):
    with pytest.raises(ValueError, match="X must be finite, of shape"):
        simulations.simulate_layers(bad)


def test_an_initializer_of_keras_is_refused_by_what_it_is_not():
    with pytest.raises(TypeError, match="initializer must be a Keras name or a record, got 3"):
        simulate(initializer=3)
