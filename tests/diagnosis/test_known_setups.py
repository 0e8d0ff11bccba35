"""Set-ups that everybody has met, with the finding that must come first."""

import numpy as np
import pytest

from nnhelpers import datasets, diagnosis, models  # before Keras
from nnhelpers.models.backend import keras

Dense = keras.layers.Dense


def network(n_features, units, *, output=(1, "sigmoid"), activation="relu"):
    hidden = [Dense(count, activation=activation) for count in units]
    return keras.Sequential([keras.Input((n_features,)), *hidden, Dense(output[0], output[1])])


def compiled(model, *, optimizer="adam", loss="binary_crossentropy"):
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def digits(*, scale=1.0):
    data = datasets.load_digits()
    rows = np.random.default_rng(0).permutation(data.n_examples)[:800]
    return data.X[rows] * scale, data.y[rows]


def mixture():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, size=400)
    return rng.normal(size=(400, 8)) + y[:, np.newaxis], y


def digits_to_255_with_sgd():
    X, y = digits(scale=16.0)
    model = network(64, (32, 32), output=(10, "softmax"))
    return compiled(model, optimizer="sgd", loss="sparse_categorical_crossentropy"), X, y, {}


def six_sigmoid_layers():
    X, y = mixture()
    return compiled(network(8, (32,) * 6, activation="sigmoid")), X, y, {}


def xor_with_two_units():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    return compiled(network(2, (2,)), optimizer="sgd"), X, np.array([0, 1, 1, 0]), {}


def fine_tuned_with_unfrozen_batch_norm():
    X, y = mixture()
    base = keras.Sequential(
        [
            keras.Input((8,)),
            *[Dense(32), keras.layers.BatchNormalization(), keras.layers.Activation("relu")],
        ]
    )
    trained = compiled(keras.Sequential([base, Dense(1, "sigmoid")]))
    trained.run_eagerly = True  # a few steps cost less than a graph
    trained.fit(X, y, epochs=3, verbose=0)
    base.layers[0].trainable = False
    return compiled(keras.Sequential([base, Dense(1, "sigmoid")])), X + 1, 1 - y, {}


def standardized_twice():
    X, y = digits()
    X = X[:, X.std(axis=0) > 0]
    train, held = (each - each.mean(axis=0) for each in (X[:600], X[600:]))
    train, held = (each / (each.std(axis=0) + 1e-9) for each in (train, held))
    model = network(X.shape[1], (32,), output=(10, "softmax"))
    model = compiled(model, loss="sparse_categorical_crossentropy")
    return model, train, y[:600], {"validation_data": (held, y[600:])}


def standardized_outside_and_inside():
    X, y = mixture()
    raw = 20 * X + 100
    layer = keras.layers.Normalization()
    layer.adapt(raw)
    model = keras.Sequential([keras.Input((8,)), layer, Dense(32, "relu"), Dense(1, "sigmoid")])
    return compiled(model), (raw - raw.mean(axis=0)) / raw.std(axis=0), y, {}


FIRST = {
    digits_to_255_with_sgd: {"inputs_not_scaled"},
    six_sigmoid_layers: {"saturated_depth"},
    xor_with_two_units: {"too_few_units", "dead_at_birth"},
    fine_tuned_with_unfrozen_batch_norm: {"batch_norm_unfrozen"},
    standardized_twice: {"validation_standardized_apart"},
    standardized_outside_and_inside: {"offset_inputs"},
}


@pytest.mark.parametrize("setup", FIRST, ids=lambda setup: setup.__name__)
def test_a_known_setup_has_the_right_finding_first(setup):
    with models.kept_random_state(0):
        model, X, y, others = setup()
        found = diagnosis.examine(model, X, y, **others)
    assert found.first in FIRST[setup], found
