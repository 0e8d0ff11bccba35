"""Keras networks from a specification, and the weights that they start from."""

import keras
import numpy as np
import pytest

from nnhelpers import datasets, models
from nnhelpers.models import MLPSpec

# Chance of a normal variable beyond four standard errors: what every bound on draws allows.
TAIL = 6.3e-5
FLOAT32 = np.finfo(np.float32).eps

SPECS = [
    MLPSpec(),
    MLPSpec(units=(4, 4), activation="tanh", kernel_initializer="he_normal", n_outputs=3),
    MLPSpec(units=(3,), kernel_initializer="orthogonal", bias_initializer="random_normal"),
    MLPSpec(units=(3,), kernel_initializer=keras.initializers.LecunUniform(seed=7)),
]


def parts(model):
    """Return the name and the kind of every layer."""
    return [(layer.name, type(layer).__name__) for layer in model.layers]


def assert_equal_arrays(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_dense_layers_are_linear_and_activations_are_layers_of_their_own():
    model = models.build_mlp(MLPSpec(units=(3, 2), activation="tanh"), n_features=4)
    assert type(model) is keras.Sequential
    assert parts(model) == [
        ("hidden_0", "Dense"),
        ("hidden_0_activation", "Activation"),
        ("hidden_1", "Dense"),
        ("hidden_1_activation", "Activation"),
        ("output", "Dense"),
        ("output_activation", "Activation"),
    ]
    assert {layer.activation.__name__ for layer in model.layers[::2]} == {"linear"}
    assert [layer.activation.__name__ for layer in model.layers[1::2]] == [
        "tanh",
        "tanh",
        "sigmoid",
    ]
    assert [layer.units for layer in model.layers[::2]] == [3, 2, 1]
    assert model.input_shape == (None, 4)
    assert not model.compiled


def test_several_classes_get_a_softmax():
    model = models.build_mlp(MLPSpec(n_outputs=3), n_features=2)
    assert model.output_shape == (None, 3)
    assert model.layers[-1].activation.__name__ == "softmax"


def test_batch_norm_takes_the_place_of_the_bias_in_front_of_it():
    model = models.build_mlp(MLPSpec(units=(3,), batch_normalization=True), n_features=2)
    assert parts(model)[:3] == [
        ("hidden_0", "Dense"),
        ("hidden_0_batch_norm", "BatchNormalization"),
        ("hidden_0_activation", "Activation"),
    ]
    assert [layer.use_bias for layer in model.layers if hasattr(layer, "use_bias")] == [False, True]


def test_layers_of_one_shape_start_with_different_kernels():
    model = models.build_mlp(MLPSpec(units=(4, 4, 4)), n_features=4, seed=0)
    kernels = [layer.kernel.numpy() for layer in model.layers[0:6:2]]
    for index, kernel in enumerate(kernels):
        for other in kernels[index + 1 :]:
            assert not np.isin(kernel, other).any()


def test_a_bias_that_is_drawn_differs_from_the_kernel_of_its_layer():
    spec = MLPSpec(units=(4,), kernel_initializer="random_normal", bias_initializer="random_normal")
    kernel, bias, *_ = models.build_mlp(spec, n_features=1, seed=0).get_weights()
    assert not np.isin(kernel, bias).any()


def test_one_seed_always_gives_the_same_weights():
    spec = MLPSpec(units=(4, 4))
    first, again, other = (
        models.build_mlp(spec, n_features=2, seed=seed).get_weights() for seed in (5, 5, 6)
    )
    assert_equal_arrays(first, again)
    for kernel, other_kernel in zip(first[0::2], other[0::2], strict=True):
        assert not np.isin(kernel, other_kernel).any()


def test_a_date_may_serve_as_a_seed():
    first, other = (
        models.initial_weights(MLPSpec(), n_features=2, seed=20_250_101 + i) for i in (0, 1)
    )
    assert not np.isin(first.kernels[0], other.kernels[0]).any()


@pytest.mark.parametrize("spec", SPECS, ids=["default", "he_normal", "orthogonal", "object"])
def test_initial_weights_are_those_of_the_built_network(spec):
    weights = models.initial_weights(spec, n_features=3, seed=2)
    assert_equal_arrays(
        weights.to_list(), models.build_mlp(spec, n_features=3, seed=2).get_weights()
    )
    assert {array.dtype for array in weights.to_list()} == {np.dtype(np.float32)}


def test_an_initializer_object_keeps_its_numbers_and_gets_the_seeds_of_the_network():
    narrow = keras.initializers.RandomUniform(0.5, 0.6, seed=1)
    spec = MLPSpec(units=(4, 4), kernel_initializer=narrow)
    first, again = (models.initial_weights(spec, n_features=4, seed=seed) for seed in (1, 2))
    for weights in (first, again):
        assert all(((kernel >= 0.5) & (kernel < 0.6)).all() for kernel in weights.kernels)
    assert not np.isin(first.kernels[0], first.kernels[1]).any()
    assert not np.isin(first.kernels[0], again.kernels[0]).any()


def test_a_network_can_be_built_from_weights():
    spec = MLPSpec(units=(3,), n_outputs=4)
    weights = models.initial_weights(spec, n_features=2, seed=9)
    assert_equal_arrays(models.model_from_weights(spec, weights).get_weights(), weights.to_list())


@pytest.mark.parametrize("build", [models.build_mlp, models.initial_weights])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_features": 0}, "n_features must be at least 1, got 0"),
        ({"n_features": 2, "seed": -1}, "seed must not be negative, got -1"),
    ],
)
def test_a_size_or_seed_out_of_range_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        build(MLPSpec(), **arguments)


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_the_articles_network_is_as_its_author_wrote_it(activation):
    model = models.build_articles_network(activation=activation)
    assert [array.shape for array in model.get_weights()] == [(2, 2), (2,), (2, 1), (1,)]
    assert [layer.activation.__name__ for layer in model.layers] == [activation, "sigmoid"]
    assert {type(layer.kernel_initializer).__name__ for layer in model.layers} == {"GlorotUniform"}
    assert type(model.optimizer) is keras.optimizers.RMSprop
    assert model.optimizer.learning_rate.numpy() == np.float32(1e-3)
    assert model.loss == "binary_crossentropy"


