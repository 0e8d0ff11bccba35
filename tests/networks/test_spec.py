"""The description of a dense network."""

import dataclasses
import inspect
import pickle

import keras
import numpy as np
import pytest

from nnhelpers.initializers import VarianceScaling
from nnhelpers.networks import BatchNorm, MLPSpec

BINARY, CATEGORICAL = "binary_crossentropy", "sparse_categorical_crossentropy"
SQUARED = "mean_squared_error"


@pytest.mark.parametrize("argument", ["kernel_initializer", "bias_initializer"])
def test_the_initializers_are_those_of_keras_unless_given(argument):
    default = inspect.signature(keras.layers.Dense).parameters[argument].default
    assert getattr(MLPSpec(), argument) == default


def test_units_may_come_as_one_number_or_as_a_list():
    assert MLPSpec(units=3).units == MLPSpec(units=np.int64(3)).units == (3,)
    assert MLPSpec(units=[5, 4]).units == (5, 4)


def test_each_layer_takes_what_the_layer_before_it_gives():
    assert MLPSpec(units=(5, 4), n_outputs=3).layer_sizes(2) == [(2, 5), (5, 4), (4, 3)]
    assert MLPSpec(units=()).layer_sizes(7) == [(7, 1)]
    assert MLPSpec().summary(2) == "2-2-1"


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
    [(1, BINARY, "sigmoid"), (2, CATEGORICAL, "softmax"), (1, SQUARED, "linear")],
)
def test_a_loss_may_be_given_and_is_the_cross_entropy_else(n_outputs, loss, activation):
    spec = MLPSpec(n_outputs=n_outputs, loss=loss)
    assert (spec.loss, spec.output_activation) == (loss, activation)
    if loss != SQUARED:
        assert MLPSpec(n_outputs=n_outputs) == spec


def test_a_loss_that_was_not_given_follows_the_outputs_and_a_given_one_stays():
    ten = dataclasses.replace(pickle.loads(pickle.dumps(MLPSpec())), n_outputs=10)
    assert ten == MLPSpec(n_outputs=10)
    assert ten.loss == CATEGORICAL
    assert dataclasses.replace(ten, n_outputs=1).loss == BINARY
    assert dataclasses.replace(MLPSpec(loss=SQUARED), n_outputs=10).loss == SQUARED
    with pytest.raises(ValueError, match=f"^loss must be {CATEGORICAL} or {SQUARED} for 10 out"):
        dataclasses.replace(MLPSpec(loss=BINARY), n_outputs=10)


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


WHOLE = "must be a whole number of at least 1, got"
REFUSED = [
    (MLPSpec, {"units": 0}, ValueError, f"units {WHOLE} 0$"),
    (MLPSpec, {"units": (2, -1)}, ValueError, f"units {WHOLE} -1$"),
    (MLPSpec, {"units": "many"}, TypeError, f"units {WHOLE} 'm'$"),
    (
        MLPSpec,
        {"activation": "softmax"},
        ValueError,
        "activation must be one of .* each unit alone",
    ),
    (MLPSpec, {"activation": ("relu", 3)}, TypeError, "activation must be a Keras name, got 3$"),
    (MLPSpec, {"activation": ("relu",) * 2}, ValueError, "activation .* each of 1 hidden layers"),
    (MLPSpec, {"units": (2, 2), "activation": ()}, ValueError, "activation must be .* got 0"),
    (MLPSpec, {"kernel_initializer": "hi"}, ValueError, "kernel_initializer must .*'hi'"),
    (MLPSpec, {"kernel_initializer": ("zeros",)}, ValueError, "kernel_initializer .* of 2 lay"),
    (MLPSpec, {"kernel_initializer": 3}, TypeError, "kernel_initializer must be .*, got 3$"),
    (MLPSpec, {"bias_initializer": 0}, TypeError, "bias_initializer must be .*, got 0$"),
    (MLPSpec, {"bias_initializer": ("zeros",) * 2}, TypeError, "bias_initializer must be .*, got "),
    (
        MLPSpec,
        {"batch_normalization": "no"},
        TypeError,
        "batch_normalization must be .*BatchN.*'no'$",
    ),
    (MLPSpec, {"dropout": (0.1, 0.2)}, ValueError, "dropout must be .* of 1 hidden layers, got 2"),
    (MLPSpec, {"loss": "hinge"}, ValueError, "loss must be binary_crossentropy or .*'hinge'$"),
    (MLPSpec, {"loss": 3}, TypeError, "loss must be a Keras name or None, got 3$"),
    (MLPSpec, {"loss": CATEGORICAL}, ValueError, "loss must be binary_crossentropy .* 1 output,"),
    (
        BatchNorm,
        {"after_activation": 1},
        TypeError,
        "after_activation must be of .* bool, got 1$",
    ),
    (BatchNorm, {"layers": (-1,)}, ValueError, "layers must be .* of at least 0, got -1$"),
    (BatchNorm, {"layers": ()}, ValueError, r"layers must be one or more whole .*, got \(\)$"),
    (BatchNorm, {"layers": (1.0,)}, TypeError, "layers must be .* of at least 0, got 1.0$"),
]


@pytest.mark.parametrize(("record", "arguments", "error", "message"), REFUSED)
def test_a_bad_argument_is_named_with_what_was_received(record, arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        record(**arguments)


def test_batch_norm_stands_behind_every_layer_unless_told():
    assert MLPSpec(units=(4, 4, 4), batch_normalization=True).normalized_layers == (0, 1, 2)
    assert MLPSpec(units=(4, 4, 4)).normalized_layers == ()
    assert MLPSpec(units=(), batch_normalization=True).normalized_layers == ()


def test_the_layers_of_batch_norm_are_sorted_and_named_once():
    spec = MLPSpec(units=(4, 4, 4), batch_normalization=BatchNorm(layers=[2, 0, 2]))
    assert spec.normalized_layers == (0, 2)


def test_batch_norm_replaces_a_bias_only_in_front_of_the_activation():
    layers = (1,)
    before, behind = (BatchNorm(layers=layers, after_activation=place) for place in (False, True))
    assert MLPSpec(units=(4, 4), batch_normalization=before).layers_without_bias == layers
    assert MLPSpec(units=(4, 4), batch_normalization=behind).layers_without_bias == ()


def test_batch_norm_of_a_layer_that_does_not_exist_is_refused():
    message = r"^batch_normalization.layers must be hidden layers, 0 to 3, got \(2, 4\)$"
    with pytest.raises(ValueError, match=message):
        MLPSpec(units=(5, 5, 5, 5), batch_normalization=BatchNorm(layers=(2, 4)))
