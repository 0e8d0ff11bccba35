"""The description of a dense network."""

import dataclasses
import inspect

import keras
import numpy as np
import pytest

from nnhelpers.models import MLPSpec


@pytest.mark.parametrize("argument", ["kernel_initializer", "bias_initializer"])
def test_the_initializers_are_those_of_keras_unless_given(argument):
    default = inspect.signature(keras.layers.Dense).parameters[argument].default
    assert getattr(MLPSpec(), argument) == default


def test_one_number_of_units_stands_for_one_layer():
    assert MLPSpec(units=3).units == MLPSpec(units=np.int64(3)).units == (3,)


def test_the_units_of_several_layers_may_come_as_a_list():
    assert MLPSpec(units=[5, 4]).units == (5, 4)


def test_no_hidden_layer_is_logistic_regression():
    assert MLPSpec(units=()).layer_sizes(7) == [(7, 1)]


def test_each_layer_takes_what_the_layer_before_it_gives():
    assert MLPSpec(units=(5, 4), n_outputs=3).layer_sizes(2) == [(2, 5), (5, 4), (4, 3)]


def test_the_sizes_are_written_as_in_the_articles():
    assert MLPSpec().summary(2) == "2-2-1"


@pytest.mark.parametrize(
    ("n_outputs", "activation", "loss"),
    [
        (1, "sigmoid", "binary_crossentropy"),
        (2, "softmax", "sparse_categorical_crossentropy"),
        (10, "softmax", "sparse_categorical_crossentropy"),
    ],
)
def test_the_output_and_the_loss_belong_together(n_outputs, activation, loss):
    spec = MLPSpec(n_outputs=n_outputs)
    assert (spec.output_activation, spec.loss) == (activation, loss)


def test_one_change_is_made_by_replacing_one_field():
    spec = dataclasses.replace(MLPSpec(units=(3,)), activation="tanh")
    assert spec == MLPSpec(units=(3,), activation="tanh")


def test_a_specification_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        MLPSpec().units = (3,)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"units": 0}, ValueError, "units and n_outputs must be at least 1, got 0"),
        ({"units": (2, -1)}, ValueError, "units and n_outputs must be at least 1, got -1"),
        ({"n_outputs": 0}, ValueError, "units and n_outputs must be at least 1, got 0"),
        ({"units": 2.5}, TypeError, "units and n_outputs must be whole numbers, got 2.5"),
        ({"units": None}, TypeError, "units and n_outputs must be whole numbers, got None"),
        ({"units": "many"}, TypeError, "units and n_outputs must be whole numbers, got 'm'"),
        ({"n_outputs": True}, TypeError, "units and n_outputs must be whole numbers, got True"),
        ({"activation": "swoosh"}, ValueError, "activation must be known to Keras, got 'swoosh'"),
        ({"activation": None}, TypeError, "activation must be a Keras name, got None"),
        (
            {"kernel_initializer": "hi_normal"},
            ValueError,
            "kernel_initializer must be known to Keras, got 'hi_normal'",
        ),
        (
            {"bias_initializer": 0},
            TypeError,
            "bias_initializer must be a Keras name or a Keras initializer, got 0",
        ),
        (
            {"batch_normalization": "no"},
            TypeError,
            "batch_normalization must be True, False or a BatchNorm, got 'no'",
        ),
    ],
    ids=str,
)
def test_a_bad_argument_is_named_with_what_was_received(arguments, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        MLPSpec(**arguments)
