"""Many networks measured by layer: what each is given, and what is refused."""

import importlib
from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import networks
from nnhelpers.networks import MLPSpec

SPEC = MLPSpec(units=(5, 3), activation="tanh", kernel_initializer="he_normal", n_outputs=3)
NORMALIZED = replace(SPEC, batch_normalization=True)
X = np.random.default_rng(0).standard_normal((8, 4))
Y = np.arange(8) % 3
STD = {"std": lambda passed: [values.std(axis=(-2, -1)) for values in passed.outputs]}
DELTA = {"delta": lambda passed: [np.abs(delta).max(axis=(-2, -1)) for delta in passed.deltas]}


def drawn(spec=SPEC, **settings):
    return networks.draw(spec, **{"n_features": 4, "draws": 7} | settings)


def measure(weights, by_layer=STD, *, X=X, **settings):
    return networks.measure(X, weights, activation="tanh", by_layer=by_layer, **settings)


@pytest.mark.parametrize("spec", [SPEC, NORMALIZED], ids=["plain", "batch norm"])
@pytest.mark.parametrize("y", [None, Y], ids=["forward", "back"])
def test_each_network_is_measured_as_it_is_alone_whatever_the_block(spec, y, monkeypatch):
    weights = drawn(spec)
    by_layer = STD if y is None else DELTA
    monkeypatch.setattr(importlib.import_module("nnhelpers.networks.measure"), "_BLOCK", 8 * 8 * 3)
    (found,) = measure(weights, by_layer, y=y).values()
    assert found.shape == (7, 2)
    for network in range(7):
        if y is not None:
            alone = networks.backward_pass(X, y, weights[network], activation="tanh")
        else:
            alone = networks.batch_pass(X, weights[network], activation="tanh").forward
        (read,) = by_layer.values()
        np.testing.assert_allclose(found[network], read(alone), rtol=1e-9)


def test_each_network_may_have_examples_of_its_own(monkeypatch):
    monkeypatch.setattr(importlib.import_module("nnhelpers.networks.measure"), "_BLOCK", 1)
    own, weights = np.random.default_rng(1).standard_normal((7, 8, 4)), drawn()
    found = measure(weights, X=own)["std"]
    for network in (0, 6):
        alone = measure(weights[[network]], X=own[network])["std"]
        np.testing.assert_allclose(found[[network]], alone, rtol=1e-12)


def test_what_is_measured_may_have_any_shape():
    by_unit = {"mean": lambda passed: [z[..., :3].mean(axis=-2) for z in passed.pre_activations]}
    assert measure(drawn(), by_unit)["mean"].shape == (7, 2, 3)


def test_layers_may_have_activations_of_their_own():
    weights = drawn()
    found = networks.measure(X, weights, activation=("tanh", "relu"), by_layer=STD)["std"]
    last = np.maximum(networks.forward_pass(X, weights, activation="tanh").pre_activations[1], 0)
    np.testing.assert_allclose(found[:, 1], last.std(axis=(1, 2)), rtol=1e-12)


def test_what_entered_batch_norm_can_be_measured():
    entered = {"mean": lambda passed: [z.mean(axis=(-2, -1)) for z in passed.entered]}
    found = measure(drawn(NORMALIZED), entered)["mean"]
    np.testing.assert_allclose(
        found[:, 0], (X @ drawn(NORMALIZED).kernels[0]).mean(axis=(1, 2)), atol=1e-12
    )


def broken(value):
    return drawn().map(lambda array: np.where(array == array.flat[0], value, array))


REFUSED = [
    (lambda: measure(drawn(), X=X[0]), "X must have shape .* or \\(7, n_exa.*got \\(4,"),
    (lambda: measure(drawn(), X=np.stack([X, X])), "X must have shape .*, got \\(2, 8, 4\\)"),
    (lambda: measure(drawn(), X=X[:0]), "X must have shape .*, got \\(0, 4\\)"),
    (lambda: measure(drawn(), X=np.full((3, 4), np.inf)), "X must hold finite numbers"),
    (lambda: measure(drawn(), X=np.full((3, 4), "1")), "X must hold numbers"),
    (lambda: measure(drawn(), X=X[:, :3]), "X must have 4 features"),
    (lambda: measure(drawn(NORMALIZED), X=X[:1]), "X must hold at least two examples"),
    (lambda: measure(drawn()[0]), "weights must have a leading axis of draws"),
    (lambda: measure(drawn()[:0]), "weights must have a leading axis of draws"),
    (lambda: measure(drawn(MLPSpec(units=()))), "weights must have at least one hidden layer's"),
    (lambda: measure(broken(np.nan)), "weights must be finite"),
    (lambda: measure(broken(-np.inf)), "weights must be finite"),
    (lambda: measure(drawn(), DELTA, y=Y[1:]), "y must hold one class for each"),
    (lambda: measure(drawn(), DELTA, y=Y + 1), "y must hold classes 0 to 2"),
    (
        lambda: networks.measure(X, drawn(gain=1e80), activation="relu", by_layer=STD),
        "weights must keep all numbers of 2 layers below 1e\\+150",
    ),
    (
        lambda: networks.measure(X, drawn(), activation=("relu",), by_layer=STD),
        "activation must be one for all or one for each of 2 hidden layers, got 1",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_measured_is_refused_by_name(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()


def test_batch_norm_may_work_as_in_inference():
    weights = drawn(NORMALIZED)
    passed = networks.forward_pass(X, weights, activation="tanh")
    expected = np.stack([values.std(axis=(1, 2)) for values in passed.outputs], axis=1)
    np.testing.assert_allclose(measure(weights, training=False)["std"], expected, rtol=1e-12)
    assert np.abs(measure(weights)["std"] - expected).max() > 0.01
