"""The captions of the scenes hold: over 200 seeds, or thousands of random units."""

import numpy as np
import pytest

from nnhelpers import datasets, measures, training, widgets


@pytest.fixture
def in_scene():
    """Show a scene by name; return the result."""

    def show(panel, name):
        panel.show_scene([scene.name for scene in panel.scenes].index(name))
        return panel.result

    return show


@pytest.fixture(scope="module")
def shares():
    """Return, by scene, shares of seeds above the best line and above 0.95, and of dead units."""
    panel = widgets.explore_normalization()
    circles = datasets.load_circles()
    line = measures.best_line_accuracy(circles.X, circles.y)
    found = {}
    for number, scene in enumerate(panel.scenes):
        panel.show_scene(number)
        many = panel.result.ensemble
        assert many.draws == 200
        dead = np.mean(many.active_fraction() == 0)
        found[scene.name] = {
            "line": many.share_above(line),
            "solved": many.share_above(0.95),
            "dead": dead,
        }
    return found


def test_centred_the_circle_is_solved_from_nearly_every_seed(shares):
    assert shares["centred"]["solved"] > 0.9


def test_moved_a_little_most_beat_the_line_and_a_third_solve_it(shares):
    assert shares["moved a little"]["line"] > 0.6
    assert 0.2 < shares["moved a little"]["solved"] < 0.45


def test_moved_far_most_units_are_dead_and_hardly_any_beats_the_line(shares):
    assert shares["moved far"]["line"] < 0.15
    assert shares["moved far"]["dead"] > 0.5


def test_smaller_steps_kill_fewer_and_more_beat_the_line_but_none_solves_it(shares):
    far, small = shares["moved far"], shares["smaller steps"]
    assert small["dead"] < far["dead"]
    assert small["line"] > far["line"] + 0.05
    assert small["solved"] == 0


def test_with_more_units_more_beat_the_line_but_none_solves_it(shares):
    far, many = shares["moved far"], shares["more units"]
    assert many["line"] > far["line"] + 0.05
    assert many["solved"] == 0


@pytest.fixture
def splitting():
    return widgets.explore_active_fraction()


def test_centred_every_unit_splits_the_data_in_half(splitting, in_scene):
    result = in_scene(splitting, "centred")
    assert result.splitting_share == 1
    assert result.fraction.mean() == pytest.approx(0.5, abs=0.02)
    assert np.abs(result.fraction - 0.5).max() < 0.1


def test_off_the_middle_some_units_miss_the_data(splitting, in_scene):
    result = in_scene(splitting, "off the middle")
    assert min(result.dead_share, result.always_active_share) > 0.05


def test_far_away_one_unit_in_ten_splits_the_data(splitting, in_scene):
    assert in_scene(splitting, "far away").splitting_share == pytest.approx(0.1, abs=0.05)


def test_a_distance_counts_in_widths_of_the_data(splitting, in_scene):
    wide = in_scene(splitting, "far and wide").splitting_share
    assert wide > 2 * in_scene(splitting, "far away").splitting_share
    splitting.controls["center"].value, splitting.controls["width"].value = 3, 2
    # As 9 at three times the width; 4,000 draws: 4 standard errors of a difference.
    assert wide == pytest.approx(splitting.result.splitting_share, abs=4 * np.sqrt(0.5 / 4_000))


@pytest.fixture
def overlapping():
    return widgets.explore_overlap()


def test_two_features_any_overlap_up_to_one_half_is_equally_likely(overlapping, in_scene):
    overlap = in_scene(overlapping, "two features").shares
    counts, _ = np.histogram(overlap, bins=[-0.01, 0.1, 0.2, 0.3, 0.4, 0.51])
    assert counts / len(overlap) == pytest.approx(np.full(5, 0.2), abs=0.06)


def test_fifty_features_nearly_every_pair_overlaps_on_a_quarter(overlapping, in_scene):
    overlap = in_scene(overlapping, "fifty features").shares
    assert np.mean(np.abs(overlap - 0.25) < 0.1) > 0.9


def test_moved_data_it_is_mostly_all_or_nothing(overlapping, in_scene):
    overlap = in_scene(overlapping, "moved data").shares
    assert np.mean((overlap < 0.01) | (overlap > 0.99)) > 0.8


def test_the_network_far_from_the_origin_ends_as_the_median_of_the_seeds_does():
    panel = widgets.explore_normalization()
    panel.show_scene(2)
    run, settings = panel.result.run, panel.result.settings
    many = training.train_many(dataset=datasets.load_circles(), draws=200, **settings)
    assert run.accuracy[-1] == np.median(many.final_accuracy)
