"""Dropout against a NumPy pass with the same masks, and in distribution."""

import numpy as np
import pytest

from nnhelpers import networks, training
from nnhelpers.datasets import load_circles
from nnhelpers.training.batch_orders import STRIDE, mixed


def numbers(*values):
    return np.array(values, dtype=np.uint64)


def mask(rate, *, seed, member, step, units, examples):
    """Return dropout's factors of shape (examples, units), units by their numbers."""
    key = mixed(mixed(numbers(seed + 1)) + numbers(member + 1))
    now = mixed(key + numbers(step) * np.uint64(STRIDE))
    here = mixed(now + numbers(*[u + 1 for u in units]) * np.uint64(STRIDE))
    each = mixed(here[np.newaxis] + (examples[:, np.newaxis] + np.uint64(1)) * np.uint64(STRIDE))
    kept = (each >> np.uint64(40)) >= np.uint64(np.float32(rate) * 2.0**24)
    return np.where(kept, 1 / (1 - np.float32(rate)), 0)


def stepped_with_masks(X, y, weights, masks, rate):
    """Take a step of gradient descent with ReLU layers and these masks."""
    inputs, slopes = [X], []
    for kernel, bias, factors in zip(weights.kernels, weights.biases, masks, strict=False):
        z = inputs[-1] @ kernel + bias
        slopes.append((z > 0) * factors)
        inputs.append(np.maximum(z, 0) * factors)
    logits = inputs[-1] @ weights.kernels[-1] + weights.biases[-1]
    error = (networks.probabilities(logits) - y[:, np.newaxis]) / len(X)
    kernels, biases = [], []
    for layer in reversed(range(len(weights.kernels))):
        kernels.insert(0, weights.kernels[layer] - rate * inputs[layer].T @ error)
        biases.insert(0, weights.biases[layer] - rate * error.sum(axis=0))
        if layer:
            error = (error @ weights.kernels[layer].T) * slopes[layer - 1]
    return networks.Weights(kernels=tuple(kernels), biases=tuple(biases))


@pytest.mark.filterwarnings("ignore:overflow")  # whole numbers of 64 bits wrap around
def test_training_with_dropout_is_a_numpy_pass_with_the_same_masks():
    circles, rates = load_circles(), (0.3, 0.5)
    spec = networks.MLPSpec(units=(6, 5), dropout=rates)
    ensemble = training.train_many(
        spec, circles, draws=3, epochs=5, optimizer="sgd", learning_rate=0.2, seed=7
    )
    examples = np.arange(circles.n_examples, dtype=np.uint64)
    weights = networks.draw(spec, n_features=2, draws=3, seed=7)[2]
    for step in range(5):
        masks = [
            mask(rate, seed=7, member=2, step=step, units=units, examples=examples)
            for rate, units in zip(rates, (range(6), range(6, 11)), strict=True)
        ]
        weights = stepped_with_masks(circles.X, circles.y, weights, masks, 0.2)
    for ours, theirs in zip(ensemble.weights[2].to_list(), weights.to_list(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_rate_of_its_own_takes_the_place_of_the_specifications():
    circles, settings = load_circles(), {"epochs": 20, "optimizer": "sgd", "learning_rate": 0.1}
    plain = networks.MLPSpec(units=(8,))
    dropped = networks.MLPSpec(units=(8,), dropout=0.4)
    many = training.train_many(plain, circles, draws=2, dropout=[0.0, 0.4], **settings)
    for i, spec in enumerate((plain, dropped)):
        alone = training.train_many(spec, circles, draws=2, **settings)
        np.testing.assert_array_equal(many.loss[i], alone.loss[i])
    assert many.loss[1, -1] != training.train_many(plain, circles, draws=2, **settings).loss[1, -1]
