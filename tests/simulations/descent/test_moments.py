"""The loss along its gradient and internal covariate shift, held to steps taken by hand."""

from dataclasses import replace

import numpy as np
import pytest

from nnhelpers import networks
from nnhelpers.networks import NormWeights, Weights
from nnhelpers.simulations import measure_covariate_shift, measure_landscape

EPOCHS, RATE = (0, 5), 0.3
EPS = np.finfo(float).eps
BOTH = pytest.mark.parametrize("batch_norm", [False, True])


def moments_of(batch_norm, *, seed=0, dtype=np.float64):
    """Return networks 2-4-3-1, three at each of two moments."""
    rng = np.random.default_rng(seed)
    lead, sizes = (2, 3), [(2, 4), (4, 3), (3, 1)]

    def norm(units):
        drawn = rng.normal(size=(4, *lead, units))
        return NormWeights(
            gamma=1 + 0.1 * drawn[0], beta=drawn[1], moving_mean=drawn[2],
            moving_variance=drawn[3] ** 2,
        )  # fmt: skip

    whole = Weights(
        kernels=tuple(rng.normal(size=(*lead, *size)) for size in sizes),
        biases=tuple(
            np.zeros((*lead, units))
            if batch_norm and units > 1
            else rng.normal(size=(*lead, units))
            for _, units in sizes
        ),
        norms=tuple(norm(units) for _, units in sizes[:-1]) if batch_norm else (),
    )
    return whole.map(lambda array: array.astype(dtype))


def landscape(circles, weights, **settings):
    settings = {"activation": "tanh", "epochs": EPOCHS, "learning_rate": RATE} | settings
    return measure_landscape(circles, weights, **settings)


def shift(circles, weights, **settings):
    settings = {"activation": "tanh", "epochs": EPOCHS, "learning_rate": RATE} | settings
    return measure_covariate_shift(circles, weights, **settings)


def back(circles, weights):
    return networks.backward_pass(circles.X, circles.y, weights, activation="tanh")


def step(weights, passed, *, size, layers=3):
    """Take a step of gradient descent by hand in the first layers."""

    def moved(values, slopes):
        return tuple(
            value - size * slope if layer < layers else value
            for layer, (value, slope) in enumerate(zip(values, slopes, strict=True))
        )

    norms = tuple(
        replace(norm, gamma=norm.gamma - size * slope.gamma, beta=norm.beta - size * slope.beta)
        if layer < layers
        else norm
        for layer, (norm, slope) in enumerate(zip(weights.norms, passed.norms, strict=True))
    )
    return Weights(
        kernels=moved(weights.kernels, passed.kernels),
        biases=moved(weights.biases, passed.biases),
        norms=norms,
    )


def flat(passed):
    """Return all gradients of one network as one vector."""
    norms = [part for norm in passed.norms for part in (norm.gamma, norm.beta)]
    return np.concatenate([part.ravel() for part in (*passed.kernels, *passed.biases, *norms)])


@BOTH
def test_losses_and_gradients_are_those_after_steps_by_hand(batch_norm, circles):
    weights = moments_of(batch_norm)
    result = landscape(circles, weights, factors=(0.5, 4.0))
    for moment, network in np.ndindex(2, 3):
        one = weights[moment][network]
        here = back(circles, one)
        assert result.loss[moment, network] == pytest.approx(here.loss, rel=1e-12)
        slope = np.linalg.norm(flat(here))
        assert result.slope[moment, network] == pytest.approx(slope, rel=1e-12)
        for index, factor in enumerate((0.5, 4.0)):
            there = back(circles, step(one, here, size=factor * RATE))
            assert result.along[moment, network, index] == pytest.approx(there.loss, rel=1e-9)
            change = np.linalg.norm(flat(there) - flat(here))
            assert result.change[moment, network, index] == pytest.approx(change, rel=1e-9)


@BOTH
def test_the_loss_falls_by_rate_times_squared_slope_up_to_what_smoothness_allows(
    batch_norm, circles
):
    # With β the largest change of the gradient per distance, the rest is at most β |step|² / 2.
    fine = landscape(circles, moments_of(batch_norm), factors=np.linspace(0.002, 0.1, 50))
    size = RATE * fine.factors * np.ones((2, 3, 1))
    slope = fine.slope[..., np.newaxis]
    rest = np.abs(fine.along - (fine.loss[..., np.newaxis] - size * slope**2))
    allowed = fine.smoothness[..., np.newaxis] * (size * slope) ** 2 / 2
    # Between the steps of a fine walk the change grows by no more than a part of it.
    assert (rest <= 1.1 * allowed + 64 * EPS).all()
    assert (fine.along[..., 0] < fine.loss).all()


