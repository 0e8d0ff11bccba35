"""The compiled loop takes the same steps as Keras's `model.fit`."""

import keras
import numpy as np
import pytest

from nnhelpers import datasets, models, training

CIRCLES, STEPS = datasets.load_circles(), 100
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
    "descent": lambda: keras.optimizers.SGD(learning_rate=0.1),
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": lambda: keras.optimizers.AdamW(weight_decay=0.1),
    "nesterov": lambda: keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True),
    "gentle": lambda: keras.optimizers.SGD(learning_rate=0.02),
}


def batches_of(dataset, order, size):
    """Yield the mini-batches of every epoch, the last of each epoch smaller where need be."""
    for rows in order:
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            yield dataset.X[batch].astype(np.float32), dataset.y[batch, np.newaxis]


def fitted_weights(spec, dataset, make_optimizer, *, batch_size, seed=3):
    """Take about STEPS steps with Keras, the batches in the engine's order."""
    model = models.build_mlp(spec, n_features=dataset.n_features, seed=seed)
    model.compile(optimizer=make_optimizer(), loss=spec.loss)
    size = batch_size or dataset.n_examples
    per_epoch = -(-dataset.n_examples // size)
    epochs = STEPS // per_epoch
    order = training.batch_order(n_examples=dataset.n_examples, epochs=epochs, seed=seed)
    batches = batches_of(dataset, order, size)
    model.fit(batches, steps_per_epoch=epochs * per_epoch, shuffle=False, verbose=0)
    return model.get_weights(), epochs


def assert_same_weights(spec, dataset, optimizer, *, batch_size=None):
    expected, epochs = fitted_weights(spec, dataset, OPTIMIZERS[optimizer], batch_size=batch_size)
    settings = {"epochs": epochs, "batch_size": batch_size, "snapshots": 3, "seed": 3}
    run = training.train(spec, dataset, optimizer=OPTIMIZERS[optimizer](), **settings)
    moved = [np.abs(a - b[0]).max() for a, b in zip(expected, run.weights.to_list(), strict=True)]
    assert max(moved) > 0.01
    for ours, keras_weights in zip(run.weights[-1].to_list(), expected, strict=True):
        np.testing.assert_allclose(ours, keras_weights, atol=1e-4)


@pytest.mark.parametrize(
    ("optimizer", "units", "activation"),
    [
        ("sgd", (4,), "relu"),
        ("nesterov", (5, 4, 3), "tanh"),
        ("rmsprop", (4,), "gelu"),
        ("adam", (5, 4, 3), "sigmoid"),
        ("adamw", (4,), "tanh"),
    ],
)
def test_full_batch_training_takes_the_steps_of_fit(optimizer, units, activation):
    assert_same_weights(models.MLPSpec(units=units, activation=activation), CIRCLES, optimizer)


@pytest.mark.parametrize("optimizer", ["rmsprop", "adam"])
def test_mini_batches_with_a_smaller_last_one_take_the_steps_of_fit(optimizer):
    spec = models.MLPSpec(units=(4,))
    assert_same_weights(spec, CIRCLES, optimizer, batch_size=16)


def test_each_of_many_networks_takes_batches_in_an_order_of_its_own():
    spec, settings = models.MLPSpec(units=(4,)), {"epochs": 5, "seed": 3}
    descent = {"batch_size": 16, "optimizer": "sgd", "learning_rate": 0.1}
    many = training.train_many(spec, CIRCLES, draws=3, **descent, **settings)
    model = models.build_mlp(spec, n_features=2, seed=3)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=spec.loss)
    ends = {}
    for member in (0, 2):
        model.set_weights([array[2] for array in many.initial_weights.to_list()])
        order = training.batch_order(n_examples=166, member=member, **settings)
        batches = batches_of(CIRCLES, order, 16)
        model.fit(batches, steps_per_epoch=5 * 11, shuffle=False, verbose=0)
        pairs = zip(model.get_weights(), many.weights.to_list(), strict=True)
        ends[member] = max(np.abs(by_keras - ours[2]).max() for by_keras, ours in pairs)
    assert ends[2] < 1e-4 < 1e-3 < ends[0]


def test_softmax_classes_take_the_steps_of_fit():
    digits = datasets.rescale(datasets.load_digits(), 1 / 16)
    spec = models.MLPSpec(units=(20, 12), activation="tanh", n_outputs=10)
    assert_same_weights(spec, digits, "sgd", batch_size=64)


PLACES = {
    "every": True,
    "second": models.BatchNorm(layers=(1,), momentum=0.9),
    "behind": models.BatchNorm(after_activation=True, epsilon=0.1),
    "last_behind": models.BatchNorm(layers=(2,), after_activation=True, momentum=0.0),
}


