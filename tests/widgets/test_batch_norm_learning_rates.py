"""The panel of learning rates: its captions hold, over its own seed and 19 more."""

import numpy as np
import pytest

PANEL = "explore_learning_rates"


@pytest.fixture(scope="module")
def shares(panel, over_seeds):
    """Return shares of a scene's networks that train, with batch norm and without, by seed."""

    def show(name):
        found = [result.shares for result in over_seeds(panel, name, seeds=range(20))]
        return tuple(np.array([each[kind] for each in found]) for kind in ("batch norm", "without"))

    return show


def test_at_a_rate_of_1_nearly_all_train_with_batch_norm_or_without(shares):
    for each in shares("a rate for both"):
        assert each.mean() > 0.88
        assert each.min() > 0.7


def test_at_5_hardly_any_trains_without_batch_norm_and_nearly_all_with(shares):
    normalized, plain = shares("five times as large")
    assert normalized.mean() > 0.95
    assert plain.mean() < 0.15


def test_from_a_start_ten_times_too_large_most_train_with_batch_norm_hardly_any_without(shares):
    normalized, plain = shares("a start ten times too large")
    assert normalized.mean() > 0.8
    assert plain.mean() < 0.15


def test_at_50_no_network_trains(shares):
    assert not np.any(shares("too large for both"))


def test_at_gain_1_and_seed_0_the_dots_lie_on_the_curves(panel):
    panel.show_scene(0)
    rates = panel.controls["learning_rate"].options
    for index in (0, 7, 11, len(rates) - 1):
        panel.controls["learning_rate"].value = rates[index]
        result = panel.result
        for name, curve in result.ranges.items():
            assert curve.rates[index] == rates[index]
            assert curve.share[index] == result.shares[name]
