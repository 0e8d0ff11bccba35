"""Judges read plain numbers: a healthy record, with one thing changed, has one finding."""

from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest
from processes import run_python

from nnhelpers.diagnosis import DISEASES, ExaminedLayer
from nnhelpers.diagnosis._looks.batch_norms import BatchNormLook
from nnhelpers.diagnosis._looks.data import look_at_relation
from nnhelpers.diagnosis._looks.features import look_at_features
from nnhelpers.diagnosis._looks.fit import look_at_fit
from nnhelpers.diagnosis._looks.labels import look_at_labels
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis._looks.steps import StepsLook, Trial
from nnhelpers.diagnosis._looks.validation import look_at_label_shift, look_at_validation
from nnhelpers.diagnosis._looks.verdict import judged
from nnhelpers.diagnosis._looks.weights import GradientLook, WeightLook

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 4))
Y = (X[:, 0] > 0).astype(int)
THREE = np.digitize(X[:, 0], [-0.4, 0.4])
NAMES = ("a", "b", "c", "d")


def trial(after, *, failed=False):
    losses = np.full(30, np.nan if failed else 0.5)
    return Trial(before=0.7, after=after, losses=losses)


def steps(own=0.4, *, ratio=1e-3, failed=False, **trials):
    names = {"shorter": "rate x 0.1", "longer": "rate x 10", "standardized": "standardized"}
    named = {name: trial(own) for name in names.values()}
    named |= {"rate x 0.01": trial(0.68)}
    named |= {names[key]: trial(value) for key, value in trials.items()}
    return StepsLook(
        own=trial(own, failed=failed),
        update_ratios=dict.fromkeys(NAMES, ratio),
        trials=named,
        guessing=0.69,
    )


def signals(*, activation="relu", **changes):
    usual = {"activation": activation, "units": 16, "std": 1.0, "alike": 0.3}
    return tuple(ExaminedLayer(name=name, **usual | changes) for name in NAMES)


def weights(**changes):
    usual = dict.fromkeys(("fan_in", "fan_out", "units"), 16) | {"rms": 0.3, "unit_spread": 1.0}
    usual |= {"bias_rms": 0.0, "trainable": True, "untouched": True, "mode": "fan_in"}
    return tuple(WeightLook(name=name, **usual | changes) for name in NAMES)


def gradients(*, first=1e-2, penalty=0.0):
    sizes = dict.fromkeys(NAMES, 1e-2) | {"a": first}
    return {
        name: GradientLook(rms=size, penalty_rms=penalty, zeros=0.0) for name, size in sizes.items()
    }


def batch_norm(**changes):
    usual = {"trainable": True, "momentum": 0.99, "initial": True, "mean_gap": 0.2}
    usual |= {"spread_ratio": 1.0, "behind_frozen": False}
    return (BatchNormLook(name="n", **usual | changes),)


def fitted(*, epochs=20, end=0.1, held_end=0.3):
    loss, held = np.geomspace(0.7, end, epochs), np.geomspace(0.7, 0.3, epochs)
    held[-5:] = held_end
    return look_at_fit({"loss": loss, "val_loss": held})


ANATOMY = {"layers": (), "learning_rate": 1e-3, "iterations": 0}
OUTPUT = {"activation": "sigmoid", "dropout": "", "units": 1, "from_logits": False}
OUTPUT |= {"loss": "binary_crossentropy", "metrics": ("accuracy",)}


def record(*, y=Y, features=X, anatomy=(), output=(), **changes):
    """Return what was seen of a healthy network, with some of it changed."""
    end = SimpleNamespace(**OUTPUT | dict(output))
    labels = look_at_labels(y, loss=end.loss)
    usual = Looks(
        anatomy=SimpleNamespace(**ANATOMY | dict(anatomy)),
        output=end,
        labels=labels,
        features=look_at_features(features),
        inputs=look_at_features(features),
        validation=look_at_validation(X, X[:100]),
        relation=look_at_relation(X, Y, classes=Y, seed=0),
        weights=weights(),
        signals=signals(),
        usual_signals=signals(),
        gradients=gradients(),
        outputs=np.full((100, 1), 0.5),
        first_loss=0.7,
        inference_loss=0.7,
        training_loss=0.7,
        steps=steps(),
        fit=fitted(),
        batch_size=32,
    )
    return replace(usual, **changes)


def label_shift(y, held):
    return look_at_label_shift(y, held, look_at_labels(y, loss="binary_crossentropy"))


def dropout(rate):
    return {"layers": (SimpleNamespace(name="d", kind="dropout", settings={"rate": rate}),)}


