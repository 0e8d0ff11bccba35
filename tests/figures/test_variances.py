"""Pictures of variances beside their laws, looked at layer by layer."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from nnhelpers import figures, simulations
from nnhelpers.simulations import ByLayer


def compared(rows, law):
    return ByLayer(measured=np.array(rows, dtype=float), law=np.array(law, dtype=float))


@pytest.fixture(scope="module")
def result():
    """Three layers of three networks by hand; the second is off forward, the third may be."""
    exact = np.ones((3, 1))
    return simulations.LayerVariances(
        activation="tanh",
        initializer="mine",
        gain=1.0,
        units=(4, 5, 6),
        pre_activations=compared(exact * [1, 2, 1], [1, 1, 1]),
        activations=compared(exact * [1, 1, 1], [1, 1, 1]),
        errors=compared([[1, 1, 0.5], [1, 1, 0.8], [1, 1, 2.3]], [1, 1, 1]),
    )


@pytest.fixture(scope="module")
def residual():
    exact = np.ones((3, 1))
    return simulations.ResidualVariances(
        activation="relu",
        initializer="he_normal",
        branch_scale=1.0,
        width=8,
        plain=compared(exact * [2, 2, 2], [2, 2, 2]),
        residual=compared([[2, 4, 7], [2, 4, 8], [2, 4, 9]], [2, 4, 8]),
        correlation=compared(exact * [1, 0.7, 0.5], [1, 0.7, 0.5]),
    )


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_visible()]


def second_line(ax):
    return next(text for text in ax.texts if text.xyann == (0, 8)).get_text()


def lines(ax):
    """Line, markers, and the two kinds of rings, forward and back."""
    return ax.lines[-8:-4], ax.lines[-4:]


def test_markers_are_means_laws_are_dashed_and_rings_say_where_they_part(result):
    ax = figures.plot_variances(result).ax
    forward, back = lines(ax)
    for (law, means, off, perhaps), part in (
        (forward, result.pre_activations),
        (back, result.errors),
    ):
        np.testing.assert_array_equal(law.get_xydata().T, [[1, 2, 3], part.law])
        np.testing.assert_array_equal(means.get_xydata().T, [[1, 2, 3], part.mean])
        assert law.is_dashed()
        assert off.get_color() != perhaps.get_color()
    assert [ring.get_xdata().tolist() for ring in forward[2:]] == [[2], []]
    assert [ring.get_xdata().tolist() for ring in back[2:]] == [[], [3]]
    assert back[3].get_ydata().tolist() == [result.errors.mean[2]]
    assert forward[1].get_marker() != back[1].get_marker()
    assert second_line(ax) == "clearly over 10 % off the law: 1 forward, 0 back"


def test_bands_reach_from_the_tenth_to_the_ninetieth_percentile(result):
    ax = figures.plot_variances(result).ax
    ends = ax.collections[1].get_paths()[0].vertices
    last = ends[ends[:, 0] == 3][:, 1]
    low, high = np.percentile([0.5, 0.8, 2.3], (10, 90))
    assert (last.min(), last.max()) == pytest.approx((low, high))


def test_what_lies_beyond_the_ruler_is_written_beside_an_arrow(result):
    far = replace(
        result,
        pre_activations=compared([[1e6, 1, 1]], [1, 1, 1]),
        errors=compared([[0, 1e-9, 1]], [0, 1, 1]),
    )
    shown = words(figures.plot_variances(far).ax)
    assert {"forward: z ↑ 1·10⁶", "back: error ↓ 0"} <= set(shown)
    assert {"forward: z", "back: error"} <= set(words(figures.plot_variances(result).ax))


def test_no_variance_at_all_is_drawn_without_a_hitch(result, assert_finite):
    nothing = compared(np.zeros((3, 3)), np.zeros(3))
    drawn = figures.plot_variances(replace(result, pre_activations=nothing, errors=nothing))
    drawn.png()
    assert_finite(drawn)
    assert second_line(drawn.ax) == "clearly over 10 % off the law: 0 forward, 0 back"


def test_blocks_are_counted_from_what_enters_the_first(residual):
    ax = figures.plot_residual(residual).ax
    summed, alone = lines(ax)
    np.testing.assert_array_equal(summed[1].get_xydata().T, [[0, 1, 2], [2, 4, 8]])
    np.testing.assert_array_equal(summed[0].get_xydata().T, [[0, 1, 2], [2, 4, 8]])
    np.testing.assert_array_equal(alone[1].get_ydata(), [2, 2, 2])
    assert ax.get_xticks()[0] == 0
    assert ax.get_xlim()[0] < 0
    assert second_line(ax) == "variance × 2.00 per block, correlation with the input 0.50"
    assert {"x + block", "without x +"} <= set(words(ax))


def simulated(**settings):
    examples = type("Examples", (), {"X": np.eye(4), "y": np.arange(4)})
    return simulations.simulate_variances(examples, **{"draws": 5} | settings)


@pytest.mark.parametrize("gain", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("depth", [1, 12])
def test_nothing_is_cut_off_and_names_stay_clear_of_the_note(gain, depth):
    plot = partial(figures.plot_variances, most_layers=12)
    drawn = figures.compose("A", {"A": plot}, size=(6.0, 4.2))(
        simulated(units=(20,) * depth, activation="relu", gain=gain)
    )
    drawn.frame()
    box = drawn.figure.get_tightbbox()
    assert 0 <= box.x0 < box.x1 <= 6.0
    assert 0 <= box.y0 < box.y1 <= 4.2
    (ax,) = drawn.figure.axes
    note = next(text for text in ax.texts if text.get_text().startswith("ring"))
    last_tick = ax.get_xticklabels()[-1]
    assert note.get_window_extent().x0 > last_tick.get_window_extent().x1
    names = [text for text in ax.texts if text.get_text().startswith(("forward", "back"))]
    for name in names:
        assert name.get_window_extent().y0 >= note.get_window_extent().y1


def test_a_second_line_fits_above_a_small_picture(result):
    drawn = figures.small_multiples(figures.plot_variances, {"one": result, "two": result})
    drawn.frame()
    first, second = drawn.figure.axes
    line = next(text for text in first.texts if text.xyann == (0, 8))
    assert line.get_window_extent().x1 < second.bbox.x0
