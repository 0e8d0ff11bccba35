"""Starts with one value and a little noise."""

import numpy as np
import pytest

from nnhelpers import models, networks


def test_without_noise_every_weight_is_the_value():
    spec = models.MLPSpec(units=(4,), kernel_initializer=models.constant_with_noise(0.5))
    start = networks.draw(spec, n_features=2, draws=1)
    assert all((kernel == 0.5).all() for kernel in start.kernels)


def test_the_noise_is_the_standard_deviation_about_the_value():
    spec = models.MLPSpec(
        units=(50,), kernel_initializer=models.constant_with_noise(0.5, noise=0.01)
    )
    weights = networks.draw(spec, n_features=200, draws=1).kernels[0]
    # Standard errors of the mean and of the standard deviation of 10,000 normal numbers.
    assert weights.mean() == pytest.approx(0.5, abs=4 * 0.01 / np.sqrt(weights.size))
    assert weights.std() == pytest.approx(0.01, abs=4 * 0.01 / np.sqrt(2 * weights.size))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=f"value must be finite, got {value}"):
        models.constant_with_noise(value)


@pytest.mark.parametrize("noise", [-1e-6, np.nan, np.inf])
def test_a_noise_that_is_no_standard_deviation_is_refused(noise):
    with pytest.raises(ValueError, match=f"noise must be finite and at least 0, got {noise}"):
        models.constant_with_noise(0.5, noise=noise)
