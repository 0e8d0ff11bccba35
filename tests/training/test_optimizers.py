"""The optimizers' formulas against Keras, step by step, and what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnhelpers import training
from nnhelpers.training.optimizers import RULES, read_optimizer

OPTIMIZERS = keras.optimizers
# Far from the defaults, so that a constant in the wrong place shows.
UNUSUAL = {
    "sgd": lambda: OPTIMIZERS.SGD(0.3, momentum=0.6),
    "rmsprop": lambda: OPTIMIZERS.RMSprop(0.2, rho=0.7, momentum=0.5, epsilon=0.1),
    "adam": lambda: OPTIMIZERS.Adam(0.2, beta_1=0.6, beta_2=0.7, epsilon=0.1),
}
STEPS = 20


@pytest.mark.parametrize("name", UNUSUAL)
def test_each_step_is_the_one_of_keras(name):
    gradients = np.random.default_rng(0).normal(size=(STEPS, 3, 2)).astype(np.float32)
    optimizer, ours = UNUSUAL[name](), read_optimizer(UNUSUAL[name]())
    theirs = keras.Variable(np.ones((3, 2)))
    weight, slots = tf.ones((3, 2)), [tf.zeros((3, 2))] * RULES[name].slots
    for step, gradient in enumerate(gradients, start=1):
        optimizer.apply([gradient], [theirs])
        weight, slots = RULES[name].update(
            weight, gradient, slots, ours.learning_rate, ours.constants, step
        )
        # Some ten roundings a step, of numbers no larger than a few times the gradient.
        tolerance = 10 * step * np.finfo(np.float32).eps * np.abs(gradients).max()
        np.testing.assert_allclose(weight, theirs.numpy(), rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    ("name", "default"),
    [("sgd", OPTIMIZERS.SGD), ("RMSprop", OPTIMIZERS.RMSprop), ("adam", OPTIMIZERS.Adam)],
)
def test_a_name_stands_for_the_defaults_of_keras(name, default):
    optimizer, config = read_optimizer(name), default().get_config()
    assert optimizer.name == name.lower()
    assert optimizer.learning_rate == config["learning_rate"]
    names = RULES[optimizer.name].constants
    assert dict(zip(names, optimizer.constants, strict=True)) == {n: config[n] for n in names}


@pytest.mark.parametrize(
    ("make", "option"),
    [
        (lambda: OPTIMIZERS.SGD(nesterov=True), "nesterov"),
        (lambda: OPTIMIZERS.RMSprop(centered=True), "centered"),
        (lambda: OPTIMIZERS.Adam(amsgrad=True), "amsgrad"),
        (lambda: OPTIMIZERS.SGD(weight_decay=0.1), "weight_decay"),
        (lambda: OPTIMIZERS.Adam(clipnorm=1.0), "clipnorm"),
        (lambda: OPTIMIZERS.Adam(global_clipnorm=1.0), "global_clipnorm"),
        (lambda: OPTIMIZERS.SGD(clipvalue=0.5), "clipvalue"),
        (lambda: OPTIMIZERS.SGD(use_ema=True), "use_ema"),
        (lambda: OPTIMIZERS.Adam(loss_scale_factor=2.0), "loss_scale_factor"),
        (lambda: OPTIMIZERS.SGD(gradient_accumulation_steps=2), "gradient_accumulation_steps"),
    ],
)
def test_an_option_that_the_formulas_do_not_know_is_refused(make, option):
    optimizer = make()
    name = type(optimizer).__name__.lower()
    with pytest.raises(ValueError, match=f"^optimizer {name} must leave {option} off, got "):
        read_optimizer(optimizer)


def test_every_option_of_keras_is_either_known_or_refused():
    # An option that Keras adds later must not be dropped silently.
    harmless = {"name", "learning_rate", "ema_momentum", "ema_overwrite_frequency"}
    refused = {
        *("nesterov", "centered", "amsgrad", "weight_decay", "clipnorm", "global_clipnorm"),
        *("clipvalue", "use_ema", "loss_scale_factor", "gradient_accumulation_steps"),
    }
    for name, rule in RULES.items():
        options = set(OPTIMIZERS.get(name).get_config())
        assert options - harmless - refused == set(rule.constants)


def test_a_learning_rate_schedule_is_refused():
    schedule = OPTIMIZERS.schedules.ExponentialDecay(0.1, decay_steps=10, decay_rate=0.9)
    message = r"^optimizer adam must have a constant learning_rate, got a schedule$"
    with pytest.raises(ValueError, match=message):
        read_optimizer(OPTIMIZERS.Adam(schedule))


@pytest.mark.parametrize(
    "which", ["adagrad", "", 0.01, None, OPTIMIZERS.AdamW(), OPTIMIZERS.Adagrad(), keras.Model]
)
def test_another_optimizer_is_refused(which):
    message = r"^optimizer must be one of \['adam', 'rmsprop', 'sgd'\] or its object, got "
    with pytest.raises(ValueError, match=message):
        read_optimizer(which)


def test_gradient_descent_without_keras_is_that_of_keras():
    record = training.sgd(learning_rate=0.2, momentum=0.9)
    of_keras = read_optimizer(keras.optimizers.SGD(0.2, momentum=0.9))
    assert (record.name, record.constants) == (of_keras.name, of_keras.constants)
    # Keras keeps the learning rate in float32.
    assert record.learning_rate == pytest.approx(of_keras.learning_rate, rel=1e-7)
    assert read_optimizer(record) is record


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be positive, got 0.0"),
        ({"momentum": 1.0}, r"momentum must lie in \[0, 1\), got 1.0"),
        ({"momentum": -0.1}, r"momentum must lie in \[0, 1\), got -0.1"),
    ],
)
def test_gradient_descent_without_a_meaning_is_refused(settings, complaint):
    with pytest.raises(ValueError, match=complaint):
        training.sgd(**settings)
