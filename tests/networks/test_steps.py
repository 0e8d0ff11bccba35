"""Steps of gradient descent on networks."""

import numpy as np
import pytest

from nnhelpers import networks
from nnhelpers.networks import BatchNorm, MLPSpec

X = np.random.default_rng(0).standard_normal((9, 4))
Y = np.arange(9) % 3


def drawn(*, batch_norm=False, loss=None):
    norm = BatchNorm() if batch_norm else False
    spec = MLPSpec(units=(5, 3), n_outputs=3, batch_normalization=norm, loss=loss)
    return networks.draw(spec, n_features=4, draws=2)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("loss", [None, "mean_squared_error"])
def test_a_small_step_lowers_the_loss_by_its_size_times_the_squared_length(batch_norm, loss):
    weights, y = drawn(batch_norm=batch_norm), Y if loss is None else X[:, :3]
    settings = {"activation": ("tanh", "silu"), "loss": loss}
    before, slope = networks.gradient(X, y, weights, **settings)
    size = 1e-6
    after, _ = networks.gradient(X, y, networks.stepped(weights, slope, size), **settings)
    # The rest is of second order, and rounding beside the step.
    np.testing.assert_allclose(
        (before - after) / size, networks.length(slope) ** 2, rtol=1e-4, atol=1e-9
    )


def test_a_length_is_over_all_arrays_and_a_difference_undoes_a_step():
    weights = drawn()
    _, slope = networks.gradient(X, Y, weights, activation="tanh")
    there = networks.stepped(weights, slope, 0.5)
    apart = networks.difference(weights, there)
    np.testing.assert_allclose(networks.length(apart), 0.5 * networks.length(slope), rtol=1e-9)
    squares = [np.sum(array[1] ** 2) for array in slope.to_list()]
    assert networks.length(slope)[1] == pytest.approx(np.sqrt(np.sum(squares)))


def test_moving_moments_are_left_where_they_are():
    weights = drawn(batch_norm=True)
    _, slope = networks.gradient(X, Y, weights, activation="tanh")
    assert not any(norm.moving_mean.any() or norm.moving_variance.any() for norm in slope.norms)
    assert all(norm.gamma.any() and norm.beta.any() for norm in slope.norms)
