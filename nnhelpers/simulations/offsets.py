"""Untrained deep networks on centred data: which units of each layer still split them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas, theory
from nnhelpers.activations import Activation
from nnhelpers.networks import Weights
from nnhelpers.simulations.cloud import Cloud
from nnhelpers.simulations.draws import (
    check_gain,
    check_sizes,
    checked_features,
    draw_weights,
    scaled_initializer,
)
from nnhelpers.simulations.layer_offsets import DepthOffset

# N(0, 1), in so many dimensions that any two examples are all but orthogonal.
CENTRED = Cloud(n_examples=200, n_features=100, width=np.sqrt(12), kind="normal")

# Numbers in one layer's activations of one block of networks: fits a core's cache.
_BLOCK = 200_000
# Of Keras's batch normalization.
_EPSILON = 1e-3


def simulate_depth_offset(
    data: Cloud | ArrayLike = CENTRED,
    *,
    depth: int = 12,
    width: int = 100,
    activation: str = "sigmoid",
    initializer: str = "glorot_uniform",
    gain: float = 1.0,
    draws: int = 20,
    seed: int = 0,
) -> DepthOffset:
    """Draw untrained networks; measure the share of the data that activates each unit.

    Active is z > 0, also for a sigmoid. Biases are 0.

    Parameters
    ----------
    data : Cloud or array of shape (n_examples, n_features)
        200 examples of 100 features from N(0, 1) unless given.
    depth, width : int
        Number of hidden layers, and units in each.
    activation : str
        Keras's name.
    initializer : str
        Keras name of a Glorot, He or LeCun initializer.
    gain : float
        Factor on the kernels.
    draws : int
        Number of networks.

    Returns
    -------
    DepthOffset

    Raises
    ------
    ValueError
        If a size is below 1, the gain not positive or so large or small that numbers leave their
        range, a name unknown, or the data not finite, fewer than two examples or all 0.

    Notes
    -----
    The law takes from the data their mean square and the mean correlation of two examples. It
    holds where the layers are wide and any two examples about as correlated as any others.

    References
    ----------
    B. Poole et al., 2016, https://arxiv.org/abs/1606.05340.
    """
    check_gain(gain)
    record = activations.find_activation(activation)
    X, weights = _drawn(
        data, depth=depth, width=width, initializer=initializer, gain=gain, draws=draws, seed=seed
    )
    fans = [(X.shape[1], width), (width, width)]
    scales = [fan_in * (gain * _std(initializer, fan_in, fan_out)) ** 2 for fan_in, fan_out in fans]
    with np.errstate(all="ignore"):
        fraction, between, within = _measured(X, weights, record, batch_normalization=False)
        correlation = _law(X, activation, scales, depth)
    if not all(np.isfinite(values).all() for values in (between, within, correlation)):
        raise ValueError(f"gain must keep the signal through {depth} layers, got {gain}")
    return DepthOffset(
        activation=activation,
        initializer=initializer,
        gain=gain,
        batch_normalization=False,
        n_examples=len(X),
        fraction=fraction,
        between=between,
        within=within,
        correlation=correlation,
    )


def simulate_normalized_offset(
    data: Cloud | ArrayLike = CENTRED,
    *,
    depth: int = 12,
    width: int = 100,
    activation: str = "sigmoid",
    initializer: str = "glorot_uniform",
    draws: int = 20,
    seed: int = 0,
) -> DepthOffset:
    """Draw the same networks with batch normalization before every activation.

    Mean and variance are those of all examples, gamma is 1, beta 0 and epsilon 0.001, so that
    the scale of the weights hardly matters.

    Parameters and errors are those of `simulate_depth_offset`, without the gain.

    Returns
    -------
    DepthOffset
        By the law every unit is like one on centred data.

    References
    ----------
    S. Ioffe and C. Szegedy, 2015, https://arxiv.org/abs/1502.03167.
    """
    record = activations.find_activation(activation)
    X, weights = _drawn(
        data, depth=depth, width=width, initializer=initializer, gain=1.0, draws=draws, seed=seed
    )
    fraction, between, within = _measured(X, weights, record, batch_normalization=True)
    return DepthOffset(
        activation=activation,
        initializer=initializer,
        gain=1.0,
        batch_normalization=True,
        n_examples=len(X),
        fraction=fraction,
        between=between,
        within=within,
        correlation=np.zeros(depth),
    )


def _drawn(
    data: Cloud | ArrayLike,
    *,
    depth: int,
    width: int,
    initializer: str,
    gain: float,
    draws: int,
    seed: int,
) -> tuple[NDArray[np.float64], Weights]:
    """Check the settings, then draw examples and weights, which spawn streams of their own."""
    check_sizes(depth=depth, width=width, draws=draws)
    record = scaled_initializer(initializer)
    X = data.draw(np.random.default_rng(seed)) if isinstance(data, Cloud) else data
    X = checked_features(X)
    if len(X) < 2 or not X.any():
        raise ValueError(f"data must hold two examples or more, not all 0, got shape {X.shape}")
    sizes = (X.shape[1], *[width] * depth, 1)
    return X, draw_weights(record, sizes=sizes, gain=gain, draws=draws, seed=seed)


def _measured(
    X: NDArray, weights: Weights, record: Activation, *, batch_normalization: bool
) -> tuple[NDArray, NDArray, NDArray]:
    """Return active fractions and the variances between and within units, block by block."""
    kernels = weights.kernels[:-1]
    block = max(1, _BLOCK // (len(X) * kernels[0].shape[-1]))
    with blas.one_thread():
        parts = [
            _pass(X, [kernel[i : i + block] for kernel in kernels], record, batch_normalization)
            for i in range(0, len(kernels[0]), block)
        ]
    return tuple(np.concatenate(values) for values in zip(*parts, strict=True))


def _pass(
    X: NDArray, kernels: list[NDArray], record: Activation, batch_normalization: bool
) -> tuple[NDArray, NDArray, NDArray]:
    hidden, fractions, between, within = X, [], [], []
    for kernel in kernels:
        z = hidden @ kernel
        mean = z.mean(axis=1, keepdims=True)
        centred = z - mean
        variance = np.einsum("...eu,...eu->...u", centred, centred) / (len(X) - 1)
        between.append(np.mean(mean**2, axis=(1, 2)))
        within.append(np.mean(variance, axis=1))
        if batch_normalization:
            of_batch = variance * (1 - 1 / len(X))
            z = centred / np.sqrt(of_batch + _EPSILON)[:, np.newaxis]
        fractions.append(np.mean(z > 0, axis=1))
        hidden = record.value(z)
    return tuple(np.stack(values, axis=1) for values in (fractions, between, within))


def _law(X: NDArray, activation: str, scales: list[float], depth: int) -> NDArray[np.float64]:
    """Correlations by layer; a first layer of another fan-in counts as inputs of another size."""
    first, others = scales
    square = np.mean(X**2)
    pairs = (np.sum(X.sum(axis=0) ** 2) - np.sum(X**2)) / (len(X) - 1)
    correlations = theory.layer_correlations(
        activation,
        weight_variance=others,
        depth=depth,
        input_square=float(square * first / others),
        input_correlation=float(np.clip(pairs / np.sum(X**2), 0, 1)),
    )
    return np.maximum(correlations, 0)


def _std(initializer: str, fan_in: int, fan_out: int) -> float:
    return scaled_initializer(initializer).std(fan_in=fan_in, fan_out=fan_out)
