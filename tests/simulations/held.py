"""What is simulated is held to its law within four computed standard errors."""

import numpy as np


def allowed(probability, *, draws):
    """Four standard errors of a counted share."""
    return 4 * np.sqrt(probability * (1 - probability) / draws)


def assert_mean_is(law, samples, *, slack=0.0):
    """Hold the mean over the first axis to the law, which may itself be off by the slack."""
    error = np.std(samples, axis=0, ddof=1) / np.sqrt(len(samples))
    assert (np.abs(np.mean(samples, axis=0) - law) <= 4 * error + slack).all()