SOFTMAX = {"units": 3, "activation": "softmax", "loss": "categorical_crossentropy"}
SPARSE = SOFTMAX | {"loss": "sparse_categorical_crossentropy"}
NUMBERS = {"loss": "mean_squared_error", "activation": "linear", "metrics": ()}
STANDARDIZED = (X[200:] - X[200:].mean(axis=0)) / X[200:].std(axis=0)
# Two features that differ by a millionth.
TWINS = np.column_stack([X, X[:, 0] + 1e-6 * RNG.normal(size=300)])

SICK = {
    "not_finite_data": record(not_finite=1),
    "softmax_on_one_unit": record(output={"activation": "softmax"}),
    "labels_do_not_fit_loss": record(y=np.eye(3)[THREE], output=SPARSE),
    "labels_start_at_one": record(y=THREE + 1, output=SPARSE),
    "activation_does_not_fit_loss": record(y=THREE, output=SPARSE | {"activation": "sigmoid"}),
    "softmax_into_from_logits": record(y=THREE, output=SPARSE | {"from_logits": True}),
    "logits_without_from_logits": record(output={"activation": "linear"}),
    "relu_output": record(y=X[:, 0], output=NUMBERS | {"activation": "relu"}),
    "output_out_of_reach": record(y=X[:, 0], output=NUMBERS | {"activation": "tanh"}),
    "targets_not_scaled": record(y=100 * X[:, 0], output=NUMBERS),
    "offset_inputs": record(features=X + 10, steps=steps(standardized=0.2)),
    "inputs_not_scaled": record(features=X * 100, steps=steps(standardized=0.2)),
    "unequal_scales": record(features=X * [1, 100, 1, 1], steps=steps(standardized=0.2)),
    "validation_standardized_apart": record(validation=look_at_validation(X, STANDARDIZED)),
    "validation_of_other_classes": record(label_shift=label_shift(Y, np.ones(100, dtype=int))),
    "dropout_at_output": record(output={"activation": "", "dropout": "d"}),
    "embedding_too_small": record(unknown_token=(127, 127)),
    "loss_not_finite": record(certain_loss=np.nan),
    "frozen_layers": record(weights=(*weights()[:-1], weights(trainable=False)[-1])),
    "start_all_alike": record(weights=weights(unit_spread=0.0)),
    "start_too_small": record(
        weights=weights(rms=0.03), signals=signals(std=1e-3), steps=steps(0.69)
    ),
    "start_too_large": record(weights=weights(rms=3.0), signals=signals(std=1e3)),
    "fan_out_for_fan_in": record(
        weights=(replace(weights(rms=3.0)[0], mode="fan_out"), *weights()[1:])
    ),
    "saturated_depth": record(
        signals=signals(activation="sigmoid"), gradients=gradients(first=1e-6)
    ),
    "linear_layers": record(signals=signals(activation="linear"), straight=True),
    "dead_at_birth": record(signals=signals(dead=0.9)),
    "batch_norm_frozen": record(batch_norms=batch_norm(trainable=False, mean_gap=4.0)),
    "batch_norm_unfrozen": record(batch_norms=batch_norm(initial=False, behind_frozen=True)),
    "batch_norm_tiny_batches": record(batch_norms=batch_norm(), batch_size=2),
    "batch_norm_lagging": record(batch_norms=batch_norm(momentum=0.9999)),
    "dropout_too_high": record(anatomy=dropout(0.95)),
    "l2_too_strong": record(gradients=gradients(penalty=0.1)),
    "learning_rate_too_high": record(steps=steps(2.0, shorter=0.3)),
    "learning_rate_too_low": record(steps=steps(0.6999, ratio=1e-7, longer=0.69)),
    "labels_shuffled": record(relation=look_at_relation(X, Y[::-1], classes=Y[::-1], seed=0)),
    "class_imbalance": record(y=(X[:, 0] > 1.5).astype(int)),
    "too_few_units": record(
        y=(X[:, 0] * X[:, 1] > 0).astype(int),
        relation=look_at_relation(
            X, (X[:, 0] * X[:, 1] > 0), classes=(X[:, 0] * X[:, 1] > 0) + 0, seed=0
        ),
        signals=signals(units=2),
    ),
    "constant_feature": record(features=np.column_stack([X, np.ones(300)])),
    "duplicated_features": record(features=np.column_stack([X, X[:, 0]])),
    "collinear_features": record(features=TWINS, steps=steps(0.68, standardized=0.68)),
    "metric_does_not_fit": record(y=X[:, 0], output=NUMBERS | {"metrics": ("accuracy",)}),
    "diverged": record(fit=look_at_fit({"loss": [1.0, np.nan]})),
    "overfitting": record(fit=fitted(end=1e-3, held_end=2.0)),
    "plateau": record(fit=fitted(end=0.69)),
}


