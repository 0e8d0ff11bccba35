"""The picture of which numbers share a mean: hatched squares are those of one group."""

import numpy as np
import pytest
from looking import assert_apart

from nnhelpers import figures, measures


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


def test_several_kinds_stand_side_by_side_under_their_names():
    drawn = figures.small_multiples(
        figures.plot_normalization_axes,
        {kind: groups_of(kind) for kind in measures.NORMALIZATIONS},
        size=(3.4, 3.2),
    )
    titles = [ax.get_title(loc="left") for ax in drawn.figure.axes]
    assert titles == list(measures.NORMALIZATIONS)
    drawn.frame()
    seconds = [ax.texts[0] for ax in drawn.figure.axes]
    assert seconds[0].get_text() == "batch norm: one mean for 16 of 96"
    boxes = [text.get_window_extent() for text in seconds]
    assert_apart(boxes)


def test_more_than_can_be_told_apart_is_refused():
    with pytest.raises(ValueError, match=r"groups must have 12 of each at most, got \(13, 4, 6\)"):
        figures.plot_normalization_axes(groups_of(measures.BATCH, n_examples=13))