def test_the_articles_network_starts_anew_each_time():
    first, other = (models.build_articles_network().get_weights()[0] for _ in range(2))
    assert not np.isin(first, other).any()


def test_a_normalization_layer_standardizes_the_training_data_for_the_network():
    far = datasets.rescale(datasets.shift(datasets.load_circles(), 5), 3)
    spec = MLPSpec(units=(4,), activation="tanh")
    model = models.build_with_normalization(spec, far, seed=3)
    mean, std = far.X.mean(axis=0), far.X.std(axis=0)
    seen = np.asarray(model.layers[0](far.X.astype(np.float32)))
    # Rounding the data to float32, and summing them for their moments, before dividing by std.
    tolerance = far.n_examples * FLOAT32 * np.abs(far.X).max() / std.min()
    np.testing.assert_allclose(seen, (far.X - mean) / std, rtol=0, atol=tolerance)
    network = models.build_mlp(spec, n_features=2, seed=3)
    assert_equal_arrays(model.get_weights()[-4:], network.get_weights())
    np.testing.assert_array_equal(model(far.X.astype(np.float32)), network(seen))
    assert model.input_shape == (None, 2)


@pytest.mark.parametrize(
    "kernel_initializer",
    [
        "glorot_uniform",
        "he_normal",
        "lecun_normal",
        "orthogonal",
        keras.initializers.RandomNormal(mean=0.1, stddev=0.3),
        keras.initializers.VarianceScaling(scale=3.0, mode="fan_out", distribution="uniform"),
    ],
    ids=[
        *("glorot_uniform", "he_normal", "lecun_normal", "orthogonal"),
        *("RandomNormal", "VarianceScaling"),
    ],
)
def test_bulk_draws_are_distributed_as_those_of_keras(kernel_initializer):
    spec = MLPSpec(
        units=(60, 30),
        kernel_initializer=kernel_initializer,
        bias_initializer=keras.initializers.RandomUniform(-2.0, 1.0),
    )
    rng = np.random.default_rng(0)
    drawn = models.draw_weights(spec, n_features=40, draws=10, rng=rng).to_list()
    theirs = [models.initial_weights(spec, n_features=40, seed=s).to_list() for s in range(10)]
    for ours, arrays in zip(drawn, zip(*theirs, strict=True), strict=True):
        assert ours.dtype == np.float32
        assert ours.shape == np.shape(arrays)
        assert distance(ours, np.array(arrays)) < largest_distance(ours.size)


@pytest.mark.parametrize("name", ["glorot_uniform", "he_normal", "lecun_uniform"])
def test_scaled_biases_of_a_bulk_draw_are_distributed_as_those_of_keras(name):
    spec = MLPSpec(units=(50, 20), bias_initializer=name)
    drawn = models.draw_weights(spec, n_features=2, draws=40, rng=np.random.default_rng(0))
    theirs = [models.initial_weights(spec, n_features=2, seed=s).biases for s in range(40)]
    for ours, arrays in zip(drawn.biases, zip(*theirs, strict=True), strict=True):
        assert ours.shape == np.shape(arrays)
        assert distance(ours, np.array(arrays)) < largest_distance(ours.size)


def distance(sample, other):
    """Return the largest difference between two empirical distribution functions."""
    points = np.sort(np.concatenate([sample.ravel(), other.ravel()]))
    shares = [
        np.searchsorted(np.sort(s.ravel()), points, "right") / s.size for s in (sample, other)
    ]
    return np.abs(shares[0] - shares[1]).max()


def largest_distance(size):
    """Return what two samples of one distribution exceed with the chance TAIL (Smirnov)."""
    return np.sqrt(np.log(2 / TAIL) / size)


@pytest.mark.parametrize(
    "kernel_initializer", ["glorot_uniform", "he_normal", "truncated_normal", "orthogonal"]
)
def test_more_draws_begin_with_the_same_networks(kernel_initializer):
    kernel = keras.initializers.get(kernel_initializer)
    spec = MLPSpec(units=(3, 3), kernel_initializer=kernel, bias_initializer="random_normal")
    few, many = (
        models.draw_weights(spec, n_features=2, draws=draws, rng=np.random.default_rng(4))
        for draws in (200, 1_000)
    )
    assert_equal_arrays(few.to_list(), many[:200].to_list())


def test_the_networks_of_a_bulk_draw_differ_in_every_layer():
    spec = MLPSpec(units=(3, 3), kernel_initializer="he_normal", bias_initializer="random_normal")
    drawn = models.draw_weights(spec, n_features=3, draws=50, rng=np.random.default_rng(4))
    for arrays in (drawn.kernels[:2], drawn.biases[:2]):
        values = np.concatenate([array.ravel() for array in arrays])
        # Of n float32 numbers near 1, n^2 / 2 pairs agree with a chance of 2^-24 each.
        assert len(np.unique(values)) > len(values) - 5


def test_an_initializer_that_only_keras_knows_is_refused_in_bulk():
    spec = MLPSpec(kernel_initializer="identity")
    with pytest.raises(ValueError, match=r"initializer must be one of .*got Identity$"):
        models.draw_weights(spec, n_features=2, draws=3, rng=np.random.default_rng(0))