def names_of(looks):
    return [finding.name for finding in judged(looks)[0]]


def test_a_healthy_record_has_no_finding():
    findings, in_order = judged(record())
    assert findings == ()
    assert "inputs are near 0" in in_order


def test_every_disease_has_its_record_here():
    assert sorted(SICK) == sorted(DISEASES)


@pytest.mark.parametrize("name", SICK)
def test_one_change_makes_one_finding_first_with_a_threshold(name):
    findings, _ = judged(SICK[name])
    assert findings[0].name == name, names_of(SICK[name])
    assert findings[0].sentence
    assert findings[0].threshold
    assert 0 < findings[0].weight < 1


def test_findings_stand_in_the_order_of_their_weights():
    looks = record(
        output={"activation": "softmax"},
        features=X + 10,
        steps=steps(2.0, shorter=0.3, standardized=0.2),
    )
    assert names_of(looks) == ["softmax_on_one_unit", "offset_inputs", "learning_rate_too_high"]


def test_cures_are_given_in_measured_numbers():
    cures = {name: judged(SICK[name])[0][0].cure for name in SICK}
    # 1/1,000 of the weights is usual, and it was 1/10,000,000.
    assert cures["learning_rate_too_low"].endswith("10,000 times the rate: learning_rate=1e+01")
    assert cures["learning_rate_too_high"].endswith("rate divided by 10: learning_rate=0.0001")
    share = (X[:, 0] > 1.5).mean()
    expected = f"class_weight={{0: {0.5 / (1 - share):.2g}, 1: {0.5 / share:.2g}}}"
    assert expected in cures["class_imbalance"]
    assert cures["plateau"] == DISEASES["plateau"].cure


OF_THREE = 'Dense(3, activation="softmax") with loss="{}categorical_crossentropy"'
TASKS = {
    "more classes than units": ({"y": THREE}, OF_THREE.format("sparse_")),
    "one-hot rows": ({"y": np.eye(3)[THREE]}, OF_THREE.format("")),
    "several classes at once": (
        {"y": (X > 0).astype(int), "output": SOFTMAX | {"units": 4}},
        'Dense(4, activation="sigmoid") with loss="binary_crossentropy"',
    ),
    "classes from 1": ({"y": THREE + 1}, f"y = y - y.min(), and {OF_THREE.format('sparse_')}"),
    "softmax of one unit": (
        {"y": THREE, "output": {"activation": "softmax"}},
        OF_THREE.format("sparse_"),
    ),
    "two targets": (
        {"y": X[:, :2], "output": NUMBERS | {"activation": "tanh", "units": 2}},
        "Dense(2) without activation",
    ),
}


@pytest.mark.parametrize("name", TASKS)
def test_the_cure_names_the_units_that_the_labels_need(name):
    changes, cure = TASKS[name]
    assert judged(record(**changes))[0][0].cure == cure


def test_soft_labels_and_rows_without_a_class_fit_a_softmax():
    output = SOFTMAX | {"units": 4}
    soft = np.abs(X) / np.abs(X).sum(axis=1, keepdims=True)
    for y in (soft, np.eye(4)[THREE] * (X[:, :1] > 0)):
        assert names_of(record(y=y, output=output)) == []


def test_random_splits_are_of_the_same_classes_and_sorted_ones_are_not():
    y = np.arange(600) % 5
    for draw in range(200):
        mixed = np.random.default_rng(draw).permutation(y)
        shift = label_shift(mixed[:500], mixed[500:])
        assert shift.distance < shift.most_by_chance / 2
    in_order = np.sort(y)
    shift = label_shift(in_order[:500], in_order[500:])
    assert shift.distance > shift.most_by_chance
    assert "Class 4 is 4.0% of the training data and 100%" in (
        judged(record(label_shift=shift))[0][0].sentence
    )


