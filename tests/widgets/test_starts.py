"""Panels of starts and rates: the captions hold, over their own seed and 19 more."""

import itertools

import numpy as np
import pytest

from nnhelpers import datasets, measures


def escapes(results):
    return np.array([result.history.escape_epoch for result in results])


def test_four_equal_units_move_as_one_and_cut_the_plane_once_by_a_straight_line(shown):
    circles = datasets.load_circles()
    best = measures.best_line_accuracy(circles.X, circles.y)
    for result in shown("symmetry", "all the same", seeds=20):
        assert result.history.spread.max() == 0
        assert np.abs(result.history.columns[-1] - result.history.columns[0]).max() > 0.1
        assert result.run.accuracy.max() <= best
        # The logit is a monotone function of w · x, the same w for all units.
        column = result.history.columns[-1][:, 0]
        projected = np.argsort(circles.X @ column)
        steps = np.diff(result.snapshot.forward.logits[projected, 0])
        rounding = 64 * np.finfo(np.float32).eps
        assert (steps >= -rounding).all() or (steps <= rounding).all()


def test_a_millionth_of_noise_grows_a_millionfold_until_the_units_part(shown):
    results = shown("symmetry", "a millionth of noise", seeds=20)
    assert (escapes(results) >= 500).all()
    assert (escapes(results) <= 700).all()
    for result in results:
        spread = result.history.spread
        assert 1e-7 < spread[0] < 4e-6
        assert spread[-1] / spread[0] > 2e5
        assert result.run.accuracy[-1] > 0.85
    assert np.median([r.history.spread[-1] / r.history.spread[0] for r in results]) > 5e5


def test_with_10000_times_the_noise_they_part_before_epoch_200(shown):
    parted = escapes(shown("symmetry", "10,000 times the noise", seeds=20))
    assert (parted > 0).all()
    assert (parted < 200).all()


def test_no_example_lies_between_the_bends_of_close_relus_and_nothing_parts_them(shown):
    results = shown("symmetry", "ReLU, a millionth", seeds=20)
    assert np.isinf(escapes(results)).all()
    for result in results:
        assert result.history.spread[-1] < 1e-5
        for index in range(len(result.run.epochs)):
            active = result.run.snapshot(index).forward.pre_activations[0] > 0
            assert (active == active[:, :1]).all()


def test_from_zero_no_kernel_moves_and_only_the_bias_of_the_output_does(shown):
    for result in shown("symmetry", "all zero", seeds=20):
        assert all((kernel == 0).all() for kernel in result.run.weights.kernels)
        hidden, output = result.run.weights.biases
        assert (hidden == 0).all()
        assert output[-1] != 0


def test_no_position_takes_a_unit_off_the_ruler(opened, computed):
    controls = opened("symmetry").controls
    for activation, start in itertools.product(
        controls["activation"].options, controls["start"].options
    ):
        noise = controls["noise"].options[-1]
        found = computed("symmetry", noise=noise, start=start, activation=activation, seed=3)
        assert np.abs(found.history.columns).max() < 5.25


@pytest.fixture(scope="module")
def shares(shown):
    """Return shares of a scene's networks that train, with batch norm and without, by seed."""

    def show(name):
        found = [result.shares for result in shown("learning_rates", name, seeds=20)]
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


def test_at_gain_1_and_seed_0_the_dots_lie_on_the_curves(opened, computed):
    rates = opened("learning_rates").controls["learning_rate"].options
    for index in (0, 7, 11, len(rates) - 1):
        result = computed("learning_rates", learning_rate=rates[index])
        for name, curve in result.ranges.items():
            assert curve.rates[index] == rates[index]
            assert curve.share[index] == result.shares[name]
