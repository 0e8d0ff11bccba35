"""Starts of deep networks: born dead, or with weights scaled on the data."""

from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas, networks, theory
from nnhelpers.checks import check_one_of, check_whole, checked_features
from nnhelpers.initializers import find_initializer
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.layers.by_layer import OVER, TOLERANCE
from nnhelpers.tables import text_table
from nnhelpers.words import counted, short, whole_percent

# One feature of either sign. Without biases the outputs on a ray from the origin are multiples of
# one another, so these two numbers stand for all.
_BOTH_SIDES = np.array([[-1.0], [1.0]])
# Size of one layer's activations in a block of networks.
_BLOCK = 200_000
_TEN_LAYERS = MLPSpec(units=(64,) * 10)
# A standard deviation below this share of the largest number is a rounding error.
_NOTHING = 1e-12
_NAMES = ("glorot_uniform", "he_normal", "orthogonal")


@dataclass(frozen=True, kw_only=True)
class BornDead:
    """Share of untrained ReLU networks that are dead, by depth and width.

    Attributes
    ----------
    share, lowest, highest : arrays of shape (len(depths), len(widths))
        Share of networks in which all units of some layer are off on all data, so that the output
        is the same for every example; and its theoretical bounds.
    draws : int
        Number of networks for each width, shared by all depths.
    """

    depths: tuple[int, ...]
    widths: tuple[int, ...]
    share: NDArray[np.float64]
    lowest: NDArray[np.float64] = field(repr=False)
    highest: NDArray[np.float64] = field(repr=False)
    draws: int

    def at(self, *, width: int, depth: int) -> "Architecture":
        """Return one entry of the map; raise ValueError if it lacks the width or the depth."""
        check_one_of(self.widths, width=width)
        check_one_of(self.depths, depth=depth)
        place = self.depths.index(depth), self.widths.index(width)
        share, low, high = (float(each[place]) for each in (self.share, self.lowest, self.highest))
        error = float(np.sqrt(share * (1 - share) / self.draws))
        found = {"share": share, "standard_error": error, "bounds": (low, high)}
        return Architecture(map=self, width=width, depth=depth, **found)


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """One width and depth on a map: the share of dead networks, and its theoretical bounds."""

    map: BornDead
    width: int
    depth: int
    share: float
    standard_error: float
    bounds: tuple[float, float]

    def verdict(self) -> str:
        """Say how many networks are dead."""
        layers = f"{counted(self.depth, 'layer')} of {self.width}"
        return f"{layers}: {whole_percent(self.share)} of networks are born dead"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        low, high = (whole_percent(bound) for bound in self.bounds)
        law = f"by law {low}" if low == high else f"by law between {low} and {high}"
        return f"{self.verdict()}, {law}"


def simulate_born_dead(
    *, width: int = 8, depth: int = 20, draws: int = 10_000, seed: int = 0
) -> BornDead:
    """Draw untrained ReLU networks without biases, up to a width and depth; count the dead ones.

    A dead network has the same output for every number, negative or positive. It cannot be trained:
    no gradient passes a layer that is off on all data, and only the output's bias moves. Weights
    are He's normal ones, whose scale does not matter. The layer in which the deepest network dies
    tells which depths are dead. Raises ValueError or TypeError if a number is out of range.

    References
    ----------
    L. Lu et al., "Dying ReLU and initialization", 2019, https://arxiv.org/abs/1903.06733.

    Examples
    --------
    >>> simulate_born_dead(width=2, depth=10, draws=1_000).share[-1].round(1)
    array([1. , 0.9])
    """
    check_whole(width=width, depth=depth, draws=draws)
    check_whole(least=0, seed=seed)
    widths, depths = (tuple(range(1, last + 1)) for last in (width, depth))
    layers = [_layers_of_death(w, depth, draws=draws, seed=seed) for w in widths]
    share = np.array([[np.mean(dead <= d) for dead in layers] for d in depths])
    bounds = np.array([[theory.born_dead_bounds(w, depth=d) for w in widths] for d in depths])
    low, high = np.moveaxis(bounds, -1, 0)
    places = {"depths": depths, "widths": widths, "draws": draws}
    return BornDead(share=share, lowest=low, highest=high, **places)