def test_validation_data_of_one_class_are_compared_with_that_class():
    y = np.arange(400) % 2
    train = np.random.default_rng(0).normal(4 * y[:, np.newaxis], 1, (400, 5))
    ones, others = train[y == 1], train[y == 0]
    shift = label_shift(y[:300], np.ones(100, dtype=int))

    def named(held):
        look = look_at_validation(train[:300], held, shift)
        return names_of(record(validation=look, label_shift=shift))

    assert named(ones[100:200]) == ["validation_of_other_classes"]
    of_one_row = np.tile(ones[:1] + 3, (100, 1))
    assert named(of_one_row) == ["validation_of_other_classes"]
    both = ["validation_standardized_apart", "validation_of_other_classes"]
    assert named(others[:100]) == both  # in other numbers than that class has
    assert named(ones[100:200] / 10) == both
    assert look_at_validation(X, np.tile(X.mean(axis=0), (50, 1))).spread_ratio == 1


def test_a_rate_that_rounds_to_nothing_is_too_low_and_one_that_was_trained_away_is_not():
    tiny = {"anatomy": {"learning_rate": 1e-12}, "steps": steps(0.7, ratio=0.0)}
    assert names_of(record(**tiny)) == ["learning_rate_too_low"]
    assert names_of(record(**tiny, trained=True)) == []
    assert names_of(record(**tiny | {"anatomy": {}})) == []


@pytest.mark.parametrize(
    ("rates", "name"),
    [
        ([1e-3, *[1e-9] * 19], "learning_rate_too_low"),
        ([*np.geomspace(1e-3, 2e-4, 19), 0], "plateau"),
    ],
)
def test_a_plateau_under_a_rate_that_fell_to_nothing_is_a_rate_too_low(rates, name):
    curves = {"loss": np.full(20, 0.7), "learning_rate": rates}
    assert names_of(record(fit=look_at_fit(curves))) == [name]


PIXELS = (X[:, :1] > np.linspace(0, 3, 12)).astype(int).reshape(300, 3, 4)
PLACES = {
    "pixels": (PIXELS[..., np.newaxis], "binary_crossentropy", 1),
    "pixels without a channel": (PIXELS, "binary_crossentropy", 1),
    "classes of pixels": (PIXELS, "sparse_categorical_crossentropy", 2),
    "one-hot pixels": (np.eye(2)[PIXELS], "categorical_crossentropy", 2),
    "pictures": (RNG.normal(size=(300, 3, 4, 2)), "mean_squared_error", 2),
}


@pytest.mark.parametrize("name", PLACES)
def test_labels_of_pixels_are_compared_with_the_last_axis_of_the_output(name):
    y, loss, units = PLACES[name]
    labels = look_at_labels(y, loss=loss, places=(3, None))
    assert labels.places == 12
    assert labels.columns == (1 if "sparse" in loss else units)
    output = {"loss": loss, "units": units, "metrics": ()}
    output |= {"activation": {1: "sigmoid", 2: "softmax"}[units]}
    output |= NUMBERS if "squared" in loss else {}
    outputs = np.full((300, 3, 4, units), 0.5)
    looks = record(output=output, outputs=outputs, relation=None)
    assert names_of(replace(looks, labels=labels)) == []


def test_rare_pixels_are_weighed_by_place():
    rare = np.zeros((300, 5, 10, 1), dtype=int)
    rare[:, 2, 2] = 1
    labels = look_at_labels(rare, loss="binary_crossentropy", places=(5, 10))
    looks = replace(record(relation=None, outputs=np.full((300, 5, 10, 1), 0.5)), labels=labels)
    (finding,) = judged(looks)[0]
    assert finding.name == "class_imbalance"
    assert finding.cure == "fit(..., sample_weight=np.array([0.51, 25])[y.astype(int)])"


def test_features_are_called_by_the_names_of_their_columns():
    features = look_at_features(
        np.column_stack([X * [1, 100, 1, 1], np.ones(300)]), names=tuple("vwxyz")
    )
    looks = replace(record(steps=steps(standardized=0.2)), features=features, inputs=features)
    sentences = {finding.name: finding.sentence for finding in judged(looks)[0]}
    assert "(feature 'w')" in sentences["unequal_scales"]
    assert sentences["constant_feature"] == "1 feature of 5 without change: 'z'."


def test_what_was_not_looked_at_is_not_said_to_be_in_order():
    everything = judged(record())[1]
    blind = replace(record(), validation=None, relation=None, inputs=None, steps=None, fit=None)
    _, in_order = judged(blind)
    assert set(in_order) < set(everything)
    assert "inputs are near 0" not in in_order
    assert {field.name for field in fields(Looks)} >= {"validation", "relation", "steps", "fit"}


def test_judging_and_reading_findings_need_no_keras():
    program = "import sys; from nnhelpers import diagnosis; sys.exit('keras' in sys.modules)"
    assert run_python(program).returncode == 0
