"""Keras networks from a specification, and the weights that they start from."""

import keras
import numpy as np
import pytest
from processes import run_python
from random_networks import assert_equal_arrays

from nnhelpers import models, networks
from nnhelpers.models import BatchNorm, MLPSpec


def parts(model):
    """Return the name and the kind of every layer."""
    return [(layer.name, type(layer).__name__) for layer in model.layers]


def test_dense_layers_are_linear_and_activations_are_layers_of_their_own():
    model = models.build_mlp(MLPSpec(units=(3, 2), activation=("tanh", "swish")), n_features=4)
    assert type(model) is keras.Sequential
    kinds = {"": "Dense", "_activation": "Activation"}
    names = ("hidden_0", "hidden_1", "output")
    assert parts(model) == [(name + end, kinds[end]) for name in names for end in kinds]
    assert {layer.activation.__name__ for layer in model.layers[::2]} == {"linear"}
    functions = [layer.activation.__name__ for layer in model.layers[1::2]]
    assert functions == ["tanh", "silu", "sigmoid"]
    assert [layer.units for layer in model.layers[::2]] == [3, 2, 1]
    assert model.input_shape == (None, 4)
    assert not model.compiled


def test_batch_norm_takes_the_place_of_the_bias_in_front_of_it():
    model = models.build_mlp(MLPSpec(units=(3,), batch_normalization=True), n_features=2)
    assert parts(model)[:3] == [
        ("hidden_0", "Dense"),
        ("hidden_0_batch_norm", "BatchNormalization"),
        ("hidden_0_activation", "Activation"),
    ]
    assert [layer.use_bias for layer in model.layers if hasattr(layer, "use_bias")] == [False, True]


def test_a_network_can_be_built_from_weights():
    spec = MLPSpec(units=(3,), n_outputs=4)
    drawn = networks.draw(spec, n_features=2, draws=1, seed=9)[0]
    weights = drawn.map(lambda array: array.astype(np.float32))
    model = models.model_from_weights(spec, weights)
    assert_equal_arrays(model.get_weights(), weights.to_list())
    assert model.output_shape == (None, 4)
    assert model.layers[-1].activation.__name__ == "softmax"


def test_an_activation_that_is_a_layer_in_keras_is_refused():
    with pytest.raises(ValueError, match="activation must be one of Keras's functions"):
        models.build_mlp(MLPSpec(activation="prelu"), n_features=2)


def test_dropout_stands_behind_each_hidden_layer_that_has_a_rate():
    spec = MLPSpec(
        units=(3, 3, 3),
        batch_normalization=BatchNorm(layers=(0,), after_activation=True),
        dropout=(0.25, 0, 0.5),
    )
    model = models.build_mlp(spec, n_features=2)
    assert [name for name, _ in parts(model)] == [
        *("hidden_0", "hidden_0_activation", "hidden_0_batch_norm", "hidden_0_dropout"),
        *("hidden_1", "hidden_1_activation"),
        *("hidden_2", "hidden_2_activation", "hidden_2_dropout"),
        *("output", "output_activation"),
    ]
    drops = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert [layer.rate for layer in drops] == [0.25, 0.5]
    assert drops[0].seed != drops[1].seed


def test_hidden_kernels_are_penalized_and_limited_and_the_outputs_is_not():
    spec = MLPSpec(units=(4, 3), l1=0.01, l2=0.1, max_norm=0.5, loss="mean_squared_error")
    model = models.build_mlp(spec, n_features=5)
    *hidden, output = (layer for layer in model.layers if isinstance(layer, keras.layers.Dense))
    kernels = [layer.kernel.numpy().astype(np.float64) for layer in hidden]
    penalty = sum(0.01 * np.abs(kernel).sum() + 0.1 * np.sum(kernel**2) for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(penalty, rel=1e-6)
    for layer, kernel in zip(hidden, kernels, strict=True):
        lengths = np.linalg.norm(layer.kernel_constraint(kernel), axis=0)
        np.testing.assert_allclose(
            lengths, np.minimum(np.linalg.norm(kernel, axis=0), 0.5), rtol=1e-5
        )
    assert output.kernel_constraint is None
    assert output.kernel_regularizer is None
    assert model.layers[-1].activation.__name__ == "linear"


def test_no_configuration_of_keras_changes_the_numbers():
    spec = MLPSpec(units=(3,), batch_normalization=True, dropout=0.5)
    before = models.build_mlp(spec, n_features=2)
    usual = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        model = models.build_mlp(spec, n_features=2)
        articles = models.build_articles_network()
    finally:
        keras.config.set_floatx(usual[0])
        keras.config.set_dtype_policy(usual[1])
    dtypes = {layer.dtype for layer in (*model.layers, *articles.layers)}
    assert dtypes | {weight.dtype for weight in model.weights} == {"float32"}
    X = np.ones((4, 2))
    np.testing.assert_array_equal(model(X), before(X))


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_another_backend_of_keras_is_refused_before_anything_starts(backend):
    run = run_python("import nnhelpers.models", KERAS_BACKEND=backend)
    *_, last = run.stderr.splitlines()
    assert run.returncode == 1
    assert last.startswith(
        "ImportError: nnhelpers.models needs Keras on TensorFlow, but Keras's backend is set to "
        f"'{backend}'"
    )
    assert last.endswith("start Python again with KERAS_BACKEND=tensorflow")
    assert "tensorflow/" not in run.stderr


@pytest.mark.parametrize("missing", ["keras", "tensorflow"])
def test_without_keras_one_sentence_says_what_to_install_and_the_rest_works(missing):
    program = f"""
import sys

sys.modules[{missing!r}] = None
from nnhelpers import datasets, networks, training, widgets

run = training.train(networks.MLPSpec(), datasets.load_circles(), epochs=2)
widgets.explore_active_fraction().controls["center"].value = 2
print(run.epochs[-1])
run.model()
"""
    run = run_python(program)
    assert run.stdout == "2\n"
    *_, last = run.stderr.splitlines()
    assert last.startswith(f"ImportError: nnhelpers.models needs {missing}, which is not installed")
    assert 'pip install "nnhelpers[keras]"' in last


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_the_articles_network_is_as_its_author_wrote_it_and_starts_anew_each_time(activation):
    model = models.build_articles_network(activation=activation)
    assert [array.shape for array in model.get_weights()] == [(2, 2), (2,), (2, 1), (1,)]
    assert [layer.activation.__name__ for layer in model.layers] == [activation, "sigmoid"]
    assert {type(layer.kernel_initializer).__name__ for layer in model.layers} == {"GlorotUniform"}
    assert type(model.optimizer) is keras.optimizers.RMSprop
    assert model.optimizer.learning_rate.numpy() == np.float32(1e-3)
    assert model.loss == "binary_crossentropy"
    again = models.build_articles_network(activation=activation)
    assert not np.isin(again.get_weights()[0], model.get_weights()[0]).any()