def _layers_of_death(width: int, depth: int, *, draws: int, seed: int) -> NDArray[np.float64]:
    """Number of the first layer that is off on all data, of shape (draws,); infinite if none."""
    record = find_initializer("he_normal")
    rng, died = np.random.default_rng([seed, width]), np.full(draws, np.inf)
    block = max(1, _BLOCK // (len(_BOTH_SIDES) * width))
    with blas.one_thread():
        for start in range(0, draws, block):
            alive = np.arange(start, min(start + block, draws))
            hidden = np.broadcast_to(_BOTH_SIDES, (len(alive), *_BOTH_SIDES.shape))
            for layer in range(1, depth + 1):
                fans = {"fan_in": hidden.shape[-1], "fan_out": width}
                kernels = record.draw(rng, draws=len(alive), **fans)
                hidden = np.maximum(hidden @ kernels, 0)
                largest = hidden.max(axis=(1, 2))
                died[alive[largest == 0]] = layer
                alive, hidden = alive[largest > 0], hidden[largest > 0]
                # Only signs matter; without scaling, many narrow layers would underflow.
                hidden /= largest[largest > 0, np.newaxis, np.newaxis]
    return died


@dataclass(frozen=True, kw_only=True, repr=False)
class Starts:
    """Variances of pre-activations by activation and start; displayed as a table.

    Attributes
    ----------
    variances : array of shape (n_activations, n_starts, draws, depth)
        Variance over units and examples in each network.
    starts, activations : tuple of str
        Keras's names; "LSUV" is measured on the examples it was scaled on, and on new ones.
    """

    variances: NDArray[np.float64]
    starts: tuple[str, ...] = (*_NAMES, "LSUV", "LSUV, new data")
    activations: tuple[str, ...] = tuple(activations.COMMON)

    @property
    def keeps(self) -> NDArray[np.bool_]:
        """Whether every layer's median is within 10 % of 1, (n_activations, n_starts)."""
        return (np.abs(np.median(self.variances, axis=2) - 1) <= TOLERANCE).all(axis=2)

    def __repr__(self) -> str:
        *_, draws, depth = self.variances.shape
        columns = chain(["activation"], *((start, "") for start in self.starts))
        rows = []
        for name, row, kept in zip(self.activations, self.variances, self.keeps, strict=True):
            pairs = zip(np.median(row, axis=1), kept, strict=True)
            cells = ((_reach(each), "✓" if good else "") for each, good in pairs)
            rows.append([name, *chain(*cells)])
        sizes = f"{depth} layers (medians of {draws} networks, {_TEN_LAYERS.units[0]} wide)"
        caption = f"variance of z, lowest to highest of {sizes}; ✓ all within 10 % of 1"
        return f"{caption}\n{text_table(list(columns), rows)}"


def _reach(medians: NDArray) -> str:
    low, high = short(medians.min()), short(medians.max())
    return low if low == high else f"{low}–{high}"


def simulate_starts(X: ArrayLike, *, draws: int = 10, seed: int = 0) -> Starts:
    """Compare Glorot's, He's, orthogonal and LSUV weights over the common activation functions.

    The networks have ten layers of 64 units. LSUV, "layer-sequential unit-variance", divides
    orthogonal weights layer by layer by the standard deviation of their pre-activations on every
    second example of X, of shape (n_examples, n_features). All variances are measured on these
    examples, LSUV's on the others too. Raises ValueError or TypeError if draws are out of range, X
    is not finite or has fewer than two examples, or a layer has no variance to scale.

    Notes
    -----
    The pre-activations a W are linear in W, so one division by their standard deviation, over units
    and examples, is exact; only activations would need the paper's tolerance and repeated steps.

    References
    ----------
    D. Mishkin and J. Matas, 2016, https://arxiv.org/abs/1511.06422.

    Examples
    --------
    >>> simulate_starts(np.random.default_rng(0).normal(size=(4, 2)), draws=2).starts[-1]
    'LSUV, new data'
    """
    seen, new = checked_features(X)[::2], checked_features(X)[1::2]
    if not len(new):
        raise ValueError("X must hold at least two examples, got 1")
    specs = [replace(_TEN_LAYERS, kernel_initializer=name) for name in _NAMES]
    sizes = {"n_features": seen.shape[1], "draws": draws}
    drawn, found = [networks.draw(each, **sizes, seed=seed) for each in specs], []
    by_layer = {"z": lambda passed: [z.var(axis=OVER) for z in passed.pre_activations]}
    for name in activations.COMMON:
        scaled = _scaled(seen, drawn[-1], activation=name)
        sent = [*((seen, weights) for weights in drawn), (seen, scaled), (new, scaled)]
        measure = partial(networks.measure, activation=name, by_layer=by_layer)
        found.append([measure(examples, weights)["z"] for examples, weights in sent])
    return Starts(variances=np.array(found))


def _scaled(X: NDArray, weights: Weights, *, activation: str) -> Weights:
    """Scale the hidden kernels in order, so that all pre-activations have variance 1."""
    value, hidden, kernels = activations.find_activation(activation).value, X, []
    with blas.one_thread():
        for number, kernel in enumerate(weights.kernels[:-1], start=1):
            z = hidden @ kernel
            std, largest = z.std(axis=OVER, keepdims=True), np.abs(z).max(axis=OVER, keepdims=True)
            if not (std > _NOTHING * largest).all():
                raise ValueError(f"X must keep a variance, got a layer {number} without")
            kernels.append(kernel / std)
            hidden = value(z / std)
    return replace(weights, kernels=(*kernels, weights.kernels[-1]))
