"""Pictures of what other examples do to one: measured markers over the laws."""

import itertools

import numpy as np
import pytest
from looking import assert_words_apart, words

from nnhelpers import figures, measures, simulations


@pytest.fixture(scope="module")
def result():
    return simulations.simulate_batch_noise((0.0, 2.0, -2.0), batch_sizes=(2, 8, 64), batches=60)


def test_markers_are_measured_lines_exact_and_dashes_the_law_of_large_batches(result):
    ax = figures.plot_batch_noise(result).ax
    for number in range(3):
        large, (law, dots) = ax.lines[number], ax.lines[3 + 2 * number : 5 + 2 * number]
        np.testing.assert_array_equal(dots.get_ydata(), result.std()[:, number])
        np.testing.assert_array_equal(law.get_ydata(), result.law_std[:, number])
        expected = np.sqrt((1 + result.values[number] ** 2 / 2) / result.batch_sizes)
        np.testing.assert_allclose(large.get_ydata(), expected)
        assert large.is_dashed()
        assert not law.is_dashed()
        assert law.get_color() == large.get_color() == dots.get_color()
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["exact law", "large batches: √((1 + x²/2) / m)"]


def test_layer_norm_and_group_norm_are_crosses_at_0(result):
    ax = figures.plot_batch_noise(result).ax
    (crosses,) = (line for line in ax.lines if line.get_marker() == "x")
    np.testing.assert_array_equal(crosses.get_xydata(), [[2, 0], [8, 0], [64, 0]])
    assert "layer norm, group norm" in words(ax)


def test_values_of_equal_spread_have_names_apart_and_inside(result):
    ax = figures.plot_batch_noise(result).ax
    names = [text for text in ax.texts if text.get_text().startswith("x = ")][1:]
    assert len(names) == 3  # the first was the second line
    assert_words_apart(ax, names)
    assert all(name.get_window_extent().x0 >= ax.bbox.x0 for name in names)


def test_each_value_has_a_strip_of_fifty_dots_in_each_column(result):
    ax = figures.plot_example_in_batches(result).ax
    strips = [line for line in ax.lines if line.get_marker() in "osD"]
    assert len(strips) == 3
    for number, strip in enumerate(strips):
        places, heights = strip.get_xdata().reshape(5, 50), strip.get_ydata().reshape(5, 50)
        np.testing.assert_array_equal(places.mean(axis=1).round(), np.arange(5))
        batch = result.normalized[measures.BATCH][:, :50, number]
        np.testing.assert_array_equal(heights[:3], batch)
        for row, kind in ((3, measures.LAYER), (4, measures.GROUP)):
            assert set(heights[row]) == set(result.normalized[kind][-1, :, number])
    ends = [(strip.get_xdata()[:50].min(), strip.get_xdata()[:50].max()) for strip in strips]
    assert all(left[1] < right[0] for left, right in itertools.pairwise(ends))


def test_dashes_stand_at_the_exact_means_and_short_lines_at_the_root_of_the_others(result):
    ax = figures.plot_example_in_batches(result).ax
    *laws, limits = (line for line in ax.lines if line.get_marker() == "_")
    roots = np.sqrt([1, 7, 63])
    np.testing.assert_allclose(limits.get_ydata(), [*-roots, *roots])
    assert len(laws) == 3
    for number, law in enumerate(laws):
        np.testing.assert_array_equal(law.get_ydata(), result.law_mean[:, number])


def test_the_ruler_reaches_four_and_further_only_for_what_is_further_out(result):
    assert figures.plot_example_in_batches(result).ax.get_ylim() == (-4, 4)
    far = simulations.simulate_batch_noise((-6.0,), batch_sizes=(2,), batches=2)
    assert figures.plot_example_in_batches(far).ax.get_ylim() == pytest.approx((-7.2, 7.2))


@pytest.mark.parametrize("name", ["plot_batch_noise", "plot_example_in_batches"])
def test_more_values_than_can_be_told_apart_are_refused(name):
    many = simulations.simulate_batch_noise(range(6), batch_sizes=(2,), batches=2)
    with pytest.raises(ValueError, match="result must have 5 values at most"):
        getattr(figures, name)(many)
