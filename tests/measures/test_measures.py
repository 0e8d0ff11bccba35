"""Numbers read off arrays, against counts by hand and slower ways to the same number."""

import numpy as np
import pytest

from nnhelpers import measures

# Four examples of three units: dead, active on one example of four, always active.
Z = np.array([[-1.0, 2.0, 5.0], [-2.0, -3.0, 0.5], [0.0, -6.0, 9.0], [-4.5, 0.0, 1.0]])


def test_active_counts_positive_pre_activations_and_saturated_both_sides():
    np.testing.assert_array_equal(measures.active_fraction(Z), [0, 0.25, 1])
    np.testing.assert_array_equal(measures.saturated_fraction(Z), [0.25, 0.25, 0.5])
    np.testing.assert_array_equal(measures.saturated_fraction(Z, threshold=0), [0.75, 0.75, 1])


@pytest.mark.parametrize("measure", [measures.active_fraction, measures.saturated_fraction])
def test_leading_axes_count_networks(measure):
    together = measure(np.stack([Z, -2 * Z]))
    np.testing.assert_array_equal(together[0], measure(Z))
    np.testing.assert_array_equal(together[1], measure(-2 * Z))


def test_a_unit_is_dead_at_none_always_active_at_all_and_splitting_between():
    status = measures.unit_status([0, 1e-9, 0.5, 1 - 1e-9, 1])
    assert list(status) == ["dead", "splitting", "splitting", "splitting", "always active"]
    assert set(status) == set(measures.STATUSES)


@pytest.mark.parametrize("offset", [0, 3])
def test_gradient_descent_takes_the_counted_steps(offset, circles):
    X = circles.X + offset
    with_bias = np.column_stack([np.ones(len(X)), X])
    hessian = with_bias.T @ with_bias / len(X)
    step = np.eye(3) - hessian / np.linalg.eigvalsh(hessian).max()

    def remaining(steps):
        """Root mean square error over starts wrong by one in each direction."""
        return np.linalg.norm(np.linalg.matrix_power(step, steps)) / np.sqrt(3)

    (steps,) = measures.conditioning(circles.X, offsets=[offset]).y
    assert remaining(int(steps)) <= 0.1 < remaining(int(steps) - 1)


def test_the_best_line_on_the_circles_gets_118_of_166_right(circles):
    assert measures.best_line_accuracy(circles.X, circles.y) == pytest.approx(118 / 166, rel=1e-12)
    X = np.random.default_rng(0).normal(size=(30, 2))
    assert measures.best_line_accuracy(X, X @ [1, 2] > 0.3) == 1
    assert measures.best_line_accuracy(X, np.zeros(30)) == 1


def test_a_curve_tells_its_ends():
    words = {"title": "", "caption": "", "x_label": "offset", "y_label": "share that learn"}
    ends = {"x": np.array([0.0, 5.0]), "standard_error": np.zeros(2)}
    curve = measures.Curve(y=np.array([0.9, 0.25]), **ends, **words)
    assert curve.summary() == "share that learn 90% at 0, 25% at 5"
    steep = measures.Curve(y=np.array([1.4, 48_572.0]), **ends, **words, logarithmic=True)
    assert steep.summary() == "share that learn 1.4 at 0, 4.9e+04 at 5"


def best_of_many_lines(X, y):
    """Try every split of the points by lines in 720 directions."""
    best = 0
    for angle in np.arange(720) * np.pi / 720 + 1e-4:
        along = X @ [np.cos(angle), np.sin(angle)]
        order = np.sort(along)
        for cut in [order[0] - 1, *(order[1:] + order[:-1]) / 2]:
            right = np.mean((along > cut) == y)
            best = max(best, right, 1 - right)
    return best


@pytest.mark.parametrize("seed", range(20))
def test_the_best_line_knows_points_in_a_row_and_on_one_another(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.integers(0, 3, size=(7, 2)), rng.integers(0, 2, 7)
    assert measures.best_line_accuracy(X, y) == pytest.approx(best_of_many_lines(X, y))