def test_range_and_smoothness_are_read_off_the_walk(circles):
    result = replace(
        landscape(circles, moments_of(False), factors=(1.0, 2.0), learning_rate=0.5),
        loss=np.ones((2, 3)),
        slope=np.array([[1.0, 2.0, 0.0]] * 2),
        along=np.array([[[0.9, 1.1], [0.5, 0.4], [1.0, 1.0]]] * 2),
        change=np.array([[[1.0, 3.0], [1.0, 1.0], [0.0, 0.0]]] * 2),
    )
    assert "change the loss by up to 0.1, smoothness 2 (medians)" in result.summary()
    np.testing.assert_array_equal(result.smoothness, [[3.0, 1.0, np.nan]] * 2)


@BOTH
def test_the_shift_of_each_layer_is_that_of_steps_by_hand(batch_norm, circles):
    weights = moments_of(batch_norm, dtype=np.float32)
    result = shift(circles, weights)
    exact = weights.map(lambda array: array.astype(np.float64))
    for moment, network, index in np.ndindex(2, 3, 2):
        one = exact[moment][network]
        here = back(circles, one)
        there = back(circles, step(one, here, size=RATE, layers=index + 1))
        old, new = here.kernels[index + 1], there.kernels[index + 1]
        place = moment, network, index
        assert result.change[place] == pytest.approx(np.linalg.norm(old - new), rel=1e-9)
        assert result.length[place] == pytest.approx(np.linalg.norm(old), rel=1e-12)
        cosine = np.sum(old * new) / np.linalg.norm(old) / np.linalg.norm(new)
        assert result.cosine[place] == pytest.approx(cosine, abs=1e-12)


def test_a_layer_that_has_no_gradient_has_no_angle_and_no_share(circles):
    zeros = moments_of(False).map(np.zeros_like)
    result = shift(circles, zeros, learning_rate=1.0)
    assert (result.change == 0).all()
    assert np.isnan(result.cosine).all()
    assert np.isnan(result.typical_change).all()


def test_the_typical_change_is_the_median_of_the_layers_that_have_a_gradient(circles):
    result = replace(
        shift(circles, moments_of(False)),
        change=np.array([[[1.0, 3.0], [1.0, 3.0], [1.0, 3.0]]] * 2),
        length=np.array([[[1.0, 1.0], [0.0, 1.0], [2.0, 0.0]]] * 2),
    )
    np.testing.assert_allclose(result.typical_change, [[2.0, 3.0, 0.5]] * 2)


@BOTH
def test_summaries_say_which_networks(batch_norm, circles):
    said = "with batch norm" if batch_norm else "without batch norm"
    for result in (
        landscape(circles, moments_of(batch_norm)),
        shift(circles, moments_of(batch_norm)),
    ):
        assert result.batch_norm is batch_norm
        assert f"3 networks {said}:" in result.summary()


@pytest.mark.parametrize("measure", [landscape, shift])
def test_what_cannot_be_measured_is_refused_by_name(measure, circles):
    weights = moments_of(False)
    with pytest.raises(ValueError, match="learning_rate must be positive"):
        measure(circles, weights, learning_rate=0.0)
    with pytest.raises(ValueError, match="leading axes of 3 moments"):
        measure(circles, weights, epochs=(0, 1, 2))
    with pytest.raises(ValueError, match="leading axes"):
        measure(circles, weights[0])
    with pytest.raises(ValueError, match="must be finite"):
        measure(circles, weights.map(lambda array: array * np.nan))


@pytest.mark.parametrize("factors", [(), (0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (np.nan,)])
def test_steps_that_do_not_ascend_are_refused(factors, circles):
    with pytest.raises(
        ValueError, match=r"factors must be (positive and ascend|one or more finite)"
    ):
        landscape(circles, moments_of(False), factors=factors)


def test_no_layer_before_any_other_is_refused(circles):
    logistic = Weights(kernels=(np.ones((2, 3, 2, 1)),), biases=(np.zeros((2, 3, 1)),))
    with pytest.raises(ValueError, match="hidden layer"):
        shift(circles, logistic)
