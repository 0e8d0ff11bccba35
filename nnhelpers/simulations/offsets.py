"""Untrained deep networks on centred data: which units of each layer still split them."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import networks, theory
from nnhelpers.networks import ForwardPass, MLPSpec
from nnhelpers.simulations.draws import (
    OVER,
    check_gain,
    check_sizes,
    checked_features,
    measure_drawn,
    scaled_initializer,
)
from nnhelpers.simulations.layer_offsets import DepthOffset
from nnhelpers.simulations.units.cloud import Cloud

# N(0, 1), in so many dimensions that any two examples are all but orthogonal.
CENTRED = Cloud(n_examples=200, n_features=100, width=np.sqrt(12), kind="normal")


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
        Factor on every kernel.
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
    check_sizes(depth=depth, width=width, draws=draws)
    check_gain(gain)
    spec = _spec(depth, width, activation, initializer)
    X = _examples(data, seed)
    fans = [(X.shape[1], width), (width, width)]
    scales = [fan_in * (gain * _std(initializer, fan_in, fan_out)) ** 2 for fan_in, fan_out in fans]
    with np.errstate(all="ignore"):
        correlation = _law(X, activation, scales, depth)
    if not np.isfinite(correlation).all():
        raise ValueError(f"gain must keep the signal through {depth} layers, got {gain}")
    received = f"{initializer} with gain {gain:g}"
    return DepthOffset(
        activation=activation,
        initializer=initializer,
        gain=gain,
        batch_normalization=False,
        n_examples=len(X),
        correlation=correlation,
        **_measured(X, spec, received, gain=gain, draws=draws, seed=seed),
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
    check_sizes(depth=depth, width=width, draws=draws)
    spec = replace(_spec(depth, width, activation, initializer), batch_normalization=True)
    X = _examples(data, seed)
    return DepthOffset(
        activation=activation,
        initializer=initializer,
        gain=1.0,
        batch_normalization=True,
        n_examples=len(X),
        correlation=np.zeros(depth),
        **_measured(X, spec, initializer, draws=draws, seed=seed),
    )


def _spec(depth: int, width: int, activation: str, initializer: str) -> MLPSpec:
    record = scaled_initializer(initializer)
    return MLPSpec(units=(width,) * depth, activation=activation, kernel_initializer=record)


def _examples(data: Cloud | ArrayLike, seed: int) -> NDArray[np.float64]:
    """Return examples, drawn if they are to be, from numbers that no kernel is drawn from."""
    X = data.draw(np.random.default_rng(seed)) if isinstance(data, Cloud) else data
    X = checked_features(X)
    if len(X) < 2 or not X.any():
        raise ValueError(f"data must hold two examples or more, not all 0, got shape {X.shape}")
    return X


def _measured(
    X: NDArray, spec: MLPSpec, received: str, **settings: Any
) -> dict[str, NDArray[np.float64]]:
    """Draw networks; active fractions, and the variances between and within units."""
    weights = networks.draw(spec, n_features=X.shape[1], **settings)
    by_layer = {
        "fraction": lambda passed: [np.mean(z > 0, axis=-2) for z in passed.pre_activations],
        "moments": lambda passed: [_moments(z) for z in _entering(passed)],
    }
    found = measure_drawn(
        X, weights, received=received, activation=spec.activation, by_layer=by_layer
    )
    between, within = np.moveaxis(found.pop("moments"), -1, 0)
    return {**found, "between": between, "within": within}


def _moments(z: NDArray) -> NDArray[np.float64]:
    """Mean square of the units' means, and mean of their variances, of shape (draws, 2)."""
    mean = z.mean(axis=-2, keepdims=True)
    centred = z - mean
    variance = np.einsum("...eu,...eu->...u", centred, centred) / (z.shape[-2] - 1)
    return np.stack([np.mean(mean**2, axis=OVER), variance.mean(axis=-1)], axis=-1)


def _entering(passed: ForwardPass) -> tuple[NDArray, ...]:
    """What leaves each hidden layer's kernel."""
    return passed.entered or passed.pre_activations


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
