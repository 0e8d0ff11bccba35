"""The backward pass of dense networks in NumPy, for one network or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import blas
from nnhelpers.checks import check_kind
from nnhelpers.networks.forward import BatchPass, ForwardPass, batch_pass, find_activations
from nnhelpers.networks.losses import errors_and_losses
from nnhelpers.networks.weights import NormWeights, Weights, per_unit


@dataclass(frozen=True, kw_only=True)
class BackwardPass:
    """The gradients of a backward pass, with its forward pass.

    Attributes
    ----------
    slopes : tuple of arrays of shape (..., n_examples, units)
        Derivative of the activation function at the pre-activations, one per hidden layer.
    deltas : tuple of arrays of shape (..., n_examples, units)
        Gradient of each example's own loss with respect to the pre-activations, one per hidden
        layer. Below batch norm, which ties the examples of a batch together, it is the gradient of
        the sum of their losses.
    errors : array of shape (..., n_examples, n_outputs)
        Gradient of each example's loss with respect to the logits.
    kernels : tuple of arrays of shape (..., fan_in, units)
        Gradient of the mean loss with respect to each kernel, the output layer's last.
    biases : tuple of arrays of shape (..., units)
        The same for each bias; 0 before batch norm, which subtracts the mean.
    loss : array of shape (...)
        Mean loss.
    norms : tuple of NormWeights or None
        Gradient of the mean loss with respect to each hidden layer's batch norm, with zeros for its
        moving moments; empty without batch norm.
    """

    forward: ForwardPass
    slopes: tuple[NDArray, ...]
    deltas: tuple[NDArray, ...]
    errors: NDArray
    kernels: tuple[NDArray, ...]
    biases: tuple[NDArray, ...]
    loss: NDArray
    norms: tuple[NormWeights | None, ...] = ()


def backward_pass(
    X: NDArray,
    y: ArrayLike,
    weights: Weights,
    *,
    activation: str | Sequence[str],
    loss: str | None = None,
) -> BackwardPass:
    """Send examples X, (..., n_examples, n_features), through the network and their errors back.

    Classes y have shape (n_examples,). Unless a loss is given, one output gets a sigmoid with
    binary cross-entropy, several a softmax with sparse categorical cross-entropy. With
    "mean_squared_error" the logits are the outputs, and y holds numbers, of shape (n_examples,
    n_outputs) for several outputs. The activation is one Keras name for all hidden layers, or one
    for each. Batch norm is in training mode: gradients also flow through the moments of these
    examples. Raises ``ValueError`` or ``TypeError`` if an activation is unknown or missing, the
    loss is unknown or does not fit the outputs, X does not fit the first kernel or is a single
    example for batch norm, or y does not fit X or the outputs.

    Notes
    -----
    The error at the logits is p - [class], or 2 (output - y) / n_outputs; from a layer to the one
    below, delta_l = (delta_{l+1} W_{l+1}^T) f'(z_l), and the gradient for W_l is the mean over
    examples of a_{l-1} delta_l. Through batch norm, y = gamma x^ + beta with x^ = (x - mean) /
    deviation, a gradient g for y becomes gamma (g - mean(g) - x^ mean(g x^)) / deviation for x.

    References
    ----------
    D. Rumelhart, G. Hinton and R. Williams, 1986, https://doi.org/10.1038/323533a0;
    through batch norm: S. Ioffe and C. Szegedy, 2015, section 3, https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> weights = networks.draw(networks.MLPSpec(units=(3,)), n_features=2, draws=1)
    >>> passed = networks.backward_pass(np.eye(2), [0, 1], weights, activation="tanh")
    >>> [gradient.shape for gradient in passed.kernels]
    [(1, 2, 3), (1, 3, 1)]
    """
    check_kind(Weights, weights=weights)
    with blas.one_thread():
        batch = batch_pass(X, weights, activation=activation)
        return _back(batch, *errors_and_losses(batch.forward.logits, y, loss=loss), activation)


def _back(
    batch: BatchPass, errors: NDArray, losses: NDArray, activation: str | Sequence[str]
) -> BackwardPass:
    weights, passed = batch.weights, batch.forward
    records = find_activations(activation, depth=len(weights.kernels) - 1)
    slopes = tuple(
        record.derivative(z) for record, z in zip(records, passed.pre_activations, strict=True)
    )
    # `arrived` runs from the output layer down until it is reversed; deltas and norms run upwards.
    arrived, deltas, norms = [errors], [], []
    for layer in reversed(range(len(slopes))):
        norm, gradients = weights.norm(layer), None
        values = arrived[-1] @ _transposed(weights.kernels[layer + 1])
        if norm is not None and norm.after_activation:
            values, gradients = _through(norm, passed.entered[layer], values)
        deltas.insert(0, values * slopes[layer])
        values = deltas[0]
        if norm is not None and not norm.after_activation:
            values, gradients = _through(norm, passed.entered[layer], values)
        arrived.append(values)
        norms.insert(0, gradients)
    arrived.reverse()
    return BackwardPass(
        forward=passed,
        slopes=slopes,
        deltas=tuple(deltas),
        errors=arrived[-1],
        kernels=tuple(
            _transposed(values) @ gradient / losses.shape[-1]
            for values, gradient in zip(passed.inputs, arrived, strict=True)
        ),
        biases=tuple(
            np.zeros_like(weights.norm(layer).beta)
            if weights.replaces_bias(layer)
            else gradient.mean(axis=-2)
            for layer, gradient in enumerate(arrived)
        ),
        loss=losses.mean(axis=-1),
        norms=tuple(norms[: len(weights.norms)]),
    )


def _through(norm: NormWeights, entered: NDArray, gradient: NDArray) -> tuple[NDArray, NormWeights]:
    """Take the gradient for batch norm's outputs to its inputs, through the moments too."""
    standardized = norm.standardize(entered)
    beta = gradient.mean(axis=-2)
    gamma = np.mean(gradient * standardized, axis=-2)
    rest = gradient - per_unit(beta) - standardized * per_unit(gamma)
    still = np.zeros_like(beta)
    gradients = replace(norm, gamma=gamma, beta=beta, moving_mean=still, moving_variance=still)
    return per_unit(norm.gamma / norm.deviation) * rest, gradients


def _transposed(array: NDArray) -> NDArray:
    return np.swapaxes(array, -1, -2)


def gradient(
    X: NDArray,
    y: NDArray,
    weights: Weights,
    *,
    activation: str | Sequence[str],
    loss: str | None = None,
) -> tuple[NDArray[np.float64], Weights]:
    """Return the mean loss and its gradient, in training mode with these examples as one batch.

    The gradient has zeros for the moving moments. Raises as `backward_pass`.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> weights = networks.draw(networks.MLPSpec(units=(8,)), n_features=2, draws=3)
    >>> loss, slope = networks.gradient(np.ones((4, 2)), [0, 1, 0, 1], weights, activation="relu")
    >>> loss.shape, slope.kernels[0].shape
    ((3,), (3, 2, 8))
    """
    passed = backward_pass(X, y, weights, activation=activation, loss=loss)
    slope = Weights(kernels=passed.kernels, biases=passed.biases, norms=passed.norms)
    return passed.loss, slope
