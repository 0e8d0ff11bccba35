"""The patients of lesson 6: sick as is said, told apart by their instruments, and cured."""

import dataclasses

import numpy as np
import pytest
from stopwatch import least_processor_seconds

from nnhelpers import diagnosis, widgets
from nnhelpers.diagnosis.sabotages.learning import learn
from nnhelpers.widgets.explore.instruments import instruments, loss_curves
from nnhelpers.widgets.explore.patients import CURES

EIGHT = widgets.eight_patients()
NUMBER = {name: number for number, name in enumerate(EIGHT.key, start=1)}


def recipe_of(name):
    return EIGHT.sabotages[NUMBER[name] - 1].recipe


def losses_of(name):
    return loss_curves(recipe_of(name))


def by_layer(name, field):
    return np.array([getattr(layer, field) for layer in instruments(recipe_of(name)).layers])


@pytest.mark.parametrize("patient", EIGHT.sabotages, ids=EIGHT.key)
def test_a_patient_is_sick_and_its_own_cure_makes_it_learn_as_its_healthy_twin(patient):
    assert patient.score() < 0.5 * patient.healthy().score()
    assert patient.cured(patient.disease).learns()


@pytest.mark.parametrize("patient", EIGHT.sabotages, ids=EIGHT.key)
def test_hardly_any_other_cure_helps(patient):
    helping = [name for name, each in CURES.items() if each and patient.cured(each).learns()]
    assert 1 <= len(helping) <= 2


def test_dead_at_birth_no_unit_behind_the_first_layer_is_on_and_nothing_comes_back():
    assert by_layer("dead_at_birth", "dead")[1:-1].min() == 1
    assert by_layer("dead_at_birth", "gradient").max() == 0


def test_with_a_rate_too_high_the_start_is_in_order_and_steps_are_a_third_of_the_weights():
    first = losses_of("learning_rate_too_high").training[0]
    assert first == pytest.approx(1, abs=0.1)
    assert losses_of("learning_rate_too_high").diverged
    assert by_layer("learning_rate_too_high", "update_ratio").min() > 0.2


def test_of_raw_validation_data_the_loss_is_far_above_a_guess_before_and_after():
    curves = losses_of("validation_standardized_apart")
    assert curves.training[-1] < 0.1
    assert curves.validation.min() > 2


def test_inputs_far_away_leave_few_units_that_split_and_bars_beyond_the_picture():
    assert by_layer("offset_inputs", "splitting")[:-1].max() < 0.25
    assert np.abs(instruments(recipe_of("offset_inputs")).layers[0].percentiles).max() > 50


def test_of_a_start_too_small_bars_shrink_and_gradients_and_steps_are_tiny():
    layers = instruments(recipe_of("start_too_small")).layers
    spans = np.array([np.ptp(layer.percentiles) for layer in layers])
    assert (spans[1:] < 0.3 * spans[:-1]).all()
    assert by_layer("start_too_small", "gradient").max() < 1e-5
    assert by_layer("start_too_small", "update_ratio").max() < 1e-5


@pytest.mark.parametrize("factor", [10, 100_000])
def test_no_rate_cures_a_start_too_small(factor):
    patient = EIGHT.sabotages[NUMBER["start_too_small"] - 1]
    rate = factor * patient.recipe.learning_rate
    recipe = dataclasses.replace(patient.recipe, learning_rate=rate)
    assert dataclasses.replace(patient, recipe=recipe).score() < 0.05


def test_with_shuffled_labels_training_improves_and_validation_never_does():
    curves = losses_of("labels_shuffled")
    assert curves.training[-1] < 0.7
    assert curves.validation.min() > 0.95
    assert curves.validation[-1] > 1.2


def test_of_sigmoids_the_first_layer_gets_a_thousandth_of_the_last_ones_gradient():
    gradients = by_layer("saturated_depth", "gradient")
    assert gradients[0] < 2e-3 * gradients[-1]
    assert (np.diff(gradients) > 0).all()


