"""The panels of lesson 5: their captions hold, over their own seed and thirty more."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def found(opened, shown):
    """Return, by scene, accuracies learned and new, and first kernels, with an axis of seeds."""
    results = {}
    for name in ("capacity", "regularization"):
        for scene in opened(name).scenes:
            each = shown(name, scene.name, seeds=31)
            shares = [[one.learned.accuracy, one.new.accuracy] for one in each]
            kernels = [one.learned.weights.kernels[0] for one in each]
            results[scene.name] = (*np.transpose(shares), np.array(kernels))
    return results


def tiny_units(kernels):
    return np.mean(np.linalg.norm(kernels, axis=1) < 0.1)


def test_with_three_units_some_points_stay_wrong_and_with_twenty_none(found):
    assert found["three units"][0].max() < 0.9
    assert found["twenty units"][0].min() == 1


def test_six_units_learn_more_than_three_and_get_no_more_of_the_new_ones(found):
    (learned, new, _), (more, no_more, _) = found["three units"], found["six units"]
    assert more.mean() > learned.mean() + 0.03
    assert no_more.mean() < new.mean()


def test_twenty_units_get_a_third_of_the_new_ones_wrong(found):
    assert found["twenty units"][1].mean() == pytest.approx(2 / 3, abs=0.02)


def test_without_noise_twenty_units_do_no_harm(found):
    assert found["without noise"][1].min() > 0.99


def test_more_examples_are_harder_to_learn_by_heart_and_more_of_the_new_ones_are_right(found):
    few, many = found["twenty units"], found["more examples"]
    assert many[0].max() < 0.9
    assert many[1].mean() > few[1].mean() + 0.05


def test_l2_shortens_weights_and_gets_more_new_points_right_until_it_is_too_strong(found):
    steps = [found[name] for name in ("none", "a little L2", "enough L2")]
    assert (np.diff([new.mean() for _, new, _ in steps]) > 0.04).all()
    assert (np.diff([kernels.std() for _, _, kernels in steps]) < 0).all()
    learned, new, kernels = found["too much L2"]
    assert max(learned.mean(), new.mean()) < 0.62
    assert np.abs(kernels).max() < 0.1


def test_l1_leaves_one_unit_in_five(found):
    assert tiny_units(found["L1 instead"][2]) == pytest.approx(0.8, abs=0.05)
    assert found["L1 instead"][1].mean() > found["none"][1].mean() + 0.08


def test_dropout_helps_and_leaves_weights_long(found):
    assert found["dropout"][1].mean() > found["none"][1].mean() + 0.04
    assert found["dropout"][2].std() > 5 * found["enough L2"][2].std()


def test_the_new_points_are_not_those_learned(computed):
    result = computed("capacity")
    learned, new = result.learned.dataset, result.new.dataset
    assert not np.isin(new.X, learned.X).any()
    assert result.new.weights is result.learned.weights
