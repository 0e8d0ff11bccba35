"""The backward pass of dense networks in NumPy, for one network or many at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas
from nnhelpers.networks.forward import (
    BatchPass,
    ForwardPass,
    batch_pass,
    forward_pass,
    probabilities,
)
from nnhelpers.networks.weights import NormWeights, Weights


@dataclass(frozen=True, kw_only=True)
class NormGradients:
    """Gradient of the mean cross-entropy for what one batch norm learns.

    Attributes
    ----------
    gamma, beta : arrays of shape (..., units)
    """

    gamma: NDArray
    beta: NDArray


@dataclass(frozen=True, kw_only=True)
class BackwardPass:
    """What a backward pass computed, with the forward pass that it went back through.

    Attributes
    ----------
    forward : ForwardPass
    slopes : tuple of arrays of shape (..., n_examples, units)
        Derivative of the activation function at the pre-activations, one per hidden layer.
    deltas : tuple of arrays of shape (..., n_examples, units)
        Gradient of each example's own cross-entropy for the pre-activations, what enters the
        activation function, one per hidden layer. Batch norm above ties the examples of a batch
        to one another: then it is the gradient of all their cross-entropies together.
    errors : array of shape (..., n_examples, n_outputs)
        The same for the logits, where the way back begins.
    kernels : tuple of arrays of shape (..., fan_in, units)
        Gradient of the mean cross-entropy for each kernel, the output layer's last.
    biases : tuple of arrays of shape (..., units)
        The same for each bias; 0 in front of batch norm, which takes the mean away again.
    loss : array of shape (...)
        Mean cross-entropy.
    norms : tuple of NormGradients or None
        The same for each hidden layer's batch norm; empty for a network without.
    """

    forward: ForwardPass
    slopes: tuple[NDArray, ...]
    deltas: tuple[NDArray, ...]
    errors: NDArray
    kernels: tuple[NDArray, ...]
    biases: tuple[NDArray, ...]
    loss: NDArray
    norms: tuple[NormGradients | None, ...] = ()


def backward_pass(X: NDArray, y: ArrayLike, weights: Weights, *, activation: str) -> BackwardPass:
    """Send examples through the network and the error of their classes back.

    One output stands for a sigmoid with binary cross-entropy, more for a softmax with sparse
    categorical cross-entropy. Batch norm, where there is any, works as in training: with the
    moments of these examples, through which the gradients flow too. Its moving moments, those of
    inference, play no part.

    Parameters
    ----------
    X : array of shape (..., n_examples, n_features)
    y : array of shape (n_examples,)
        Class of each example, counted from 0.
    weights : Weights
    activation : str
        Keras name of the hidden layers' activation function.

    Raises
    ------
    ValueError
        If the activation is unknown, X does not fit the first kernel or is a single example for
        batch norm, or y holds another number of classes than X examples or a class that the
        network has no output for.

    Notes
    -----
    The error at the logits is p - [class]; from a layer to the one below,
    delta_l = (delta_{l+1} W_{l+1}^T) f'(z_l), and the gradient for W_l is the mean over examples
    of a_{l-1} delta_l. Through batch norm, y = gamma x^ + beta with x^ = (x - mean) / deviation,
    a gradient g for y becomes gamma (g - mean(g) - x^ mean(g x^)) / deviation for x.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", 2015, section 3,
    https://arxiv.org/abs/1502.03167 (through batch norm);
    D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating
    errors", 1986, https://doi.org/10.1038/323533a0
    """
    with blas.one_thread():
        return _backward_pass(X, y, weights, activation)


def _backward_pass(X: NDArray, y: ArrayLike, weights: Weights, activation: str) -> BackwardPass:
    slope = activations.find_activation(activation).derivative
    classes = _checked_classes(y, X.shape[-2], weights.kernels[-1].shape[-1])
    batch = _sent(X, weights, activation)
    passed = batch.forward
    slopes = tuple(slope(z) for z in passed.pre_activations)
    # Behind each kernel, the output layer's first; elsewhere from the first layer to the last.
    arrived, deltas, norms = [_errors(passed.logits, classes)], [], []
    for layer in reversed(range(len(slopes))):
        norm, gradients = batch.weights.norm(layer), None
        values = arrived[-1] @ _transposed(weights.kernels[layer + 1])
        if norm is not None and norm.after_activation:
            values, gradients = _through(norm, batch.entered[layer], values)
        deltas.insert(0, values * slopes[layer])
        values = deltas[0]
        if norm is not None and not norm.after_activation:
            values, gradients = _through(norm, batch.entered[layer], values)
        arrived.append(values)
        norms.insert(0, gradients)
    arrived.reverse()
    return BackwardPass(
        forward=passed,
        slopes=slopes,
        deltas=tuple(deltas),
        errors=arrived[-1],
        kernels=tuple(
            _transposed(values) @ gradient / len(classes)
            for values, gradient in zip(passed.inputs, arrived, strict=True)
        ),
        biases=tuple(
            _bias_gradient(weights.norm(layer), gradient) for layer, gradient in enumerate(arrived)
        ),
        loss=_cross_entropies(passed.logits, classes).mean(axis=-1),
        norms=tuple(norms[: len(weights.norms)]),
    )


def _sent(X: NDArray, weights: Weights, activation: str) -> BatchPass:
    if any(weights.norms):
        return batch_pass(X, weights, activation=activation)
    passed = forward_pass(X, weights, activation=activation)
    return BatchPass(forward=passed, weights=weights, entered=())


def _through(
    norm: NormWeights, entered: NDArray, gradient: NDArray
) -> tuple[NDArray, NormGradients]:
    """Send a gradient for what leaves batch norm back to what entered it, moments included."""
    standardized = norm.standardize(entered)
    beta = gradient.mean(axis=-2)
    gamma = np.mean(gradient * standardized, axis=-2)
    rest = gradient - _row(beta) - standardized * _row(gamma)
    return _row(norm.gamma / norm.deviation) * rest, NormGradients(gamma=gamma, beta=beta)


def _bias_gradient(norm: NormWeights | None, gradient: NDArray) -> NDArray:
    replaced = norm is not None and not norm.after_activation
    return np.zeros_like(norm.beta) if replaced else gradient.mean(axis=-2)


def _row(per_unit: NDArray) -> NDArray:
    return per_unit[..., np.newaxis, :]


def _errors(logits: NDArray, classes: NDArray[np.int64]) -> NDArray:
    """Gradient of each example's cross-entropy for its logits.

    Written with the probability of the wrong classes, which keeps the digits that one minus the
    probability of the right one would lose.
    """
    n_outputs = logits.shape[-1]
    if n_outputs == 1:
        sign = np.where(classes == 1, -1.0, 1.0)[:, np.newaxis]
        return sign * np.exp(-np.logaddexp(0, -sign * logits))
    right = np.eye(n_outputs)[classes]
    wrong = probabilities(logits) * (1 - right)
    return wrong - right * wrong.sum(axis=-1, keepdims=True)


def _cross_entropies(logits: NDArray, classes: NDArray[np.int64]) -> NDArray:
    """Cross-entropy of each example, of shape (..., n_examples)."""
    if logits.shape[-1] == 1:
        return np.logaddexp(0, logits[..., 0] * (1 - 2 * classes))
    right = np.take_along_axis(logits, np.broadcast_to(classes, logits.shape[:-1])[..., None], -1)
    return np.logaddexp.reduce(logits, axis=-1) - right[..., 0]


def _transposed(array: NDArray) -> NDArray:
    return np.swapaxes(array, -1, -2)


def _checked_classes(y: ArrayLike, n_examples: int, n_outputs: int) -> NDArray[np.int64]:
    classes, n_classes = np.asarray(y), max(2, n_outputs)
    if classes.shape != (n_examples,) or not n_examples:
        raise ValueError(
            f"y must hold one class for each of at least one example, "
            f"got shape {classes.shape} for {n_examples} examples"
        )
    if not np.isin(classes, np.arange(n_classes)).all():
        raise ValueError(
            f"y must hold classes 0 to {n_classes - 1}, as the network has {n_outputs} "
            f"output{'s' * (n_outputs > 1)}, got {np.unique(classes)}"
        )
    return classes.astype(np.int64)
