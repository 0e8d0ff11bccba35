"""Depth as an offset: which units of untrained networks still split centred data."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import networks, theory
from nnhelpers.checks import checked_features, generator
from nnhelpers.initializers import describe_initializer
from nnhelpers.measures.activity import ActiveShares, StatusShares
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.by_layer import (
    UntrainedNetworks,
    check_uniform,
    measure_drawn,
    weight_stds,
)
from nnhelpers.simulations.units.cloud import Cloud
from nnhelpers.words import counted, superscript

# N(0, 1) in enough dimensions that any two examples are nearly orthogonal.
CENTRED = Cloud(n_examples=200, n_features=100, width=np.sqrt(12), kind="normal")


@dataclass(frozen=True, kw_only=True)
class DepthOffset(UntrainedNetworks, StatusShares):
    """Shares of the data that activate the units of each layer of untrained networks.

    Attributes
    ----------
    fraction : array of shape (draws, depth, width)
        Active fraction of each unit; shares of units by status have shape (depth,).
    correlation : array of shape (depth,)
        Correlation of two examples' pre-activations by the law of wide layers; 0 with batch norm.
    """

    n_examples: int
    fraction: NDArray[np.float64] = field(repr=False)
    correlation: NDArray[np.float64]

    _unit_axes = (0, 2)

    @property
    def offset(self) -> NDArray[np.float64]:
        """Equivalent offset of data (std) by the law, of shape (depth,)."""
        return theory.equivalent_offset(self.correlation)

    @cached_property
    def law_pmf(self) -> NDArray[np.float64]:
        """Probability that 0, 1, ... examples activate a unit, of shape (depth, n_examples + 1)."""
        if self.spec.normalized_layers:
            return np.tile(theory.above_mean_pmf(self.n_examples), (self.depth, 1))
        return np.array(
            [theory.active_examples_pmf(self.n_examples, mean_over_std=r) for r in self.offset]
        )

    @property
    def law_splitting_share(self) -> NDArray[np.float64]:
        """Share of units that split the data, by the law, of shape (depth,)."""
        return self.law_pmf[:, 1:-1].sum(axis=1)

    def layer(self, number: int) -> "LayerOffset":
        """Return one layer, counted from 1; raise ValueError if there is no such layer."""
        if number not in range(1, self.depth + 1):
            raise ValueError(f"number must be a layer from 1 to {self.depth}, got {number}")
        return LayerOffset(network=self, number=int(number))

    def offsets_in_words(self) -> list[str]:
        """Write the offset of each layer with two digits or as a power of ten."""
        return [_rough(offset) for offset in self.offset]

    def first_and_last(self) -> str:
        """Compare the shares of splitting units in the first and the last layer in words."""
        first, last = (f"{share:.0%}" for share in self.splitting_share[[0, -1]])
        batch = ", batch norm" * bool(self.spec.normalized_layers)
        return f"{self.activation}{batch}: {first} split in layer 1, {last} in layer {self.depth}"

    def networks_in_words(self) -> str:
        """Describe the networks."""
        layers = f"{counted(self.depth, f'{self.activation} layer')} of {self.spec.units[0]} units"
        batch = ", batch normalization" * bool(self.spec.normalized_layers)
        return f"{layers}, {self.initializer}{batch}"

    def summary(self) -> str:
        """Describe networks and splitting units in one line."""
        shares = ", ".join(f"{share:.0%}" for share in self.splitting_share)
        return f"{self.networks_in_words()}: share of units that split the data, by layer: {shares}"


@dataclass(frozen=True, kw_only=True)
class LayerOffset(ActiveShares):
    """One layer, numbered from 1, whose units compare with units on offset data."""

    network: DepthOffset
    number: int

    law_name = "law of wide layers"

    @property
    def fraction(self) -> NDArray[np.float64]:
        """Active fraction of each unit of all networks, of shape (draws * width,)."""
        return self.network.fraction[:, self.number - 1].ravel()

    @property
    def place(self) -> str:
        """The layer and its equivalent offset in words."""
        offset = self.network.offsets_in_words()[self.number - 1]
        data = "centred data" if offset == "0" else f"data moved by {offset} σ"
        return f"layer {self.number}, like {data}"

    def law(self, shares: ArrayLike) -> NDArray[np.float64]:
        """Probability of an active fraction up to each of `shares`, by the law of wide layers."""
        n, wanted = self.network.n_examples, np.asarray(shares, dtype=np.float64)
        # 0.29 * 100 is slightly less than 29.
        counts = np.minimum(np.floor(wanted * n + 1e-9), np.where(wanted < 1, n - 1, n))
        cdf = np.concatenate([[0.0], np.cumsum(self.network.law_pmf[self.number - 1])])
        return cdf[np.clip(counts + 1, 0, n + 1).astype(np.int64)]

    def summary(self) -> str:
        """Describe the networks and this layer's units in one line."""
        return f"{self.network.networks_in_words()}: {self.place}: {self.in_words()}"


