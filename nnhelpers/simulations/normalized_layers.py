"""Untrained deep networks with batch norm in some layers: how what leaves each is spread."""

from collections.abc import Sequence
from dataclasses import replace

from numpy.typing import ArrayLike

from nnhelpers import initializers, networks
from nnhelpers.activations import find_activation
from nnhelpers.initializers import Initializer, describe_initializer
from nnhelpers.networks import BatchNorm, MLPSpec, NormWeights, Weights
from nnhelpers.simulations.draws import check_gain, check_sizes, checked_features
from nnhelpers.simulations.layer_outputs import LayerOutputs
from nnhelpers.simulations.layers.outputs import measure_layers
from nnhelpers.simulations.units.active import NORMAL

_PLACES = ("before", "after", None)


def simulate_normalized_layers(
    X: ArrayLike,
    *,
    batch_norm: Sequence[str | None] = ("before",) * 4,
    width: int = 5,
    activation: str = "relu",
    initializer: str | Initializer = NORMAL,
    gain: float = 1.0,
    draws: int = 300,
    seed: int = 0,
) -> LayerOutputs:
    """Draw untrained networks with batch norm, and look at what leaves their hidden layers.

    The kernels are those of `simulate_layers` with an equal seed. Batch norm works as in training:
    with the mean and variance of all examples, gamma 1, beta 0 and epsilon 0.001.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    batch_norm : sequence of str or None
        One for each hidden layer, the first one first: "before" its activation, "after" it, or
        None. ``(None, None, "before", None)`` are four layers with batch norm in the third, and
        ``("after",) * 10`` ten layers with batch norm in each.
    width : int
        Units in each layer.
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
        If batch norm is asked for nowhere that there is, a size is below 1, the gain not positive,
        a name unknown, X not two or more examples of finite numbers, or the activations grow
        beyond 1e150.

    References
    ----------
    S. Ioffe and C. Szegedy, 2015, https://arxiv.org/abs/1502.03167.
    """
    places = _checked_places(batch_norm)
    check_sizes(width=width, draws=draws)
    check_gain(gain)
    find_activation(activation)
    record = initializers.find_initializer(initializer)
    features = checked_features(X)
    if len(features) < 2:
        raise ValueError(f"X must hold at least two examples for batch norm, got {len(features)}")
    spec = MLPSpec(units=(width,) * len(places), kernel_initializer=record)
    weights = networks.draw(spec, n_features=features.shape[1], draws=draws, gain=gain, seed=seed)
    return measure_layers(
        features,
        _with_norms(spec, weights, places),
        activation=activation,
        initializer=describe_initializer(initializer),
        gain=gain,
        batch_norm=places,
    )


def _with_norms(spec: MLPSpec, weights: Weights, places: tuple[str | None, ...]) -> Weights:
    """Put batch norm before or after each hidden layer's activation, or nowhere."""
    norms: list[NormWeights | None] = [None] * len(places)
    for place in {*places} - {None}:
        layers = tuple(layer for layer, each in enumerate(places) if each == place)
        norm = BatchNorm(layers=layers, after_activation=place == "after")
        normalized = replace(spec, batch_normalization=norm)
        found = networks.with_batch_norm(normalized, weights).norms
        norms = [new or old for new, old in zip(found, norms, strict=True)]
    return replace(weights, norms=tuple(norms))


def _checked_places(batch_norm: Sequence[str | None]) -> tuple[str | None, ...]:
    places = (batch_norm,) if isinstance(batch_norm, str) else tuple(batch_norm)
    if not places:
        raise ValueError("batch_norm must say a place for at least one hidden layer, got ()")
    for place in places:
        if place not in _PLACES:
            raise ValueError(f'batch_norm must hold "before", "after" or None, got {place!r}')
    return places
