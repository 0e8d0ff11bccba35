"""The description of a dense network."""

import dataclasses
import inspect
import pickle

import keras
import numpy as np
import pytest

from nnhelpers import models
from nnhelpers.initializers import VarianceScaling
from nnhelpers.networks import BatchNorm, MLPSpec

BINARY, CATEGORICAL = "binary_crossentropy", "sparse_categorical_crossentropy"
SQUARED = "mean_squared_error"


def test_models_know_it_by_the_same_name():
    assert models.MLPSpec is MLPSpec
    assert models.BatchNorm is BatchNorm


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


def test_an_activation_is_known_by_keras_second_name_too():
    assert MLPSpec(activation="swish") == MLPSpec(activation="silu")
    assert MLPSpec(activation="swish").activation == "silu"


def test_each_hidden_layer_may_have_an_activation_of_its_own():
    spec = MLPSpec(units=(3, 2), activation=["tanh", "swish"])
    assert spec.activation == spec.activations == ("tanh", "silu")
    same = MLPSpec(units=(3, 2), activation=("silu", "swish"))
    assert (same.activation, same.activations) == ("silu", ("silu", "silu"))
    assert MLPSpec(units=()).activations == ()


def test_each_layer_may_have_an_initializer_of_its_own_the_outputs_last():
    spec = MLPSpec(units=(3,), kernel_initializer=("he_normal", VarianceScaling(scale=0.1)))
    assert spec.kernel_initializers == ("he_normal", VarianceScaling(scale=0.1))
    assert MLPSpec(units=(3,)).kernel_initializers == ("glorot_uniform",) * 2


def test_each_hidden_layer_may_have_a_rate_of_dropout_of_its_own():
    assert MLPSpec(units=(3, 2), dropout=(0.2, 0)).dropout_rates == (0.2, 0.0)
    assert MLPSpec(units=(3, 2), dropout=np.array([0.5, 0.5])).dropout == 0.5
    assert MLPSpec(units=(3, 2)).dropout_rates == (0.0, 0.0)


@pytest.mark.parametrize(
    ("n_outputs", "loss", "activation"),
    [(1, BINARY, "sigmoid"), (3, CATEGORICAL, "softmax"), (1, SQUARED, "linear")],
)
def test_a_loss_may_be_given(n_outputs, loss, activation):
    spec = MLPSpec(n_outputs=n_outputs, loss=loss)
    assert (spec.loss, spec.output_activation) == (loss, activation)


def test_a_loss_that_was_not_given_follows_the_outputs_and_a_given_one_stays():
    ten = dataclasses.replace(MLPSpec(), n_outputs=10)
    assert ten == MLPSpec(n_outputs=10)
    assert ten.loss == CATEGORICAL
    assert dataclasses.replace(ten, n_outputs=1).loss == BINARY
    assert dataclasses.replace(MLPSpec(loss=SQUARED), n_outputs=10).loss == SQUARED
    with pytest.raises(ValueError, match=f"^loss must be {CATEGORICAL} or {SQUARED} for 10 out"):
        dataclasses.replace(MLPSpec(loss=BINARY), n_outputs=10)


def test_a_copy_made_elsewhere_still_follows_the_outputs():
    copy = pickle.loads(pickle.dumps(MLPSpec()))
    assert dataclasses.replace(copy, n_outputs=10).loss == CATEGORICAL


def everything():
    return MLPSpec(
        units=(3, 2),
        activation=("tanh", "relu"),
        kernel_initializer=(keras.initializers.HeNormal(seed=3), "orthogonal", "zeros"),
        bias_initializer=keras.initializers.Constant(0.1),
        batch_normalization=BatchNorm(layers=(1,)),
        n_outputs=3,
        dropout=(0.0, 0.5),
        l1=1e-4,
        l2=1e-3,
        max_norm=3.0,
    )


def test_equal_descriptions_are_equal_and_go_through_pickle():
    assert everything() == everything()
    assert hash(everything()) == hash(everything())
    assert pickle.loads(pickle.dumps(everything())) == everything()


