"""The weights that untrained networks have, everywhere."""

from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from random_networks import assert_equal_arrays, assert_equal_weights

from nnhelpers import models, networks, simulations
from nnhelpers.initializers import INITIALIZERS
from nnhelpers.networks import BatchNorm, MLPSpec

DEEP = MLPSpec(units=(4, 4, 4), kernel_initializer="he_normal", bias_initializer="random_normal")
SPECS = {
    "default": MLPSpec(),
    "several outputs": replace(DEEP, n_outputs=3),
    "batch norm": replace(DEEP, batch_normalization=True),
    "batch norm behind": replace(
        DEEP, batch_normalization=BatchNorm(layers=(1,), after_activation=True)
    ),
    "orthogonal": replace(DEEP, kernel_initializer="orthogonal"),
    "own": replace(DEEP, kernel_initializer=("zeros", "ones", "lecun_uniform", "he_uniform")),
    "object": replace(DEEP, kernel_initializer=keras.initializers.RandomUniform(0.5, 0.6)),
    "seeded": replace(DEEP, kernel_initializer=keras.initializers.HeNormal(seed=7)),
}
EVERY = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def draw(spec, **settings):
    return networks.draw(spec, **{"n_features": 4, "draws": 3, "seed": 5} | settings)


@EVERY
def test_a_keras_network_starts_with_these_weights_exactly(spec):
    drawn = draw(spec, draws=1)[0]
    assert {array.dtype for array in drawn.to_list()} == {np.dtype(np.float64)}
    model = models.build_mlp(spec, n_features=4, seed=5)
    assert_equal_arrays(drawn.map(np.float32).to_list(), model.get_weights())


def test_a_simulation_looks_at_these_networks():
    X = np.random.default_rng(1).standard_normal((6, 4))
    spec = MLPSpec(units=(4, 4, 4), activation="tanh", kernel_initializer="he_normal", n_outputs=3)
    examples = SimpleNamespace(X=X, y=np.arange(6) % 3)
    found = simulations.simulate_depth(spec, examples, gain=1.5, draws=3, seed=5)
    drawn = draw(spec, gain=1.5)
    z = networks.forward_pass(X, drawn, activation="tanh").pre_activations
    np.testing.assert_allclose(
        found.pre_activation_std.T, [each.std(axis=(1, 2)) for each in z], rtol=1e-9
    )


def test_the_stream_of_random_numbers_is_the_one_that_lessons_were_written_with():
    rng = np.random.default_rng(5)
    for layer, (fan_in, fan_out) in enumerate(DEEP.layer_sizes(4)):
        kernel_rng, bias_rng = rng.spawn(2)
        kernel = INITIALIZERS["he_normal"].draw(kernel_rng, draws=3, fan_in=fan_in, fan_out=fan_out)
        np.testing.assert_array_equal(draw(DEEP).kernels[layer], kernel)
        bias = bias_rng.normal(0, 0.05, size=(3, fan_out))
        np.testing.assert_array_equal(draw(DEEP).biases[layer], bias)


@EVERY
def test_more_draws_begin_with_the_same_networks(spec):
    assert_equal_weights(draw(spec, draws=2), draw(spec, draws=7)[:2])


def test_one_seed_repeats_and_another_differs_in_every_array():
    assert_equal_weights(draw(DEEP), draw(DEEP))
    pairs = zip(draw(DEEP).to_list(), draw(DEEP, seed=6).to_list(), strict=True)
    assert not any(np.isin(one, other).any() for one, other in pairs)


@pytest.mark.parametrize("name", ["default", "batch norm", "seeded"])
def test_no_two_layers_or_networks_have_numbers_in_common(name):
    spec = replace(SPECS[name], bias_initializer="random_normal", batch_normalization=False)
    values = np.concatenate([array.ravel() for array in draw(spec, draws=20).to_list()])
    assert len(np.unique(values)) == len(values)


def seeded(seed):
    return MLPSpec(units=(4, 4), kernel_initializer=keras.initializers.HeNormal(seed=seed))


def test_a_seed_of_the_initializers_own_is_honoured_beside_that_of_the_call():
    one, again, other = (draw(seeded(seed)) for seed in (1, 1, 2))
    assert_equal_weights(one, again)
    for pair in ((one, other), (one, draw(seeded(1), seed=6)), (one, draw(seeded(None)))):
        for kernel, another in zip(*(weights.kernels for weights in pair), strict=True):
            assert not np.isin(kernel, another).any()


def test_a_negative_seed_of_the_initializers_own_is_one_too():
    assert not np.isin(draw(seeded(-1)).kernels[0], draw(seeded(1)).kernels[0]).any()


def test_the_gain_multiplies_every_kernel_and_no_bias():
    plain, strong = draw(DEEP), draw(DEEP, gain=[1.0, 0.0, 2.5])
    factors = np.reshape([1.0, 0.0, 2.5], (3, 1, 1))
    assert_equal_arrays(strong.kernels, [kernel * factors for kernel in plain.kernels])
    assert_equal_arrays(strong.biases, plain.biases)
    assert_equal_weights(draw(DEEP, gain=2), draw(DEEP, gain=np.full(3, 2.0)))


def test_batch_norm_is_there_as_it_starts_and_takes_the_place_of_the_bias():
    weights = draw(SPECS["batch norm"])
    for bias, norm in zip(weights.biases[:-1], weights.norms, strict=True):
        zeros, ones = (bias, norm.beta, norm.moving_mean), (norm.gamma, norm.moving_variance)
        assert_equal_arrays(zeros, [np.zeros((3, 4))] * 3)
        assert_equal_arrays(ones, [np.ones((3, 4))] * 2)
    behind = draw(SPECS["batch norm behind"])
    assert [norm is not None for norm in behind.norms] == [False, True, False]
    assert all(bias.any() for bias in behind.biases)


def test_a_bias_gets_the_fans_that_keras_gives_it():
    spec = MLPSpec(units=(400,), bias_initializer="he_normal")
    bias = draw(spec, draws=100).biases[0]
    # 2 / units; the fourth moment of a bounded distribution is below the normal's.
    assert abs(np.mean(bias**2) * 200 - 1) <= 4 * np.sqrt(2 / bias.size)


def test_gains_for_other_than_all_networks_are_refused():
    with pytest.raises(ValueError, match="gain must be one number, or one for each of 3 "):
        draw(DEEP, gain=[1.0, 2.0])
