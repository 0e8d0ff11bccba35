"""Models with several inputs or outputs, in every form that `fit` takes."""

import numpy as np
import pytest

from nnhelpers import diagnosis  # before Keras
from nnhelpers.diagnosis.examples import read_examples
from nnhelpers.models.backend import keras, tf

pytestmark = pytest.mark.usefixtures("few_steps")

RNG = np.random.default_rng(0)
NEAR, FAR = RNG.normal(size=(300, 4)), RNG.normal(20, 1, size=(300, 3))
TOKENS = RNG.integers(0, 50, size=(300, 6))
CLASSES = (NEAR[:, 0] + FAR[:, 0] > 20).astype(int)
NUMBERS = NEAR[:, 1] - 20 + FAR[:, 1]
LOSSES = {"class": "binary_crossentropy", "number": "mse"}
layers = keras.layers


@pytest.fixture(autouse=True)
def same_first_weights():
    keras.utils.set_random_seed(0)


def ends(*, structure=list, joined=False):
    inputs = {"near": keras.Input((4,), name="near"), "far": keras.Input((3,), name="far")}
    if joined:
        values = layers.Dense(16, "relu")(layers.Concatenate()([*inputs.values()]))
    else:
        towers = [layers.Dense(8, "relu", name=f"behind_{n}")(x) for n, x in inputs.items()]
        values = layers.Concatenate()(towers)
    return (inputs if structure is dict else [*inputs.values()]), values


def one_output(**settings):
    inputs, values = ends(**settings)
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(values))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def two_outputs(*, structure=list, loss=LOSSES, activation="sigmoid", **settings):
    inputs, values = ends(structure=structure)
    outputs = {
        "class": layers.Dense(1, activation, name="class")(values),
        "number": layers.Dense(1, name="number")(values),
    }
    model = keras.Model(inputs, outputs if structure is dict else [*outputs.values()])
    model.compile("adam", loss, **settings)
    return model


def names_of(found):
    return [finding.name for finding in found.findings]


FORMS = {
    "a list": [NEAR, FAR],
    "a tuple": (NEAR, FAR),
    "a dictionary": {"near": NEAR, "far": FAR},
    "in another order": {"far": FAR, "near": NEAR},
}


@pytest.mark.parametrize("form", FORMS)
def test_several_inputs_are_read_in_every_form(form):
    read = read_examples(FORMS[form], CLASSES, inputs={"near": (None, 4), "far": (None, 3)})
    assert list(read.X) == ["near", "far"]
    np.testing.assert_array_equal(read.X["far"], FAR.astype(np.float32))


def test_the_finding_names_the_input_and_the_layer_behind_it():
    X = FORMS["in another order"]
    found = diagnosis.examine(one_output(), X, CLASSES, validation_data=(X, CLASSES), steps=5)
    assert found.first == "offset_inputs"
    assert found.findings[0].layers == ("behind_far",)
    assert found.findings[0].sentence.startswith("Inputs far: The inputs' mean is 1")
    assert "labels have to do with the features" in found.looked_at


def test_inputs_that_are_joined_before_the_first_layer_are_looked_at_together():
    X = {"near": NEAR, "far": FAR}
    found = diagnosis.examine(one_output(joined=True), X, CLASSES, steps=5)
    assert found.findings[0].sentence.startswith("Inputs near, far: ")


def test_batches_of_several_inputs_and_outputs_are_read():
    pairs = {"near": NEAR, "far": FAR - 20}, {"class": CLASSES, "number": NUMBERS}
    batches = tf.data.Dataset.from_tensor_slices(pairs).batch(16)
    found = diagnosis.examine(two_outputs(), batches, validation_data=batches, steps=5)
    assert names_of(found) == []
    assert not any("batch size" in line for line in found.not_looked_at)


@pytest.mark.parametrize(("structure", "loss"), [(dict, LOSSES), (list, [*LOSSES.values()])])
def test_labels_are_compared_with_the_output_that_they_belong_to(structure, loss):
    y = {"class": CLASSES, "number": 5 * NUMBERS + 500}
    labels = y if structure is dict else [*y.values()]
    model = two_outputs(structure=structure, loss=loss)
    found = diagnosis.examine(model, {"near": NEAR, "far": FAR - 20}, labels, steps=5)
    assert names_of(found) == ["targets_not_scaled"]
    assert found.findings[0].sentence.startswith("Output number: The targets have mean 5")


