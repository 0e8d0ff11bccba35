"""Measure many networks layer by layer, forward and back, a block at a time."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_numbers, check_kind
from nnhelpers.networks.backward import BackwardPass, backward_pass
from nnhelpers.networks.forward import ForwardPass, batch_pass, forward_pass
from nnhelpers.networks.weights import Weights

# Number of activations in one block of networks.
_BLOCK = 400_000
# Squares of larger numbers nearly overflow.
_LARGEST = 1e150

Measure = Callable[[ForwardPass | BackwardPass], Sequence[NDArray]]


def measure(
    X: ArrayLike,
    weights: Weights,
    *,
    activation: str | Sequence[str],
    by_layer: Mapping[str, Measure],
    y: ArrayLike | None = None,
    training: bool = True,
) -> dict[str, NDArray]:
    """Send examples through many networks, and measure every hidden layer.

    The networks may be draws, members of an ensemble, or snapshots of a run. Raises ``ValueError``
    or ``TypeError`` if X or the weights are not finite or have the wrong shape, a measured number
    exceeds 1e150, or as `backward_pass`.

    Parameters
    ----------
    X : array of shape (n_examples, n_features) or (draws, n_examples, n_features)
        The same examples for all networks, or separate ones for each.
    weights : Weights
        Weights with a leading axis of draws.
    activation : str or sequence of str
        Keras name for all hidden layers, or one for each.
    by_layer : dict of str to callable
        Each takes the `BackwardPass` of some networks, or their `ForwardPass` if y is not given,
        and returns one array per hidden layer with a leading axis of networks. The results have the
        same names and shape (draws, depth, ...).
    y : array of shape (n_examples,), optional
        Classes, for a backward pass.
    training : bool
        Whether batch norm is in training mode, with all examples as one batch; always with y.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> weights = networks.draw(networks.MLPSpec(units=(8, 8)), n_features=2, draws=300)
    >>> active = {"share": lambda p: [(z > 0).mean(axis=(1, 2)) for z in p.pre_activations]}
    >>> networks.measure(np.eye(2), weights, activation="relu", by_layer=active)["share"].shape
    (300, 2)
    """
    check_kind(Weights, weights=weights)
    check_kind(Mapping, by_layer=by_layer)
    depth, draws = _checked_sizes(weights)
    examples = _checked_examples(X, draws)
    widths = sum(bias.shape[-1] for bias in weights.biases[:-1])
    block = max(1, _BLOCK // (examples.shape[-2] * widths))
    parts = []
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, draws, block):
            some = slice(start, start + block)
            each = examples[some] if examples.ndim == 3 else examples
            passed = _sent(each, y, weights[some], activation, training)
            parts.append({name: np.stack(read(passed), axis=1) for name, read in by_layer.items()})
    found = {name: np.concatenate([part[name] for part in parts]) for name in by_layer}
    if not all(float(np.abs(values).max()) < _LARGEST for values in found.values()):
        layers = f"{depth} layer{'s' * (depth > 1)}"
        raise ValueError(f"weights must keep all numbers of {layers} below {_LARGEST:g}")
    return found


def _sent(
    X: NDArray,
    y: ArrayLike | None,
    weights: Weights,
    activation: str | Sequence[str],
    training: bool,
) -> ForwardPass | BackwardPass:
    if y is not None:
        return backward_pass(X, y, weights, activation=activation)
    if training:
        return batch_pass(X, weights, activation=activation).forward
    return forward_pass(X, weights, activation=activation)


def _checked_sizes(weights: Weights) -> tuple[int, int]:
    """Return the number of hidden layers and of networks."""
    depth, shape = len(weights.kernels) - 1, weights.kernels[0].shape
    if len(shape) != 3 or not shape[0]:
        raise ValueError(f"weights must have a leading axis of draws, got kernel {shape}")
    if not depth:
        raise ValueError("weights must have at least one hidden layer's kernel, got the output's")
    if not all(np.isfinite(array).all() for array in weights.to_list()):
        raise ValueError("weights must be finite, got others among them")
    return depth, shape[0]


def _checked_examples(X: ArrayLike, draws: int) -> NDArray:
    examples = as_numbers("X", X)
    fits = examples.ndim == 2 or (examples.ndim == 3 and len(examples) == draws)
    if not fits or not examples.size:
        raise ValueError(
            f"X must have shape (n_examples, n_features) or ({draws}, n_examples, n_features), "
            f"got {examples.shape}"
        )
    if not np.isfinite(examples).all():
        raise ValueError("X must hold finite numbers, got others among them")
    return examples
