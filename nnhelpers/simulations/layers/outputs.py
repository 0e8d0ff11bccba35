"""Untrained deep networks: how the activations of each layer are spread, shallow to deep."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, networks
from nnhelpers.activations import find_activation
from nnhelpers.initializers import Initializer, describe_initializer
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.draws import (
    OVER,
    check_gain,
    check_sizes,
    checked_features,
    measure_drawn,
)
from nnhelpers.simulations.layer_outputs import LayerOutputs
from nnhelpers.simulations.units.active import NORMAL

_BINS = 80
# Where activations without bounds are looked at, those above 0 alone and those on both sides.
_ABOVE, _BOTH_SIDES = (-2.0, 6.0), (-5.0, 5.0)


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
        Factor on every kernel.
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
    spec = MLPSpec(units=(width,) * depth, activation=activation, kernel_initializer=record)
    weights = networks.draw(spec, n_features=features.shape[1], draws=draws, gain=gain, seed=seed)
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
    edges = _edges(find_activation(activation).limits, normalized="after" in batch_norm)
    by_layer = {
        "mean": lambda passed: [values.mean(axis=OVER) for values in passed.outputs],
        "std": lambda passed: [values.std(axis=OVER) for values in passed.outputs],
        "zero_share": lambda passed: [np.mean(values == 0, axis=OVER) for values in passed.outputs],
        "shares": lambda passed: [_shares(values, edges) for values in passed.outputs],
    }
    received = f"{initializer} with gain {gain:g}"
    measured = measure_drawn(
        features, weights, received=received, activation=activation, by_layer=by_layer
    )
    shares = measured.pop("shares").mean(axis=0)
    return LayerOutputs(
        activation=activation,
        initializer=initializer,
        gain=gain,
        n_features=features.shape[1],
        width=weights.biases[0].shape[-1],
        batch_norm=batch_norm,
        edges=edges,
        shares=shares[:, 1:-1],
        below=shares[:, 0],
        above=shares[:, -1],
        **measured,
    )


def _edges(limits: tuple[float, float], *, normalized: bool) -> NDArray[np.float64]:
    """Divide what an activation with these limits is looked at on into bins of one width."""
    low, high = (False, False) if normalized else np.isfinite(limits)
    ends = limits if low and high else _ABOVE if low else _BOTH_SIDES
    return np.linspace(*ends, _BINS + 1)


def _shares(values: NDArray, edges: NDArray) -> NDArray[np.float64]:
    """Share of each network's values below, in each bin, and above, zeros left aside.

    The last edge belongs to its bin.
    """
    bins = len(edges) - 1
    # NumPy's histogram looks edges up one by one; equal bins need none of that.
    places = (values - edges[0]) * (bins / (edges[-1] - edges[0]))
    # Rounding may lift what is close below the last edge, too.
    places[(places >= bins) & (values <= edges[-1])] = bins - 0.5
    # Unlike clip, fmin and fmax bring back what is not a number; measuring refuses it later.
    numbers = np.floor(np.fmax(np.fmin(places, bins), -1)).astype(np.int64) + 1
    numbers += np.arange(len(values))[:, np.newaxis, np.newaxis] * (bins + 2)
    counts = np.bincount(numbers[values != 0], minlength=len(values) * (bins + 2))
    return counts.reshape(len(values), -1) / values[0].size