@pytest.mark.parametrize(
    "change",
    [
        {"activation": "tanh"},
        {"kernel_initializer": keras.initializers.HeNormal(seed=4)},
        {"bias_initializer": keras.initializers.Constant(0.2)},
        {"dropout": 0.5},
        {"l1": 0.0},
        {"l2": 0.0},
        {"max_norm": None},
        {"loss": SQUARED},
    ],
    ids=range(8),
)
def test_another_description_is_another(change):
    assert dataclasses.replace(everything(), **change) != everything()


def test_what_an_initializer_that_is_not_equal_to_itself_again_says_counts():
    one, other = (keras.initializers.HeNormal(seed=seed) for seed in (1, 2))
    assert MLPSpec(kernel_initializer=one) != MLPSpec(kernel_initializer=other)


RATE = r"dropout must lie in \[0, 1\), one rate for all hidden layers or one for each, got "
LIMIT = "max_norm must be None, or positive and finite, got "
REFUSED = [
    ({"units": 0}, ValueError, "units and n_outputs must be at least 1, got 0$"),
    ({"units": (2, -1)}, ValueError, "units and n_outputs must be at least 1, got -1$"),
    ({"n_outputs": 0}, ValueError, "units and n_outputs must be at least 1, got 0$"),
    ({"units": 2.5}, TypeError, "units and n_outputs must be whole numbers, got 2.5$"),
    ({"units": None}, TypeError, "units and n_outputs must be whole numbers, got None$"),
    ({"units": "many"}, TypeError, "units and n_outputs must be whole numbers, got 'm'$"),
    ({"n_outputs": True}, TypeError, "units and n_outputs must be whole numbers, got True$"),
    ({"activation": "swoosh"}, ValueError, "activation must be one of .*, got 'swoosh'$"),
    ({"activation": "softmax"}, ValueError, "activation must work on each unit alone"),
    ({"activation": None}, TypeError, "activation must be a Keras name, got None$"),
    ({"activation": ("relu", 3)}, TypeError, "activation must be a Keras name, got 3$"),
    ({"activation": ("relu",) * 2}, ValueError, "activation must be .* each of 1 hidden layers"),
    ({"units": (2, 2), "activation": ()}, ValueError, "activation must be .* got 0"),
    ({"kernel_initializer": "hi_normal"}, ValueError, "kernel_initializer must .*'hi_normal'"),
    ({"kernel_initializer": ("zeros",)}, ValueError, "kernel_initializer must be .* each of 2 lay"),
    ({"kernel_initializer": 3}, TypeError, "kernel_initializer must be .*, got 3$"),
    ({"bias_initializer": 0}, TypeError, "bias_initializer must be .*, got 0$"),
    ({"bias_initializer": ("zeros",) * 2}, TypeError, "bias_initializer must be .*, got "),
    ({"batch_normalization": "no"}, TypeError, "batch_normalization must be True, .*got 'no'$"),
    ({"dropout": 1.0}, ValueError, RATE + "1.0$"),
    ({"dropout": -0.1}, ValueError, RATE + "-0.1$"),
    ({"dropout": np.nan}, ValueError, RATE + "nan$"),
    ({"dropout": True}, TypeError, RATE + "True$"),
    ({"dropout": "0.5"}, TypeError, RATE + "'0.5'$"),
    ({"dropout": (0.1, 0.2)}, ValueError, "dropout must be .* each of 1 hidden layers, got 2"),
    ({"l1": -1e-3}, ValueError, "l1 must be finite and not negative, got -0.001$"),
    ({"l1": True}, TypeError, "l1 must be finite and not negative, got True$"),
    ({"l2": np.inf}, ValueError, "l2 must be finite and not negative, got inf$"),
    ({"l2": np.nan}, ValueError, "l2 must be finite and not negative, got nan$"),
    ({"l2": "small"}, TypeError, "l2 must be finite and not negative, got 'small'$"),
    ({"max_norm": 0}, ValueError, LIMIT + "0$"),
    ({"max_norm": np.nan}, ValueError, LIMIT + "nan$"),
    ({"max_norm": False}, TypeError, LIMIT + "False$"),
    ({"loss": "hinge"}, ValueError, "loss must be one of .*, got 'hinge'$"),
    ({"loss": 3}, TypeError, "loss must be a Keras name or None, got 3$"),
    ({"loss": CATEGORICAL}, ValueError, "loss must be binary_crossentropy or .* for 1 output, got"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_argument_is_named_with_what_was_received(arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        MLPSpec(**arguments)
