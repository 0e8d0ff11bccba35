"""What the layers of an untrained network give back when depth is looked at as an offset."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import theory
from nnhelpers.simulations.units.active import ActiveShares

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CLEAR = 0.05


@dataclass(frozen=True, kw_only=True)
class DepthOffset:
    """Shares of the data that activate the units of each layer of untrained networks.

    Attributes
    ----------
    activation, initializer : str
        Keras names.
    gain : float
        Factor on the kernels.
    batch_normalization : bool
        Whether the pre-activations were standardized over the examples.
    n_examples : int
    fraction : array of shape (draws, depth, width)
        Active fraction of each unit on the data.
    between, within : arrays of shape (draws, depth)
        Variance between units, of a unit's mean over the examples; and within units, over the
        examples, in the mean of a layer. Before batch normalization.
    correlation : array of shape (depth,)
        By the law of wide layers, of two examples' pre-activations; 0 with batch normalization.
    """

    activation: str
    initializer: str
    gain: float
    batch_normalization: bool
    n_examples: int
    fraction: NDArray[np.float64] = field(repr=False)
    between: NDArray[np.float64] = field(repr=False)
    within: NDArray[np.float64] = field(repr=False)
    correlation: NDArray[np.float64]

    @property
    def draws(self) -> int:
        """Number of networks."""
        return self.fraction.shape[0]

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return self.fraction.shape[1]

    @property
    def width(self) -> int:
        """Units in each layer."""
        return self.fraction.shape[2]

    @property
    def dead_share(self) -> NDArray[np.float64]:
        """Share of each layer's units that are active on no example, of shape (depth,)."""
        return np.mean(self.fraction == 0, axis=(0, 2))

    @property
    def always_active_share(self) -> NDArray[np.float64]:
        """Share of each layer's units that are active on every example, of shape (depth,)."""
        return np.mean(self.fraction == 1, axis=(0, 2))

    @property
    def splitting_share(self) -> NDArray[np.float64]:
        """Share of each layer's units that split the data, of shape (depth,)."""
        return np.mean((self.fraction > 0) & (self.fraction < 1), axis=(0, 2))

    @property
    def clearly_splitting_share(self) -> NDArray[np.float64]:
        """Share active on more than 5 % and less than 95 % of the data, of shape (depth,).

        Unlike `splitting_share` it does not grow with the number of examples.
        """
        clear = (self.fraction > _CLEAR) & (self.fraction < 1 - _CLEAR)
        return np.mean(clear, axis=(0, 2))

    @property
    def offset(self) -> NDArray[np.float64]:
        """Offset of data that units would see alike, by the law, in standard deviations.

        Of shape (depth,): `theory.equivalent_offset` of the correlations.
        """
        return theory.equivalent_offset(self.correlation)

    @property
    def measured_offset(self) -> NDArray[np.float64]:
        """The same from the units: root of the variance between over that within.

        Of shape (depth,); averaged over the networks, and without what few examples add to the
        spread of a mean. Infinite where no unit tells two examples apart.
        """
        within = self.within.mean(axis=0)
        between = np.maximum(self.between.mean(axis=0) - within / self.n_examples, 0)
        apart = within > 0
        return np.sqrt(np.divide(between, within, out=np.full_like(within, np.inf), where=apart))

    @cached_property
    def law_pmf(self) -> NDArray[np.float64]:
        """Probability that a unit is active on 0, 1, ... of the examples, by layer.

        Returns
        -------
        array of shape (depth, n_examples + 1)

        Notes
        -----
        `theory.active_examples_pmf` at the layer's offset; `theory.above_mean_pmf` with batch
        normalization, which moves every unit's mean to 0.
        """
        if self.batch_normalization:
            return np.tile(theory.above_mean_pmf(self.n_examples), (self.depth, 1))
        return np.array(
            [theory.active_examples_pmf(self.n_examples, mean_over_std=r) for r in self.offset]
        )

    @property
    def law_splitting_share(self) -> NDArray[np.float64]:
        """Share of units that split so many examples, by the law, of shape (depth,)."""
        return self.law_pmf[:, 1:-1].sum(axis=1)

    def layer(self, number: int) -> "LayerOffset":
        """Look at one layer, counted from 1.

        Raises
        ------
        ValueError
            If there is no such layer.
        """
        if number not in range(1, self.depth + 1):
            raise ValueError(f"number must be a layer from 1 to {self.depth}, got {number}")
        return LayerOffset(network=self, number=int(number))

    def offsets_in_words(self) -> list[str]:
        """Offset of each layer by the law, to two digits or as a power of ten."""
        return [rough_offset(offset) for offset in self.offset]

    def first_and_last(self) -> str:
        """Compare the share of splitting units of the first and the last layer, in words."""
        first, last = (f"{share:.0%}" for share in self.splitting_share[[0, -1]])
        batch = ", batch norm" * self.batch_normalization
        return f"{self.activation}{batch}: {first} split in layer 1, {last} in layer {self.depth}"

    def setting(self) -> str:
        """Name the networks, in words."""
        layers = f"{self.activation} layer{'s' * (self.depth > 1)} of {self.width} units"
        gain = "" if self.gain == 1 else f", gain {self.gain:g}"
        batch = ", batch normalization" * self.batch_normalization
        return f"{self.depth} {layers}, {self.initializer}{gain}{batch}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        shares = ", ".join(f"{share:.0%}" for share in self.splitting_share)
        return f"{self.setting()}: share of units that split the data, by layer: {shares}"


@dataclass(frozen=True, kw_only=True)
class LayerOffset(ActiveShares):
    """One layer of untrained networks, to look at as if it were units on moved data.

    Attributes
    ----------
    network : DepthOffset
        All the layers.
    number : int
        Of this layer, from 1.
    """

    network: DepthOffset
    number: int

    @property
    def fraction(self) -> NDArray[np.float64]:
        """Active fraction of each unit, of all networks, of shape (draws x width,)."""
        return self.network.fraction[:, self.number - 1].ravel()

    @property
    def offset(self) -> float:
        """Offset of data that units would see alike, by the law (standard deviations)."""
        return float(self.network.offset[self.number - 1])

    @property
    def place(self) -> str:
        """The layer, and where data would lie that units see alike, in words."""
        return f"layer {self.number}, like {_moved(self.offset)}"

    @property
    def law_name(self) -> str:
        """What the law is called."""
        return "law of wide layers"

    def law(self, shares: ArrayLike) -> NDArray[np.float64]:
        """Probability of an active fraction up to each of `shares`, by the law of wide layers."""
        n, wanted = self.network.n_examples, np.asarray(shares, dtype=np.float64)
        # A share of 29 in 100 times 100 is a little less than 29.
        counts = np.minimum(np.floor(wanted * n + 1e-9), np.where(wanted < 1, n - 1, n))
        cdf = np.concatenate([[0.0], np.cumsum(self.network.law_pmf[self.number - 1])])
        return cdf[np.clip(counts + 1, 0, n + 1).astype(np.int64)]

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"{self.network.setting()}: {self.place}: {self.in_words()}"


def rough_offset(offset: float) -> str:
    """Write an offset to two digits, or as a power of ten: 0, 2.4, 45, 10²."""
    if offset < 0.05:
        return "0"
    if offset < 9.95:
        return f"{offset:.1f}"
    if offset < 99.5:
        return f"{offset:.0f}"
    if np.isinf(offset):
        return "∞"
    return "10" + str(round(np.log10(offset))).translate(_SUPERSCRIPTS)


def _moved(offset: float) -> str:
    words = rough_offset(offset)
    return "centred data" if words == "0" else f"data moved by {words} σ"
