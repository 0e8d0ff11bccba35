"""Pictures in the plane of the data and of the learned features."""

import numpy as np
import pytest
from looking import words
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex

from nnhelpers import datasets, figures
from nnhelpers.figures import style

# Two units: h0 = max(x0, 0), h1 = max(x1, 0); the answer changes where h0 + h1 = 1.
KERNELS, BIASES = [np.eye(2), [[1.0], [1.0]]], [[0, 0], [-1]]


def points(ax):
    found = (child for child in ax.collections if isinstance(child, PathCollection))
    return [np.asarray(child.get_offsets()) for child in found]


def test_each_class_has_its_points_colour_marker_and_name(circles):
    ax = figures.plot_dataset(circles).ax
    inner, outer = points(ax)
    np.testing.assert_array_equal(inner, circles.X[circles.y == 0])
    np.testing.assert_array_equal(outer, circles.X[circles.y == 1])
    first, second = ax.collections
    assert to_hex(first.get_facecolor()[0]) != to_hex(second.get_facecolor()[0])
    shapes = [collection.get_paths()[0].vertices for collection in (first, second)]
    assert shapes[0].shape != shapes[1].shape
    named = [text.get_text() for text in ax.get_legend().get_texts()]
    assert named == ["inner disc", "outer ring"]
    assert "166 examples around (0.1, 0)" in words(ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x₁", "x₂")


@pytest.mark.parametrize("offset", [0, 10, (0, 50)], ids=str)
def test_the_frame_follows_the_data_and_keeps_its_scale(offset, circles):
    moved = datasets.shift(circles, offset)
    ax = figures.plot_dataset(moved).ax
    for limits, column in zip((ax.get_xlim(), ax.get_ylim()), moved.X.T, strict=True):
        assert limits[0] < column.min()
        assert column.max() < limits[1]
        assert np.ptp(limits) == pytest.approx(np.ptp(ax.get_xlim()))
        assert np.ptp(limits) < 10
    assert ax.get_aspect() == 1


def test_data_that_are_not_flat_are_refused():
    digits = datasets.load_digits()
    with pytest.raises(ValueError, match="two features and at most two classes, got 64 and 10"):
        figures.plot_dataset(digits)


def test_the_boundary_is_where_the_answer_changes(snapshot_of):
    snapshot = snapshot_of(KERNELS, BIASES)
    ax = figures.plot_decision_boundary(snapshot).ax
    folds, lines = [child for child in ax.collections if isinstance(child, LineCollection)]
    (line,) = lines.get_segments()
    for fold, (weight, bias) in zip(
        folds.get_segments(), zip(np.transpose(KERNELS[0]), BIASES[0], strict=True), strict=True
    ):
        np.testing.assert_allclose(fold @ weight + bias, 0, atol=1e-9)
    # The level set is read off a grid; its curve bends only where an edge of the ReLU passes.
    cell = np.ptp(ax.get_xlim()) / 120
    off = np.abs(np.maximum(line, 0).sum(axis=1) - 1)
    assert off.max() <= cell
    shades = np.asarray(ax.images[0].get_array())
    np.testing.assert_array_equal(shades, snapshot.response().probability)
    left, right, bottom, top = ax.images[0].get_extent()
    assert (ax.get_xlim(), ax.get_ylim()) == ((left, right), (bottom, top))


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_diverged_network_has_no_boundary_no_answer_and_no_features(snapshot_of, broken):
    snapshot = snapshot_of([np.full((2, 2), broken), np.ones((2, 1))], BIASES, loss=np.nan)
    drawn = figures.plot_decision_boundary(snapshot)
    folds, lines = [child for child in drawn.ax.collections if isinstance(child, LineCollection)]
    assert len(folds.get_segments()) == len(lines.get_segments()) == 0
    assert np.unique(np.asarray(drawn.ax.images[0].get_array())).tolist() == [0.5]
    # One that had learned before leaves nothing behind.
    features = figures.plot_feature_space(snapshot_of(KERNELS, BIASES))
    features.update(snapshot)
    assert sum(len(group) for group in points(features.ax)) == 0
    assert len(features.ax.lines[0].get_xdata()) == 0
    for each in (drawn, features):
        assert any(word.startswith("diverged") for word in words(each.ax))
        assert "diverged" in each.summary
        each.frame()


def test_two_units_are_the_axes_of_the_feature_space(snapshot_of):
    snapshot = snapshot_of(KERNELS, BIASES)
    ax = figures.plot_feature_space(snapshot).ax
    for group, label in zip(points(ax), (0, 1), strict=True):
        np.testing.assert_array_equal(
            group, np.maximum(snapshot.dataset.X[snapshot.dataset.y == label], 0)
        )
    ends = np.column_stack(ax.lines[0].get_data())
    np.testing.assert_allclose(ends.sum(axis=1), 1, atol=1e-12)
    low, high = ax.get_xlim()
    assert (ends.min(axis=0) < low).all()
    assert (ends.max(axis=0) > high).all()


def test_more_units_are_seen_along_the_boundary(snapshot_of):
    rng = np.random.default_rng(0)
    snapshot = snapshot_of([rng.normal(size=(2, 5)), rng.normal(size=(5, 1))], [[0.5] * 5, [0.3]])
    ax = figures.plot_feature_space(snapshot).ax
    logits = snapshot.forward.logits[:, 0]
    length = np.linalg.norm(snapshot.weights.kernels[-1])
    for group, label in zip(points(ax), (0, 1), strict=True):
        expected = logits[snapshot.dataset.y == label] / length
        np.testing.assert_allclose(group[:, 0], expected, atol=1e-12)
    assert ax.lines[0].get_xdata().tolist() == [0, 0]
    everything = np.abs(np.concatenate(points(ax)))
    assert everything[:, 0].max() <= ax.get_xlim()[1] * 1.001
    assert everything[:, 1].max() <= ax.get_ylim()[1] * 1.001


def test_features_that_all_look_the_same_are_said_to(snapshot_of):
    snapshot = snapshot_of(KERNELS, [[-100, -100], [-1]])
    ax = figures.plot_feature_space(snapshot).ax
    assert "every example looks the same" in words(ax)
    assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()


@pytest.mark.parametrize("units", [1, 2, 3])
def test_a_network_without_weights_has_a_feature_space(units, snapshot_of, assert_finite):
    snapshot = snapshot_of([np.zeros((2, units)), np.zeros((units, 1))], [[0] * units, [0]])
    drawn = figures.plot_feature_space(snapshot)
    assert_finite(drawn)
    drawn.frame()


def test_logistic_regression_has_no_feature_space(snapshot_of):
    with pytest.raises(ValueError, match="snapshot must have a hidden layer, got none"):
        figures.plot_feature_space(snapshot_of([[[1.0], [-1.0]]], [[0.0]]))


@pytest.mark.parametrize("index", [0, 2, 165])
def test_the_bold_example_has_the_colour_and_marker_of_its_class(index, trained):
    snapshot = trained.run.snapshot()
    dataset = snapshot.dataset
    ax = figures.plot_example(snapshot.example(index)).ax
    *classes, bold = ax.collections
    label = dataset.y[index]
    np.testing.assert_array_equal(bold.get_offsets(), [dataset.X[index]])
    assert to_hex(bold.get_facecolor()[0]) == style.CLASS_STYLES[label].color
    ours, theirs = (each.get_paths()[0].vertices.shape for each in (bold, classes[label]))
    assert ours == theirs
    assert f"number {index}: {dataset.class_names[label]}" in words(ax)
