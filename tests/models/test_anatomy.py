"""What is read of a compiled model."""

import numpy as np
import pytest

from nnhelpers import models  # before Keras
from nnhelpers.models.backend import keras

layers, losses = keras.layers, keras.losses
FOUR = np.random.default_rng(0).normal(size=(32, 4)).astype(np.float32)


def anatomy_of(*parts, loss="mse", optimizer="sgd", metrics=None):
    model = keras.Sequential([keras.Input((4,)), *parts])
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    return models.anatomy(model)


LOSSES = {
    "mse": ("mean_squared_error", False),
    "binary_crossentropy": ("binary_crossentropy", False),
    losses.BinaryCrossentropy(from_logits=True): ("binary_crossentropy", True),
    losses.SparseCategoricalCrossentropy(): ("sparse_categorical_crossentropy", False),
    losses.Huber(): ("huber", False),
    losses.categorical_crossentropy: ("categorical_crossentropy", False),
}


@pytest.mark.parametrize("given", LOSSES, ids=range(len(LOSSES)))
def test_a_loss_is_named_in_whatever_form_it_was_given(given):
    found = anatomy_of(layers.Dense(1), loss=given).outputs[0]
    assert (found.loss, found.from_logits) == LOSSES[given]


OUTPUTS = {
    "an argument": ([layers.Dense(2, "softmax")], "softmax"),
    "none": ([layers.Dense(2)], "linear"),
    "a layer": ([layers.Dense(2), layers.Softmax()], "softmax"),
    "an activation layer": ([layers.Dense(2), layers.Activation("tanh")], "tanh"),
    "a nested model": ([keras.Sequential([layers.Dense(2, "sigmoid")])], "sigmoid"),
    "something else": ([layers.Dense(2), layers.Dropout(0.5)], ""),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_activation_of_the_output_is_found_wherever_it_stands(name):
    parts, expected = OUTPUTS[name]
    assert anatomy_of(*parts).outputs[0].activation == expected


def test_layers_of_every_kind_are_told_apart():
    inner = keras.Sequential([layers.BatchNormalization(momentum=0.8), layers.Dropout(0.3)])
    inner.trainable = False
    found = anatomy_of(layers.Normalization(mean=0, variance=1), layers.Dense(3), inner).layers
    assert [each.kind for each in found] == ["normalization", "weights", "batch_norm", "dropout"]
    assert [each.trainable for each in found] == [True, True, False, False]
    assert found[2].settings == {"momentum": 0.8}
    assert found[3].settings == {"rate": 0.3}
    assert found[1].fans == (4, 3)


def rmse(y, p):
    return keras.ops.sqrt(keras.ops.mean((y - p) ** 2))


def test_metrics_and_losses_are_named_in_whatever_form_they_were_given():
    given = [rmse, lambda y, p: p, keras.metrics.AUC(name="area"), losses.mean_squared_error, "mae"]
    found = anatomy_of(layers.Dense(1), metrics=given, loss=lambda y, p: (y - p) ** 2)
    found = found.outputs[0]
    assert found.metrics == ("rmse", "<lambda>", "area", "mean_squared_error", "mae")
    assert found.loss == "<lambda>"


def test_of_pictures_places_filters_and_a_dropout_of_the_output_are_read():
    model = keras.Sequential([keras.Input((8, None, 2)), layers.Conv2D(5, 3, padding="same")])
    model.add(layers.Dropout(0.5, name="last"))
    model.compile("sgd", "mse")
    found = models.anatomy(model)
    assert (found.outputs[0].places, found.outputs[0].dropout) == ((8, None), "last")
    assert found.layers[0].fans == (18, 45)
    plain = anatomy_of(layers.Dense(1), optimizer="adamw")
    assert plain.outputs[0].dropout == ""
    assert plain.learning_rate == pytest.approx(0.001)


def two_ended(*, structure=list, joined=False, **settings):
    """A model of the inputs "a" and "b" and the outputs "p" and "q"."""
    ends = {"a": keras.Input((2,), name="a"), "b": keras.Input((3,), name="b")}
    if joined:
        values = layers.Dense(4, "relu", name="first")(layers.Concatenate()([*ends.values()]))
    else:
        parts = [layers.Dense(4, "relu", name=f"of_{name}")(each) for name, each in ends.items()]
        values = layers.Concatenate()(parts)
    outputs = {
        "p": layers.Dense(1, "sigmoid", name="p")(values),
        "q": layers.Dense(2, name="q")(values),
    }
    kept = {"list": lambda parts: [*parts.values()], "dict": dict}[structure.__name__]
    model = keras.Model(kept(ends), kept(outputs))
    model.compile("adam", **{"loss": {"p": "binary_crossentropy", "q": "mse"}} | settings)
    return model


@pytest.mark.parametrize("structure", [list, dict])
def test_each_output_has_its_own_loss_activation_and_metrics(structure):
    model = two_ended(
        structure=structure,
        metrics={"p": ["accuracy"], "q": ["mae"]},
        loss_weights={"p": 1.0, "q": 0.5},
    )
    p, q = models.anatomy(model).outputs
    assert (p.name, p.layer, p.activation, p.units, p.loss) == (
        *("p", "p", "sigmoid", 1, "binary_crossentropy"),
    )
    assert (q.name, q.layer, q.activation, q.units, q.loss) == (
        *("q", "q", "linear", 2, "mean_squared_error"),
    )
    assert (p.loss_weight, q.loss_weight) == (1.0, 0.5)
    assert (p.metrics, q.metrics) == (("accuracy",), ("mae",))


@pytest.mark.parametrize("loss", [["mae", "mse"], "mse"], ids=["one for each", "one for all"])
def test_losses_of_outputs_are_read_in_order_or_one_for_all(loss):
    first = {"m": "mean_squared_error"}.get(loss[0], "mean_absolute_error")
    found = models.anatomy(two_ended(loss=loss)).outputs
    assert [each.loss for each in found] == [first, "mean_squared_error"]


@pytest.mark.parametrize("joined", [False, True])
def test_the_layers_behind_the_inputs_are_found(joined):
    found = {each.layer: each.inputs for each in models.anatomy(two_ended(joined=joined)).entries}
    apart = {"of_a": ("a",), "of_b": ("b",)}
    assert found == ({"first": ("a", "b")} if joined else apart)


def test_what_layers_have_computed_is_no_input():
    texts, numbers = keras.Input((5,), name="texts"), keras.Input((2,), name="numbers")
    words = layers.Flatten()(layers.Embedding(20, 3, name="words")(texts))
    model = keras.Model([texts, numbers], layers.Dense(1)(layers.Concatenate()([words, numbers])))
    model.compile("sgd", "mse")
    (entry,) = models.anatomy(model).entries
    assert (entry.layer, entry.inputs, entry.tokens) == ("words", ("texts",), True)


@pytest.mark.parametrize("structure", [list, dict])
def test_a_copy_of_several_inputs_answers_alike_and_makes_the_steps_that_fit_makes(structure):
    rng = np.random.default_rng(0)
    X = {"a": rng.normal(size=(32, 2)), "b": rng.normal(size=(32, 3))}
    X = {name: each.astype(np.float32) for name, each in X.items()}
    y = {"p": (X["a"][:, :1] > 0).astype(np.float32), "q": X["b"][:, :2]}
    model = two_ended(structure=structure, loss_weights={"p": 1.0, "q": 0.5})
    specimen = models.Specimen(model, X)
    theirs = keras.tree.flatten(model.predict(X, verbose=0))
    for ours, expected in zip(specimen.outputs(X), theirs, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)
    labels = y if structure is dict else [*y.values()]
    losses = specimen.train(X, labels, batches=[np.arange(32)] * 5)
    model.run_eagerly = True  # a few steps cost less than a graph
    history = model.fit(X, labels, batch_size=32, epochs=5, shuffle=False, verbose=0)
    np.testing.assert_allclose(losses, history.history["loss"], rtol=1e-5)


def test_looking_through_a_copy_moves_nothing_and_it_can_be_put_back_after_steps():
    parts = [layers.Dense(3), layers.BatchNormalization(), layers.Dropout(0.5)]
    model = keras.Sequential([keras.Input((4,)), *parts])
    model.compile("adam", "mse")
    specimen = models.Specimen(model, FOUR)
    before = specimen.state()
    specimen.forward(FOUR, training=True)
    specimen.gradients(FOUR, FOUR[:, :3])
    specimen.losses(FOUR, FOUR[:, :3], training=True)
    assert all(map(np.array_equal, before, specimen.state()))
    specimen.train(FOUR, FOUR[:, :3], batches=[np.arange(32)] * 3, rate=0.5)
    moved = [(one != other).any() for one, other in zip(before, specimen.state(), strict=True)]
    assert sum(moved) >= len(model.variables)
    specimen.restore()
    assert all(map(np.array_equal, before, specimen.state()))


def test_the_gradients_are_those_of_the_loss_and_of_the_penalties_apart():
    X = FOUR
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, kernel_regularizer="l2")])
    model.compile("sgd", "mse")
    kernel, targets = model.layers[0].kernel.numpy(), X @ np.ones((4, 1), dtype=np.float32)
    ((loss, penalty),) = models.Specimen(model, X).gradients(X, targets).values()
    expected = 2 * X.T @ (X @ kernel - targets) / 32
    np.testing.assert_allclose(loss, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(penalty, 2 * 0.01 * kernel, rtol=1e-5)
