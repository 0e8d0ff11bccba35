"""Trained networks arranged by depth and gain, and by width."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import datasets, models, training

CIRCLES = datasets.load_circles()
SPEC = models.MLPSpec(units=(3,), activation="relu")
GAINS = [2.0, 0.0, 2.0, 0.0]


def ensemble(*units, gain=1.0, draws=4, epochs=5, learning_rate=0.1):
    return training.train_many(
        replace(SPEC, units=units),
        CIRCLES,
        draws=draws,
        epochs=epochs,
        optimizer="sgd",
        gain=gain,
        learning_rate=learning_rate,
    )


@pytest.fixture(scope="module")
def deep():
    return [ensemble(3, 3, gain=GAINS), ensemble(3, gain=GAINS)]


def test_a_cell_is_the_median_of_its_networks(deep):
    result = training.depth_map(deep)
    assert list(result.depths) == [1, 2]
    assert list(result.gains) == [0.0, 2.0]
    for column, members in enumerate(([1, 3], [0, 2])):
        assert result.accuracy[1, column] == np.median(deep[0].final_accuracy[members])
    assert result.accuracy[1, 0] != result.accuracy[1, 1]
    assert result.networks == 8
    assert result.chance == CIRCLES.majority_share


def test_the_share_of_cells_that_train_counts_those_above_a_level(deep):
    result = replace(training.depth_map(deep), accuracy=np.array([[0.5, 0.9], [0.91, 1.0]]))
    assert result.trained_share(above=0.9) == 0.5
    assert result.trained_share(above=0.0) == 1
    assert result.trained_share(above=1.0) == 0


def test_a_network_that_diverged_counts_as_none_learned():
    lost = ensemble(3, gain=[1.0, 1.0], draws=2, learning_rate=1e30)
    assert lost.diverged.all()
    assert training.depth_map([lost]).accuracy[0, 0] == 0


def test_the_same_depth_twice_other_gains_and_a_short_law_are_refused(deep):
    with pytest.raises(ValueError, match="different depths"):
        training.depth_map([deep[0], deep[0]])
    with pytest.raises(ValueError, match="different depths"):
        training.depth_map([])
    with pytest.raises(ValueError, match="same gains"):
        training.depth_map([deep[0], ensemble(3, gain=[1.0, 1.0, 2.0, 2.0])])
    with pytest.raises(ValueError, match="one depth for each gain"):
        training.depth_map(deep, law=[1.0])


def test_losses_come_in_the_order_of_their_widths():
    narrow, wide = ensemble(2), ensemble(5)
    result = training.losses_by_width([wide, narrow])
    assert result.widths == (2, 5)
    assert np.array_equal(result.loss[0], narrow.loss[:, -1])
    assert result.percentiles()[1, 1] == np.median(wide.loss[:, -1])


def test_networks_that_diverged_are_counted_and_left_out():
    rates = [0.1, 1e30, 0.1, 0.1]
    result = training.losses_by_width([ensemble(2, learning_rate=rates)])
    assert result.diverged == 1
    assert len(result.loss[0]) == 3


def test_no_network_to_compare_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        training.losses_by_width([])
    with pytest.raises(ValueError, match="did not diverge"):
        training.losses_by_width([ensemble(2, learning_rate=1e30)])
