"""Activation records against TensorFlow's autodiff and Keras's functions."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.activations import ALL_OBJECTS_DICT as KNOWN_TO_KERAS
from packaging.version import Version

from nnhelpers.activations import (
    ACTIVATIONS,
    PRELU_SLOPE,
    activation_name,
    find_activation,
)

KINKS = [-3, -1, -0.5, 0, 0.5, 1, 3, 6]
Z = np.union1d(np.linspace(-30, 30, 6_001), KINKS)
REFUSED = ("softmax", "log_softmax", "sparsemax", "glu", "threshold")
# Those of the oldest version allowed are fewer.
IN_KERAS = [name for name in ACTIVATIONS if hasattr(keras.activations, name)]
EVERY = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=ACTIVATIONS)
# How far from their limits, slope 0 and curvature 0 functions still are at 1000 that are no exp.
LEFT = {
    "softsign": (1 / 1001, 1 / 1001**2, 2 / 1001**3),
    "squareplus": (1 / 1000, np.inf, 2 / 1000**3),
    "exponential": (0, np.inf, np.inf),
}


def keras_function(name):
    """Return Keras's function; PReLU is a layer of its own, whose slope is learned."""
    if name != "prelu":
        return keras.activations.get(name)
    slope = keras.initializers.Constant(PRELU_SLOPE)
    layer = keras.layers.PReLU(alpha_initializer=slope, dtype="float64")
    return lambda z: layer(z[:, None])[:, 0]


def softsign_formula(z):
    """Softsign as TensorFlow can differentiate it twice: its own has one derivative only."""
    return z / (1 + tf.abs(z))


def autodiff(function):
    """Return a function of Z with TensorFlow's first and second derivative."""
    z = tf.constant(Z)
    with tf.GradientTape() as outer:
        outer.watch(z)
        with tf.GradientTape() as inner:
            inner.watch(z)
            value = function(z)
        first = inner.gradient(value, z)
    second = outer.gradient(first, z, unconnected_gradients="zero")
    return value.numpy(), first.numpy(), second.numpy()


@pytest.mark.parametrize("name", [*IN_KERAS, "prelu"])
def test_value_and_both_derivatives_agree_with_autodiff(name):
    record = ACTIVATIONS[name]
    ours = (record.value(Z), record.derivative(Z), record.second_derivative(Z))
    softsign = record.name == "softsign"
    theirs = autodiff(softsign_formula if softsign else keras_function(record.name))
    for mine, other in zip(ours, theirs, strict=True):
        # Rounding alone moves exp(30) by more than 1e-6.
        np.testing.assert_allclose(mine, other, rtol=4 * np.finfo(float).eps, atol=1e-6)


@EVERY
def test_kinks_are_where_something_jumps(record):
    assert {*record.kinks} <= {*KINKS}
    for function in (record.value, record.derivative, record.second_derivative):
        jumps = np.abs(np.diff(function(np.add.outer(KINKS, [-1e-12, 1e-12]))))[:, 0] > 1e-6
        assert {*np.array(KINKS)[jumps]} <= {*record.kinks}


def test_softsign_and_its_slope_are_those_of_keras():
    z, record = tf.constant(Z), ACTIVATIONS["softsign"]
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = keras.activations.get("softsign")(z)
    np.testing.assert_allclose(record.value(Z), value, rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.derivative(Z), tape.gradient(value, z), rtol=0, atol=1e-6)


@EVERY
def test_nothing_overflows_or_warns_far_out(record):
    z = np.array([-1000.0, 1000.0])
    with np.errstate(all="raise"):
        value, slopes = record.value(z), record.derivative(z)
        curvatures = record.second_derivative(z)
    left = LEFT.get(record.name, (0, 0, 0))
    finite = np.isfinite(record.limits)
    distances = np.abs(value[finite] - np.array(record.limits)[finite])
    rounding = np.finfo(float).eps
    assert (distances <= left[0] + rounding * bool(left[0])).all()
    if np.isfinite(record.limits).all():
        assert (np.abs(slopes) <= left[1]).all()
    assert (np.abs(curvatures) <= left[2]).all()


