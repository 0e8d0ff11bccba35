"""Random dense layers before batch norm, their weights multiplied: outputs and gradients."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks, theory
from nnhelpers.checks import check_not_negative, check_whole, checked_numbers, generator
from nnhelpers.networks import Weights
from nnhelpers.words import counted, short

FACTORS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
# Bound on rounding errors that holds on any processor.
ROUNDING = 1e-9
_EXAMPLES, _FAN_IN, _UNITS, _CLASSES = 64, 10, 8, 3
_LEARNING_RATE = 0.1


@dataclass(frozen=True, kw_only=True)
class ScaleInvariance:
    """Layers BN(X (a W) + b) beside BN(X W + b), and the gradient of a loss behind them.

    Attributes
    ----------
    factors : array of shape (n_factors,)
        The factors a.
    epsilon : float
        Epsilon of batch norm.
    change, law_error : arrays of shape (n_factors, draws)
        Largest difference of an output with the factor from that without, and from the law
        `theory.scaled_output`, over units and examples.
    gradient : array of shape (n_factors, draws)
        Length of the gradient for the kernel, over its length for factor 1.
    alignment : array of shape (n_factors, draws)
        Largest abs(cosine) of the angle between a unit's gradient and its weights.
    growth_error : array of shape (n_factors, draws)
        Relative error of abs(W')^2 = abs(W)^2 + learning_rate^2 abs(g)^2 after an update.
    """

    factors: NDArray[np.float64]
    epsilon: float
    change: NDArray[np.float64] = field(repr=False)
    law_error: NDArray[np.float64] = field(repr=False)
    gradient: NDArray[np.float64] = field(repr=False)
    alignment: NDArray[np.float64] = field(repr=False)
    growth_error: NDArray[np.float64] = field(repr=False)

    @property
    def draws(self) -> int:
        """Number of layers."""
        return self.change.shape[1]

    @property
    def law(self) -> NDArray[np.float64]:
        """The gradient's length for epsilon 0, 1 / factor, of shape (n_factors,)."""
        return 1 / self.factors

    def verdict(self) -> str:
        """Say how far outputs and gradients are from the laws for epsilon 0."""
        error = np.abs(self.gradient / self.law[:, np.newaxis] - 1).max()
        if max(self.change.max(), error) < ROUNDING:
            return "outputs equal, gradient × factor constant (to 1e-9)"
        return (
            f"outputs change by up to {short(self.change.max())}; gradient at × "
            f"{self.factors[0]:g}: {np.median(self.gradient[0]) / self.law[0]:.2g} of the law"
        )

    def summary(self) -> str:
        """Describe the result in one line."""
        low, high = self.factors[[0, -1]]
        layers = f"{counted(self.draws, 'layer')}, weights × {low:g} to {high:g}"
        right = max(self.alignment.max(), self.growth_error.max()) < ROUNDING
        angle = "; gradient at right angles to the weights" if right else ""
        return f"{layers}, epsilon {self.epsilon:g}: {self.verdict()}{angle}"


def simulate_scale_invariance(
    factors: Sequence[float] = FACTORS, *, epsilon: float = 0.0, draws: int = 100, seed: int = 0
) -> ScaleInvariance:
    """Multiply the weights of random layers before batch norm; compare outputs and gradients.

    Eight units with Glorot's weights, biases from N(0, 1), batch norm in training mode, a random
    linear output to three classes, cross-entropy; 64 examples from N(0, 1) with ten inputs, drawn
    anew for each layer, and random classes.

    Parameters
    ----------
    factors : sequence of float
        Factors on the kernel, from 1e-6 to 1e6.
    epsilon : float
        Epsilon of batch norm. 0 makes the laws exact; Keras's default is 1e-3.
    draws : int
        Number of layers.
    seed : int

    Raises
    ------
    ValueError, TypeError
        If a number is out of range.

    Notes
    -----
    For epsilon 0 the output does not depend on the size of a unit's weights w. The derivative
    along w is then 0, <g, w> = 0, the gradient at a w is g / a, and as an update is at right
    angles to w, abs(w')^2 = abs(w)^2 + learning_rate^2 abs(g)^2: the weights can only grow. With
    epsilon, weights times a are as weights with epsilon / a^2: `theory.scaled_output`.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> simulations.simulate_scale_invariance([0.1, 10], draws=5).verdict()
    'outputs equal, gradient × factor constant (to 1e-9)'
    """
    scales = checked_numbers("factors", factors, low=1e-6, high=1e6)
    check_not_negative(epsilon=epsilon)
    check_whole(draws=draws)
    rng = generator(seed)
    X, y = rng.normal(size=(draws, _EXAMPLES, _FAN_IN)), rng.integers(_CLASSES, size=_EXAMPLES)
    weights = _layers(rng, draws, epsilon)
    variance = (X @ weights.kernels[0]).var(axis=1, keepdims=True)
    outputs, first = _passed(X, y, weights, 1.0)
    measured = {
        name: [] for name in ("change", "law_error", "gradient", "alignment", "growth_error")
    }
    for factor in scales:
        kernel, (there, slope) = factor * weights.kernels[0], _passed(X, y, weights, factor)
        law = theory.scaled_output(factor, variance=variance, epsilon=epsilon)
        cosines = (slope * kernel).sum(axis=1) / _length(slope, 1) / _length(kernel, 1)
        after = _length(kernel - _LEARNING_RATE * slope) ** 2
        before = _length(kernel) ** 2 + (_LEARNING_RATE * _length(slope)) ** 2
        measured["change"].append(np.abs(there - outputs).max(axis=(1, 2)))
        measured["law_error"].append(np.abs(there - law * outputs).max(axis=(1, 2)))
        measured["gradient"].append(_length(slope) / _length(first))
        measured["alignment"].append(np.abs(cosines).max(axis=1))
        measured["growth_error"].append(np.abs(after / before - 1))
    arrays = {name: np.array(rows) for name, rows in measured.items()}
    return ScaleInvariance(factors=scales, epsilon=epsilon, **arrays)


def _layers(rng: np.random.Generator, draws: int, epsilon: float) -> Weights:
    spec = networks.MLPSpec(units=_UNITS, batch_normalization=True, n_outputs=_CLASSES)
    drawn = networks.draw(spec, n_features=_FAN_IN, draws=draws, seed=int(rng.integers(2**32)))
    biases = (rng.normal(size=(draws, _UNITS)), drawn.biases[1])
    return replace(drawn, biases=biases, norms=(replace(drawn.norms[0], epsilon=epsilon),))


def _passed(X: NDArray, y: NDArray, weights: Weights, factor: float) -> tuple[NDArray, NDArray]:
    """Return the outputs of batch norm and the gradient for the kernel times a factor."""
    scaled = replace(weights, kernels=(factor * weights.kernels[0], weights.kernels[1]))
    passed = networks.backward_pass(X, y, scaled, activation="linear")
    return passed.forward.outputs[0], passed.kernels[0]


def _length(kernels: NDArray, axis: int | tuple[int, int] = (1, 2)) -> NDArray[np.float64]:
    return np.sqrt((kernels**2).sum(axis=axis))
