"""Starts that look at the data: every layer's kernel divided by what it makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas, networks
from nnhelpers.activations import COMMON
from nnhelpers.checks import check_kind, check_positive, check_whole, checked_features
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.layers.by_layer import OVER, TOLERANCE
from nnhelpers.tables import html_table, text_table
from nnhelpers.words import short

# Below this share of the mean square a variance is rounding.
_NOTHING = 1e-24
_NAMES = ("glorot_uniform", "he_normal", "orthogonal")
_SCALED, _ELSEWHERE = "LSUV", "LSUV, new data"


def scale_layers(
    X: ArrayLike, weights: Weights, *, activation: str, target: float = 1.0
) -> Weights:
    """Scale the kernels, the first one first, until all pre-activations have one variance.

    With orthogonal weights to begin with, this is LSUV, "layer-sequential unit-variance".

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
        What the variance is measured on.
    weights : Weights
        Of one network or many; without biases. They stay as they are.
    activation : str
        Keras name of the hidden layers' activation function.
    target : float
        Variance of z in every layer of every network, over its units and the examples.

    Returns
    -------
    Weights
        The output layer's kernel is scaled too.

    Raises
    ------
    ValueError
        If the activation is unknown, X not finite numbers of its shape or without as many
        features as the kernels, a bias not 0, the target not positive and finite, or if all
        pre-activations of a layer are equal, as behind a layer whose ReLUs are all dead.

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
    >>> from nnhelpers import datasets, networks, simulations
    >>> X = datasets.load_circles().X
    >>> weights = networks.draw(networks.MLPSpec(units=(8, 8)), n_features=2, draws=1)
    >>> scaled = simulations.scale_layers(X, weights, activation="relu")
    >>> float(networks.forward_pass(X, scaled, activation="relu").pre_activations[1].var())
    1.0
    """
    check_kind(Weights, weights=weights)
    check_positive(target=target)
    value = activations.find_activation(activation).value
    largest = max(float(np.abs(bias).max()) for bias in weights.biases)
    if largest:
        raise ValueError(f"weights must have biases of 0, got one of size {largest:g}")
    if any(weights.norms):
        raise ValueError("weights must be without batch norm, got some with")
    if not (np.isfinite(target) and target > 0):
        raise ValueError(f"target must be positive and finite, got {target}")
    hidden = checked_features(X)
    if hidden.shape[1] != weights.kernels[0].shape[-2]:
        raise ValueError(
            f"X must have {weights.kernels[0].shape[-2]} features, got shape {hidden.shape}"
        )
    kernels = []
    with blas.one_thread():
        for number, kernel in enumerate(weights.kernels, start=1):
            z = hidden @ kernel
            factor = np.sqrt(target / _variance(z, number))
            kernels.append(kernel * factor)
            hidden = value(z * factor)
    return Weights(kernels=tuple(kernels), biases=weights.biases)


@dataclass(frozen=True, kw_only=True)
class Starts:
    """Variances of pre-activations by activation and start; shows a table.

    Attributes
    ----------
    starts : tuple of str
        Initializers by Keras's names; "LSUV" on the examples that it saw, and on others.
    activations : tuple of str
        Keras names.
    width : int
        Units of each hidden layer.
    variances : array of shape (n_activations, n_starts, draws, depth)
        Over units and examples, in each network.
    """

    starts: tuple[str, ...]
    activations: tuple[str, ...]
    width: int
    variances: NDArray[np.float64]

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return self.variances.shape[-1]

    @property
    def medians(self) -> NDArray[np.float64]:
        """Over the networks, of shape (n_activations, n_starts, depth)."""
        return np.median(self.variances, axis=2)

    @property
    def keeps(self) -> NDArray[np.bool_]:
        """Whether every layer's median is within 10 % of 1, (n_activations, n_starts)."""
        return (np.abs(self.medians - 1) <= TOLERANCE).all(axis=2)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        pairs = zip(self.starts, self.keeps.sum(axis=0), strict=True)
        counts = "; ".join(f"{start}: {kept}" for start, kept in pairs)
        known = len(self.activations)
        return f"all layers' variances within 10 % of 1, of {known} activations: {counts}"

    def __repr__(self) -> str:
        return "\n".join((self._caption(), text_table(self._columns(), self._rows())))

    def _repr_html_(self) -> str:
        return html_table(self._columns(), self._rows(), caption=self._caption())

    def _caption(self) -> str:
        return (
            f"variance of z, lowest to highest of {self.depth} layers "
            f"(medians of {self.variances.shape[2]} networks, {self.width} wide); "
            "✓ all within 10 % of 1"
        )

    def _columns(self) -> list[str]:
        return ["activation", *(name for start in self.starts for name in (start, ""))]

    def _rows(self) -> list[list[str]]:
        rows = []
        for name, medians, kept in zip(self.activations, self.medians, self.keeps, strict=True):
            pairs = zip(medians, kept, strict=True)
            cells = [(_reach(each), "✓" if good else "") for each, good in pairs]
            rows.append([name, *(text for cell in cells for text in cell)])
        return rows