def test_of_a_start_too_large_the_first_loss_is_several_guesses():
    assert losses_of("start_too_large").training[0] > 5


def test_the_instruments_of_a_healthy_network_are_in_order():
    layers = instruments(EIGHT.sabotages[0].twin).layers
    assert min(layer.splitting for layer in layers) > 0.9
    assert min(layer.update_ratio for layer in layers) > 1e-3
    assert max(layer.update_ratio for layer in layers) < 1e-2
    curves = loss_curves(EIGHT.sabotages[0].twin)
    assert curves.training[0] == pytest.approx(1, abs=0.1)
    assert curves.validation[-1] < 0.3


def test_the_first_loss_is_keras_s():
    patient = EIGHT.sabotages[NUMBER["saturated_depth"] - 1]
    loss = patient.model.evaluate(patient.X, patient.y, verbose=0)
    shares = np.bincount(patient.y) / len(patient.y)
    guess = -np.sum(shares * np.log(shares))
    assert losses_of("saturated_depth").training[0] == pytest.approx(loss / guess, rel=1e-5)


def test_a_cure_shows_beside_the_patient_and_is_said():
    panel = widgets.explore_patients()
    panel.controls["patient"].value = NUMBER["offset_inputs"]
    assert panel.result.cured is None
    panel.controls["cure"].value = "standardize the inputs"
    assert panel.result.cured.training[-1] < 0.1 < 0.9 < panel.result.losses.training[-1]
    assert "with the cure the training loss ends below that of a guess" in panel.summary


def test_a_panel_names_no_disease():
    panel = widgets.explore_patients()
    shown = panel.still_html() + panel.state() + panel.title
    for name in EIGHT.key:
        assert name not in shown
        assert diagnosis.DISEASES[name].title not in shown


def test_a_bet_has_the_truth_among_its_options_once_and_decoys():
    for number, name in enumerate(EIGHT.key, start=1):
        bet = widgets.diagnose(number)
        options = bet.controls["bet"].options
        assert len(options) > len(EIGHT.key)
        assert revealed(bet) in options
        assert (bet.result.truth == diagnosis.DISEASES[name].title) == (number != 3)


def revealed(bet):
    bet.controls["reveal"].value = True
    return bet.result.truth


def test_an_exam_is_shown_and_asked_too():
    two = diagnosis.Exam(sabotages=EIGHT.sabotages[3:5])
    panel = widgets.explore_patients(two)
    assert panel.controls["patient"].max == 2
    assert panel.result.losses is loss_curves(EIGHT.sabotages[3].recipe)
    truth = revealed(widgets.diagnose(2, exam=two))
    assert truth == diagnosis.DISEASES[EIGHT.key[4]].title


def test_what_is_no_exam_and_a_patient_that_is_not_there_are_refused():
    with pytest.raises(TypeError, match="exam must be of type Exam, got 7"):
        widgets.explore_patients(7)
    with pytest.raises(ValueError, match=r"patient must be one of 1, .*, got 9"):
        widgets.diagnose(9)


def test_a_move_computes_in_less_than_a_second():
    panel = widgets.explore_patients()
    cures = [cure for cure in CURES if cure != "none yet"]

    def compute(number):
        instruments.cache_clear(), loss_curves.cache_clear(), learn.cache_clear()
        panel._picture.compute(patient=number, cure=cures[number])

    assert least_processor_seconds(compute, [1, 4, 7]) < 1


def test_every_sabotage_can_be_asked_for():
    """Whatever comes in an exam has words that a bet has room for, and the cure is at hand."""
    sick = EIGHT.sabotages[0]
    for name in diagnosis.SABOTAGES[1:]:
        one = diagnosis.Exam(sabotages=(dataclasses.replace(sick, disease=name),))
        bet = widgets.diagnose(1, exam=one)
        assert revealed(bet) in bet.controls["bet"].options