def simulate_depth_offset(
    spec: MLPSpec, data: Cloud | ArrayLike = CENTRED, *, draws: int = 20, seed: int = 0
) -> DepthOffset:
    """Draw untrained networks; measure the share of the data that activates each unit (z > 0).

    The layers share one activation, initializer and width, and batch norm, if any, precedes every
    activation and normalizes with the moments of all examples; every unit then acts as on centred
    data. The data, of shape (n_examples, n_features), default to 200 examples of 100 features from
    N(0, 1). Raises ValueError or TypeError if spec or numbers are out of range, or the data have
    fewer than two examples or are all 0.

    Notes
    -----
    The law uses the data's mean square and the mean correlation of two examples. It holds if the
    layers are wide and all pairs of examples are about equally correlated.

    References
    ----------
    B. Poole et al., 2016, https://arxiv.org/abs/1606.05340;
    S. Ioffe and C. Szegedy, 2015, https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> spec = MLPSpec(units=(50,) * 4, activation="sigmoid")
    >>> simulate_depth_offset(spec, draws=5).offsets_in_words()
    ['0', '2.2', '9.6', '41']
    """
    check_uniform(spec, one_width=True)
    norm, every = spec.batch_norm, tuple(range(len(spec.units)))
    if norm is not None and (norm.after_activation or spec.normalized_layers != every):
        raise ValueError(f"batch_normalization must be before every activation, got {norm}")
    drawn = data.draw(generator(seed)) if isinstance(data, Cloud) else data
    X = checked_features(drawn, name="data")
    if len(X) < 2 or not X.any():
        raise ValueError(f"data must hold two examples or more, not all 0, got shape {X.shape}")
    with np.errstate(all="ignore"):
        correlation = _law(spec, X)
    if not np.isfinite(correlation).all():
        received = describe_initializer(spec.kernel_initializer)
        raise ValueError(f"kernel_initializer must keep the signal, got {received}")
    weights = networks.draw(spec, n_features=X.shape[1], draws=draws, seed=seed)
    active = {"fraction": lambda p: [np.mean(z > 0, axis=-2) for z in p.pre_activations]}
    measured = measure_drawn(spec, X, weights, by_layer=active)
    return DepthOffset(
        spec=spec, draws=draws, n_examples=len(X), correlation=correlation, **measured
    )


def _law(spec: MLPSpec, X: NDArray) -> NDArray[np.float64]:
    """Return correlations of shape (depth,)."""
    depth, width = len(spec.units), spec.units[0]
    if spec.normalized_layers:
        return np.zeros(depth)
    # An output of the same width gives even a single layer a second kernel.
    stds = weight_stds(replace(spec, n_outputs=width, loss=None), n_features=X.shape[1])
    first, others = X.shape[1] * stds[0] ** 2, width * stds[1] ** 2
    if others == 0:
        return np.full(depth, np.nan)
    square = np.mean(X**2)
    pairs = (np.sum(X.sum(axis=0) ** 2) - np.sum(X**2)) / (len(X) - 1)
    correlations = theory.layer_correlations(
        spec.activation,
        weight_variance=others,
        depth=depth,
        # A different first fan-in amounts to inputs of a different size.
        input_square=float(square * first / others),
        input_correlation=float(np.clip(pairs / np.sum(X**2), 0, 1)),
    )
    return np.maximum(correlations, 0)


def _rough(offset: float) -> str:
    """Write an offset with two digits or as a power of ten: 0, 2.4, 45, 10²."""
    if offset < 0.05:
        return "0"
    if np.isinf(offset):
        return "∞"
    if offset >= 99.5:
        return "10" + superscript(round(np.log10(offset)))
    return f"{offset:.1f}" if offset < 9.95 else f"{offset:.0f}"
