"""Untrained deep networks: how the activations of each layer are spread, shallow to deep."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, networks
from nnhelpers.activations import find_activation
from nnhelpers.initializers import Initializer, describe_initializer
from nnhelpers.networks import Weights
from nnhelpers.simulations.draws import check_gain, check_sizes, checked_features, draw_weights
from nnhelpers.simulations.layer_outputs import LayerOutputs
from nnhelpers.simulations.units import NORMAL

_BINS = 80
# Where activations without bounds are looked at, those above 0 alone and those on both sides.
_ABOVE, _BOTH_SIDES = (-2.0, 6.0), (-5.0, 5.0)
# Numbers in all activations of one block of networks.
_BLOCK = 1_000_000
_LARGEST = 1e150


def simulate_layers(
    X: ArrayLike,
    *,
    depth: int = 4,
    width: int = 5,
    activation: str = "relu",
    initializer: str | Initializer = NORMAL,
    gain: float = 1.0,
    draws: int = 300,
    seed: int = 0,
) -> LayerOutputs:
    """Draw untrained networks, and look at what leaves each of their hidden layers.

    Biases are 0. More draws from an equal seed begin with the same networks.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    depth, width : int
        Number of hidden layers, and units in each.
    activation : str
        Keras name of the hidden layers' activation function.
    initializer : str or Initializer
        Keras name or record; N(0, 1) unless given.
    gain : float
        Factor on the kernels.
    draws : int
        Number of networks.

    Returns
    -------
    LayerOutputs

    Raises
    ------
    ValueError, TypeError
        If a size is below 1, the gain not positive, a name unknown, X not finite numbers of its
        shape, or the activations grow beyond 1e150.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html
    """
    check_sizes(depth=depth, width=width, draws=draws)
    check_gain(gain)
    find_activation(activation)
    record = initializers.find_initializer(initializer)
    features = checked_features(X)
    sizes = (features.shape[1], *[width] * depth, 1)
    weights = draw_weights(record, sizes=sizes, gain=gain, draws=draws, seed=seed)
    words = describe_initializer(initializer)
    return measure_layers(features, weights, activation=activation, initializer=words, gain=gain)


def measure_layers(
    features: NDArray,
    weights: Weights,
    *,
    activation: str,
    initializer: str,
    gain: float,
    batch_norm: tuple[str | None, ...] = (),
) -> LayerOutputs:
    """Look at what leaves each hidden layer of networks that have been drawn.

    Batch norm works as in training, with all examples as one batch. The last three arguments are
    the result's words for what the weights hold.

    Raises
    ------
    ValueError
        If the activations grow beyond 1e150, or a single example passes batch norm.
    """
    draws, width = weights.biases[0].shape
    edges = _edges(find_activation(activation).limits, normalized="after" in batch_norm)
    parts = []
    for layers in _outputs(features, weights, activation):
        if not all(np.abs(values).max() < _LARGEST for values in layers):
            raise ValueError(
                f"initializer and gain must keep the activations of {len(layers)} layers below "
                f"{_LARGEST:g}, got {initializer} with gain {gain:g}"
            )
        parts.append(_measure(layers, edges))
    measured = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    shares = measured.pop("counts").sum(axis=0) / (draws * len(features) * width)
    return LayerOutputs(
        activation=activation,
        initializer=initializer,
        gain=gain,
        n_features=features.shape[1],
        width=width,
        batch_norm=batch_norm,
        edges=edges,
        shares=shares[:, 1:-1],
        below=shares[:, 0],
        above=shares[:, -1],
        **measured,
    )


def _outputs(features: NDArray, weights: Weights, activation: str) -> Iterator[tuple[NDArray, ...]]:
    """Yield what leaves the layers of a few networks at a time, not finite where it overflows."""
    draws, width = weights.biases[0].shape
    depth = len(weights.biases) - 1
    block = max(1, _BLOCK // (len(features) * width * depth))
    for start in range(0, draws, block):
        part = weights[start : start + block]
        with np.errstate(over="ignore", invalid="ignore"):
            if any(weights.norms):
                passed = networks.batch_pass(features, part, activation=activation).forward
            else:
                passed = networks.forward_pass(features, part, activation=activation)
        yield passed.outputs


def _edges(limits: tuple[float, float], *, normalized: bool) -> NDArray[np.float64]:
    """Divide what an activation with these limits is looked at on into bins of one width."""
    low, high = (False, False) if normalized else np.isfinite(limits)
    ends = limits if low and high else _ABOVE if low else _BOTH_SIDES
    return np.linspace(*ends, _BINS + 1)


def _measure(layers: tuple[NDArray, ...], edges: NDArray) -> dict[str, NDArray[np.float64]]:
    """Return arrays of shape (draws, depth) by name, and counts (1, depth, n_bins + 2)."""
    zeros = [values == 0 for values in layers]
    counts = [_counts(values[~zero], edges) for values, zero in zip(layers, zeros, strict=True)]
    return {
        "mean": np.stack([values.mean(axis=(1, 2)) for values in layers], axis=1),
        "std": np.stack([values.std(axis=(1, 2)) for values in layers], axis=1),
        "zero_share": np.stack([zero.mean(axis=(1, 2)) for zero in zeros], axis=1),
        "counts": np.stack(counts)[np.newaxis],
    }


def _counts(values: NDArray, edges: NDArray) -> NDArray[np.int64]:
    """Count what lies below, in each bin, and above; the last edge belongs to its bin."""
    bins = len(edges) - 1
    # NumPy's histogram looks edges up one by one; equal bins need none of that.
    places = (values - edges[0]) * (bins / (edges[-1] - edges[0]))
    # Rounding may lift what is close below the last edge, too.
    places[(places >= bins) & (values <= edges[-1])] = bins - 0.5
    numbers = np.floor(np.clip(places, -1, bins)).astype(np.int64)
    return np.bincount(numbers + 1, minlength=bins + 2)
