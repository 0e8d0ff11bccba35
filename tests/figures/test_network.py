"""Network diagrams, looked at line by line and node by node."""

import numpy as np
import pytest
from looking import words
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from nnhelpers import figures
from nnhelpers.figures import style

# Units of two features: one active on no circle point, one on all, two on some.
KERNELS = [[[1, 1, 2, -4], [0, 1, 0, 0]]], [[[1], [-2], [0], [3]]]
BIASES = [-100, 100, 0, 0], [0.5]


@pytest.fixture
def snapshot(snapshot_of):
    return snapshot_of([KERNELS[0][0], KERNELS[1][0]], BIASES)


def weight_lines(ax):
    return [child for child in ax.collections if isinstance(child, LineCollection)]


def nodes(ax):
    return ax.collections[-1]


def test_sign_is_colour_and_dash_and_size_is_width(snapshot):
    positive, negative = weight_lines(figures.plot_network(snapshot).ax)
    assert to_hex(positive.get_color()[0]) != to_hex(negative.get_color()[0])
    assert positive.get_linestyle() != negative.get_linestyle()
    # Of the first layer 1, 1, 2 and 1, of the second 1 and 3: each by the layer's largest.
    widths = np.sort(positive.get_linewidths()) / 6
    np.testing.assert_allclose(widths, [1 / 4, 1 / 4, 1 / 4, 1 / 3, 1 / 2, 1])
    np.testing.assert_allclose(np.sort(negative.get_linewidths()) / 6, [2 / 3, 1])


def test_a_weight_joins_its_two_nodes(snapshot):
    ax = figures.plot_network(snapshot).ax
    *_, output = places = np.asarray(nodes(ax).get_offsets())
    first, second, *hidden = places[:-1]
    _, negative = weight_lines(ax)
    segments = [segment.tolist() for segment in negative.get_segments()]
    assert [first.tolist(), hidden[3].tolist()] in segments
    assert [hidden[1].tolist(), output.tolist()] in segments
    assert second[0] == first[0] < hidden[0][0] < output[0]


def test_hidden_units_carry_their_active_fraction_in_the_ink_of_their_status(snapshot):
    ax = figures.plot_network(snapshot).ax
    (fractions,) = snapshot.active_fraction
    assert fractions[:2].tolist() == [0, 1]
    shown = [text for text in ax.texts if text.get_text().endswith("%")]
    assert [text.get_text() for text in shown] == [f"{share:.0%}" for share in fractions]
    dead, always, *splitting = [text.get_color() for text in shown]
    assert dead == style.STATUS_COLORS["dead"]
    assert always == style.STATUS_COLORS["always active"]
    assert set(splitting) == {style.STATUS_COLORS["splitting"]}
    assert "2 splitting    1 dead    1 always active" in words(ax)


@pytest.mark.parametrize("answer", [0, 1])
def test_active_units_are_filled_and_the_answer_wears_its_class(trained, answer):
    snapshot = trained.run.snapshot()
    probability = np.array([snapshot.example(i).probability for i in range(166)])
    closest = np.where((probability > 0.5) == answer, np.abs(probability - 0.5), 1).argmin()
    view = snapshot.example(closest)
    ax = figures.plot_network_activations(view).ax
    faces = [to_hex(face) for face in nodes(ax).get_facecolor()]
    (active,) = [z > 0 for z in view.pre_activations]
    expected = [to_hex(style.ACTIVE) if on else "#ffffff" for on in active]
    assert faces == ["#ffffff", "#ffffff", *expected, style.CLASS_STYLES[answer].color]
    values = [f"{value:.1f}" for value in view.activations[0]]
    assert [word for word in words(ax) if word in values] == values
    assert f"{active.sum()} of 4 units, p = {view.probability:.2f}" in words(ax)


