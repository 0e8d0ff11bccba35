"""Initial weights of dense networks, for many networks at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers
from nnhelpers.checks import as_floats, check_kind, check_whole, generator
from nnhelpers.networks.spec import BatchNorm, MLPSpec
from nnhelpers.networks.weights import NormWeights, Weights


def draw(
    spec: MLPSpec, *, n_features: int, draws: int, gain: ArrayLike = 1.0, seed: int = 0
) -> Weights:
    """Draw untrained networks, for simulations, as the start of training, and for Keras models.

    The arrays are float64 with a leading axis of draws; the gain, one number or of shape (draws,),
    multiplies all kernels. Every kernel and bias has its own random stream, so more draws, and more
    hidden layers of the same sizes, begin with the same weights. An initializer with its own seed
    draws from both seeds and the layer's number. Raises ``ValueError`` or ``TypeError`` if a number
    is out of range or an initializer cannot draw what a layer needs, such as an orthogonal bias.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> spec = networks.MLPSpec(units=(8, 4))
    >>> [kernel.shape for kernel in networks.draw(spec, n_features=2, draws=300).kernels]
    [(300, 2, 8), (300, 8, 4), (300, 4, 1)]
    """
    check_kind(MLPSpec, spec=spec)
    check_whole(n_features=n_features, draws=draws)
    check_whole(least=0, seed=seed)
    sizes, factor = spec.layer_sizes(n_features), _checked_gain(gain, draws)
    shared = generator(seed)
    find, bias = initializers.find_initializer, spec.bias_initializer
    kernels, biases = [], []
    for layer, (fans, kernel) in enumerate(zip(sizes, spec.kernel_initializers, strict=True)):
        streams = shared.spawn(2)
        kernel_rng = _own_streams(kernel, (seed, layer), otherwise=streams)[0]
        bias_rng = _own_streams(bias, (seed, layer), otherwise=streams)[1]
        drawn = find(kernel).draw(kernel_rng, draws=draws, fan_in=fans[0], fan_out=fans[1])
        kernels.append(factor * drawn)
        biases.append(find(bias).draw_bias(bias_rng, draws=draws, units=fans[1]))
    return with_batch_norm(spec, Weights(kernels=tuple(kernels), biases=tuple(biases)))


def with_batch_norm(spec: MLPSpec, weights: Weights) -> Weights:
    """Return the weights with the specification's untrained batch norm, and 0 for replaced biases.

    Examples
    --------
    >>> from nnhelpers import networks
    >>> plain = networks.draw(networks.MLPSpec(units=(8,)), n_features=2, draws=1)
    >>> spec = networks.MLPSpec(units=(8,), batch_normalization=True)
    >>> networks.with_batch_norm(spec, plain).norms[0].gamma.shape
    (1, 8)
    """
    check_kind(MLPSpec, spec=spec)
    check_kind(Weights, weights=weights)
    norm = spec.batch_norm
    if norm is None:
        return weights
    return Weights(
        kernels=weights.kernels,
        biases=tuple(
            np.zeros_like(bias) if layer in spec.layers_without_bias else bias
            for layer, bias in enumerate(weights.biases)
        ),
        norms=tuple(
            _untrained(norm, bias) if layer in spec.normalized_layers else None
            for layer, bias in enumerate(weights.biases[:-1])
        ),
    )


def _untrained(norm: BatchNorm, like: NDArray) -> NormWeights:
    return NormWeights(
        gamma=np.ones_like(like),
        beta=np.zeros_like(like),
        moving_mean=np.zeros_like(like),
        moving_variance=np.ones_like(like),
        epsilon=norm.epsilon,
        after_activation=norm.after_activation,
    )


def _own_streams(
    which: Any, place: tuple[int, int], *, otherwise: Sequence[np.random.Generator]
) -> Sequence[np.random.Generator]:
    """Return streams for a kernel and a bias from the initializer's own seed, if it has one."""
    own = initializers.seed_of(which)
    return otherwise if own is None else np.random.default_rng([*place, own % 2**64]).spawn(2)


def _checked_gain(gain: ArrayLike, draws: int) -> NDArray[np.float64]:
    """Return factors that broadcast over kernels."""
    factors = as_floats("gain", gain)
    if not (np.isfinite(factors) & (factors >= 0)).all():
        raise ValueError(f"gain must be finite and not negative, got {gain!r}")
    if factors.shape not in ((), (draws,)):
        raise ValueError(
            f"gain must be one number, or one for each of {draws} networks, "
            f"got shape {factors.shape}"
        )
    return factors.reshape(-1, 1, 1)
