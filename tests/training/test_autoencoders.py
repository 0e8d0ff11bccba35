"""Autoencoders against principal components, and the start that they give a network."""

import keras
import numpy as np
import pytest
from scipy.linalg import subspace_angles

from nnhelpers import datasets, models, networks, training

# Four directions of clearly different variance in eight features, and a little noise.
RNG = np.random.default_rng(0)
AXES = np.linalg.qr(RNG.standard_normal((8, 8)))[0]
X = (RNG.standard_normal((300, 8)) * [4, 3, 2, 1.5, 0.1, 0.1, 0.1, 0.1]) @ AXES.T
X -= X.mean(axis=0)
SINGULAR, DIRECTIONS = np.linalg.svd(X, full_matrices=False)[1:]


def principal_error(units):
    return np.sum(SINGULAR[units:] ** 2) / X.size


@pytest.fixture(scope="module")
def linear():
    return training.train_autoencoders(X, units=4, draws=3, steps=2_000)


def test_a_linear_bottleneck_reaches_the_error_of_principal_components(linear):
    # No linear map of rank 4 does better (Eckart and Young); float32 rounds at 1e-7.
    excess = linear.error - principal_error(4)
    assert np.all(excess > -1e-6)
    assert np.all(excess < 1e-3 * X.var())
    assert principal_error(3) - principal_error(4) > 0.05 * X.var()


def test_it_spans_the_principal_components_but_each_network_in_its_own_axes(linear):
    decoders = linear.weights.kernels[1]
    for decoder in decoders:
        assert subspace_angles(decoder.T, DIRECTIONS[:4].T).max() < 0.02
    assert not np.allclose(decoders[0], decoders[1], atol=0.1)


def test_the_code_is_what_the_encoder_makes_of_the_data(linear):
    kernel, bias = linear.weights.kernels[0][1], linear.weights.biases[0][1]
    assert linear.code[1] == pytest.approx(X @ kernel + bias, abs=1e-4)


def test_one_step_is_keras_own():
    found = training.train_autoencoders(X, units=3, activation="tanh", draws=1, steps=1)
    spec = networks.MLPSpec(units=(3,), activation="tanh", n_outputs=8, loss="mean_squared_error")
    drawn = networks.draw(spec, n_features=8, draws=1)
    network = models.model_from_weights(spec, drawn[0])
    network.compile(keras.optimizers.Adam(0.01), "mse")
    network.fit(X, X, batch_size=len(X), epochs=1, verbose=0)
    for ours, theirs in zip(found.weights.to_list(), network.get_weights(), strict=True):
        assert ours[0] == pytest.approx(theirs, abs=1e-5)


def test_a_pretrained_layer_encodes_the_layer_below():
    spec = models.MLPSpec(units=(6, 5), activation="sigmoid", n_outputs=3)
    start = training.pretrained_start(spec, X, draws=2, steps=50, seed=3)
    first = training.train_autoencoders(X, units=6, activation="sigmoid", draws=2, steps=50, seed=3)
    second = training.train_autoencoders(
        first.code, units=5, activation="sigmoid", draws=2, steps=50, seed=4
    )
    assert np.array_equal(start.kernels[0], first.weights.kernels[0])
    assert np.array_equal(start.biases[1], second.weights.biases[0])


def test_a_pretrained_start_keeps_the_random_output_layer_and_can_be_trained():
    digits = datasets.rescale(datasets.take(datasets.load_digits(), 100), 1 / 16)
    spec = models.MLPSpec(units=(6,), n_outputs=10)
    start = training.pretrained_start(spec, digits.X, draws=2, steps=5)
    drawn = training.train_many(spec, digits, draws=2, epochs=0)
    drawn_last = drawn.initial_weights.kernels[-1]
    assert np.array_equal(start.kernels[-1].astype(np.float32), drawn_last)
    trained = training.train_from(spec, digits, start=start, epochs=20)
    assert np.all(trained.loss[:, -1] < trained.loss[:, 0])


REFUSED = {
    "thanh": {"activation": "thanh"},
    r"X must have shape .* or \(8, .* got \(8,\)": {"X": X[0]},
    r"X must have shape .* or \(8, .* got \(1, 300, 8\)": {"X": X[None]},
    r"X must have shape .* got \(0, 3\)": {"X": np.zeros((0, 3))},
    "X must hold finite numbers": {"X": np.full((3, 2), np.nan)},
}


@pytest.mark.parametrize(("message", "arguments"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_trained_is_refused_by_name(message, arguments):
    with pytest.raises(ValueError, match=message):
        training.train_autoencoders(**{"X": X, "units": 2} | arguments)
