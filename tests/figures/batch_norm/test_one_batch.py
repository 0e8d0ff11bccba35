"""Pictures of what batch norm does to a batch, and of which numbers share a mean."""

import numpy as np
import pytest
from looking import assert_words_apart, words
from matplotlib.collections import LineCollection

from nnhelpers import figures, measures, simulations
from nnhelpers.simulations import UnitBatch


def plot(data, **settings):
    result = simulations.simulate_batch_norm(data, **settings)
    return figures.plot_normalized_batch(result), result


def lines(ax, marker):
    return [line for line in ax.lines if line.get_marker() == marker]


def test_every_step_has_its_dots_under_a_bar_of_one_spread_to_either_side_of_the_mean():
    drawn, result = plot([1.0, 2.0, 6.0], gamma=-2.0, beta=1.0)
    steps = (result.values, result.normalized, result.outputs)
    rows, means = lines(drawn.ax, "o"), lines(drawn.ax, "D")
    bars = [line for line in drawn.ax.lines if len(line.get_xdata()) == 6]
    for row, bar, diamond, numbers in zip(rows, bars, means, steps, strict=True):
        np.testing.assert_array_equal(row.get_xdata(), numbers)
        assert np.ptp(bar.get_xdata()) == pytest.approx(2 * numbers.std())
        assert np.mean(bar.get_xdata()) == pytest.approx(numbers.mean(), abs=1e-12)
        assert diamond.get_xdata()[0] == pytest.approx(numbers.mean(), abs=1e-12)
    heights = [row.get_ydata()[0] for row in rows]
    assert heights == sorted(heights, reverse=True)
    assert {"mean 3.00, std 2.16", "mean 1.00, std 2.00"} <= set(words(drawn.ax))


def test_a_thread_follows_each_number_through_the_three_rows():
    def threads(drawn):
        (found,) = (part for part in drawn.ax.collections if isinstance(part, LineCollection))
        return np.array([segment[:, 0] for segment in found.get_segments()])

    drawn, result = plot([1.0, 2.0, 6.0], gamma=-2.0)
    steps = (result.values, result.normalized, result.outputs)
    np.testing.assert_allclose(threads(drawn), np.column_stack(steps))
    assert len(threads(plot(UnitBatch(n_examples=256))[0])) == 48


def test_what_lies_beyond_the_ruler_is_counted():
    drawn, _ = plot([-30.0, -20.0, 12.0, 3.0])
    assert {"← 2", "1 →"} <= set(words(drawn.ax))
    drawn, _ = plot([1.0, 2.0])
    assert not any("←" in text or "→" in text for text in words(drawn.ax))


def test_the_second_line_says_the_law():
    drawn, _ = plot([1.0, 5.0], gamma=-3.0, beta=-0.5, epsilon=1e-5)
    assert words(drawn.ax)[0] == (
        "γ = −3, β = −0.5, ε = 0.00001: std becomes |γ| √(variance / (variance + ε)) = 3.00"
    )
    drawn, _ = plot(UnitBatch(std=0.0))
    assert words(drawn.ax)[0].endswith("= 0")


@pytest.mark.parametrize("center", [-6.0, 0.0, 6.0])
def test_words_stay_apart_and_inside(center):
    drawn, _ = plot(UnitBatch(n_examples=256, center=center, std=3.0), gamma=3.0, beta=center)
    # The first is the second line of the title.
    assert_words_apart(drawn.ax, drawn.ax.texts[1:])


def groups_of(kind, **sizes):
    sizes = {"n_examples": 4, "n_positions": 4, "n_channels": 6} | sizes
    n_groups = 2 if kind == measures.GROUP else None
    return measures.normalization_groups(kind, n_groups=n_groups, **sizes)


def squares(ax):
    """Middles of the plain and of the hatched squares, of shape (squares, 2)."""
    plain, hatched = ax.collections
    assert not plain.get_hatch()
    assert hatched.get_hatch()
    return [
        np.array([path.vertices[:4].mean(axis=0) for path in part.get_paths()])
        for part in (plain, hatched)
    ]


@pytest.mark.parametrize("kind", measures.NORMALIZATIONS)
def test_as_many_squares_are_hatched_as_share_a_mean(kind):
    groups = groups_of(kind)
    plain, hatched = squares(figures.plot_normalization_axes(groups).ax)
    assert len(hatched) == groups.size
    assert len(plain) + len(hatched) == groups.number.size
    together = np.concatenate([plain, hatched])
    assert len(np.unique(together.round(9), axis=0)) == groups.number.size


@pytest.mark.parametrize(
    ("kind", "examples", "channels"),
    [
        (measures.BATCH, {0, 1, 2, 3}, {1}),
        (measures.LAYER, {1}, set(range(6))),
        (measures.GROUP, {1}, {0, 1, 2}),
        (measures.INSTANCE, {1}, {1}),
    ],
)
def test_hatched_squares_stand_in_the_rows_and_columns_of_their_kind(kind, examples, channels):
    ax = figures.plot_normalization_axes(groups_of(kind)).ax
    hatched = squares(ax)[1]
    assert set(hatched[:, 1].round().astype(int)) == examples
    assert set(hatched[:, 0].round().astype(int)) == channels
    dot = ax.lines[0].get_xydata()[0]
    assert np.abs(hatched - dot).max(axis=1).min() < 1e-9


def test_a_dense_layers_example_has_one_square_for_each_unit():
    plain, hatched = squares(
        figures.plot_normalization_axes(groups_of(measures.BATCH, n_positions=1)).ax
    )
    np.testing.assert_allclose(hatched, [[1, 0], [1, 1], [1, 2], [1, 3]], atol=1e-12)
    assert len(plain) == 20


def test_second_lines_of_kinds_side_by_side_stay_apart():
    every = {kind: groups_of(kind) for kind in measures.NORMALIZATIONS}
    drawn = figures.small_multiples(figures.plot_normalization_axes, every, size=(3.4, 3.2))
    seconds = [ax.texts[0] for ax in drawn.figure.axes]
    assert seconds[0].get_text() == "batch norm: one mean for 16 of 96"
    assert_words_apart(drawn.figure.axes[0], seconds)


def test_more_than_can_be_told_apart_is_refused():
    with pytest.raises(ValueError, match=r"groups must have 12 of each at most, got \(13, 4, 6\)"):
        figures.plot_normalization_axes(groups_of(measures.BATCH, n_examples=13))