# On the full batch at a rate of 0.1, or with momentum, a change of the start by 1e-6 grows to more
# than 1e-2 in a hundred steps of such networks: rounding alone, then, parts two programs.
@pytest.mark.parametrize(
    ("place", "batch_size"),
    [("every", None), ("every", 16), ("second", 16), ("behind", None), ("last_behind", 16)],
)
def test_batch_norm_takes_the_steps_of_fit_and_moves_the_same_moments(place, batch_size):
    spec = models.MLPSpec(units=(5, 4, 3), activation="tanh", batch_normalization=PLACES[place])
    optimizer = "gentle" if batch_size is None else "descent"
    assert_same_weights(spec, CIRCLES, optimizer, batch_size=batch_size)


# Adam may take a whole step where a gradient is nothing but rounding, as in a dead ReLU.
@pytest.mark.parametrize(("optimizer", "activation"), [("adam", "tanh"), ("sgd", "relu")])
def test_batch_norm_takes_the_steps_of_fit_with_every_optimizer(optimizer, activation):
    spec = models.MLPSpec(units=(5, 4), activation=activation, batch_normalization=True)
    assert_same_weights(spec, CIRCLES, optimizer, batch_size=16)


def test_a_member_of_an_ensemble_takes_the_steps_of_fit():
    spec = models.MLPSpec(units=(3,), kernel_initializer="he_normal")
    settings = {"optimizer": "sgd", "offset": np.arange(5.0), "scale": 0.5}
    ensemble = training.train_many(spec, CIRCLES, draws=5, epochs=STEPS, **settings)
    for i in (0, 4):
        model = models.model_from_weights(spec, ensemble.initial_weights[i])
        model.compile(optimizer=keras.optimizers.SGD(), loss=spec.loss)
        batch = (0.5 * CIRCLES.X + i).astype(np.float32), CIRCLES.y[:, np.newaxis]
        batches = (batch for _ in range(STEPS))
        model.fit(batches, steps_per_epoch=STEPS, shuffle=False, verbose=0)
        for ours, theirs in zip(ensemble.weights[i].to_list(), model.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-4)


REGULARIZED = {
    "both": {"l1": 0.01, "l2": 0.02},
    "max_norm": {"max_norm": 0.7},
    "squares": {"loss": "mean_squared_error"},
    "mixed": {"activation": ("relu", "tanh"), "kernel_initializer": ("ones", "he_normal", "zeros")},
}


@pytest.mark.parametrize(
    ("kind", "batch_size"), [*((kind, 16) for kind in REGULARIZED), ("both", None)]
)
def test_penalties_limits_and_squared_errors_take_the_steps_of_fit(kind, batch_size):
    settings = {"units": (5, 4), "activation": "tanh"} | REGULARIZED[kind]
    spec = models.MLPSpec(**settings)
    assert_same_weights(spec, CIRCLES, "descent", batch_size=batch_size)


def test_weights_of_classes_and_examples_take_the_steps_of_fit():
    spec, of_class = models.MLPSpec(units=(5,)), {0: 3.0, 1: 0.5}
    of_example = np.random.default_rng(0).uniform(0, 2, CIRCLES.n_examples)
    model = models.build_mlp(spec, n_features=2, seed=3)
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss=spec.loss)
    counts = of_example * np.array([3.0, 0.5])[CIRCLES.y]
    plan = {"batch_size": CIRCLES.n_examples, "epochs": STEPS, "shuffle": False, "verbose": 0}
    model.fit(CIRCLES.X.astype(np.float32), CIRCLES.y, sample_weight=counts, **plan)
    settings = {"epochs": STEPS, "optimizer": "sgd", "learning_rate": 0.1, "seed": 3}
    weighted = {"class_weight": of_class, "sample_weight": of_example}
    run = training.train(spec, CIRCLES, **settings, **weighted)
    for ours, theirs in zip(run.weights[-1].to_list(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    plain = training.train(spec, CIRCLES, **settings)
    assert np.abs(plain.weights.kernels[0][-1] - run.weights.kernels[0][-1]).max() > 0.01


def test_numbers_to_be_predicted_take_the_steps_of_fit():
    x = np.linspace(-2, 2, 50)[:, np.newaxis]
    names = {"feature_names": ("x",), "class_names": (), "source": "made here"}
    waves = datasets.Dataset(name="wave", X=x, y=np.sin(2 * x[:, 0]), **names)
    spec = models.MLPSpec(units=(6,), activation="tanh", loss="mean_squared_error")
    assert_same_weights(spec, waves, "descent", batch_size=16)
    run = training.train(spec, waves, epochs=300, optimizer="adam", learning_rate=0.02)
    theirs = run.model()
    theirs.compile(loss="mse")
    loss = theirs.evaluate(waves.X, waves.y, batch_size=50, verbose=0)
    np.testing.assert_allclose(run.loss[-1], loss, rtol=1e-5)
    assert run.loss[-1] < 0.1 < run.loss[0]
    assert np.isnan(run.accuracy).all()
    with pytest.raises(ValueError, match=r"^spec must have loss='mean_squared_error' for data"):
        training.train(models.MLPSpec(), waves)