@EVERY
def test_single_precision_stays_single_in_the_forward_pass(record):
    z = np.linspace(-3, 3, 7, dtype=np.float32)
    assert record.value(z).dtype == np.float32


def test_limits_are_the_values_at_infinity():
    known = dict.fromkeys(("relu", "gelu", "silu", "mish", "exponential", "softplus"), (0, np.inf))
    known |= dict.fromkeys(("squareplus", "hard_silu", "sparse_plus"), (0, np.inf))
    known |= dict.fromkeys(("elu", "celu"), (-1, np.inf))
    known |= dict.fromkeys(("tanh", "softsign", "hard_tanh"), (-1, 1))
    known |= dict.fromkeys(("sigmoid", "hard_sigmoid", "sparse_sigmoid"), (0, 1))
    known |= {"relu6": (0, 6), "log_sigmoid": (-np.inf, 0)}
    known["selu"] = (-1.0507009873554805 * 1.6732632423543772, np.inf)
    for name, record in ACTIVATIONS.items():
        assert record.limits == known.get(name, (-np.inf, np.inf)), name


@pytest.mark.parametrize(
    ("name", "slope", "curvature"),
    [
        ("sigmoid", 1 / 4, 1 / (6 * np.sqrt(3))),
        ("softsign", 1, 2),
        ("relu", 1, 0),
        ("silu", 1.0998393, 1 / 2),
        ("gelu", 1.1289041, np.sqrt(2 / np.pi)),  # slope at the square root of 2
        ("squareplus", (1 + 30 / np.sqrt(904)) / 2, 1 / 4),  # at 30, where the grid ends
        ("hard_shrink", 1, 0),
    ],
)
def test_the_largest_slope_and_curvature_are_the_known_ones(name, slope, curvature):
    # Between points 0.001 apart a smooth peak rises by less than 1e-6.
    record = ACTIVATIONS[name]
    assert record.largest_slope == pytest.approx(slope, abs=1e-6)
    assert record.largest_curvature == pytest.approx(curvature, abs=1e-6)


@pytest.mark.parametrize("name", sorted({*KNOWN_TO_KERAS} - {*REFUSED}))
def test_every_other_name_of_keras_means_the_record_of_its_function(name):
    assert find_activation(name) is ACTIVATIONS[KNOWN_TO_KERAS[name].__name__]


@pytest.mark.skipif(
    Version(keras.__version__) < Version("3.13"), reason="it has fewer activations than the last"
)
def test_every_record_but_prelu_has_a_function_in_keras():
    assert {*ACTIVATIONS} - {*KNOWN_TO_KERAS} == {"prelu"}


@pytest.mark.parametrize(
    ("alias", "name"), [("swish", "silu"), ("hard_swish", "hard_silu"), (np.str_("relu"), "relu")]
)
def test_a_second_name_is_resolved_to_the_first(alias, name):
    assert activation_name(alias) == name
    assert type(activation_name(alias)) is str


@pytest.mark.parametrize("find", [find_activation, activation_name])
@pytest.mark.parametrize("name", [*REFUSED, "swoosh"])
def test_what_no_record_can_stand_for_is_refused_in_words(find, name):
    words = "which work on each unit alone and need no arguments"
    with pytest.raises(
        ValueError, match=f"activation must be one of .*'relu'.*{words}, got '{name}'"
    ):
        find(name)


@pytest.mark.parametrize(
    "which", [None, 3, ["relu"], np.tanh, keras.activations.relu], ids=range(5)
)
def test_what_is_no_name_is_refused(which):
    with pytest.raises(TypeError, match="activation must be a Keras name, got "):
        find_activation(which)
