"""Activation records against TensorFlow's autodiff and Keras's functions."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnhelpers.activations import ACTIVATIONS, PRELU_SLOPE, find_activation, sigmoid

Z = np.linspace(-30, 30, 6_001)  # holds zero, where ReLU has its kink
EVERY = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=ACTIVATIONS)
# How far from its limits 1, its slope 0 and its curvature 0 softsign still is at 1000.
SOFTSIGN_LEFT = (1 / 1001, 1 / 1001**2, 2 / 1001**3)


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


@EVERY
def test_value_and_both_derivatives_agree_with_autodiff(record):
    ours = (record.value(Z), record.derivative(Z), record.second_derivative(Z))
    softsign = record.name == "softsign"
    theirs = autodiff(softsign_formula if softsign else keras_function(record.name))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=1e-6)


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
    left = SOFTSIGN_LEFT if record.name == "softsign" else (0, 0, 0)
    finite = np.isfinite(record.limits)
    limits = np.array(record.limits)
    rounding = np.finfo(float).eps
    assert (np.abs(value - limits)[finite] <= left[0] + rounding * bool(left[0])).all()
    if record.bounded:
        assert (np.abs(slopes) <= left[1]).all()
    assert (np.abs(curvatures) <= left[2]).all()


@EVERY
def test_single_precision_stays_single_in_the_forward_pass(record):
    z = np.linspace(-3, 3, 7, dtype=np.float32)
    assert record.value(z).dtype == np.float32


@EVERY
def test_limits_are_the_values_at_infinity(record):
    np.testing.assert_array_equal(record.value(np.array([-np.inf, np.inf])), record.limits)


@EVERY
def test_functions_work_element_by_element(record):
    z = np.linspace(-2, 2, 24).reshape(2, 3, 4)
    for function in (record.value, record.derivative, record.second_derivative):
        assert function(z).shape == z.shape
        np.testing.assert_array_equal(function(z)[1, 2], function(z[1, 2]))


def test_only_sigmoid_tanh_and_softsign_are_bounded():
    bounded = {name for name, record in ACTIVATIONS.items() if record.bounded}
    assert bounded == {"sigmoid", "tanh", "softsign"}


@pytest.mark.parametrize(
    ("name", "slope", "curvature"),
    [
        ("sigmoid", 1 / 4, 1 / (6 * np.sqrt(3))),
        ("tanh", 1, 4 / (3 * np.sqrt(3))),
        ("softsign", 1, 2),
        ("relu", 1, 0),
        ("prelu", 1, 0),
        ("elu", 1, 1),
        ("silu", 1.0998393, 1 / 2),
        ("gelu", 1.1289041, np.sqrt(2 / np.pi)),  # slope at the square root of 2
    ],
)
def test_the_largest_slope_and_curvature_are_the_known_ones(name, slope, curvature):
    # Between points 0.001 apart a smooth peak rises by less than 1e-6.
    record = ACTIVATIONS[name]
    assert record.largest_slope == pytest.approx(slope, abs=1e-6)
    assert record.largest_curvature == pytest.approx(curvature, abs=1e-6)


def test_tanh_is_a_stretched_sigmoid():
    # Two roundings of numbers up to 2 on one side, one on the other.
    np.testing.assert_allclose(np.tanh(Z), 2 * sigmoid(2 * Z) - 1, atol=4 * np.finfo(float).eps)


def test_activations_load_without_scipy():
    program = "import sys, nnhelpers.activations; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_activations_are_found_by_keras_name():
    assert all(find_activation(name).name == name for name in ACTIVATIONS)


def test_an_unknown_activation_is_named_beside_the_known_ones():
    with pytest.raises(ValueError, match=r"activation .*'relu'.*got 'swoosh'"):
        find_activation("swoosh")
