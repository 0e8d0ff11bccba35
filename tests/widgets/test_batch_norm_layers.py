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
    for result in shown("the article's start"):
        assert (near_an_end(result) > 0.5).all()
        assert (result.activation, result.initializer) == ("sigmoid", "N(0, 1)")


def test_with_batch_norm_two_or_three_in_a_hundred_do(shown):
    for result in shown("batch norm in every layer"):
        assert ((near_an_end(result) > 0.015) & (near_an_end(result) < 0.035)).all()


def test_in_the_third_layer_alone_it_heals_no_other(shown):
    for result in shown("in the third layer alone"):
        near = near_an_end(result)
        assert near[2] < 0.05
        assert (near[[0, 1, 3]] > 0.5).all()


def test_far_too_small_weights_leave_less_than_a_tenth_from_layer_to_layer(shown):
    for result in shown("weights far too small"):
        assert (spread(result)[1:] < 0.1 * spread(result)[:-1]).all()
        assert (result.depth, result.initializer) == (10, "N(0, 0.01²)")


def test_with_batch_norm_every_layer_keeps_a_spread(shown):
    for result in shown("too small, with batch norm"):
        assert ((spread(result) > 0.5) & (spread(result) < 0.65)).all()
        assert (result.depth, result.initializer) == (10, "N(0, 0.01²)")
