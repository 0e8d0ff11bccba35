"""The panel of batch norm layer by layer: its captions hold, seed by seed."""

import numpy as np
import pytest

PANEL, SEEDS = "explore_normalized_layers", 5


def near_an_end(result):
    """Share of each layer's outputs in the outermost tenth of the ruler, at either end."""
    tenth = len(result.edges) // 10
    return result.shares[:, :tenth].sum(axis=1) + result.shares[:, -tenth:].sum(axis=1)


def spread(result):
    return np.median(result.std, axis=0)


@pytest.mark.parametrize(
    ("choice", "layers"),
    [
        ("none", []),
        ("every", [1, 2, 3, 4, 5]),
        ("every second", [2, 4]),
        ("the last", [5]),
        ("the third", [3]),
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_choice_puts_batch_norm_where_it_says(panel, choice, layers, place):
    panel.show_scene(0)
    for name, value in {"layers": choice, "place": place, "depth": 5}.items():
        panel.controls[name].value = value
    result = panel.result
    assert [layer + 1 for layer in result.spec.normalized_layers] == layers
    assert result.place == (place if layers else "")


def test_without_batch_norm_more_than_half_of_all_sigmoids_lie_near_an_end(shown):
    for result in shown("weights far too large"):
        assert (near_an_end(result) > 0.5).all()
        assert (result.activation, result.initializer) == ("sigmoid", "N(0, 1)")


def test_with_batch_norm_two_or_three_in_a_hundred_do(shown):
    for result in shown("too large, with batch norm"):
        assert ((near_an_end(result) > 0.015) & (near_an_end(result) < 0.035)).all()


def test_the_usual_start_leaves_a_quarter_from_layer_to_layer(shown):
    for result in shown("the usual start"):
        left = np.median(result.unit_std, axis=0)
        assert ((left[1:] > 0.2 * left[:-1]) & (left[1:] < 0.3 * left[:-1])).all()
        assert result.initializer == "glorot_uniform"


def test_with_batch_norm_the_last_layer_tells_as_much_as_the_first(shown):
    for result in shown("batch norm in every layer"):
        left = np.median(result.unit_std, axis=0)
        assert 0.9 < left[-1] / left[0] < 1.1


def test_far_too_small_weights_leave_less_than_a_tenth_from_layer_to_layer(shown):
    for result in shown("weights far too small"):
        assert (spread(result)[1:] < 0.1 * spread(result)[:-1]).all()
        assert (result.depth, result.initializer) == (10, "N(0, 0.01²)")


def test_with_batch_norm_every_layer_keeps_a_spread(shown):
    for result in shown("too small, with batch norm"):
        assert ((spread(result) > 0.5) & (spread(result) < 0.65)).all()
        assert (result.depth, result.initializer) == (10, "N(0, 0.01²)")
