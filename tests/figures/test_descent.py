"""Pictures of a descent, looked at artist by artist."""

from dataclasses import replace

import numpy as np
import pytest
from looking import second_line
from matplotlib.collections import LineCollection

from nnhelpers import figures, simulations
from nnhelpers.figures import style


@pytest.fixture
def path() -> simulations.DescentPath:
    """Five updates by hand, two of them after arrival."""
    weights = np.array([[0.0, 0], [1, 0.5], [1.2, -0.4], [1.5, -0.5], [1.6, -0.4], [1.4, -0.6]])
    return replace(simulations.simulate_descent(center=1), weights=weights)


@pytest.fixture
def ways():
    """Return lines and tips of the updates of each kind, by colour."""

    def found(ax):
        lines = [c for c in ax.collections if isinstance(c, LineCollection)]
        tips = {line.get_color(): line for line in ax.lines}
        pairs = {"same": style.SAME_WAY, "opposite": style.OPPOSITE}
        # Contours, where there are any, come first.
        return {
            name: (np.array(each.get_segments()), tips[color])
            for (name, color), each in zip(pairs.items(), lines[-2:], strict=True)
        }

    return found


def test_updates_are_drawn_from_start_to_arrival_in_colour_and_marker_of_their_way(path, ways):
    ax = figures.plot_descent(path).ax
    same, tips = ways(ax)["same"]
    np.testing.assert_array_equal(same, [path.weights[:2]])
    opposite, dots = ways(ax)["opposite"]
    np.testing.assert_array_equal(opposite, [path.weights[1:3], path.weights[2:4]])
    np.testing.assert_array_equal(dots.get_xydata(), path.weights[2:4])
    assert tips.get_marker() != dots.get_marker()
    assert second_line(ax) == "10% of the error left after 3 steps"
    places = {text.get_text(): text.xy for text in ax.texts}
    assert (places["start"], places["optimum"]) == ((0, 0), tuple(path.teacher))


@pytest.mark.parametrize("center", [0, 1, 5])
def test_each_contour_has_one_loss_four_times_that_of_the_next(center):
    path = simulations.simulate_descent(center=center)
    contours = figures.plot_descent(path).ax.collections[0].get_segments()
    losses = [np.mean(((line - path.teacher) @ path.X.T) ** 2, axis=1) for line in contours]
    for loss in losses:
        np.testing.assert_allclose(loss, loss[0], rtol=1e-9)
    start = np.mean((path.X @ (path.weights[0] - path.teacher)) ** 2)
    ratio = np.array([loss[0] for loss in losses]) / start
    np.testing.assert_allclose(ratio[:-1] / ratio[1:], 4, rtol=1e-9)
    assert np.isclose(ratio, 1).any()


def test_every_ray_points_as_its_update_and_larger_updates_are_longer(path, ways):
    ax = figures.plot_update_directions(path).ax
    for name, moved in (("same", [0]), ("opposite", [1, 2])):
        lines, tips = ways(ax)[name]
        np.testing.assert_array_equal(lines[:, 0], 0)
        np.testing.assert_array_equal(lines[:, 1], tips.get_xydata())
        updates = np.diff(path.weights, axis=0)[moved]
        angles = [np.arctan2(*vectors.T) for vectors in (updates, tips.get_xydata())]
        np.testing.assert_allclose(*angles, atol=1e-12)
    length = np.linalg.norm(ways(ax)["opposite"][1].get_xydata(), axis=1)
    assert length[0] > length[1]


def test_quadrants_hold_the_shares_of_the_updates_and_dashes_point_to_the_optimum(path):
    ax = figures.plot_update_directions(path).ax
    words = {text.get_text() for text in ax.texts}
    assert {"both up\n33%", "both down\n0%", "w₁ up, w₂ down\n67%", "w₁ down, w₂ up\n0%"} < words
    assert second_line(ax) == "33% move both weights the same way"
    dashed = next(line for line in ax.lines if line.get_linestyle() == "--")
    tip = dashed.get_xydata()[1]
    np.testing.assert_allclose(tip[0] * path.teacher[1], tip[1] * path.teacher[0], rtol=1e-12)


def test_the_error_is_drawn_from_the_first_step_with_a_dot_at_arrival(path):
    ax = figures.plot_weight_error(path).ax
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_array_equal(lines["this path"].get_xdata(), [1, 2, 3, 4, 5])
    np.testing.assert_array_equal(lines["this path"].get_ydata(), path.remaining[1:])
    np.testing.assert_array_equal(
        lines["the average path"].get_ydata(), path.expected_remaining[1:]
    )
    dot = next(line for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(dot.get_xydata(), [[3, path.remaining[3]]])
    level = next(line for line in ax.lines if len(set(line.get_ydata())) == 1 and line is not dot)
    assert level.get_ydata()[0] == path.error


def test_a_path_that_does_not_arrive_says_how_much_is_left(path):
    short = replace(path, weights=path.weights[:2])
    drawn = figures.plot_weight_error(short)
    assert second_line(drawn.ax) == f"{short.remaining[-1]:.0%} of the error left after 1 step"
    assert not any(len(line.get_xdata()) for line in drawn.ax.lines if line.get_marker() == "o")


@pytest.mark.parametrize(
    ("center", "batch_size", "rate"), [(0, 1, 0.01), (0, 200, 0.99), (5, 1, 0.99), (5, 200, 0.01)]
)
def test_extreme_settings_are_drawn_without_a_hitch(center, batch_size, rate, assert_finite):
    path = simulations.simulate_descent(center=center, batch_size=batch_size, rate=rate)
    for plot in (figures.plot_descent, figures.plot_update_directions, figures.plot_weight_error):
        assert_finite(plot(path))


def test_curves_by_batch_size_have_a_ruler_that_doubles_with_a_mark_at_every_size():
    result = simulations.simulate_same_sign(draws=100)
    ax = figures.plot_curves({"[0, 1]": result}).ax
    assert ax.get_xscale() == "log"
    np.testing.assert_array_equal(ax.get_xticks(), result.x)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "2", "8", "32", "128", "512"]


def test_after_fifteen_steps_the_path_is_one_pale_line(ways):
    path = simulations.simulate_descent(center=3.0)
    ax = figures.plot_descent(path).ax
    assert sum(len(lines) for lines, _ in ways(ax).values()) == 15 < path.travel
    (later,) = [line for line in ax.lines if len(line.get_xydata()) == path.travel + 1 - 15]
    np.testing.assert_array_equal(later.get_xydata(), path.weights[15 : path.travel + 1])
