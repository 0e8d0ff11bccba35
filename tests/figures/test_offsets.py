"""Pictures of depth as an offset, looked at bar by bar."""

import itertools

import numpy as np
import pytest
from looking import second_line

from nnhelpers import figures, theory
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations import DepthOffset


@pytest.fixture
def network() -> DepthOffset:
    """Two layers of four units on 100 examples, by hand."""
    return DepthOffset(
        spec=MLPSpec(units=(4, 4), activation="sigmoid"),
        draws=1,
        n_examples=100,
        fraction=np.array([[[0.5, 0.52, 0.45, 0.5], [0.0, 0.3, 1.0, 1.0]]]),
        correlation=np.array([0.0, 0.8]),
    )


def written(ax):
    return [text.get_text() for text in ax.texts]


def tops(collection):
    """Lower and upper end of every box of a stack."""
    return np.array([path.get_extents().intervaly for path in collection.get_paths()])


def test_a_layer_gets_the_histogram_of_moved_data_with_its_own_law(network):
    ax = figures.plot_active_fraction(network.layer(2)).ax
    *splitting, dead, always = [bar.get_height() for bar in ax.patches]
    assert (dead, always, sum(splitting)) == (0.25, 0.5, 0.25)
    assert second_line(ax) == "layer 2, like data moved by 2.0 σ: 25% split"
    assert ax.get_legend().get_texts()[0].get_text() == "law of wide layers"


def test_the_law_over_a_layers_bars_adds_up_and_ends_in_dead_and_always_active(network):
    pmf = theory.active_examples_pmf(100, mean_over_std=2.0)
    x, y = figures.plot_active_fraction(network.layer(2)).ax.lines[0].get_data()
    np.testing.assert_allclose(y[(x < 0) | (x > 1)], pmf[[0, -1]], rtol=1e-9)
    assert y.sum() == pytest.approx(1, abs=1e-9)
    # Of 21 bars the one in the middle holds the counts 48 to 52.
    assert y[np.argmin(abs(x - 0.5))] == pytest.approx(pmf[48:53].sum(), rel=1e-9)


def test_every_layer_is_a_full_stack_of_units_by_status(network):
    ax = figures.plot_splitting_by_layer(network.layer(2)).ax
    splitting, dead, always = (tops(collection) for collection in ax.collections)
    np.testing.assert_allclose(splitting, [[0, 1], [0, 0.25]])
    np.testing.assert_allclose(dead, [[1, 1], [0.25, 0.5]])
    np.testing.assert_allclose(always, [[1, 1], [0.5, 1]])
    names = {text.get_text(): text for text in ax.texts}
    for collection, name in zip(
        ax.collections, ("splitting", "dead", "always active"), strict=True
    ):
        color = figures.style.mpl.colors.to_rgba(names[name].get_color())
        assert tuple(collection.get_facecolor()[0]) == color


def test_dashes_are_the_law_and_numbers_the_offsets(network):
    ax = figures.plot_splitting_by_layer(network.layer(2)).ax
    pmf = theory.active_examples_pmf(100, mean_over_std=2.0)
    x, y = ax.lines[0].get_data()
    np.testing.assert_array_equal(x, [1, 2])
    np.testing.assert_allclose(y, [1, 1 - pmf[0] - pmf[-1]], atol=1e-9)
    row = {
        text.get_position()[0]: text.get_text()
        for text in ax.texts
        if text.get_text() in ("0", "2.0")
    }
    assert row == {1: "0", 2: "2.0"}
    assert second_line(ax) == "sigmoid: 100% split in layer 1, 25% in layer 2"


def test_the_frame_is_around_the_layer_at_hand(network):
    drawn = figures.plot_splitting_by_layer(network.layer(1))
    (frame,) = drawn.ax.patches
    assert frame.get_x() + frame.get_width() / 2 == pytest.approx(1)
    drawn.update(network.layer(2))
    assert frame.get_x() + frame.get_width() / 2 == pytest.approx(2)
    assert frame.get_width() < 1


@pytest.mark.parametrize("depth", [1, 12, 13, 30])
def test_any_depth_keeps_its_numbers_and_names_apart(network, depth):
    repeated = DepthOffset(
        **{
            **vars(network),
            "spec": MLPSpec(units=(4,) * depth, activation="sigmoid"),
            "fraction": np.full((1, depth, 4), 0.5),
            "correlation": np.full(depth, 0.99997),
        }
    )
    ax = figures.plot_splitting_by_layer(repeated.layer(depth)).ax
    ax.figure.draw_without_rendering()
    row = [text for text in ax.texts if text.get_text() in ("10²", "as if moved by (σ)")]
    assert len(row) > min(depth, 7)
    ends = sorted((text.get_window_extent().x0, text.get_window_extent().x1) for text in row)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(ends))
    assert ends[-1][1] <= ax.figure.bbox.x1
