"""The forward pass of dense networks in NumPy, for one network or many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, blas
from nnhelpers.activations import Activation
from nnhelpers.checks import ArrayLike, as_numbers, check_kind
from nnhelpers.networks.weights import Weights, per_unit


@dataclass(frozen=True, kw_only=True)
class ForwardPass:
    """The values computed in a forward pass.

    Attributes
    ----------
    inputs : tuple of arrays of shape (..., n_examples, fan_in)
        Inputs of each kernel: X, then the outputs of each hidden layer.
    pre_activations, activations : tuple of arrays of shape (..., n_examples, units)
        Inputs and outputs of the activation function, one per hidden layer; batch norm comes before
        the former or after the latter.
    logits : array of shape (..., n_examples, n_outputs)
        Output layer before its sigmoid or softmax.
    entered : tuple of arrays of shape (..., n_examples, units) or None
        Inputs of each hidden layer's batch norm; empty without batch norm.
    """

    inputs: tuple[NDArray, ...]
    pre_activations: tuple[NDArray, ...]
    activations: tuple[NDArray, ...]
    logits: NDArray
    entered: tuple[NDArray | None, ...] = ()

    @property
    def outputs(self) -> tuple[NDArray, ...]:
        """Outputs of each hidden layer, of shape (..., n_examples, units)."""
        return self.inputs[1:]


@dataclass(frozen=True, kw_only=True)
class BatchPass:
    """A forward pass of one batch in training mode.

    Attributes
    ----------
    weights : Weights
        The network's weights, with the moments of the batch as moving moments.
    """

    forward: ForwardPass
    weights: Weights


def forward_pass(X: NDArray, weights: Weights, *, activation: str | Sequence[str]) -> ForwardPass:
    """Send examples X of shape (..., n_examples, n_features) through the network.

    Batch norm is in inference mode, with its moving moments. The activation is one Keras name for
    all hidden layers, or one for each. Raises ``ValueError`` or ``TypeError`` if an activation is
    unknown or missing, or X does not fit the first kernel.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> arrays = [np.ones((1, 3)), np.zeros(3), np.ones((3, 1)), np.zeros(1)]
    >>> weights = networks.Weights.from_list(arrays)
    >>> networks.forward_pass(np.array([[2.0], [-1.0]]), weights, activation="relu").logits
    array([[6.], [0.]])
    """
    return _send(X, weights, activation, batch=False).forward


def batch_pass(X: NDArray, weights: Weights, *, activation: str | Sequence[str]) -> BatchPass:
    """Send examples X of shape (..., n_examples, n_features) through the network as one batch.

    Batch norm is in training mode, with the moments of these examples. Raises as `forward_pass`,
    or if batch norm gets a single example, whose variance is 0.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> spec = networks.MLPSpec(units=(8,), batch_normalization=True)
    >>> weights = networks.draw(spec, n_features=2, draws=1)
    >>> passed = networks.batch_pass(np.eye(2), weights, activation="relu").forward
    >>> bool(abs(passed.pre_activations[0].mean()) < 1e-9)
    True
    """
    return _send(X, weights, activation, batch=True)


def with_batch_moments(X: NDArray, weights: Weights, *, activation: str | Sequence[str]) -> Weights:
    """Return the network with the moments of these examples in place of the moving ones.

    Its inference equals training mode with X as one batch. With all data after training it is
    inference as S. Ioffe and C. Szegedy define it in "Batch normalization", 2015, algorithm 2,
    https://arxiv.org/abs/1502.03167. Raises as `batch_pass`.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> spec = networks.MLPSpec(units=(8,), batch_normalization=True)
    >>> weights = networks.draw(spec, n_features=2, draws=1)
    >>> networks.with_batch_moments(np.eye(2), weights, activation="relu").norms[0].beta.shape
    (1, 8)
    """
    return batch_pass(X, weights, activation=activation).weights


def _send(
    X: NDArray, weights: Weights, activation: str | Sequence[str], *, batch: bool
) -> BatchPass:
    """Send examples through the network; if they are a batch, batch norm uses their moments."""
    check_kind(Weights, weights=weights)
    X, depth = _checked("X", X, least=2), len(weights.kernels) - 1
    functions = [record.value for record in find_activations(activation, depth=depth)]
    fan_in = weights.kernels[0].shape[-2]
    if X.shape[-1] != fan_in:
        raise ValueError(f"X must have {fan_in} features, got shape {X.shape}")
    if batch and any(weights.norms) and X.shape[-2] < 2:
        raise ValueError(
            f"X must hold at least two examples, for they have a variance, got {X.shape}"
        )
    inputs, pre_activations, hidden, norms, entered = [X], [], [], [], []
    with blas.one_thread():
        for layer, function in enumerate(functions):
            values, norm, into = _dense(inputs[-1], weights, layer), weights.norm(layer), None
            before = norm is not None and not norm.after_activation
            if before:
                norm, into = norm.with_moments_of(values) if batch else norm, values
                values = norm.normalize(values)
            pre_activations.append(values)
            values = function(values)
            hidden.append(values)
            if norm is not None and not before:
                norm, into = norm.with_moments_of(values) if batch else norm, values
                values = norm.normalize(values)
            inputs.append(values)
            norms.append(norm)
            entered.append(into)
        logits = _dense(inputs[-1], weights, -1)
    passed = ForwardPass(
        inputs=tuple(inputs),
        pre_activations=tuple(pre_activations),
        activations=tuple(hidden),
        logits=logits,
        entered=tuple(entered[: len(weights.norms)]),
    )
    return BatchPass(
        forward=passed, weights=replace(weights, norms=tuple(norms[: len(weights.norms)]))
    )


def checked_each(
    name: str, value: Any, count: int, *, check: Callable[[Any], Any], of: str
) -> tuple[Any, ...]:
    """Return one value for all, or one for each, as a tuple of `count` checked values.

    Examples
    --------
    >>> checked_each("dropout", 0.5, 3, check=float, of="layers")
    (0.5, 0.5, 0.5)
    """
    if isinstance(value, str) or not np.iterable(value):
        return (check(value),) * count
    values = tuple(check(each) for each in value)
    if len(values) != count:
        raise ValueError(
            f"{name} must be one for all or one for each of {count} {of}, "
            f"got {len(values)}: {values!r}"
        )
    return values


def find_activations(activation: str | Sequence[str], *, depth: int) -> tuple[Activation, ...]:
    """Return the record of each hidden layer's activation, from one name for all or one for each.

    Examples
    --------
    >>> [record.name for record in find_activations("swish", depth=2)]
    ['silu', 'silu']
    """
    find = activations.find_activation
    return checked_each("activation", activation, depth, check=find, of="hidden layers")


def _checked(name: str, values: ArrayLike, *, least: int) -> NDArray:
    array = as_numbers(name, values)
    if array.ndim < least:
        raise ValueError(f"{name} must have at least {least} axes, got shape {array.shape}")
    return array


def _dense(values: NDArray, weights: Weights, layer: int) -> NDArray:
    dense = values @ weights.kernels[layer]
    dense += per_unit(weights.biases[layer])
    return dense


def probabilities(logits: NDArray) -> NDArray[np.floating]:
    """Convert logits of shape (..., n_outputs) to probabilities: sigmoid of one, softmax of more.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> networks.probabilities(np.zeros((1, 4)))
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    logits = _checked("logits", logits, least=1)
    if logits.shape[-1] == 1:
        return activations.sigmoid(logits)
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def predicted_classes(logits: NDArray) -> NDArray[np.int64]:
    """Return the class of each example from logits of shape (..., n_examples, n_outputs).

    Examples
    --------
    >>> from nnhelpers import networks
    >>> networks.predicted_classes(np.array([[0.3], [-0.2]]))
    array([1, 0])
    """
    logits = _checked("logits", logits, least=1)
    if logits.shape[-1] == 1:
        return (logits[..., 0] > 0).astype(np.int64)
    return logits.argmax(axis=-1)
