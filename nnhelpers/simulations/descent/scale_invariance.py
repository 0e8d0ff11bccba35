"""Random dense layers before batch norm, their weights multiplied: outputs and gradients."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import theory
from nnhelpers.initializers import INITIALIZERS
from nnhelpers.simulations._tables import short
from nnhelpers.simulations.draws import check_positive, check_sizes
from nnhelpers.theory.scale_invariance import check_epsilon

FACTORS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
# What is printed of rounding errors: a bound that holds on any processor.
ROUNDING = 1e-9
_CLASSES = 3
_FAN_IN = 10


@dataclass(frozen=True, kw_only=True)
class ScaleInvariance:
    """Layers BN(X (a W) + b) beside BN(X W + b), and the gradient of a loss behind them.

    Attributes
    ----------
    factors : array of shape (n_factors,)
        The a's.
    epsilon, learning_rate : float
    change : array of shape (n_factors, draws)
        Largest difference between an output with the factor and without, over units and examples.
    law_error : array of shape (n_factors, draws)
        The same, between the output with the factor and the law `theory.scaled_output`.
    gradient : array of shape (n_factors, draws)
        Length of the gradient for the kernel, over its length for factor 1.
    alignment : array of shape (n_factors, draws)
        Cosine of the gradient with the weights, of the unit where it is farthest from 0.
    growth_error : array of shape (n_factors, draws)
        Of abs(W')^2 = abs(W)^2 + learning_rate^2 abs(g)^2 after an update, as a share of the left.
    """

    factors: NDArray[np.float64]
    epsilon: float
    learning_rate: float
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

    @property
    def gradient_error(self) -> float:
        """Largest distance of a gradient's length from the law, as a share of the law."""
        return float(np.abs(self.gradient * self.factors[:, np.newaxis] - 1).max())

    def verdict(self) -> str:
        """Say how far outputs and gradients are from what epsilon 0 makes of them."""
        if max(self.change.max(), self.gradient_error) < ROUNDING:
            return "outputs equal, gradient × factor constant (to 1e-9)"
        middle = np.median(self.gradient[0]) * self.factors[0]
        return (
            f"outputs change by up to {short(self.change.max())}; "
            f"gradient at × {self.factors[0]:g}: {middle:.2g} of the law"
        )

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        low, high = self.factors[[0, -1]]
        layers = f"{self.draws} layer{'s' * (self.draws > 1)}, weights × {low:g} to {high:g}"
        right = max(np.abs(self.alignment).max(), self.growth_error.max()) < ROUNDING
        angle = "; gradient at right angles to the weights" if right else ""
        return f"{layers}, epsilon {self.epsilon:g}: {self.verdict()}{angle}"


def simulate_scale_invariance(
    factors: Sequence[float] = FACTORS,
    *,
    epsilon: float = 0.0,
    n_examples: int = 64,
    units: int = 8,
    learning_rate: float = 0.1,
    draws: int = 100,
    seed: int = 0,
) -> ScaleInvariance:
    """Multiply the weights of random layers before batch norm; compare outputs and gradients.

    Ten inputs from N(0, 1) and Glorot's weights, biases from N(0, 1), batch norm in training mode
    with gamma 1 and beta 0, a random linear output to three classes, classes at random,
    cross-entropy. Each draw has examples, weights and classes of its own.

    Parameters
    ----------
    factors : sequence of float
        On the kernel; positive.
    epsilon : float
        Of batch norm; 0 is allowed here, as it makes the laws exact. Keras's default is 1e-3.
    n_examples : int
        Of the batch.
    units : int
    learning_rate : float
        Of the one update after which the weights' growth is measured.
    draws : int
        Number of layers.

    Returns
    -------
    ScaleInvariance

    Raises
    ------
    ValueError
        If there are no factors, one is not between 1e-6 and 1e6, a size is below 1 or the batch
        below 3, epsilon is negative, or the rate not positive.

    Notes
    -----
    For epsilon 0 the output does not depend on the size of a unit's weights w. The derivative
    along w is then 0, <g, w> = 0, the gradient at a w is g / a, and as an update is at right
    angles to w, abs(w')^2 = abs(w)^2 + learning_rate^2 abs(g)^2: the weights can but grow. With
    epsilon, weights times a are as weights with epsilon / a^2: `theory.scaled_output`.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350.
    """
    scales = checked_factors(factors)
    check_sizes(n_examples=n_examples, units=units, draws=draws)
    if n_examples < 3:
        raise ValueError(
            "n_examples must be at least 3, as batch norm makes −1 and 1 of any two examples, "
            f"got {n_examples}"
        )
    check_epsilon(epsilon)
    check_positive(learning_rate=learning_rate)
    layer = _Layers(seed, draws=draws, n_examples=n_examples, units=units, epsilon=epsilon)
    rows = [layer.measure(scale, learning_rate) for scale in scales]
    measured = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return ScaleInvariance(factors=scales, epsilon=epsilon, learning_rate=learning_rate, **measured)


def checked_factors(factors: Sequence[float]) -> NDArray[np.float64]:
    """Return factors on weights as an array, or refuse those that rounding would spoil."""
    scales = np.asarray(factors, dtype=np.float64)
    if scales.ndim != 1 or not scales.size or not ((scales >= 1e-6) & (scales <= 1e6)).all():
        raise ValueError(f"factors must hold numbers between 1e-6 and 1e6, got {factors}")
    return scales


class _Layers:
    """Many random layers with examples, a loss behind them, and what factor 1 makes of them."""

    def __init__(self, seed: int, *, draws: int, n_examples: int, units: int, epsilon: float):
        rng, glorot = np.random.default_rng(seed), INITIALIZERS["glorot_uniform"]
        self.epsilon = epsilon
        self.X = rng.normal(size=(draws, n_examples, _FAN_IN))
        self.kernel = glorot.draw(rng, draws=draws, fan_in=_FAN_IN, fan_out=units)
        self.bias = rng.normal(size=(draws, 1, units))
        self.output = rng.normal(size=(draws, units, _CLASSES))
        self.right = np.eye(_CLASSES)[rng.integers(_CLASSES, size=(draws, n_examples))]
        self.variance = (self.X @ self.kernel).var(axis=1, keepdims=True)
        self.first, gradient = self.forward_and_back(self.kernel)
        self.first_length = _length(gradient)

    def forward_and_back(self, kernel: NDArray) -> tuple[NDArray, NDArray]:
        """Return normalized outputs (draws, n_examples, units) and the kernel's gradient."""
        z = self.X @ kernel + self.bias
        deviation = np.sqrt(z.var(axis=1, keepdims=True) + self.epsilon)
        outputs = (z - z.mean(axis=1, keepdims=True)) / deviation
        error = (_softmax(outputs @ self.output) - self.right) / z.shape[1]
        above = error @ np.swapaxes(self.output, 1, 2)
        along = np.mean(above * outputs, axis=1, keepdims=True)
        delta = (above - above.mean(axis=1, keepdims=True) - outputs * along) / deviation
        return outputs, np.swapaxes(self.X, 1, 2) @ delta

    def measure(self, factor: float, rate: float) -> dict[str, NDArray[np.float64]]:
        """Return arrays of shape (draws,)."""
        kernel = factor * self.kernel
        outputs, gradient = self.forward_and_back(kernel)
        law = theory.scaled_output(factor, variance=self.variance, epsilon=self.epsilon)
        cosines = (gradient * kernel).sum(axis=1) / _sizes(gradient) / _sizes(kernel)
        worst = np.abs(cosines).argmax(axis=1)[:, np.newaxis]
        after = _length(kernel - rate * gradient) ** 2
        before = _length(kernel) ** 2 + (rate * _length(gradient)) ** 2
        return {
            "change": np.abs(outputs - self.first).max(axis=(1, 2)),
            "law_error": np.abs(outputs - law * self.first).max(axis=(1, 2)),
            "gradient": _length(gradient) / self.first_length,
            "alignment": np.take_along_axis(cosines, worst, axis=1)[:, 0],
            "growth_error": np.abs(after / before - 1),
        }


def _softmax(logits: NDArray) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _sizes(kernels: NDArray) -> NDArray[np.float64]:
    """Length of each unit's weights, of shape (draws, units)."""
    return np.sqrt((kernels**2).sum(axis=1))


def _length(kernels: NDArray) -> NDArray[np.float64]:
    """Length of each kernel, of shape (draws,)."""
    return np.sqrt((kernels**2).sum(axis=(1, 2)))
