"""What may be examined, in which forms, and what is said of what cannot be seen."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from nnhelpers import diagnosis, models  # before Keras
from nnhelpers.diagnosis._looks import patient
from nnhelpers.diagnosis.examples import read_examples
from nnhelpers.models.backend import keras, tf

pytestmark = pytest.mark.usefixtures("few_steps")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 6)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)
PICTURES = RNG.normal(size=(120, 8, 8, 1)).astype(np.float32)
layers = keras.layers


def compiled(*parts, loss="binary_crossentropy", optimizer="adam", shape=(6,)):
    model = keras.Sequential([keras.Input(shape), *parts])
    model.compile(optimizer=optimizer, loss=loss)
    return model


def plain(**settings):
    return compiled(layers.Dense(16, "relu"), layers.Dense(1, "sigmoid"), **settings)


class Frame:
    """A table of pandas, as far as it is looked at."""

    def __init__(self, values, columns=()):
        self._values, self.columns = values, columns

    def __getitem__(self, column):
        return np.asarray(self._values)[:, self.columns.index(column)]

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self._values, dtype=dtype)


def functional():
    inputs = keras.Input((8, 8, 1))
    values = layers.Conv2D(4, 3, padding="same")(inputs)
    values = layers.GroupNormalization(2)(values)
    values = layers.Add()([layers.ReLU()(values), layers.Conv2D(4, 3, padding="same")(inputs)])
    values = layers.LayerNormalization()(layers.Flatten()(values))
    outputs = layers.Dense(3)(layers.Dropout(0.2)(values))
    model = keras.Model(inputs, outputs)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def names_of(found):
    return [finding.name for finding in found.findings]


def test_arrays_tables_and_batches_are_read_alike():
    batches = tf.data.Dataset.from_tensor_slices((X, Y)).batch(32)
    arrays = read_examples(X, Y)
    for other in (read_examples(Frame(X), Frame(Y)), read_examples(batches)):
        np.testing.assert_array_equal(other.X, arrays.X)
        np.testing.assert_array_equal(other.y, arrays.y)
    assert (arrays.batch_size, other.batch_size) == (None, 32)


def test_the_batch_size_is_known_of_batches_and_not_of_arrays():
    batches = tf.data.Dataset.from_tensor_slices((X + 9, Y)).batch(32)
    data = diagnosis.examine(plain(), batches, validation_data=batches, steps=2)
    arrays = diagnosis.examine(plain(), X + 9, Y, steps=2)
    assert names_of(arrays) == names_of(data) == ["offset_inputs"]
    assert "batch size" not in " ".join(data.not_looked_at)
    assert "batch size" in " ".join(arrays.not_looked_at)


def test_a_column_is_called_by_its_name():
    names = ["age", "income", *"cdef"]
    frame = Frame(X * [1, 1e5, 1, 1, 1, 1], names)
    found = diagnosis.examine(plain(), frame, Y, steps=2)
    assert "(feature 'income')" in found.findings[0].sentence
    texts = np.where(np.arange(6) == 1, "high", X.astype(object))
    with pytest.raises(TypeError, match="X must hold numbers, got column 'income' of object"):
        diagnosis.examine(plain(), Frame(texts, names), Y)


def test_a_functional_network_of_many_kinds_of_layers_is_looked_at_layer_by_layer():
    found = diagnosis.examine(functional(), PICTURES, np.arange(120) % 3, steps=2)
    assert [layer.units for layer in found.layers] == [4, 4, 3]
    assert [layer.activation for layer in found.layers] == ["relu", "linear", "linear"]
    assert all(layer.gradient > 0 for layer in found.layers)
    assert all(layer.update_ratio > 0 for layer in found.layers)


def test_activations_as_layers_and_as_arguments_look_alike():
    with models.kept_random_state(0):
        one = plain()
    other = compiled(
        *[layers.Dense(16), layers.Activation("relu")],
        *[layers.Dense(1), layers.Activation("sigmoid")],
    )
    other.set_weights(one.get_weights())
    ours, theirs = (diagnosis.examine(model, X, Y, steps=2).layers for model in (one, other))
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine.activation == yours.activation
        assert mine.dead == yours.dead
        assert mine.gradient == pytest.approx(yours.gradient, rel=1e-5)


def test_of_data_without_a_finite_example_only_that_is_said():
    found = diagnosis.examine(plain(), np.full((20, 6), np.nan), Y[:20], steps=2)
    assert names_of(found) == ["not_finite_data"]


def test_a_model_that_is_not_built_yet_is_examined_and_stays_unbuilt():
    model = keras.Sequential([layers.Dense(8, "relu"), layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    assert len(diagnosis.examine(model, X, Y, steps=2).layers) == 2
    assert not model.built


def broken(y_true, y_pred):
    raise RuntimeError("no such loss")


def test_what_cannot_be_computed_is_said_with_the_reason():
    found = diagnosis.examine(plain(loss=broken), X, Y, steps=2)
    assert any("no such loss" in line for line in found.not_looked_at)
    assert "the learning rate is not too high" not in found.looked_at


def test_text_and_page_say_the_same_and_escape_names():
    model = compiled(layers.Dense(4, "relu", name="a>b"), layers.Dense(1, "sigmoid"))
    found = diagnosis.examine(model, X + 50, Y, steps=2)
    page = found._repr_html_()
    assert "a&gt;b" in page
    assert "a>b" not in page
    assert "[offset_inputs]" in str(found)
    assert found.findings[0].sentence in str(found)
    assert found.headline == "The inputs are far from 0"
    assert found.summary() == "1 finding: The inputs are far from 0"


BAD = {
    "model": ({"model": "three"}, TypeError),
    "compiled": ({"model": keras.Sequential([keras.Input((6,)), layers.Dense(1)])}, ValueError),
    "X": ({"X": np.array([["a"]] * 200)}, TypeError),
    "y must hold 200": ({"y": Y[:3]}, ValueError),
    "y must be given": ({"y": None}, ValueError),
    "n_features": ({"X": X[:, 0]}, ValueError),
    "validation_data": ({"validation_data": 3}, TypeError),
    "history": ({"history": 3}, TypeError),
    "history must hold": ({"history": {}}, ValueError),
    "steps": ({"steps": 0}, ValueError),
    "seed": ({"seed": 0.5}, TypeError),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name):
    change, kind = BAD[name]
    good = {"model": plain(), "X": X, "y": Y}
    with pytest.raises(kind, match=name):
        diagnosis.examine(**good | change)


def test_every_disease_is_told_whole_and_leads_to_a_section_that_exists():
    folder = Path(__file__).parents[2] / "notebooks"
    for disease in diagnosis.DISEASES.values():
        assert all([disease.title, disease.cause, disease.cure])
        notebook, _, section = disease.lesson.partition(", ")
        assert bool(notebook) == bool(section)
        if section:
            cells = json.loads((folder / notebook).read_text(encoding="utf-8"))["cells"]
            assert any(f"## {section}" in "".join(cell["source"]) for cell in cells), disease


def reading(tokens, *parts, loss="binary_crossentropy"):
    return compiled(layers.Embedding(tokens, 4), *parts, loss=loss, shape=(6,))


def test_a_token_beyond_the_embedding_is_named_however_rare_it_is():
    tokens = np.abs(X * 3).astype(int).clip(0, 9)
    tokens[-1, 0] = 40
    model = reading(40, layers.Flatten(), layers.Dense(1, "sigmoid"))
    found = diagnosis.examine(model, tokens, Y, validation_data=(tokens, Y), steps=2)
    assert found.first == "embedding_too_small"
    assert "tokens 0 to 39, and is asked for 40" in found.findings[0].sentence
    assert "input_dim=int(X.max()) + 1" in found.findings[0].cure
    assert any("their features are tokens" in line for line in found.not_looked_at)
    assert not any("none given" in line for line in found.not_looked_at)


class Picky(layers.Layer):
    """A layer that fails."""

    def call(self, values):
        raise RuntimeError("no such values")

    def compute_output_shape(self, shape):
        return shape


def test_a_model_that_cannot_be_called_is_told_with_its_own_message():
    model = compiled(Picky(), layers.Dense(1, "sigmoid"))
    with pytest.raises(ValueError, match=r"model cannot be called on X: .*no such values"):
        diagnosis.examine(model, X, Y, steps=2)


def test_a_tagger_has_a_label_at_each_moment():
    tokens = np.abs(X * 3).astype(int).clip(0, 9)
    parts = layers.SimpleRNN(4, return_sequences=True), layers.Dense(3, "softmax")
    model = reading(10, *parts, loss="sparse_categorical_crossentropy")
    y = tokens % 3
    found = diagnosis.examine(model, tokens, y, validation_data=(tokens, y), steps=2)
    assert names_of(found) == []


def log_loss(y, p):
    return -keras.ops.mean(y * keras.ops.log(p) + (1 - y) * keras.ops.log(1 - p))


def clipped(y, p):
    return log_loss(y, keras.ops.clip(p, 1e-7, 1 - 1e-7))


def made(*parts):
    return lambda: compiled(*parts, layers.Dense(1, "sigmoid"))


ADAM, WARMUP = keras.optimizers.Adam, keras.optimizers.schedules.PolynomialDecay
SICK = {
    "linear_layers": made(layers.Dense(32), layers.Dense(32)),
    "loss_not_finite": lambda: plain(loss=log_loss),
    "learning_rate_too_low": lambda: plain(optimizer=ADAM(1e-30)),
    "dropout_at_output": lambda: compiled(layers.Dense(1, "sigmoid"), layers.Dropout(0.5)),
}
HEALTHY = {
    "bent by an argument": made(layers.Dense(32, "relu"), layers.Dense(32)),
    "bent by a layer": made(layers.Dense(32), layers.ReLU(), layers.Dense(32)),
    "bent by a function": made(layers.Dense(32), layers.Lambda(keras.ops.abs), layers.Dense(32)),
    "a loss with clipping": lambda: plain(loss=clipped),
    "a schedule": lambda: plain(optimizer=ADAM(WARMUP(0.0, 100, 0.01))),
}


@pytest.mark.parametrize("name", [*SICK, *HEALTHY])
def test_what_a_network_has_is_named_and_nothing_else(name):
    make = (SICK | HEALTHY)[name]
    assert names_of(diagnosis.examine(make(), X, Y, steps=2)) == [name] * (name in SICK)


def test_large_networks_make_fewer_steps(monkeypatch):
    monkeypatch.setattr(patient, "_SMALL", 0)
    monkeypatch.setattr(patient, "_MOST_OF_TRIAL", 1)
    found = diagnosis.examine(plain(optimizer=keras.optimizers.SGD(100.0)), X, Y)
    sentences = {finding.name: finding.sentence for finding in found.findings}
    assert sentences["learning_rate_too_high"].startswith("After 10 steps")


def test_work_counts_each_pixel_and_each_moment():
    model = keras.Sequential([keras.Input((8, 8, 2)), layers.Conv2D(5, 3), layers.Flatten()])
    model.add(layers.Dense(1))
    model.compile("sgd", "mse")
    pictures = np.zeros((2, 8, 8, 2), dtype=np.float32)
    assert models.Specimen(model, pictures).work(pictures) == 95 * 64 + 181
    model = compiled(layers.LSTM(4), layers.Dense(1), shape=(7, 2))
    moments = np.zeros((2, 7, 2), dtype=np.float32)
    assert models.Specimen(model, moments).work(moments) == 112 * 7 + 5


class Doubled(layers.Layer):
    """A layer that Keras has never heard of."""

    def call(self, values):
        return 2 * values


class Subclassed(keras.Model):
    """A network whose order of layers stands in its code alone."""

    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(1, "sigmoid")

    def call(self, values):
        return self.inner(values)


def bent(values):
    return keras.ops.maximum(values, 0.1 * values)


OWN = {
    "a lambda": layers.Lambda(lambda values: 2 * values),
    "an activation": layers.Dense(6, bent),
    "a nested model": keras.Sequential([keras.Input((6,)), Doubled(), layers.Dense(6, "tanh")]),
}


@pytest.mark.parametrize("name", OWN)
def test_layers_and_functions_of_ones_own_are_copied(name):
    found = diagnosis.examine(compiled(OWN[name], layers.Dense(1, "sigmoid")), X, Y, steps=2)
    assert found.layers[-1].gradient > 0


def test_of_a_subclassed_model_the_data_are_examined_and_the_rest_is_said():
    model = Subclassed()
    model(X[:2])
    model.compile("adam", "binary_crossentropy")
    found = diagnosis.examine(model, X, Y[::-1], steps=2)
    assert names_of(found) == ["labels_shuffled"]
    assert any("subclass" in line for line in found.not_looked_at)


def test_a_million_weights_and_a_thousand_examples_take_less_than_ten_seconds_of_processor():
    rng = np.random.default_rng(0)
    features, classes = rng.normal(size=(1000, 100)), rng.integers(0, 10, 1000)
    model = compiled(
        *[layers.Dense(size, "relu") for size in (900, 900, 80)],
        layers.Dense(10, "softmax"),
        loss="sparse_categorical_crossentropy",
        shape=(100,),
    )
    assert model.count_params() > 950_000
    began = time.process_time()
    diagnosis.examine(model, features, classes)
    assert time.process_time() - began < 10  # 5 s of two cores
