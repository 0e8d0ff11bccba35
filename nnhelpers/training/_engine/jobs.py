"""A job: all that the compiled loop needs, as plain arrays; and what it makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import MLPSpec, Weights, losses
from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.places import KINDS, LANES
from nnhelpers.training.optimizers import Optimizer

_LOSSES = {losses.BINARY: at.BINARY, losses.CATEGORICAL: at.CATEGORICAL, losses.SQUARED: at.SQUARED}
_RULES = {"sgd": at.SGD, "rmsprop": at.RMSPROP, "adam": at.ADAM, "adamw": at.ADAM}
# Examples that are sent through at a time when networks are looked at, unless batches are larger.
_LOOK = 256


@dataclass(frozen=True, kw_only=True)
class Job:
    """Networks to train, as plain arrays: it can be pickled, and any part of it trained alone.

    Attributes
    ----------
    layers : array of shape (n_layers, places.LAYER_COLUMNS), int64
    network : array of shape (places.NETWORK_ENTRIES,), int64
    constants : array of shape (places.CONSTANTS,), float32
    X : array of shape (1 or draws, n_features, n_examples), float32
    targets : array of shape (1 or draws, n_targets, n_examples), float32
    weights : array of shape (n_examples,), float32
        How much each example counts.
    due : array of int64
        Epochs to record.
    settings : array of shape (draws, 5), float32
    rates : array of shape (draws, n_layers), float32
        Rates of dropout.
    numbers : array of shape (draws,), int64
        Numbers of the networks, from which dropout and the order of the examples are drawn.
    seed : int
    parameters : array of shape (draws, n_parameters), float32
        What the networks start from.
    """

    layers: NDArray[np.int64]
    network: NDArray[np.int64]
    constants: NDArray[np.float32]
    X: NDArray[np.float32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    due: NDArray[np.int64]
    settings: NDArray[np.float32]
    rates: NDArray[np.float32]
    numbers: NDArray[np.int64]
    seed: int
    parameters: NDArray[np.float32]

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.parameters)

    @property
    def normalized(self) -> bool:
        """Whether there is batch norm."""
        return bool(self.network[at.N_KEPT] > self.network[at.N_LEARNED])

    def part(self, rows: slice | NDArray[np.int64]) -> "Job":
        """Return the job of some of the networks, which train as they do among all."""
        own = ("X", "targets") if len(self.X) > 1 else ()
        names = ("settings", "rates", "numbers", "parameters", *own)
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def job_of(
    spec: MLPSpec,
    rule: Optimizer,
    own: Mapping[str, NDArray[np.float64]],
    start: Weights,
    *,
    X: NDArray,
    targets: NDArray,
    weights: NDArray[np.float32],
    due: NDArray[np.int64],
    batch_size: int | None,
    seed: int,
) -> Job:
    """Return what the engine needs to train networks that start from these, but for gains.

    `own` holds an array of shape (draws,) for each setting in which networks may differ; the other
    arrays are of the shapes of `Job`. Without a batch size the batch is full.
    """
    draws = len(start.kernels[0])
    layers = np.zeros((len(start.kernels), at.LAYER_COLUMNS), np.int64)
    network = np.zeros(at.NETWORK_ENTRIES, np.int64)
    rates = np.zeros((draws, len(layers)), np.float32)
    differ = len(set(spec.dropout_rates)) > 1 and not own["dropout"].any()
    rates[:, :-1] = spec.dropout_rates if differ else own["dropout"][:, np.newaxis]
    layers[:-1, at.DROPS] = (rates[:, :-1] > 0).any(axis=0)
    _describe_layers(layers, spec, n_features=X.shape[1])
    _describe_network(network, spec, X.shape, batch_size)
    network[at.RULE], network[at.NESTEROV] = _RULES[rule.name], rule.nesterov
    network[at.PENALTIES] = (own["l1"] + own["l2"]).any()
    _place_parameters(layers, network, spec)
    _place_values(layers, network, n_targets=targets.shape[1])
    gains = own["gain"].astype(np.float32)[:, np.newaxis, np.newaxis]
    kernels = tuple(kernel.astype(np.float32) * gains for kernel in start.kernels)
    members = [own[name] for name in ("offset", "scale", "learning_rate", "l1", "l2")]
    return Job(
        layers=layers,
        network=network,
        constants=_constants_of(spec, rule),
        X=np.ascontiguousarray(X, np.float32),
        targets=np.ascontiguousarray(targets, np.float32),
        weights=weights,
        due=due,
        settings=np.stack(members, axis=1).astype(np.float32),
        rates=rates,
        numbers=np.arange(draws),
        seed=int(seed) % 2**62,
        parameters=_pack(replace(start, kernels=kernels), layers, network),
    )


def _describe_network(
    network: NDArray, spec: MLPSpec, shape: tuple[int, ...], batch_size: int | None
) -> None:
    _, n_features, n_examples = shape
    columns = n_padded = padded(n_examples)
    if batch_size is not None and not spec.normalized_layers:
        columns = min(n_padded, max(padded(batch_size), _LOOK))
    network[at.N_EXAMPLES], network[at.N_PADDED] = n_examples, n_padded
    network[at.N_FEATURES], network[at.BATCH_SIZE] = n_features, batch_size or 0
    network[at.COLUMNS], network[at.LOSS] = columns, _LOSSES[spec.loss]


def _describe_layers(layers: NDArray, spec: MLPSpec, *, n_features: int) -> None:
    layers[:, [at.FAN_IN, at.UNITS]] = spec.layer_sizes(n_features)
    layers[1:, at.FIRST_UNIT] = np.cumsum(layers[:-1, at.UNITS])
    layers[:-1, at.KIND] = [KINDS[name] for name in spec.activations]
    place = at.BEHIND if spec.batch_norm and spec.batch_norm.after_activation else at.BEFORE
    layers[list(spec.normalized_layers), at.NORM] = place


def _place_parameters(layers: NDArray, network: NDArray, spec: MLPSpec) -> None:
    """Give a place to all that a network keeps: first what it learns, then moving moments."""
    network[at.PARAMETERS] = here = LANES  # behind the zeros
    for number, layer in enumerate(layers):
        layer[at.KERNEL], here = here, here + layer[at.FAN_IN] * layer[at.UNITS]
        if number not in spec.layers_without_bias:
            layer[at.BIAS], here = here, here + layer[at.UNITS]
        if layer[at.NORM]:
            layer[at.GAMMA], layer[at.BETA] = here, here + layer[at.UNITS]
            here += 2 * layer[at.UNITS]
    network[at.N_LEARNED] = padded(here - LANES)
    here = start = LANES + network[at.N_LEARNED]
    for layer in layers:
        if layer[at.NORM]:
            layer[at.MEAN], layer[at.VARIANCE] = here, here + layer[at.UNITS]
            here += 2 * layer[at.UNITS]
    network[at.N_KEPT] = network[at.N_LEARNED] + padded(here - start)


def _place_values(layers: NDArray, network: NDArray, *, n_targets: int) -> None:
    """Give a place to everything else in memory."""
    columns = int(network[at.COLUMNS])
    learned, n_features = network[at.N_LEARNED], network[at.N_FEATURES]
    n_padded, batched = network[at.N_PADDED], network[at.BATCH_SIZE] > 0
    free = network[at.PARAMETERS] + network[at.N_KEPT]

    def room(numbers: int) -> int:
        nonlocal free
        place, free = free, free + padded(int(numbers))
        return place

    network[at.GRADIENTS], network[at.SLOTS] = room(learned), room(2 * learned)
    network[at.HIDDEN_KERNELS] = room(learned)
    network[at.SEEN] = room(n_features * n_padded)
    network[at.PRESENT], network[at.WEIGHT] = room(n_padded), room(n_padded)
    network[at.TARGET] = room(n_targets * n_padded)
    if batched:
        network[at.GATHERED] = room(n_features * columns)
        network[at.BATCH_PRESENT], network[at.BATCH_WEIGHT] = room(columns), room(columns)
        network[at.BATCH_TARGET] = room(n_targets * columns)
    for layer in layers:
        rows = layer[at.UNITS] * columns
        for name in (at.OUTPUT, at.SLOPE, at.BACK):
            layer[name] = room(rows)
        layer[at.STANDARD] = room(rows * (layer[at.NORM] > 0))
        layer[at.MASK] = room(rows * layer[at.DROPS])
        layer[at.MOMENTS] = room(3 * layer[at.UNITS])
    network[at.SCRATCH] = room(int(layers[:, at.UNITS].max()) * columns)
    network[at.SUMS] = room(2 * LANES)
    network[at.MEMORY] = free


def padded(count: int) -> int:
    """Round up to whole lanes."""
    return -(-count // LANES) * LANES


def _constants_of(spec: MLPSpec, optimizer: Optimizer) -> NDArray[np.float32]:
    """Return the numbers of optimizer, batch norm and limits."""
    constants = np.zeros(at.CONSTANTS, np.float32)
    constants[: len(optimizer.constants)] = optimizer.constants
    constants[at.DECAY] = optimizer.weight_decay
    norm = spec.batch_norm
    if norm is not None:
        constants[[at.MOMENTUM, at.EPSILON]] = norm.momentum, norm.epsilon
    constants[at.MAX_NORM] = spec.max_norm or 0.0
    return constants


def _pack(weights: Weights, layers: NDArray, network: NDArray) -> NDArray[np.float32]:
    """Write the weights of many networks as rows of numbers, (draws, n_parameters)."""
    rows = np.zeros((len(weights.kernels[0]), network[at.N_KEPT]), np.float32)
    for place, array in zip(_places(layers), weights.to_list(), strict=True):
        flat = array.reshape(len(rows), -1)
        rows[:, place - LANES : place - LANES + flat.shape[1]] = flat
    return rows


def unpack(rows: NDArray[np.float32], layers: NDArray, like: Weights) -> Weights:
    """Read the weights of many networks, of the layers of `like`, from such rows."""
    found = []
    for place, array in zip(_places(layers), like.to_list(), strict=True):
        size = int(np.prod(array.shape[1:]))
        part = rows[..., place - LANES : place - LANES + size]
        # Numbers that are none differ in their bits from one processor to the next.
        part = np.where(np.isnan(part), np.float32(np.nan), part)
        found.append(part.reshape(*rows.shape[:-1], *array.shape[1:]))
    return like.with_list(found)


def _places(layers: NDArray) -> list[int]:
    """Places of all arrays in the order of `Weights.to_list`."""
    found = []
    for number, layer in enumerate(layers):
        hidden = number < len(layers) - 1
        found.append(layer[at.KERNEL])
        if not (hidden and layer[at.NORM] == at.BEFORE):
            found.append(layer[at.BIAS])
        if layer[at.NORM]:
            found += [layer[name] for name in (at.GAMMA, at.BETA, at.MEAN, at.VARIANCE)]
    return [int(place) for place in found]
