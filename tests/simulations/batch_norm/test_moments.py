"""The loss along its gradient and internal covariate shift, network by network and step by step."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from nnhelpers import networks
from nnhelpers.networks import BatchNorm, MLPSpec, Weights, difference, length, stepped
from nnhelpers.simulations import measure_covariate_shift, measure_landscape

EPOCHS, RATE = (0, 5), 0.3
BOTH = pytest.mark.parametrize("batch_norm", [False, BatchNorm()], ids=["plain", "batch norm"])


def moments_of(batch_norm, *, dtype=np.float64):
    """Return networks 2-4-3-1, three at each of two moments."""
    spec = MLPSpec(units=(4, 3), batch_normalization=batch_norm, bias_initializer="random_normal")
    drawn = networks.draw(spec, n_features=2, draws=6, gain=1.5)
    rng = np.random.default_rng(0)
    shaken = drawn.map(lambda array: array + 0.1 * np.abs(rng.normal(size=array.shape)))
    return shaken.map(lambda array: array.reshape(2, 3, *array.shape[1:]).astype(dtype))


def measured(measure, circles, weights, **settings):
    settings = {"activation": "tanh", "epochs": EPOCHS, "learning_rate": RATE} | settings
    return measure(circles, weights, **settings)


def landscape(circles, weights, **settings):
    return measured(measure_landscape, circles, weights, **settings)


def shift(circles, weights, **settings):
    return measured(measure_covariate_shift, circles, weights, **settings)


def one_by_one(weights, circles):
    """Yield the place, weights and gradient of each network alone."""
    for moment, network in np.ndindex(2, 3):
        one = weights[moment][network : network + 1]
        _, slope = networks.gradient(circles.X, circles.y, one, activation="tanh")
        yield (moment, network), one, slope


@BOTH
def test_losses_and_gradients_are_those_after_each_step(batch_norm, circles):
    weights = moments_of(batch_norm)
    result = landscape(circles, weights)
    assert result.factors.tolist() == [0.1, 0.2, 0.5, 1, 2, 4]
    for place, one, slope in one_by_one(weights, circles):
        changes = []
        for index, factor in enumerate(result.factors):
            there = stepped(one, slope, factor * RATE)
            loss, turned = networks.gradient(circles.X, circles.y, there, activation="tanh")
            assert result.along[place][index] == pytest.approx(loss[0], rel=1e-9)
            change = length(difference(turned, slope))[0]
            changes.append(change / (factor * RATE * length(slope)[0]))
        assert result.smoothness[place] == pytest.approx(max(changes), rel=1e-9)


def test_the_range_is_read_off_the_walk_and_without_a_gradient_nothing_is_smooth():
    balanced = SimpleNamespace(X=np.eye(2), y=np.array([0, 1]))
    result = landscape(balanced, moments_of(False).map(np.zeros_like))
    assert np.isnan(result.smoothness).all()
    along = np.array([[[0.9, 1.1], [0.5, 0.4], [1.0, 1.0]]] * 2)
    result = replace(result, along=along, smoothness=np.array([[3.0, 1.0, np.nan]] * 2))
    assert "change the loss by up to 0.1, smoothness 2 (medians)" in result.summary()


@BOTH
def test_the_shift_of_each_layer_is_that_of_steps_in_the_layers_before(batch_norm, circles):
    weights = moments_of(batch_norm, dtype=np.float32)
    result = shift(circles, weights)
    exact = weights.map(lambda array: array.astype(np.float64))
    for place, one, slope in one_by_one(exact, circles):
        moved, shares = stepped(one, slope, RATE).to_list(), []
        for index in range(2):
            layers = index + 1
            # Arrays of the layers before: a kernel and a bias each, or with batch norm five.
            first = layers * (5 if batch_norm else 2)
            there = one.with_list([*moved[:first], *one.to_list()[first:]])
            _, turned = networks.gradient(circles.X, circles.y, there, activation="tanh")
            old, new = slope.kernels[layers], turned.kernels[layers]
            shares.append(np.linalg.norm(old - new) / np.linalg.norm(old))
            cosine = np.sum(old * new) / np.linalg.norm(old) / np.linalg.norm(new)
            assert result.cosine[place][index] == pytest.approx(cosine, abs=1e-12)
        assert result.typical_change[place] == pytest.approx(np.median(shares), rel=1e-9)


def test_a_layer_that_has_no_gradient_has_no_angle_and_no_share(circles):
    result = shift(circles, moments_of(False).map(np.zeros_like), learning_rate=1.0)
    assert np.isnan(result.cosine).all()
    assert np.isnan(result.typical_change).all()


def test_the_typical_change_is_the_median_of_the_layers_that_have_a_gradient(circles):
    weights = moments_of(False)
    silent = replace(weights, kernels=(*weights.kernels[:-1], np.zeros_like(weights.kernels[-1])))
    # Nothing comes back through an output of zeros, and so nothing moves that its layer hears.
    np.testing.assert_array_equal(shift(circles, silent).typical_change, 0)


@BOTH
def test_summaries_say_which_networks(batch_norm, circles):
    said = "with batch norm" if batch_norm else "without batch norm"
    for measure in (landscape, shift):
        result = measure(circles, moments_of(batch_norm))
        assert result.batch_norm is bool(batch_norm)
        assert f"3 networks {said}:" in result.summary()


BAD_INPUT = [
    (lambda w: w, {"learning_rate": 0.0}, "learning_rate must be positive"),
    (lambda w: w, {"epochs": (0, 1, 2)}, "leading axes of 3 moments"),
    (lambda w: w[0], {}, "leading axes"),
    (lambda w: w.map(lambda array: array * np.nan), {}, "must be finite"),
]


@pytest.mark.parametrize(("change", "settings", "message"), BAD_INPUT, ids=range(4))
@pytest.mark.parametrize("measure", [landscape, shift])
def test_bad_input_is_named_with_what_is_allowed(measure, change, settings, message, circles):
    with pytest.raises(ValueError, match=message):
        measure(circles, change(moments_of(False)), **settings)


def test_a_shift_needs_a_layer_before_another(circles):
    logistic = Weights(kernels=(np.ones((2, 3, 2, 1)),), biases=(np.zeros((2, 3, 1)),))
    with pytest.raises(ValueError, match="hidden layer"):
        shift(circles, logistic)
