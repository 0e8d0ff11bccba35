"""Starts that look at the data: every layer's kernel divided by what it makes of them."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas, networks
from nnhelpers.activations import COMMON
from nnhelpers.checks import checked_features
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.layers.by_layer import OVER, TOLERANCE, check_uniform
from nnhelpers.tables import text_table
from nnhelpers.words import short

TEN_LAYERS = MLPSpec(units=(64,) * 10)
# Below this share of the largest number a standard deviation is rounding.
_NOTHING = 1e-12
_NAMES = ("glorot_uniform", "he_normal", "orthogonal")
_VARIANCE = {"z": lambda passed: [z.var(axis=OVER) for z in passed.pre_activations]}


def scale_layers(X: ArrayLike, weights: Weights, *, activation: str) -> Weights:
    """Scale the kernels, the first one first, until all pre-activations have variance 1.

    With orthogonal weights to begin with, this is LSUV, "layer-sequential unit-variance". The
    variance is that of each network, over a layer's units and the examples. The output layer's
    kernel is scaled too.

    Raises ValueError if the activation is unknown, X not finite numbers of its shape or without as
    many features as the kernels, a bias not 0, or if all pre-activations of a layer are equal, as
    behind a layer whose ReLUs are all dead.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
        What the variance is measured on.
    weights : Weights
        Of one network or many; without biases. They stay as they are.
    activation : str
        Keras name of the hidden layers' activation function.

    Notes
    -----
    The pre-activations a W are linear in W, so that one division by their standard deviation is
    exact; a tolerance and repeated steps, which the paper allows for, would be for the variance
    of activations. The variance over units and examples counts what tells one unit from
    another, even if each unit gives all examples the same.

    References
    ----------
    D. Mishkin and J. Matas, 2016, https://arxiv.org/abs/1511.06422.

    Examples
    --------
    >>> weights = networks.draw(MLPSpec(units=(8, 8)), n_features=2, draws=1)
    >>> scaled = scale_layers(np.eye(2), weights, activation="relu")
    >>> float(networks.forward_pass(np.eye(2), scaled, activation="relu").pre_activations[1].var())
    1.0
    """
    value = activations.find_activation(activation).value
    hidden, kernels = checked_features(X), []
    networks.forward_pass(hidden, weights, activation=activation)
    if any(weights.norms) or any(bias.any() for bias in weights.biases):
        raise ValueError("weights must have biases of 0 and no batch norm, got others")
    with blas.one_thread():
        for number, kernel in enumerate(weights.kernels, start=1):
            z = hidden @ kernel
            std, largest = z.std(axis=OVER, keepdims=True), np.abs(z).max(axis=OVER, keepdims=True)
            if not (std > _NOTHING * largest).all():
                raise ValueError(f"weights must keep a variance, got a layer {number} without")
            kernels.append(kernel / std)
            hidden = value(z / std)
    return replace(weights, kernels=tuple(kernels))


@dataclass(frozen=True, kw_only=True, repr=False)
class Starts:
    """Variances of pre-activations by activation and start; shows a table.

    Attributes
    ----------
    spec : MLPSpec
        Of the networks, but for activation and initializer.
    variances : array of shape (n_activations, n_starts, draws, depth)
        Over units and examples, in each network.
    starts : tuple of str
        Initializers by Keras's names; "LSUV" on the examples that it saw, and on others.
    activations : tuple of str
        Keras names.
    """

    spec: MLPSpec
    variances: NDArray[np.float64]
    starts: tuple[str, ...] = (*_NAMES, "LSUV", "LSUV, new data")
    activations: tuple[str, ...] = tuple(COMMON)

    @property
    def keeps(self) -> NDArray[np.bool_]:
        """Whether every layer's median is within 10 % of 1, (n_activations, n_starts)."""
        return (np.abs(np.median(self.variances, axis=2) - 1) <= TOLERANCE).all(axis=2)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        pairs = zip(self.starts, self.keeps.sum(axis=0), strict=True)
        counts = "; ".join(f"{start}: {kept}" for start, kept in pairs)
        known = len(self.activations)
        return f"all layers' variances within 10 % of 1, of {known} activations: {counts}"

    def __repr__(self) -> str:
        *_, draws, depth = self.variances.shape
        columns = chain(["activation"], *((start, "") for start in self.starts))
        rows = []
        for name, row, kept in zip(self.activations, self.variances, self.keeps, strict=True):
            pairs = zip(np.median(row, axis=1), kept, strict=True)
            rows.append(
                [name, *chain(*((_reach(each), "✓" if good else "") for each, good in pairs))]
            )
        sizes = f"{depth} layers (medians of {draws} networks, {self.spec.units[0]} wide)"
        caption = f"variance of z, lowest to highest of {sizes}; ✓ all within 10 % of 1"
        return f"{caption}\n{text_table(list(columns), rows)}"


def simulate_starts(
    X: ArrayLike, *, spec: MLPSpec = TEN_LAYERS, draws: int = 10, seed: int = 0
) -> Starts:
    """Compare Glorot's, He's, orthogonal and LSUV weights over the common activation functions.

    LSUV (`scale_layers`) scales orthogonal weights on every second example, on which all variances
    are measured, and its own on the other examples too.

    Raises ValueError or TypeError if spec or draws are out of range, X is not finite numbers of its
    shape or has fewer than two examples, or a layer has no variance to scale.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    spec : MLPSpec
        Without batch norm; activation and initializer are replaced.
    draws : int
        Number of networks; the same for all activations.

    Examples
    --------
    >>> simulate_starts(np.eye(4), spec=MLPSpec(units=(8,) * 3), draws=2).starts[-1]
    'LSUV, new data'
    """
    check_uniform(spec, with_law=False, with_batch_norm=False)
    seen, new = checked_features(X)[::2], checked_features(X)[1::2]
    if not len(new):
        raise ValueError("X must hold at least two examples, got 1")
    specs = [replace(spec, kernel_initializer=name) for name in _NAMES]
    sizes = {"n_features": seen.shape[1], "draws": draws}
    drawn, found = [networks.draw(each, **sizes, seed=seed) for each in specs], []
    for name in COMMON:
        scaled = scale_layers(seen, drawn[-1], activation=name)
        sent = [*((seen, weights) for weights in drawn), (seen, scaled), (new, scaled)]
        measure = partial(networks.measure, activation=name, by_layer=_VARIANCE)
        found.append([measure(examples, weights)["z"] for examples, weights in sent])
    return Starts(spec=spec, variances=np.array(found))


def _reach(medians: NDArray) -> str:
    low, high = short(medians.min()), short(medians.max())
    return low if low == high else f"{low}–{high}"