def simulate_starts(
    X: ArrayLike,
    *,
    depth: int = 10,
    width: int = 64,
    functions: Sequence[str] = COMMON,
    draws: int = 10,
    seed: int = 0,
) -> Starts:
    """Compare Glorot's, He's, orthogonal and LSUV weights over activation functions.

    LSUV scales orthogonal weights on every second example, on which all variances are measured,
    and its own on the other examples too.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    depth, width : int
        Number of hidden layers, and units in each.
    functions : sequence of str
        Keras names of the activations.
    draws : int
        Number of networks; the same for all activations.

    Returns
    -------
    Starts

    Raises
    ------
    ValueError
        If a size is below 1, there are no functions or an unknown one, X is not finite numbers of
        its shape or has fewer than two examples, or a layer has no variance to scale.

    References
    ----------
    D. Mishkin and J. Matas, 2016, https://arxiv.org/abs/1511.06422.

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> X = datasets.load_circles().X
    >>> simulations.simulate_starts(X, depth=3, functions=("tanh",), draws=2).starts[-1]
    'LSUV, new data'
    """
    check_whole(depth=depth, width=width, draws=draws)
    features = checked_features(X)
    if len(features) < 2:
        raise ValueError(f"X must hold at least two examples, got {len(features)}")
    if isinstance(functions, str) or not np.iterable(functions) or not len(functions):
        raise TypeError(f"functions must be one or more names of activations, got {functions!r}")
    for name in functions:
        activations.find_activation(name)
    specs = {name: MLPSpec(units=(width,) * depth, kernel_initializer=name) for name in _NAMES}
    drawn = {
        name: networks.draw(spec, n_features=features.shape[1], draws=draws, seed=seed)
        for name, spec in specs.items()
    }
    return Starts(
        starts=(*_NAMES, _SCALED, _ELSEWHERE),
        activations=tuple(functions),
        width=width,
        variances=np.array([_variances(features, drawn, name) for name in functions]),
    )


def _variances(X: NDArray, drawn: dict[str, Weights], activation: str) -> list[NDArray[np.float64]]:
    """Return one array of shape (draws, depth) for each start."""
    seen, new = X[::2], X[1::2]
    scaled = scale_layers(seen, drawn["orthogonal"], activation=activation)
    pairs = [*((seen, weights) for weights in drawn.values()), (seen, scaled), (new, scaled)]
    by_layer = {"z": lambda passed: [z.var(axis=OVER) for z in passed.pre_activations]}
    return [
        networks.measure(some, weights, activation=activation, by_layer=by_layer)["z"]
        for some, weights in pairs
    ]


def _variance(z: NDArray, number: int) -> NDArray[np.float64]:
    """Over units and examples, with axes to divide by; refuses a layer that passes nothing on."""
    variance = z.var(axis=(-2, -1), keepdims=True)
    square = np.mean(z**2, axis=(-2, -1), keepdims=True)
    if not (np.isfinite(variance) & (variance > _NOTHING * square)).all():
        raise ValueError(
            "weights must give every layer pre-activations that differ from one another, "
            f"got a layer {number} without variance"
        )
    return variance


def _reach(medians: NDArray) -> str:
    low, high = short(medians.min()), short(medians.max())
    return low if low == high else f"{low}–{high}"
