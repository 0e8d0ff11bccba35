"""The optimizers' formulas against Keras, step by step, and what is refused."""

import keras
import pytest

from nnhelpers import training
from nnhelpers.training.optimizers import _CONSTANTS, read_optimizer

OPTIMIZERS = keras.optimizers


@pytest.mark.parametrize("name", ["sgd", "RMSprop", "adam", "adamw"])
def test_a_name_stands_for_the_defaults_of_keras(name):
    optimizer, config = read_optimizer(name), OPTIMIZERS.get(name.lower()).get_config()
    assert optimizer.name == name.lower()
    # Keras keeps it in float32.
    assert optimizer.learning_rate == pytest.approx(config["learning_rate"], rel=1e-7)
    assert optimizer.weight_decay == (config["weight_decay"] or 0)
    names = _CONSTANTS[optimizer.name]
    assert dict(zip(names, optimizer.constants, strict=True)) == {n: config[n] for n in names}


REFUSED = {
    "centered": OPTIMIZERS.RMSprop(centered=True),
    "amsgrad": OPTIMIZERS.Adam(amsgrad=True),
    "clipnorm": OPTIMIZERS.Adam(clipnorm=1.0),
    "global_clipnorm": OPTIMIZERS.Adam(global_clipnorm=1.0),
    "clipvalue": OPTIMIZERS.SGD(clipvalue=0.5),
    "use_ema": OPTIMIZERS.SGD(use_ema=True),
    "loss_scale_factor": OPTIMIZERS.Adam(loss_scale_factor=2.0),
    "gradient_accumulation_steps": OPTIMIZERS.SGD(gradient_accumulation_steps=2),
}


@pytest.mark.parametrize("option", REFUSED)
def test_an_option_that_the_formulas_do_not_know_is_refused(option):
    with pytest.raises(ValueError, match=f"^optimizer .* must leave {option} off, got "):
        read_optimizer(REFUSED[option])


def test_every_option_of_keras_is_either_known_or_refused():
    # An option that Keras adds later must not be dropped silently.
    harmless = {"name", "learning_rate", "ema_momentum", "ema_overwrite_frequency"}
    for name, constants in _CONSTANTS.items():
        options = set(OPTIMIZERS.get(name).get_config())
        assert options - harmless - {*REFUSED, "nesterov", "weight_decay"} == set(constants)


def test_a_learning_rate_schedule_is_refused():
    schedule = OPTIMIZERS.schedules.ExponentialDecay(0.1, decay_steps=10, decay_rate=0.9)
    message = r"^optimizer adam must have a constant learning_rate, got a schedule$"
    with pytest.raises(ValueError, match=message):
        read_optimizer(OPTIMIZERS.Adam(schedule))


@pytest.mark.parametrize("which", ["adagrad", "", 0.01, None, OPTIMIZERS.Adagrad(), keras.Model])
def test_another_optimizer_is_refused(which):
    message = r"^optimizer must be one of \['adam', 'adamw', 'rmsprop', 'sgd'\] or its object, got "
    with pytest.raises(ValueError, match=message):
        read_optimizer(which)


def test_gradient_descent_without_keras_is_that_of_keras():
    record = training.sgd(learning_rate=0.2, momentum=0.9)
    of_keras = read_optimizer(keras.optimizers.SGD(0.2, momentum=0.9))
    assert (record.name, record.constants) == (of_keras.name, of_keras.constants)
    # Keras keeps the learning rate in float32.
    assert record.learning_rate == pytest.approx(of_keras.learning_rate, rel=1e-7)
    assert read_optimizer(record) is record


def test_gradient_descent_without_a_meaning_is_refused():
    with pytest.raises(ValueError, match="learning_rate must be positive and finite, got 0"):
        training.sgd(learning_rate=0.0)
    with pytest.raises(ValueError, match=r"momentum must lie in \[0, 1\), got 1.0"):
        training.sgd(momentum=1.0)
