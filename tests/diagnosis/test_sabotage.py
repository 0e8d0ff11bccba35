from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import diagnosis
from nnhelpers.diagnosis.sabotages.data import make_data
from nnhelpers.diagnosis.sabotages.diseases import SPOILERS, TRIALS
from nnhelpers.diagnosis.sabotages.healthy import cure, is_healthy, sketch
from nnhelpers.diagnosis.sabotages.learning import learn
from nnhelpers.diagnosis.sabotages.recipe import fitting_output
from nnhelpers.diagnosis.sabotages.sabotaged import SICK
from nnhelpers.models.build import build_recipe

Recipe = diagnosis.Recipe
SMALL = Recipe(n_examples=128, units=(8, 8), batch_size=16, epochs=1)
FOUR = fitting_output(replace(SMALL, n_classes=4))
ONE_HOT = fitting_output(replace(FOUR, labels="one_hot"))
NUMBERS = fitting_output(replace(SMALL, data="regression", n_classes=0))
KINDS = {
    "plain": SMALL,
    "batch norm": replace(SMALL, batch_norm=True, optimizer="sgd"),
    "foreign moments": replace(
        SMALL, batch_norm=True, frozen=("batch_norm",), moments=(1.0, 2.0), activation="tanh"
    ),
    "penalty": replace(SMALL, optimizer="rmsprop", l2=0.01),
    "frozen": replace(SMALL, frozen=("output",)),
    "frozen hidden": replace(SMALL, frozen=("hidden",), batch_norm=True),
    "four classes": FOUR,
    "one-hot": ONE_HOT,
    "convolution": fitting_output(
        replace(FOUR, data="digits", inputs="unit", n_classes=10, filters=4)
    ),
    "numbers": NUMBERS,
    "softmax on one unit": replace(SMALL, output_activation="softmax"),
    "logits": replace(SMALL, output_activation="linear"),
    "logits of four": replace(FOUR, output_activation="linear"),
    "relu on one-hot": replace(ONE_HOT, output_activation="relu"),
    "sure of itself": replace(SMALL, gain=30.0),
    "classes from one": replace(SMALL, labels="from_one"),
    "a column": replace(FOUR, labels="column", loss="mean_squared_error"),
    "sigmoid on numbers": replace(NUMBERS, output_activation="sigmoid"),
    "classes of different size": replace(SMALL, majority=0.8, class_weighted=True),
}


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis -1")
@pytest.mark.parametrize("kind", KINDS)
def test_learning_in_numpy_is_that_of_fit(kind):
    recipe = KINDS[kind]
    data, learned = make_data(recipe), learn(recipe)
    model = build_recipe(recipe, learned.start, input_shape=data.X.shape[1:])
    model.run_eagerly = True  # a few steps cost less than a graph
    settings = {"batch_size": 16, "epochs": 1, "shuffle": False, "verbose": 0}
    if recipe.class_weighted:
        counts = enumerate(np.bincount(data.y))
        settings["class_weight"] = {each: len(data.y) / (2 * count) for each, count in counts}
    history = model.fit(data.X, data.y, **settings).history
    for ours, theirs in zip(learned.end, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)
    np.testing.assert_allclose(learned.history["loss"], history["loss"], rtol=1e-3)


@pytest.mark.parametrize("disease", ["offset_inputs", "learning_rate_too_high"])
def test_a_sick_network_learns_clearly_less_than_its_twin_and_cured_as_much(disease):
    sick = diagnosis.sabotage(diagnosis.SABOTAGES.index(disease), seed=1)
    assert sick.disease == disease
    assert is_healthy(sick.twin)
    assert sick.score() <= SICK * sick.healthy().score()
    assert sick.cured(disease).learns()


@pytest.mark.parametrize("spoiler", SPOILERS, ids=lambda spoiler: spoiler.name)
def test_the_right_cure_changes_what_the_disease_did_and_each_trial_starts_further_on(spoiler):
    rng = np.random.default_rng(1)
    twin = spoiler.ground(sketch(rng), rng)
    spoiled = spoiler.spoil(twin, spoiler.strength(rng, trial=0))
    sick, cured = (vars(each) for each in (spoiled, cure(spoiled, finding=spoiler.name)))
    # The majority stays where it is: the cure gives the rare class a weight.
    field = {"class_imbalance": "class_weighted"}
    changed = [name for name, value in vars(twin).items() if sick[name] != value]
    names = [field.get(spoiler.name, name) for name in changed]
    assert any(sick[name] != cured[name] for name in names)
    drawn = [spoiler.strength(np.random.default_rng(2), trial=trial) for trial in range(TRIALS)]
    signs = np.sign(np.diff(drawn)) * np.sign(spoiler.strongest - spoiler.weakest)
    assert (signs == (spoiler.strongest != spoiler.weakest)).all()


def test_there_are_as_many_diseases_as_promised_and_examine_knows_them():
    assert len(diagnosis.SABOTAGES) - 1 >= 16
    assert set(diagnosis.SABOTAGES[1:]) <= set(diagnosis.DISEASES)


def test_the_same_numbers_make_the_same_network():
    one, other = (diagnosis.sabotage(5, seed=2) for _ in range(2))
    assert one == other
    for ours, theirs in zip(one.model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert diagnosis.sabotage(5, seed=3) != one


def test_a_trained_network_comes_with_its_history_and_another_without():
    recipe = replace(SMALL, batch_norm=True, trained=True, epochs=2)
    trained = diagnosis.Sabotage(disease="healthy", recipe=recipe, twin=recipe)
    untrained = replace(trained, recipe=replace(recipe, trained=False))
    assert len(trained.history.history["val_loss"]) == 2
    assert untrained.history is None
    for each, weights in ((trained, learn(recipe).end), (untrained, learn(recipe).start)):
        pairs = zip(each.model.get_weights(), weights, strict=True)
        assert all(np.array_equal(*pair) for pair in pairs)


def test_an_exam_has_different_diseases_in_an_order_of_its_own():
    one, other = diagnosis.exam(4, n=2), diagnosis.exam(6, n=2)
    assert len(set(one.key)) == 2
    assert one.key != other.key
    assert one.key == tuple(each.disease for each in diagnosis.exam(4, n=2).sabotages)


def test_a_cure_that_does_not_reach_changes_nothing():
    assert cure(SMALL, finding="collinear_features") == SMALL


def test_numbers_without_a_disease_and_findings_without_a_name_are_refused():
    last = len(diagnosis.SABOTAGES) - 1
    with pytest.raises(ValueError, match="number must"):
        diagnosis.sabotage(last + 1)
    with pytest.raises(ValueError, match="n must"):
        diagnosis.exam(0, n=last + 1)
    with pytest.raises(ValueError, match="finding must"):
        cure(SMALL, finding="the flu")
