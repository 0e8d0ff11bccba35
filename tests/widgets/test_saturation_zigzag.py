"""The captions of the zig-zag's scenes hold on every seed of the panel."""

import numpy as np
import pytest

from nnhelpers import simulations, widgets


@pytest.fixture(scope="module")
def paths():
    """Paths of each scene, one for every seed."""
    panel = widgets.explore_zigzag()
    seeds = range(panel.controls["seed"].min, panel.controls["seed"].max + 1)
    found = {}
    for number, scene in enumerate(panel.scenes):
        panel.show_scene(number)
        settings, steps = panel.settings, panel.result.steps
        found[scene.name] = [
            simulations.simulate_descent(**settings | {"seed": seed}, steps=steps) for seed in seeds
        ]
    return found


@pytest.fixture
def shares(paths):
    return lambda name: np.array([path.same_direction_share for path in paths[name]])


@pytest.fixture
def steps(paths):
    """Steps until arrival; every path of every scene arrives."""
    return lambda name: np.array([int(path.steps_to_arrive) for path in paths[name]])


def test_centred_no_update_goes_the_same_way_and_four_or_five_steps_do(shares, steps):
    assert (shares("centred") == 0).all()
    assert set(steps("centred").tolist()) <= {4, 5}


def test_positive_one_by_one_every_update_goes_one_way_up_or_down(paths, shares):
    for path in paths["positive, one by one"]:
        assert 0 <= path.X.min() < path.X.max() <= 2
    assert (shares("positive, one by one") == 1).all()
    # A zig-zag: ups and downs alternate often enough.
    for path in paths["positive, one by one"]:
        ups = path.updates[: path.travel, 0] > 0
        assert 0.1 < ups.mean() < 0.9


def test_positive_all_at_once_a_tenth_goes_one_way_and_it_takes_longer_than_centred(shares, steps):
    assert (shares("positive, all at once") <= 0.1).all()
    taken = steps("positive, all at once")
    assert 25 <= taken.min() <= taken.max() <= 40


def test_far_away_one_by_one_is_a_long_zigzag(shares, steps):
    assert (shares("far away, one by one") == 1).all()
    taken = steps("far away, one by one")
    assert 85 <= taken.min() <= taken.max() <= 175


def test_far_away_all_at_once_is_no_zigzag_and_takes_as_long(shares, steps):
    assert (shares("far away, all at once") <= 0.02).all()
    taken = steps("far away, all at once")
    assert 95 <= taken.min() <= taken.max() <= 145
    one_by_one = steps("far away, one by one")
    assert 0.8 <= np.median(taken) / np.median(one_by_one) <= 1.2
