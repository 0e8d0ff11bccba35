"""Panels of single units: the captions hold, over the seeds of each panel."""

import numpy as np
import pytest

from nnhelpers import theory
from nnhelpers.activations import COMMON, find_activation


@pytest.fixture
def in_scene(shown):
    return lambda panel, scene: shown(panel, scene, seeds=1)[0]


def test_centred_every_unit_splits_the_data_in_half(in_scene):
    result = in_scene("active_fraction", "centred")
    assert result.splitting_share == 1
    assert result.fraction.mean() == pytest.approx(0.5, abs=0.02)
    assert np.abs(result.fraction - 0.5).max() < 0.1


def test_off_the_middle_some_units_miss_the_data(in_scene):
    result = in_scene("active_fraction", "off the middle")
    assert min(result.dead_share, result.always_active_share) > 0.05


def test_far_away_one_unit_in_ten_splits_the_data(in_scene):
    assert in_scene("active_fraction", "far away").splitting_share == pytest.approx(0.1, abs=0.05)


def test_a_distance_counts_in_widths_of_the_data(opened, in_scene):
    wide = in_scene("active_fraction", "far and wide").splitting_share
    assert wide > 2 * in_scene("active_fraction", "far away").splitting_share
    # As 3 at a third of the width; 4,000 draws: 4 standard errors of a difference.
    narrow = opened("active_fraction")._picture.compute(center=3, width=2, seed=0)
    assert wide == pytest.approx(narrow.splitting_share, abs=4 * np.sqrt(0.5 / 4_000))


def test_two_features_any_overlap_up_to_one_half_is_equally_likely(in_scene):
    overlap = in_scene("overlap", "two features").shares
    counts, _ = np.histogram(overlap, bins=[-0.01, 0.1, 0.2, 0.3, 0.4, 0.51])
    assert counts / len(overlap) == pytest.approx(np.full(5, 0.2), abs=0.06)


def test_fifty_features_nearly_every_pair_overlaps_on_a_quarter(in_scene):
    overlap = in_scene("overlap", "fifty features").shares
    assert np.mean(np.abs(overlap - 0.25) < 0.1) > 0.9


def test_moved_data_it_is_mostly_all_or_nothing(in_scene):
    overlap = in_scene("overlap", "moved data").shares
    assert np.mean((overlap < 0.01) | (overlap > 0.99)) > 0.8


@pytest.fixture
def slopes(shown):
    return lambda scene: [each.slopes for each in shown("activations", scene, seeds=31)]


def law(result, **changes):
    settings = {"mean": result.mean, "std": result.std} | changes
    return theory.expected_slope(result.activation, **settings)


def test_a_centred_sigmoid_is_hardly_ever_flat_yet_passes_a_fifth(slopes):
    for result in slopes("sigmoid, centred"):
        assert result.shares["flat"] < 0.001
        assert result.measured == pytest.approx(0.2, abs=0.01)


def test_far_off_nearly_every_sigmoid_is_flat_and_four_thousandths_are_left(slopes):
    for result in slopes("sigmoid, far off"):
        assert result.shares["flat"] > 0.95
        assert f"{result.expected:.1%}" == "0.4%"
        assert f"{result.measured:.1%}" == "0.4%"


def test_spread_alone_saturates_more_than_six_sigmoids_in_ten(slopes):
    for result in slopes("sigmoid, wide"):
        assert result.mean == 0
        assert 0.6 < result.shares["flat"] < 0.7


def test_an_offset_kills_every_relu(slopes):
    for result in slopes("relu, moved to -6"):
        assert len(result.z) == 10_000
        assert not find_activation("relu").derivative(result.z).any()


def test_spread_alone_leaves_half_of_a_relus_gradient(opened, slopes):
    for result in slopes("relu, wide"):
        # Half of the slopes are 1, half 0.
        assert abs(result.measured - 0.5) < 4 * 0.5 / np.sqrt(len(result.z))
    control = opened("activations").controls["std"]
    for std in (control.min, 1.0, control.max, 1e3):
        assert law(result, std=std) == pytest.approx(0.5, abs=1e-9)


def test_every_activation_but_the_straight_line_can_be_chosen(opened):
    assert set(opened("activations").controls["activation"].options) == set(COMMON) - {"linear"}


@pytest.fixture
def paths(shown):
    return lambda scene: shown("zigzag", scene, seeds=31)


@pytest.fixture
def shares(paths):
    return lambda name: np.array([path.same_direction_share for path in paths(name)])


@pytest.fixture
def steps(paths):
    """Steps until arrival; every path of every scene arrives."""
    return lambda name: np.array([int(path.steps_to_arrive) for path in paths(name)])


def test_centred_no_update_goes_the_same_way_and_four_or_five_steps_do(shares, steps):
    assert (shares("centred") == 0).all()
    assert set(steps("centred").tolist()) <= {4, 5}


def test_positive_one_by_one_every_update_goes_one_way_up_or_down(paths, shares):
    for path in paths("positive, one by one"):
        assert 0 <= path.X.min() < path.X.max() <= 2
    assert (shares("positive, one by one") == 1).all()
    # A zig-zag: ups and downs alternate often enough.
    for path in paths("positive, one by one"):
        ups = np.diff(path.weights, axis=0)[: path.travel, 0] > 0
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