def test_an_output_that_does_not_fit_its_loss_is_named_with_its_layer():
    model = two_outputs(activation="tanh", metrics={"number": ["accuracy"]})
    found = diagnosis.examine(model, [NEAR, FAR - 20], [CLASSES, NUMBERS], steps=5)
    assert names_of(found) == ["activation_does_not_fit_loss", "metric_does_not_fit"]
    assert found.findings[0].layers == ("class",)
    assert found.findings[1].sentence.startswith("Output number: accuracy")


def test_an_output_without_a_loss_is_left_out():
    model = two_outputs(structure=dict, loss={"class": "binary_crossentropy"})
    found = diagnosis.examine(model, {"near": NEAR, "far": FAR - 20}, {"class": CLASSES}, steps=5)
    assert names_of(found) == []
    assert found.layers[-1].name == "number"


def test_validation_data_are_compared_input_by_input():
    held = {"near": NEAR, "far": (FAR - FAR.mean(axis=0)) / FAR.std(axis=0)}
    X = {"near": NEAR, "far": FAR - 20 + 5}
    found = diagnosis.examine(one_output(), X, CLASSES, validation_data=(held, CLASSES), steps=2)
    named = {finding.name: finding.sentence for finding in found.findings}
    assert named["validation_standardized_apart"].startswith("Input far: ")


def test_tokens_beside_numbers_are_not_measured_and_that_is_said():
    inputs = [keras.Input((6,), name="words"), keras.Input((4,), name="near")]
    read = layers.GlobalAveragePooling1D()(layers.Embedding(50, 8)(inputs[0]))
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(layers.Concatenate()([read, inputs[1]])))
    model.compile("adam", "binary_crossentropy")
    found = diagnosis.examine(model, [TOKENS, NEAR], CLASSES, steps=5)
    said = " ".join(found.not_looked_at)
    assert "features of words" in said
    assert "size of near" in said


class OfTwo(keras.Model):
    """A subclass of two inputs."""

    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(1, "sigmoid")

    def call(self, values):
        return self.inner(layers.concatenate([values["near"], values["far"]]))


def test_of_a_subclass_of_several_inputs_the_data_are_examined():
    model, X = OfTwo(), {"near": NEAR, "far": FAR * [1, 1, 0] + [0, 0, 3]}
    model.compile("adam", "binary_crossentropy")
    found = diagnosis.examine(model, X, CLASSES, steps=2)
    assert names_of(found) == ["constant_feature"]
    assert found.findings[0].sentence.startswith("Input far: 1 feature of 3")


def test_nested_dictionaries_are_read_in_order_and_two_outputs_are_no_hidden_layers():
    inputs = {"near": keras.Input((4,), name="near"), "far": keras.Input((3,), name="far")}
    values = layers.Concatenate()([*inputs.values()])
    outputs = [layers.Dense(1, "sigmoid", name="class")(values), layers.Dense(1)(values)]
    model = keras.Model({"both": inputs}, outputs)
    model.compile("adam", ["binary_crossentropy", "mse"])
    X = {"both": {"near": NEAR, "far": FAR - 20}}
    assert names_of(diagnosis.examine(model, X, [CLASSES, NUMBERS], steps=5)) == []


def test_a_dictionary_of_columns_is_read_as_fit_reads_it():
    inputs = [keras.Input((1,), name=name) for name in ("age", "size")]
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(layers.Concatenate()(inputs)))
    model.compile("adam", "binary_crossentropy")
    X = {"size": NEAR[:, 1], "age": NEAR[:, 0]}
    assert names_of(diagnosis.examine(model, X, (NEAR[:, 0] > 0), steps=5)) == []


BAD = {
    "'near', 'far', got 1": {"X": [NEAR]},
    "'near', 'far', got 'near'": {"X": {"near": NEAR}},
    r"X\['far'\] must have shape \(n_examples, 3\)": {"X": [NEAR, NEAR]},
    "must hold 300 examples": {"X": [NEAR, FAR[:9]]},
    r"X\['far'\] must hold numbers": {"X": [NEAR, FAR.astype(str)]},
    "y must hold an array for each of 'class', 'number', got 1": {"y": CLASSES},
}


@pytest.mark.parametrize("words", BAD)
def test_what_does_not_fit_the_model_is_named(words):
    good = {"X": [NEAR, FAR], "y": [CLASSES, NUMBERS]}
    with pytest.raises((ValueError, TypeError), match=words):
        diagnosis.examine(two_outputs(), **good | BAD[words])
