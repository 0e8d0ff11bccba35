"""Which way updates point and where they lead: closed forms, brute force and simulations."""

import itertools
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from simulations import held
from stopwatch import least_processor_seconds

from nnhelpers import measures, theory
from nnhelpers.simulations import simulate_descent, simulate_same_sign

DRAWS = 20_000
allowed = partial(held.allowed, draws=DRAWS)


def four_points(center, width=2.0):
    """Points with the mean and the covariance of the uniform square."""
    ends = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    return center + width / np.sqrt(12) * ends


# --- laws


@pytest.mark.parametrize(("center", "width"), [(0.5, 1), (-3, 2)])
def test_random_errors_move_as_numbers_correlated_like_the_inputs(center, width):
    draws, X = 10 * DRAWS, four_points(center, width)
    share = theory.same_sign_share(center, width=width)
    root = np.linalg.cholesky(X.T @ X / len(X))
    moved = root @ np.random.default_rng(0).normal(size=(2, draws))
    assert abs(np.mean(moved.prod(axis=0) > 0) - share) <= allowed(share, draws=draws)


def test_shares_run_from_one_half_at_the_origin_to_one_and_count_in_widths():
    share = theory.same_sign_share
    assert share(0.5, width=1) == pytest.approx(0.5 + np.arcsin(0.75) / np.pi)
    assert (share(0), share(-3)) == (0.5, share(3))
    assert share(9, width=6) == pytest.approx(share(3), rel=1e-12)
    assert 0.999 < share(1_000) <= 1


# --- measures


def test_pairs_of_weights_that_move_together_are_counted_unit_by_unit():
    gradient = np.array([[1.0, 1, 0, 2, 0], [2, -1, 0, -1, 0], [3, 1, 3, 0, 0], [4, -2, 1, 0, 0]])
    share = measures.same_direction_share(gradient)
    np.testing.assert_array_equal(share, [1, 1 / 3, 1, 0, np.nan])
    stacked = measures.same_direction_share(np.stack([gradient, -gradient]))
    np.testing.assert_array_equal(stacked, [share, share])


@pytest.mark.parametrize("batch_size", [1, 3, 5])
def test_at_the_largest_stable_rate_the_spread_of_the_weights_neither_grows_nor_shrinks(batch_size):
    X = np.random.default_rng(0).normal(0.5, 1, size=(5, 2))
    rate = measures.largest_stable_rate(X, batch_size=batch_size)

    def growth(rate):
        batches = [X[list(rows)] for rows in itertools.combinations(range(5), batch_size)]
        steps = [np.eye(2) - rate * batch.T @ batch / batch_size for batch in batches]
        return np.abs(np.linalg.eigvals(np.mean([np.kron(s, s) for s in steps], axis=0))).max()

    assert growth(rate) == pytest.approx(1, rel=1e-10)
    assert growth(0.99 * rate) < 1 < growth(1.01 * rate)


def test_the_largest_stable_rate_of_the_full_batch_is_two_over_the_largest_curvature():
    X = np.random.default_rng(0).uniform(2, 4, size=(50, 3))
    largest = np.linalg.eigvalsh(X.T @ X / 50).max()
    assert measures.largest_stable_rate(X, batch_size=50) == pytest.approx(2 / largest, rel=1e-10)
    assert measures.largest_stable_rate(X, batch_size=1) < 2 / largest
    one = measures.largest_stable_rate(np.array([[2.0]]), batch_size=1)
    assert one == pytest.approx(2 / 4, rel=1e-12)


# --- same signs by batch size


@pytest.mark.parametrize("errors", ["independent", "labels"])
@pytest.mark.parametrize(("center", "width"), [(0, 2), (0.3, 1), (-3, 2)])
def test_the_share_for_one_example_is_exact_whatever_the_error(errors, center, width):
    inputs = {"center": center, "width": width, "errors": errors}
    result = simulate_same_sign(**inputs, batch_sizes=[1], draws=DRAWS)
    positive = np.clip(0.5 + center / width, 0, 1)
    share = positive**2 + (1 - positive) ** 2
    assert abs(result.y[0] - share) <= allowed(share)


@pytest.mark.parametrize(("center", "width"), [(0, 2), (0.5, 1), (9, 2)])
def test_large_batches_keep_to_the_law_of_independent_errors(center, width):
    size = 500
    inputs = {"center": center, "width": width, "errors": "independent"}
    result = simulate_same_sign(**inputs, batch_sizes=[size], draws=4_000)
    # The limit is approached as one over the batch size.
    law = theory.same_sign_share(center, width=width)
    assert abs(result.y[0] - law) <= allowed(law, draws=4_000) + 1 / size


@pytest.mark.parametrize("size", [2, 8])
def test_small_batches_with_random_errors_have_the_correlation_of_their_inputs(size):
    X = np.random.default_rng(1).uniform(0, 1, size=(DRAWS, size, 2))
    first, second = np.moveaxis(X, -1, 0)
    cosine = (first * second).sum(1) / np.sqrt((first**2).sum(1) * (second**2).sum(1))
    given = 0.5 + np.arcsin(cosine) / np.pi
    result = simulate_same_sign(errors="independent", batch_sizes=[size], draws=DRAWS)
    error = np.hypot(result.standard_error[0], given.std() / np.sqrt(DRAWS))
    assert abs(result.y[0] - given.mean()) <= 4 * error


