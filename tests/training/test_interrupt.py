"""Ctrl-C, failures and progress while networks train."""

import signal
import threading
import time

import numpy as np
import pytest
from interrupts import interrupt_when, signal_process
from random_networks import assert_equal_weights

from nnhelpers import models, networks, training
from nnhelpers.training._engine import run as engine

SPEC = models.MLPSpec(units=(4,))
SGD = {"optimizer": "sgd", "learning_rate": 0.1}
# Hours of work: a run that is not interrupted does not end.
ENDLESS = 1_000_000_000


def signal_thread():
    signal.raise_signal(signal.SIGINT)


@pytest.fixture
def interrupt(monkeypatch):
    """Return a context that sends an interrupt as soon as the results are as asked for."""
    under_way, original = [], engine.train_piece

    def watched(train, job, first, last, results):
        under_way.append(results)
        original(train, job, first, last, results)

    monkeypatch.setattr(engine, "train_piece", watched)
    return lambda condition, **settings: interrupt_when(
        lambda: under_way and condition(under_way[0]), **settings
    )


def epochs_of(results):
    return results.control[1:]


def workers():
    return [t for t in threading.enumerate() if t.name.startswith("training")]


def assert_workers_end_within_a_second():
    deadline = time.monotonic() + 1
    while workers() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not workers()


def assert_trains_as_ever(circles):
    run = training.train(SPEC, circles, epochs=200, **SGD)
    assert run.epochs[-1] == 200
    assert run.loss[-1] < run.loss[0]
    assert training.train_many(SPEC, circles, draws=20, epochs=20, **SGD).draws == 20
    assert_workers_end_within_a_second()


@pytest.mark.parametrize(
    ("send", "batch_size", "epochs", "far"),
    # The orders of all mini-batches are drawn beforehand, so there are fewer of them.
    [(signal_process, None, ENDLESS, 20_000), (signal_thread, 32, 60_000, 2_000)],
)
def test_an_interrupted_run_stops_within_a_second_and_keeps_its_snapshots(
    circles, interrupt, send, batch_size, epochs, far
):
    settings = {"batch_size": batch_size, **SGD}
    with (
        pytest.raises(training.TrainingInterrupted) as caught,
        interrupt(lambda results: epochs_of(results)[0] > far, send=send) as sent,
    ):
        training.train(SPEC, circles, epochs=epochs, snapshots=epochs // 1_000, **settings)
    assert time.monotonic() - sent[0] < 1
    assert_workers_end_within_a_second()
    assert isinstance(caught.value, KeyboardInterrupt)
    partial = caught.value.partial
    kept = len(partial.epochs)
    assert 2 < kept <= epochs // 1_000
    assert partial.epochs.tolist() == list(range(0, 1_000 * kept, 1_000))
    assert len(partial.loss) == len(partial.accuracy) == len(partial.weights.kernels[0]) == kept
    whole = training.train(SPEC, circles, epochs=2_000, snapshots=2, **settings)
    assert_equal_weights(partial.weights[:3], whole.weights)
    np.testing.assert_array_equal(partial.loss[:3], whole.loss)
    assert_trains_as_ever(circles)


def test_an_interrupted_ensemble_keeps_the_networks_that_were_finished(circles, interrupt):
    rates = np.linspace(0.01, 0.5, 300)
    settings = {"draws": 300, "epochs": 20_000, "optimizer": "sgd", "learning_rate": rates}
    with (
        pytest.raises(training.TrainingInterrupted) as caught,
        interrupt(lambda results: (results.reached == 21).sum() >= 5) as sent,
    ):
        training.train_many(SPEC, circles, **settings)
    assert time.monotonic() - sent[0] < 1
    partial = caught.value.partial
    members = np.searchsorted(rates, partial.learning_rate)
    assert 5 <= partial.draws == len(np.unique(members)) < 300
    assert partial.epochs[-1] == 20_000
    few = members[[0, -1]]
    start = networks.draw(SPEC, n_features=2, draws=300)[few]
    whole = training.train_from(
        SPEC, circles, start=start, epochs=20_000, optimizer="sgd", learning_rate=rates[few]
    )
    np.testing.assert_array_equal(partial.loss[[0, -1]], whole.loss)
    assert_equal_weights(partial.weights[[0, -1]], whole.weights)
    assert_equal_weights(partial.initial_weights[[0, -1]], whole.initial_weights)


def test_an_interrupted_ensemble_of_untrained_networks_has_no_part_to_keep(circles, interrupt):
    with (
        pytest.raises(training.TrainingInterrupted) as caught,
        interrupt(lambda results: epochs_of(results)[0] > 5_000) as sent,
    ):
        training.train_many(SPEC, circles, draws=300, epochs=ENDLESS, **SGD)
    assert time.monotonic() - sent[0] < 1
    assert caught.value.partial is None
    assert_workers_end_within_a_second()


def test_an_unfinished_interrupted_ensemble_keeps_the_networks_that_got_furthest(
    circles, interrupt
):
    settings = {"draws": 20, **SGD}
    with (
        pytest.raises(training.TrainingInterrupted) as caught,
        interrupt(lambda results: results.reached.max() >= 3),
    ):
        training.train_many(SPEC, circles, epochs=4_000_000, **settings)
    partial = caught.value.partial
    # One network is under way on each core.
    assert 1 <= partial.draws <= len(engine._cores())
    reached = int(partial.epochs[-1])
    assert partial.epochs.tolist() == list(range(0, reached + 1, 200_000))
    assert partial.loss.shape == partial.accuracy.shape == (partial.draws, len(partial.epochs))
    whole = training.train_from(SPEC, circles, start=partial.initial_weights, epochs=reached, **SGD)
    assert_equal_weights(partial.weights, whole.weights)
    np.testing.assert_array_equal(partial.final_accuracy, whole.final_accuracy)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_in_one_piece_is_raised_and_stops_the_others(circles, monkeypatch, error):
    original = engine.train_piece

    def failing(train, job, first, last, results):
        if first == 0:
            raise error("piece 0 is broken")
        original(train, job, first, last, results)

    monkeypatch.setattr(engine, "train_piece", failing)
    began = time.monotonic()
    with pytest.raises(error):
        training.train_many(SPEC, circles, draws=300, epochs=ENDLESS, **SGD)
    assert time.monotonic() - began < 2
    assert_workers_end_within_a_second()
    monkeypatch.undo()
    assert_trains_as_ever(circles)


def test_an_interrupt_before_the_work_is_handed_out_leaves_no_worker(circles, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        training.train(SPEC, circles, epochs=ENDLESS, **SGD)
    assert_workers_end_within_a_second()


def test_what_needs_every_network_keeps_nothing_of_an_interrupted_training(circles, monkeypatch):
    monkeypatch.setattr(engine, "_wait", lambda *_: True)
    for train in (
        lambda: training.weights_at(SPEC, circles, epochs=(0, 2), draws=3),
        lambda: training.train_autoencoders(circles.X, units=1, draws=2, steps=2),
    ):
        with pytest.raises(training.TrainingInterrupted) as caught:
            train()
        assert caught.value.partial is None
