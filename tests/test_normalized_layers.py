"""Untrained layers with batch norm in some of them: what leaves each, and what is refused."""

from functools import partial

import keras
import numpy as np
import pytest

from nnhelpers import networks, simulations
from nnhelpers.initializers import RandomNormal
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers import outputs as layers_module

X = np.random.default_rng(0).standard_normal((60, 8))
EVERY, NONE, THIRD = ("before",) * 4, (None,) * 4, (None, None, "before", None)
SMALL = RandomNormal(stddev=0.01)
simulate = partial(simulations.simulate_normalized_layers, X, width=20, draws=8)


def test_without_any_batch_norm_it_is_the_simulation_of_plain_layers():
    plain = simulations.simulate_layers(X, width=20, draws=8, activation="tanh", gain=0.5)
    result = simulate(batch_norm=NONE, activation="tanh", gain=0.5)
    for name in ("edges", "shares", "below", "above", "zero_share", "mean", "std"):
        np.testing.assert_array_equal(getattr(result, name), getattr(plain, name))
    assert result.summary() == plain.summary()


def test_layers_below_the_first_batch_norm_are_those_without():
    plain, third = simulate(batch_norm=NONE), simulate(batch_norm=THIRD)
    np.testing.assert_array_equal(third.std[:, :2], plain.std[:, :2])
    assert (third.std[:, 2:] != plain.std[:, 2:]).all()


@pytest.mark.parametrize("place", ["before", "after"])
def test_moments_are_those_of_keras_layers_in_training(place):
    result = simulate(
        batch_norm=(None, place), activation="tanh", initializer=simulations.NORMAL, draws=1
    )
    weights = networks.draw(
        MLPSpec(units=(20, 20), kernel_initializer=simulations.NORMAL), n_features=8, draws=1
    )
    hidden = np.tanh(X @ weights.kernels[0][0])
    norm = keras.layers.BatchNormalization()

    def normalize(values):
        return norm(values.astype(np.float32), training=True).numpy()

    z = hidden @ weights.kernels[1][0]
    last = np.tanh(normalize(z)) if place == "before" else normalize(np.tanh(z))
    # A few roundings to float32.
    rounding = {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(result.mean[0], [hidden.mean(), last.mean()], **rounding)
    np.testing.assert_allclose(result.std[0], [hidden.std(), last.std()], **rounding)


def test_linear_units_behind_batch_norm_have_mean_0_and_a_deviation_just_below_1():
    for place in ("before", "after"):
        result = simulate(batch_norm=(place,) * 3, activation="linear")
        np.testing.assert_allclose(result.mean, 0, atol=1e-12)
        # epsilon 0.001 beside variances of about 8 and 20, none below 1
        assert ((result.std > 1 - 1e-3) & (result.std < 1)).all()


def test_a_gain_hardly_matters_with_batch_norm_and_decides_without():
    def spread(gain, batch_norm):
        result = simulate(gain=gain, batch_norm=batch_norm, activation="sigmoid")
        return result.std.mean(axis=0)

    # Epsilon, a thousandth, beside variances that are at least 1 for all but few units.
    np.testing.assert_allclose(spread(3.0, EVERY), spread(1.0, EVERY), rtol=2e-3)
    assert (spread(3.0, NONE) > 1.05 * spread(1.0, NONE)).all()


def test_weights_far_too_small_are_recovered_but_epsilon_takes_its_part():
    lost = simulate(batch_norm=NONE, activation="tanh", initializer=SMALL)
    kept = simulate(batch_norm=EVERY, activation="tanh", initializer=SMALL)
    whole = simulate(batch_norm=EVERY, activation="tanh", initializer=SMALL, gain=100.0)
    # Three layers more, each of which leaves about sqrt(20) 0.01 of the spread.
    assert (lost.std[:, -1] < 2 * 0.045**3 * lost.std[:, 0]).all()
    assert (kept.std[:, -1] > 0.5 * kept.std[:, 0]).all()
    assert (kept.std < whole.std).all()


def test_behind_a_bounded_activation_outputs_leave_its_bounds_and_have_a_wider_ruler():
    before = simulate(batch_norm=EVERY, activation="sigmoid")
    after = simulate(batch_norm=("after",) * 4, activation="sigmoid")
    assert (before.edges[0], before.edges[-1]) == (0, 1)
    assert (after.edges[0], after.edges[-1]) == layers_module._BOTH_SIDES
    np.testing.assert_allclose(after.mean, 0, atol=1e-12)
    everything = after.shares.sum(axis=1) + after.below + after.above
    np.testing.assert_allclose(everything + after.zero_share.mean(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize(
    ("batch_norm", "words"),
    [
        (NONE, ""),
        (EVERY, "batch norm before each layer's activation"),
        (THIRD, "batch norm before layer 3's activation"),
        ((None, "after", None, "after"), "batch norm after layers 2, 4's activation"),
        (
            ("before", "after"),
            "batch norm before layer 1's activation and batch norm after layer 2's activation",
        ),
    ],
    ids=str,
)
def test_a_result_says_where_its_batch_norm_stands(batch_norm, words):
    result = simulate(batch_norm=batch_norm, draws=2)
    assert result.places() == words
    assert words in result.summary()
    assert result.batch_norm == batch_norm


BAD_INPUT = [
    ({"batch_norm": ()}, r"batch_norm must say a place for at least one hidden layer, got \(\)"),
    ({"batch_norm": ("behind",)}, "batch_norm must hold \"before\".*got 'behind'"),
    ({"batch_norm": "sideways"}, "batch_norm must hold \"before\".*got 'sideways'"),
    ({"batch_norm": (True,)}, 'batch_norm must hold "before", "after" or None, got True'),
    ({"width": 0}, "width must be a whole number of at least 1, got 0"),
    ({"draws": np.nan}, "draws must be a whole number of at least 1, got nan"),
    ({"gain": 0}, "gain must be positive and finite, got 0"),
    ({"activation": "swoosh"}, "activation must be one of .*got 'swoosh'"),
    ({"initializer": "xavier"}, "initializer must be one of .*got 'xavier'"),
    ({"gain": 1e200}, r"all numbers of 4 layers below 1e\+150, got N\(0, 1\) with gain"),
]


@pytest.mark.parametrize(("bad", "message"), BAD_INPUT, ids=range(len(BAD_INPUT)))
def test_bad_input_is_named_with_what_is_allowed(bad, message):
    with pytest.raises(ValueError, match=message):
        simulate(**{"batch_norm": NONE} | bad)


def test_a_single_example_is_refused():
    with pytest.raises(ValueError, match="X must hold at least two examples for batch norm, got 1"):
        simulations.simulate_normalized_layers(X[:1])
