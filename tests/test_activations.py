"""Activation records against TensorFlow's autodiff and Keras's functions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnhelpers.activations import ACTIVATIONS, find_activation, sigmoid

Z = np.linspace(-30, 30, 6_001)  # holds zero, where ReLU has its kink
EVERY = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=ACTIVATIONS)


def keras_derivatives(name):
    """Return Keras's function of Z with TensorFlow's first and second derivative."""
    z = tf.constant(Z)
    with tf.GradientTape() as outer:
        outer.watch(z)
        with tf.GradientTape() as inner:
            inner.watch(z)
            value = keras.activations.get(name)(z)
        first = inner.gradient(value, z)
    second = outer.gradient(first, z, unconnected_gradients="zero")
    return value.numpy(), first.numpy(), second.numpy()


@EVERY
def test_value_and_both_derivatives_agree_with_autodiff(record):
    ours = (record.value(Z), record.derivative(Z), record.second_derivative(Z))
    for mine, theirs in zip(ours, keras_derivatives(record.name), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-6)


@EVERY
def test_nothing_overflows_far_out(record):
    z = np.array([-1000.0, 1000.0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, slopes = record.value(z), record.derivative(z)
        curvatures = record.second_derivative(z)
    if record.bounded:
        np.testing.assert_array_equal(value, record.limits)
        np.testing.assert_array_equal(slopes, 0)
    np.testing.assert_array_equal(curvatures, 0)


@EVERY
def test_limits_are_the_values_at_infinity(record):
    np.testing.assert_array_equal(record.value(np.array([-np.inf, np.inf])), record.limits)


@EVERY
def test_functions_work_element_by_element(record):
    z = np.linspace(-2, 2, 24).reshape(2, 3, 4)
    for function in (record.value, record.derivative, record.second_derivative):
        assert function(z).shape == z.shape
        np.testing.assert_array_equal(function(z)[1, 2], function(z[1, 2]))


def test_only_sigmoid_and_tanh_are_bounded():
    assert {name for name, record in ACTIVATIONS.items() if record.bounded} == {"sigmoid", "tanh"}


def test_tanh_is_a_stretched_sigmoid():
    # Two roundings of numbers up to 2 on one side, one on the other.
    np.testing.assert_allclose(np.tanh(Z), 2 * sigmoid(2 * Z) - 1, atol=4 * np.finfo(float).eps)


def test_activations_are_found_by_keras_name():
    assert all(find_activation(name).name == name for name in ACTIVATIONS)


def test_an_unknown_activation_is_named_beside_the_known_ones():
    with pytest.raises(ValueError, match=r"activation .*'relu'.*got 'swoosh'"):
        find_activation("swoosh")
