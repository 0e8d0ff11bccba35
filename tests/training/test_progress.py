"""A bar appears on what takes longer than two seconds, and nothing is printed otherwise."""

import time

import pytest

from nnhelpers import models, training
from nnhelpers.training._engine import run as engine

SPEC = models.MLPSpec(units=(4,))


@pytest.fixture
def printed(circles, monkeypatch, capfd):
    """Return what a run prints, with TQDM_DISABLE set as given and a pause before it trains."""
    training.train(SPEC, circles, epochs=20, optimizer="sgd")
    original = engine.train_piece

    def run(*, disable, pause):
        def slow(*blocks, **arguments):
            time.sleep(pause)
            original(*blocks, **arguments)

        monkeypatch.setattr(engine, "train_piece", slow)
        if disable is None:
            monkeypatch.delenv("TQDM_DISABLE", raising=False)
        else:
            monkeypatch.setenv("TQDM_DISABLE", disable)
        capfd.readouterr()
        training.train(SPEC, circles, epochs=20, optimizer="sgd")
        return capfd.readouterr()

    return run


@pytest.mark.parametrize("disable", [None, "0"])
def test_a_run_longer_than_two_seconds_shows_a_bar(printed, disable):
    shown = printed(disable=disable, pause=2.3)
    assert shown.out == ""
    assert "/20 [" in shown.err
    # It is wiped out when the run ends.
    assert shown.err.rstrip(" ").endswith("\r")


@pytest.mark.parametrize(("disable", "pause"), [(None, 1.7), ("1", 2.3)])
def test_a_short_or_a_silenced_run_prints_nothing(printed, disable, pause):
    assert printed(disable=disable, pause=pause) == ("", "")