def test_a_row_shows_on_which_examples_its_unit_is_active(snapshot):
    ax = figures.plot_activity(snapshot).ax
    shades = np.asarray(ax.images[0].get_array()).astype(bool)
    (z,) = snapshot.forward.pre_activations
    assert shades.shape == z.T.shape
    np.testing.assert_array_equal(shades.mean(axis=1), snapshot.active_fraction[0])
    assert "2 of 4 units split" in words(ax)


def test_examples_stand_in_the_order_of_their_direction(snapshot_of, circles):
    # A boundary through the data's centre makes an arc of directions: two changes on the circle.
    snapshot = snapshot_of([[[2], [1]], [[1]]], [-circles.X.mean(axis=0) @ [[2], [1]], [0]])
    (shades,) = np.asarray(figures.plot_activity(snapshot).ax.images[0].get_array())
    assert np.count_nonzero(shades != np.roll(shades, 1)) == 2


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_diverged_network_says_so_and_shows_no_active_unit_and_no_answer(snapshot_of, broken):
    snapshot = snapshot_of([np.full((2, 4), broken), np.ones((4, 1))], BIASES, loss=np.inf)
    network, example, activity = every = (
        figures.plot_network(snapshot),
        figures.plot_network_activations(snapshot.example(0)),
        figures.plot_activity(snapshot),
    )
    for drawn in every:
        assert "diverged" in words(drawn.ax)
        assert "diverged" in drawn.summary
        assert not [word for word in words(drawn.ax) if "nan" in word or "inf" in word]
        drawn.frame()
    assert {to_hex(face) for face in nodes(example.ax).get_facecolor()} == {"#ffffff"}
    assert words(network.ax).count("?") == words(example.ax).count("?") == 4
    assert not np.asarray(activity.ax.images[0].get_array()).any()
    assert "0 splitting    0 dead    0 always active" in words(network.ax)


@pytest.mark.parametrize("units", [1, 5, 16, 60])
def test_nodes_of_any_layer_fit_beside_each_other(units, snapshot_of):
    rng = np.random.default_rng(units)
    snapshot = snapshot_of(
        [rng.normal(size=(2, units)), rng.normal(size=(units, 1))], [[0] * units, [0]]
    )
    drawn = figures.compose("A", {"A": figures.plot_network}, size=(6.0, 4.0))(snapshot)
    (ax,) = drawn.figure.axes
    heights = ax.transData.transform(nodes(ax).get_offsets())[2:-1, 1] * 72 / drawn.figure.dpi
    diameter = np.sqrt(nodes(ax).get_sizes()[0])
    assert units == 1 or diameter <= np.abs(np.diff(heights)).min()


def test_a_deep_network_has_a_column_for_each_layer(snapshot_of):
    rng = np.random.default_rng(0)
    sizes = [(2, 3), (3, 4), (4, 1)]
    snapshot = snapshot_of([rng.normal(size=size) for size in sizes], [[0] * 3, [0] * 4, [0]])
    ax = figures.plot_network(snapshot).ax
    columns = np.unique(np.asarray(nodes(ax).get_offsets())[:, 0], return_counts=True)[1]
    assert columns.tolist() == [2, 3, 4, 1]
    assert figures.plot_activity(snapshot).ax.images[0].get_array().shape[0] == 7


def test_logistic_regression_is_drawn_without_a_hidden_unit(snapshot_of):
    snapshot = snapshot_of([[[1.0], [-1.0]]], [[0.0]])
    ax = figures.plot_network(snapshot).ax
    assert [word for word in words(ax) if word in ("x₁", "x₂", "p")] == ["x₁", "x₂", "p"]
    assert len(nodes(ax).get_offsets()) == 3
    with pytest.raises(ValueError, match="snapshot must have a hidden layer, got none"):
        figures.plot_activity(snapshot)


def test_a_network_without_weights_is_drawn_without_lines(snapshot_of):
    snapshot = snapshot_of([np.zeros((2, 4)), np.zeros((4, 1))], [[0] * 4, [0]])
    drawn = figures.plot_network(snapshot)
    assert not [segment for lines in weight_lines(drawn.ax) for segment in lines.get_segments()]
    drawn.frame()
