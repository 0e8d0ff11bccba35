"""ReLU networks that are dead before training: every example gets the same output."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas, theory
from nnhelpers.checks import check_whole
from nnhelpers.initializers import VarianceScaling, describe_initializer, find_initializer
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.by_layer import check_uniform
from nnhelpers.words import whole_percent

# One feature of either sign. A network without biases only stretches what lies on a ray from the
# origin, so that these two stand for all numbers.
_BOTH_SIDES = np.array([[-1.0], [1.0]])

_WHOLE_MAP = MLPSpec(units=(8,) * 20, kernel_initializer="he_normal")
# Numbers in one layer's activations of one block of networks.
_BLOCK = 200_000


@dataclass(frozen=True, kw_only=True)
class BornDead:
    """How many untrained ReLU networks are dead, over depth and width.

    Attributes
    ----------
    spec : MLPSpec
        Of the deepest and widest.
    depths, widths : tuple of int
        Numbers of hidden layers, and of units in each.
    share, lowest, highest : arrays of shape (len(depths), len(widths))
        Share of networks in which all units of some layer are off on all data, so that the output
        is the same for every example; and bounds of the law.
    draws : int
        Networks of each width.
    """

    spec: MLPSpec
    depths: tuple[int, ...]
    widths: tuple[int, ...]
    share: NDArray[np.float64]
    lowest: NDArray[np.float64] = field(repr=False)
    highest: NDArray[np.float64] = field(repr=False)
    draws: int

    @property
    def standard_error(self) -> NDArray[np.float64]:
        """Standard error of each share, of the same shape; depths of one width share networks."""
        return np.sqrt(self.share * (1 - self.share) / self.draws)

    def at(self, *, width: int, depth: int) -> "Architecture":
        """Look at one place of the map; raise if it does not have the width or the depth."""
        for name, value, known in (("width", width, self.widths), ("depth", depth, self.depths)):
            if value not in known:
                raise ValueError(f"{name} must be one of {known}, got {value}")
        return Architecture(map=self, width=width, depth=depth)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        last = ", ".join(
            f"width {width}: {whole_percent(share)}"
            for width, share in zip(self.widths, self.share[-1], strict=True)
        )
        return f"share of ReLU networks of {self.depths[-1]} layers that are born dead: {last}"


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """One width and depth on the map of others."""

    map: BornDead
    width: int
    depth: int

    @property
    def share(self) -> float:
        """Share of its networks that are born dead."""
        return float(self.map.share[self._place])

    @property
    def standard_error(self) -> float:
        """Of the share."""
        return float(self.map.standard_error[self._place])

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the law puts the share."""
        return float(self.map.lowest[self._place]), float(self.map.highest[self._place])

    @property
    def _place(self) -> tuple[int, int]:
        return self.map.depths.index(self.depth), self.map.widths.index(self.width)

    def verdict(self) -> str:
        """Say how many are dead, in words."""
        layers = f"{self.depth} layer{'s' * (self.depth > 1)} of {self.width}"
        return f"{layers}: {whole_percent(self.share)} of networks are born dead"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        low, high = (whole_percent(bound) for bound in self.bounds)
        law = f"by law {low}" if low == high else f"by law between {low} and {high}"
        return f"{self.verdict()}, {law}"


def simulate_born_dead(
    *, spec: MLPSpec = _WHOLE_MAP, draws: int = 10_000, seed: int = 0
) -> BornDead:
    """Draw untrained ReLU networks without biases and count those that are dead.

    Dead is a network with the same output for every number, negative or positive.

    One pass through the deepest network tells in which layer it died, and so of every depth
    whether it would be dead. A dead network cannot be trained: no gradient passes a layer that is
    off on all data, and none but the output's bias moves.

    Raises ValueError or TypeError if spec or draws are out of range.

    Parameters
    ----------
    spec : MLPSpec
        The deepest and widest network; the map has all up to it. ReLU layers of one width, with
        Glorot's, He's or LeCun's weights, whose scale does not matter.
    draws : int
        Networks of each width.

    References
    ----------
    L. Lu et al., "Dying ReLU and initialization", 2019, https://arxiv.org/abs/1903.06733.

    Examples
    --------
    >>> spec = MLPSpec(units=(2,) * 10, kernel_initializer="he_normal")
    >>> simulate_born_dead(spec=spec, draws=1_000).share[-1].round(1)
    array([1. , 0.9])
    """
    record = _checked_initializer(spec)
    check_whole(draws=draws)
    widths, depths = (tuple(range(1, n + 1)) for n in (spec.units[0], len(spec.units)))
    layers = [
        _layer_of_death(record, width=width, depth=depths[-1], draws=draws, seed=seed)
        for width in widths
    ]
    share = np.array([[np.mean(dead <= depth) for dead in layers] for depth in depths])
    bounds = np.array([[theory.born_dead_bounds(w, depth=d) for w in widths] for d in depths])
    low, high = np.moveaxis(bounds, -1, 0)
    places = {"spec": spec, "depths": depths, "widths": widths, "draws": draws}
    return BornDead(share=share, lowest=low, highest=high, **places)


def _layer_of_death(
    record: VarianceScaling, *, width: int, depth: int, draws: int, seed: int
) -> NDArray[np.float64]:
    """Number of the first layer that is off on all data, of shape (draws,); infinite if none."""
    check_whole(least=0, seed=seed)
    rng = np.random.default_rng([seed, width])
    block = max(1, _BLOCK // (len(_BOTH_SIDES) * width))
    sizes = [min(block, draws - start) for start in range(0, draws, block)]
    with blas.one_thread():
        return np.concatenate([_one_block(record, width, depth, n, rng) for n in sizes])


def _one_block(
    record: VarianceScaling, width: int, depth: int, draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    died, alive = np.full(draws, np.inf), np.arange(draws)
    hidden = np.broadcast_to(_BOTH_SIDES, (draws, *_BOTH_SIDES.shape))
    for layer in range(1, depth + 1):
        kernels = record.draw(rng, draws=len(alive), fan_in=hidden.shape[-1], fan_out=width)
        hidden = np.maximum(hidden @ kernels, 0)
        largest = hidden.max(axis=(1, 2))
        died[alive[largest == 0]] = layer
        alive, hidden = alive[largest > 0], hidden[largest > 0]
        # Only signs matter; after many narrow layers numbers would get too small.
        hidden /= largest[largest > 0, np.newaxis, np.newaxis]
    return died


def _checked_initializer(spec: MLPSpec) -> VarianceScaling:
    check_uniform(spec, with_batch_norm=False)
    record = find_initializer(spec.kernel_initializer)
    if not isinstance(record, VarianceScaling):
        words = describe_initializer(spec.kernel_initializer)
        raise ValueError(f"kernel_initializer must be Glorot's, He's or LeCun's, got {words}")
    if spec.activation != "relu" or len(set(spec.units)) > 1:
        layers = f"{spec.activation} layers of {spec.units}"
        raise ValueError(f"spec must have relu layers of one width, got {layers}")
    return record
