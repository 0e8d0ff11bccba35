"""Outputs and losses as Keras computes them, also where the two do not belong together."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations
from nnhelpers.diagnosis.sabotages.recipe import Recipe

# Keras's, by which probabilities are clipped.
_CLIP = 1e-7
# What a cross-entropy does with the logits, which Keras takes behind a sigmoid or a softmax,
# whichever of the two it is.
_ON_LOGITS = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}


def output(recipe: Recipe, z: NDArray) -> NDArray:
    """Return the outputs of shape (n_examples, n_outputs).

    Examples
    --------
    >>> output(Recipe(output_activation="softmax"), np.ones((1, 2)))
    array([[0.5, 0.5]])
    """
    return _activated(recipe.output_activation, z)


def _activated(name: str, z: NDArray) -> NDArray:
    if name == "softmax":
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    return activations.find_activation(name).value(z)


def _compared(recipe: Recipe, z: NDArray) -> NDArray:
    """Return what the loss compares with the targets."""
    if _takes_logits(recipe):
        return _activated(_ON_LOGITS[recipe.loss], z)
    p = output(recipe, z)
    return p / p.sum(axis=1, keepdims=True) if recipe.loss == "categorical_crossentropy" else p


def _takes_logits(recipe: Recipe) -> bool:
    return recipe.output_activation in ("sigmoid", "softmax") and recipe.loss in _ON_LOGITS


def loss_of(recipe: Recipe, z: NDArray, y: NDArray) -> NDArray:
    """Return the loss of each example.

    Examples
    --------
    >>> loss_of(Recipe(), np.zeros((1, 1)), np.ones(1, dtype=int))
    array([0.69314718])
    """
    p, t = _compared(recipe, z), _targets(recipe, y)
    if _takes_logits(recipe):
        return _of_logits(recipe.loss, z, t)
    if recipe.loss == "mean_squared_error":
        return np.mean((p - t) ** 2, axis=1)
    q = np.clip(p, _CLIP, 1 - _CLIP)
    if recipe.loss == "binary_crossentropy":
        return -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q), axis=1)
    if recipe.loss == "sparse_categorical_crossentropy":
        q = q / q.sum(axis=1, keepdims=True)
    return -np.sum(t * np.log(q), axis=1)


def _of_logits(loss: str, z: NDArray, t: NDArray) -> NDArray:
    if loss == "binary_crossentropy":
        return np.mean(np.logaddexp(0, z) - t * z, axis=1)
    return np.logaddexp.reduce(z, axis=1) - np.sum(t * z, axis=1)


def error(recipe: Recipe, z: NDArray, y: NDArray) -> NDArray:
    """Return the gradient of each example's loss for the output layer's pre-activations.

    Examples
    --------
    >>> error(Recipe(), np.zeros((1, 1)), np.ones(1, dtype=int))
    array([[-0.5]])
    """
    p, t = _compared(recipe, z), _targets(recipe, y)
    if _takes_logits(recipe):
        return (p - t) / (p.shape[1] if recipe.loss == "binary_crossentropy" else 1)
    slope = _slope(recipe, p, t)
    if recipe.loss == "categorical_crossentropy":
        sums = output(recipe, z).sum(axis=1, keepdims=True)
        slope = (slope - np.sum(slope * p, axis=1, keepdims=True)) / sums
    if recipe.output_activation == "softmax":
        return p * (slope - np.sum(slope * p, axis=1, keepdims=True))
    return slope * activations.find_activation(recipe.output_activation).derivative(z)


def _slope(recipe: Recipe, p: NDArray, t: NDArray) -> NDArray:
    """Return the derivative of the loss for what it compares."""
    if recipe.loss == "mean_squared_error":
        return 2 * (p - t) / p.shape[1]
    q = np.clip(p, _CLIP, 1 - _CLIP)
    inside = (p >= _CLIP) & (p <= 1 - _CLIP)
    if recipe.loss == "binary_crossentropy":
        return inside * (q - t) / (q * (1 - q)) / p.shape[1]
    if recipe.loss == "categorical_crossentropy":
        return inside * -t / q
    return inside * (q / q.sum(axis=1, keepdims=True) - t) / q


def _targets(recipe: Recipe, y: NDArray) -> NDArray[np.float32]:
    """Return what outputs are compared with, as Keras reads it."""
    if y.ndim == 2:
        return y.astype(np.float32)
    if recipe.loss == "sparse_categorical_crossentropy":
        return np.eye(recipe.n_outputs, dtype=np.float32)[y]
    return y[:, np.newaxis].astype(np.float32)
