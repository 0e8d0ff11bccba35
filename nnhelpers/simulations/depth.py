"""Untrained deep networks: what goes forward through the layers, and what comes back."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, networks
from nnhelpers.networks import BackwardPass
from nnhelpers.simulations.draws import (
    Examples,
    check_gain,
    check_sizes,
    checked_examples,
    draw_weights,
    scaled_initializer,
)
from nnhelpers.simulations.signals import PERCENTILES, DepthSignal

# Numbers in all activations of one block of networks.
_BLOCK = 2_000_000


def simulate_depth(
    dataset: Examples,
    *,
    depth: int = 8,
    width: int = 64,
    activation: str = "sigmoid",
    initializer: str = "glorot_uniform",
    gain: float = 1.0,
    draws: int = 20,
    seed: int = 0,
) -> DepthSignal:
    """Draw untrained networks; send a data set forward and the error of its classes back.

    Biases are 0. The gain multiplies the hidden layers' kernels; the output layer's stays as the
    initializer draws it, so that the error starts out alike at every gain. Two classes share one
    output, more get one each. More draws from an equal seed begin with the same networks.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
        Or any object with X of shape (n_examples, n_features) and y of shape (n_examples,).
    depth, width : int
        Number of hidden layers, and units in each.
    activation : str
        Keras name of the hidden layers' activation function.
    initializer : str
        Keras name of a Glorot, He or LeCun initializer.
    gain : float
        Factor on the hidden layers' kernels.
    draws : int
        Number of networks.

    Returns
    -------
    DepthSignal

    Raises
    ------
    ValueError
        If a size is below 1, the gain not positive or so large that numbers overflow, a name
        unknown, or the data set not finite numbers with a class each.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html
    """
    check_sizes(depth=depth, width=width, draws=draws)
    check_gain(gain)
    activations.find_activation(activation)
    record = scaled_initializer(initializer)
    X, y = checked_examples(dataset)
    n_classes = int(y.max()) + 1
    sizes = (X.shape[1], *[width] * depth, 1 if n_classes <= 2 else n_classes)
    weights = draw_weights(record, sizes=sizes, gain=gain, draws=draws, seed=seed)
    block = max(1, _BLOCK // (len(X) * width * depth))
    with np.errstate(over="ignore", invalid="ignore"):
        parts = [
            _measure(networks.backward_pass(X, y, weights[i : i + block], activation=activation))
            for i in range(0, draws, block)
        ]
    measured = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if not all(np.isfinite(values).all() for values in measured.values()):
        raise ValueError(f"gain must keep all numbers of {depth} layers below 1e150, got {gain}")
    return DepthSignal(
        activation=activation,
        initializer=initializer,
        gain=gain,
        width=width,
        weight_factor=gain * np.sqrt(width) * record.std(fan_in=width, fan_out=width),
        first_network=weights[0],
        **measured,
    )


def _measure(passed: BackwardPass) -> dict[str, NDArray[np.float64]]:
    """Return arrays of shape (draws, depth, ...) under their names in `DepthSignal`."""
    z, a = passed.forward.pre_activations, passed.forward.activations
    return {
        "activation_mean": _by_layer(np.mean, a),
        "activation_std": _by_layer(np.std, a),
        "pre_activation_std": _by_layer(np.std, z),
        "pre_activation_percentiles": np.stack([_percentiles(values) for values in z], axis=1),
        "mean_square_slope": _by_layer(_mean_square, passed.slopes),
        "delta_rms": np.sqrt(_by_layer(_mean_square, passed.deltas)),
        "kernel_gradient_rms": np.sqrt(_by_layer(_mean_square, passed.kernels[:-1])),
    }


def _by_layer(statistic: Callable, layers: tuple[NDArray, ...]) -> NDArray[np.float64]:
    return np.stack([statistic(values, axis=(-2, -1)) for values in layers], axis=1)


def _mean_square(values: NDArray, *, axis: tuple[int, int]) -> NDArray[np.float64]:
    return np.mean(values**2, axis=axis)


def _percentiles(values: NDArray) -> NDArray[np.float64]:
    return np.moveaxis(np.percentile(values.reshape(len(values), -1), PERCENTILES, axis=1), 0, -1)