def test_what_all_errors_share_takes_over_in_large_batches():
    settings = {"batch_sizes": [2, 8, 512], "draws": 4_000}
    labels = simulate_same_sign(errors="labels", **settings)
    random = simulate_same_sign(errors="independent", **settings)
    error = np.hypot(*labels.standard_error[1:])
    assert labels.y[2] - labels.y[1] > 4 * error
    assert random.y[2] < labels.y[2] - 4 * error


def test_far_from_the_origin_nearly_every_update_goes_one_way_and_centred_one_in_two():
    assert (simulate_same_sign(center=9, width=2).y > 0.99).all()
    centred = simulate_same_sign(center=0, draws=DRAWS)
    assert (np.abs(centred.y - 0.5) <= allowed(0.5)).all()


def test_a_curve_holds_the_shares_with_the_errors_of_counting():
    # Work goes in blocks, of two units for the last size.
    assert simulate_same_sign(batch_sizes=[30_000], draws=5).y[0] in np.arange(6) / 5
    result = simulate_same_sign(batch_sizes=[1, 8], draws=500)
    np.testing.assert_array_equal(result.x, [1, 8])
    assert result.y[0] == 1
    assert result.standard_error[0] == 0
    assert result.standard_error[1] == pytest.approx(allowed(result.y[1], draws=500) / 4, rel=1e-12)
    assert result.summary() == f"share of the updates 100% at 1, {100 * result.y[1]:.3g}% at 8"


# --- descents


def test_each_update_of_one_example_points_along_its_inputs():
    path = simulate_descent(center=1, steps=50)
    updates = np.diff(path.weights, axis=0)
    cross = np.abs(updates[:, :1] * path.X[:, 1] - updates[:, 1:] * path.X[:, 0])
    example = cross.argmin(axis=1)
    assert cross.min(axis=1).max() < 1e-14
    x = path.X[example]
    error = ((path.weights[:-1] - path.teacher) * x).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(updates, -path.learning_rate * error * x, atol=1e-14)
    assert len(set(example.tolist())) > 20
    # One positive example at a time never moves the weights apart.
    assert path.same_direction_share == 1


@pytest.mark.parametrize("center", [0, 5])
def test_the_full_batch_descends_as_the_curvatures_say(center):
    path = simulate_descent(center=center, batch_size=200, rate=0.9, steps=300)
    np.testing.assert_allclose(path.remaining, path.expected_remaining, atol=1e-12)
    gradient = path.X.T @ (path.X @ (path.weights[0] - path.teacher)) / 200
    first = path.weights[1] - path.weights[0]
    np.testing.assert_allclose(first, -path.learning_rate * gradient, rtol=1e-12)
    largest = np.linalg.eigvalsh(path.hessian).max()
    assert path.learning_rate == pytest.approx(0.9 * 2 / largest, rel=1e-10)


@pytest.mark.parametrize("batch_size", [1, 8])
def test_batches_move_the_mean_weights_as_the_full_batch_does(batch_size):
    steps, seeds = 6, 500
    off = []
    for seed in range(seeds):
        path = simulate_descent(center=1, batch_size=batch_size, steps=steps, seed=seed)
        shrink = np.linalg.matrix_power(np.eye(2) - path.learning_rate * path.hessian, steps)
        expected = path.teacher + shrink @ (path.weights[0] - path.teacher)
        off.append(path.weights[-1] - expected)
        distance = np.linalg.norm(expected - path.teacher) / np.linalg.norm(path.teacher)
        assert path.expected_remaining[-1] == pytest.approx(distance, rel=1e-10)
    error = np.std(off, axis=0) / np.sqrt(seeds)
    assert (np.abs(np.mean(off, axis=0)) <= 4 * error).all()


def test_a_path_is_measured_until_it_has_arrived():
    weights = np.array([[0.0, 0.0], [1, 1], [2, 0], [1.9, -0.1], [1.8, -0.2], [2.2, 0.2]])
    path = replace(simulate_descent(), weights=weights, teacher=np.array([2.0, 0]))
    np.testing.assert_array_equal(path.same_direction, [True, False, True, True, True])
    assert (path.steps, path.steps_to_arrive, path.travel) == (5, 2, 2)
    assert path.same_direction_share == 0.5
    assert path.summary() == (
        "inputs around 0, batches of 1: 50% of the updates move both weights the same way, "
        "10% of the error left after 2 steps"
    )
    short = replace(path, weights=weights[:2], batch_size=200)
    assert (short.steps_to_arrive, short.travel) == (None, 1)
    assert short.summary() == (
        "inputs around 0, all examples at once: 100% of the updates move both weights the same "
        "way, more than 10% of the error left after 1 step"
    )


@pytest.mark.parametrize(("rate", "batch_size"), [(0.9, 1), (0.1, 8), (0.9, 32), (0.9, 200)])
def test_every_stable_rate_stays_near_the_optimum(rate, batch_size):
    for center, seed in itertools.product((0, 1, 5), range(2)):
        settings = {"center": center, "batch_size": batch_size, "rate": rate, "seed": seed}
        assert simulate_descent(**settings, steps=3_000).remaining[-1] < 0.1


def test_a_thousand_steps_take_well_under_sixty_milliseconds():
    def simulate(seed):
        simulate_descent(batch_size=200, steps=1_000, seed=seed)

    assert least_processor_seconds(simulate, range(5)) < 0.06
