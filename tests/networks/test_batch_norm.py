"""The description of batch norm, and what it refuses."""

import pytest

from nnhelpers.models import BatchNorm, MLPSpec


def test_it_stands_behind_every_layer_unless_told():
    assert MLPSpec(units=(4, 4, 4), batch_normalization=True).normalized_layers == (0, 1, 2)
    assert MLPSpec(units=(4, 4, 4)).normalized_layers == ()
    assert MLPSpec(units=(), batch_normalization=True).normalized_layers == ()


def test_its_layers_are_sorted_and_named_once():
    spec = MLPSpec(units=(4, 4, 4), batch_normalization=BatchNorm(layers=[2, 0, 2]))
    assert spec.normalized_layers == (0, 2)
    assert MLPSpec(units=(4,), batch_normalization=BatchNorm(layers=0)).normalized_layers == (0,)


def test_it_replaces_a_bias_only_in_front_of_the_activation():
    layers = (1,)
    before, behind = (BatchNorm(layers=layers, after_activation=place) for place in (False, True))
    assert MLPSpec(units=(4, 4), batch_normalization=before).layers_without_bias == layers
    assert MLPSpec(units=(4, 4), batch_normalization=behind).layers_without_bias == ()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"momentum": 1.0}, ValueError, r"momentum must lie in \[0, 1\), got 1.0"),
        ({"momentum": -0.1}, ValueError, r"momentum must lie in \[0, 1\), got -0.1"),
        ({"momentum": float("nan")}, ValueError, r"momentum must lie in \[0, 1\), got nan"),
        ({"epsilon": 0.0}, ValueError, "epsilon must be positive and finite, got 0.0"),
        ({"epsilon": -1e-3}, ValueError, "epsilon must be positive and finite, got -0.001"),
        ({"epsilon": float("inf")}, ValueError, "epsilon must be positive and finite, got inf"),
        ({"after_activation": 1}, TypeError, "after_activation must be True or False, got 1"),
        ({"layers": (-1,)}, ValueError, "layers must count from 0, got -1"),
        ({"layers": ()}, ValueError, "layers must name at least one layer, got none"),
        ({"layers": (1.0,)}, TypeError, "layers must be whole numbers, got 1.0"),
        ({"layers": "all"}, TypeError, "layers must be whole numbers, got 'a'"),
    ],
    ids=str,
)
def test_a_bad_number_is_named_with_what_was_received(arguments, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        BatchNorm(**arguments)


def test_a_layer_that_does_not_exist_is_refused():
    message = r"^batch_normalization.layers must be hidden layers, 0 to 3, got \(2, 4\)$"
    with pytest.raises(ValueError, match=message):
        MLPSpec(units=(5, 5, 5, 5), batch_normalization=BatchNorm(layers=(2, 4)))
