"""An examination leaves model, optimizer and every random state as they were, to the bit."""

import random

import numpy as np
import pytest

from nnhelpers import diagnosis  # before Keras
from nnhelpers.models.backend import keras, tf

pytestmark = pytest.mark.usefixtures("few_steps")

X = np.random.default_rng(0).normal(size=(120, 6)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)


def normed(*, seed=None):
    layers = [
        *[keras.Input((6,)), keras.layers.Normalization(mean=0.1, variance=2.0)],
        *[keras.layers.Dense(16), keras.layers.BatchNormalization()],
        *[keras.layers.Activation("relu"), keras.layers.Dropout(0.3, seed=seed)],
        keras.layers.Dense(1, "sigmoid", kernel_regularizer="l2"),
    ]
    return keras.Sequential(layers)


def nested():
    inputs = keras.Input((6,))
    base = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6, "tanh"), normed()])
    base.trainable = False
    values = keras.layers.GaussianNoise(0.1)(inputs)
    outputs = keras.layers.Dense(1, "sigmoid")(base(values))
    return keras.Model(inputs, outputs)


def several():
    ends = [keras.Input((3,), name="left"), keras.Input((3,), name="right")]
    halves = [keras.layers.BatchNormalization()(keras.layers.Dense(4)(each)) for each in ends]
    values = keras.layers.Dropout(0.3, seed=4)(keras.layers.Add()(halves))
    outputs = {
        "one": keras.layers.Dense(1, "sigmoid", name="one")(values),
        "two": keras.layers.Dense(2, name="two", kernel_regularizer="l2")(values),
    }
    return keras.Model(ends, outputs)


def compiled(model, optimizer, loss="binary_crossentropy", **settings):
    settings = settings or {"metrics": ["accuracy"]}
    # A few steps cost less than a graph.
    model.compile(optimizer=optimizer, loss=loss, run_eagerly=True, **settings)
    return model


def snapshot(model):
    """Return everything that an examination could have moved, as bytes."""
    variables = [*model.variables, *model.optimizer.variables]
    flags = [layer.trainable for layer in model._flatten_layers()]
    return (
        [(each.path, each.numpy().tobytes()) for each in variables],
        [each.state.numpy().tobytes() for each in seed_generators(model)],
        *(flags, model.layers, [layer.call for layer in model.layers]),
        *(random.getstate(), repr(np.random.get_state())),  # noqa: NPY002
    )


def seed_generators(model):
    return [each for layer in model._flatten_layers() for each in layer._seed_generators]


MODELS = {
    "before its training, Adam": lambda: compiled(normed(), "adam"),
    "with seeds": lambda: compiled(normed(seed=3), "rmsprop"),
    "nested and partly frozen": lambda: compiled(nested(), keras.optimizers.SGD(0.1, momentum=0.9)),
    "of several inputs and outputs": lambda: compiled(
        *(several(), "adam"),
        loss={"one": "binary_crossentropy", "two": "mse"},
        loss_weights={"one": 1.0, "two": 0.5},
        metrics={"one": ["accuracy"]},
    ),
}


def data_for(model):
    """Return X and y as this model takes them."""
    if len(model.inputs) == 1:
        return X, Y
    return {"left": X[:, :3], "right": X[:, 3:]}, {"one": Y, "two": X[:, :2]}


@pytest.mark.parametrize("name", MODELS)
def test_nothing_of_a_model_is_changed(name):
    model = MODELS[name]()
    data = data_for(model)
    if "before" not in name:
        model.fit(*data, epochs=1, verbose=0)
    before, given = snapshot(model), [each.tobytes() for each in keras.tree.flatten(data)]
    diagnosis.examine(model, *data, validation_data=data, steps=2)
    assert snapshot(model) == before
    assert [each.tobytes() for each in keras.tree.flatten(data)] == given


def test_random_numbers_come_as_if_nobody_had_looked():
    def drawn(*, look):
        model = compiled(normed(seed=1), "sgd")
        keras.utils.set_random_seed(5)
        first = keras.random.normal((2,))
        if look:
            diagnosis.examine(model, X, Y, steps=2)
        return [
            np.asarray(each)
            for each in (
                *(first, keras.random.normal((2,)), tf.random.normal((2,))),
                *(np.random.normal(size=2), random.random()),  # noqa: NPY002
            )
        ]

    for alone, examined in zip(drawn(look=False), drawn(look=True), strict=True):
        assert alone.tobytes() == examined.tobytes()


def test_training_goes_on_as_if_nobody_had_looked():
    def trained(*, look):
        keras.utils.set_random_seed(2)
        model = MODELS["of several inputs and outputs"]()
        data = data_for(model)
        if look:
            diagnosis.examine(model, *data, steps=2)
        model.fit(*data, epochs=2, verbose=0)
        return [each.numpy().tobytes() for each in model.variables]

    assert trained(look=True) == trained(look=False)


def test_an_examination_says_the_same_twice():
    model = compiled(normed(seed=1), "adam")
    one, other = (diagnosis.examine(model, X + 9, Y, steps=2) for _ in range(2))
    assert str(one) == str(other)
